"""Cells of our own making: what sets how much of each protein there is, and scans over changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...simulation.experiments.experiments import EQUILIBRATION
from ...simulation.sbml.model import SbmlError, SbmlModel
from ...simulation.scans.parts import Axis, ScanError
from ...simulation.scans.scan import Scan

Changes = Mapping[str, float]
"""Values of parameters, or of species that start with an amount of their own."""


def amounts(model: SbmlModel, base: Changes | None = None) -> dict[str, float]:
    """Return what sets how much there is of something at the start, with its value.

    That is each parameter without which a species is not there, but no volume and nothing that
    other parameters determine; and each species whose amount no parameter sets.

    Parameters
    ----------
    model : SbmlModel
        The model.
    base : mapping, optional
        Values other than the model's own. What is zero there is left out.
    """
    base = base or {}
    values, state = model.initial(base)
    derived = {start.target for start in model.starts if start.names}
    volumes = {id for id, entry in model.parameters.items() if entry.compartment}
    for start in reversed(model.starts):
        if start.target in volumes:
            volumes.update(start.names)
    found: dict[str, float] = {}
    held: set[str] = set()
    for id in model.settable:
        if id in derived or id in volumes or not values[id]:
            continue
        followers = [name for name in model.followers(id) if state.get(name)]
        if not followers:
            continue
        try:
            _, without = model.initial({**base, id: 0.0})
        except SbmlError:  # other start values divide by it
            continue
        gone = [name for name in followers if not without[name]]
        if gone:
            found[id] = values[id]
            held.update(gone)
    found.update(
        {id: state[id] for id in model.species if state.get(id) and id not in held | derived}
    )
    return found


def touched(planned: Scan) -> set[str]:
    """Return what cells and settings of a scan set."""
    found = {setting.target for setting in planned.settings} | set(planned.fixed)
    return found.union(*(values for labels in planned.cells.values() for values in labels.values()))


def split(planned: Scan) -> Iterator[tuple[str, Scan]]:
    """Yield each cell of a scan that words planned, by its label, as a scan without other cells.

    What holds from the start is in the cell then, so that changes may go on top of it.
    """
    early = {
        setting.target: setting.value
        for setting in planned.settings
        if setting.at == EQUILIBRATION and not isinstance(setting.value, str)
    }
    (axis, labels), *others = planned.cells.items()
    if others:
        raise ScanError("Cells are given along one axis here; put all into one --cells.")
    for label, values in labels.items():
        yield (
            label,
            replace(
                planned,
                axes=[
                    replace(each, values=(label,)) if each.name == axis else each
                    for each in planned.axes
                ],
                cells={axis: {label: {**planned.fixed, **values, **early}}},
                fixed={},
                settings=[each for each in planned.settings if each.target not in early],
            ),
        )


def values(cell: Scan) -> Changes:
    """Return what a cell that :func:`split` gave sets."""
    ((labels,),) = [[*axis.values()] for axis in cell.cells.values()]
    return labels


def varied(cell: Scan, name: str, changes: Mapping[str, Changes]) -> Scan:
    """Return a scan over changes of one cell that :func:`split` gave, along an axis ``name``."""
    (axis,) = cell.cells
    own = values(cell)
    return replace(
        cell,
        axes=[
            Axis(name, tuple(changes), about="changes of the cell") if each.name == axis else each
            for each in cell.axes
        ],
        cells={name: {label: {**own, **change} for label, change in changes.items()}},
    )
