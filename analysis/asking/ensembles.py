"""Several parameter sets in one scan: a set a row of a table, all asked the same.

A set holds wherever the words set nothing else, just as one given by ``--parameters`` does:
genotypes and settings go on top of it, and multiples are of its values.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final

import pandas as pd
import xarray as xr

from ...models.numbers import decimals
from ...simulation.sbml.model import SbmlModel, near
from ...simulation.scans import from_text
from ...simulation.scans.from_text import Words
from ...simulation.scans.parts import Axis
from ...simulation.scans.scan import Scan
from . import cells
from .grid import AnalysisError

MEMBER: Final = "member"
"""The dimension of an ensemble."""
BAND: Final = 0.9
"""Which share of the members a band holds."""
# The axis of cells and members together, which `apart` takes apart.
_BOTH: Final = "cell_of_member"
# So many faults are listed.
_TOLD: Final = 5


def read(path: Path, model: SbmlModel) -> list[dict[str, float]]:
    """Return the parameter sets of a CSV file: a set a row, a column a parameter.

    Parameters
    ----------
    path : Path
        The file; its first line names parameters, the others hold numbers in the model's units.
    model : SbmlModel
        Whose parameters are meant.

    Raises
    ------
    AnalysisError
        If the file has faults; the message names them with their lines.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AnalysisError(f"{path.name} cannot be read: {error}") from None
    if len(rows) < 2:
        raise AnalysisError(
            f"{path.name} holds no parameter sets; its first line names parameters, and each "
            "further line gives one set."
        )
    names = [name.strip() for name in rows[0][1]]
    faults = [*_headed(names, model)]
    found: list[dict[str, float]] = []
    for number, row in rows[1:]:
        where = f"line {number}"
        if len(row) != len(names):
            faults.append(f"{where} has {len(row)} numbers for {len(names)} parameters")
            continue
        values = {}
        for name, text in zip(names, row, strict=True):
            try:
                values[name] = decimals.number(text)
            except ValueError as error:
                faults.append(f"{where}: {name} is no value: {error}")
        found.append(values)
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise AnalysisError(f"{path.name}: {'; '.join(faults[:_TOLD])}{more}.")
    return found


def _headed(names: Sequence[str], model: SbmlModel) -> list[str]:
    """Return what is wrong with the names of columns."""
    faults = []
    for place, name in enumerate(names):
        if name not in model.settable:
            hint = near(name, model.settable).strip().rstrip(".")
            faults.append(
                f"model {model.id!r} has no parameter {name!r} that can be set"
                f"{f' ({hint})' if hint else ''}"
            )
        elif name in names[:place]:
            faults.append(f"{name!r} is there twice")
    return faults


def plan(
    model: SbmlModel, words: Words, sets: Sequence[Mapping[str, float]], fixed: Mapping[str, float]
) -> Scan:
    """Return the scan that asks every set what words describe; :func:`apart` reads its results.

    Parameters
    ----------
    model : SbmlModel
        Whose names are meant.
    words : Words
        The experiment.
    sets : sequence of mapping
        Values of parameters, in the model's units.
    fixed : mapping
        Values that hold in every set that has none of its own.

    Raises
    ------
    ScanError
        If words make no sense for the model.
    AnalysisError
        If words vary multiples, which differ from set to set.
    """
    planned = [from_text.scan(model, model.id, words, {**fixed, **each}) for each in sets]
    split = [dict(cells.split(each)) for each in planned]
    labels = list(split[0])
    first = split[0][labels[0]]
    others = _besides_cells(first)
    for member in split:
        if any(_besides_cells(cell) != others for cell in member.values()):
            raise AnalysisError(
                "Multiples of a parameter ('fold') that are varied, or set at a time, differ from "
                "set to set of an ensemble; write the values themselves."
            )
    held = {
        f"{label} {number}": cells.values(member[label])
        for label, (number, member) in product(labels, enumerate(split, 1))
    }
    (axis,) = first.cells
    return replace(
        first,
        axes=[
            Axis(_BOTH, tuple(held), about="cells, each with every set") if a.name == axis else a
            for a in first.axes
        ],
        cells={_BOTH: held},
    )


def _besides_cells(cell: Scan) -> tuple[object, ...]:
    axes = [axis for axis in cell.axes if axis.name not in cell.cells]
    return (axes, cell.settings, cell.doses, cell.washouts)


def apart(data: xr.Dataset) -> xr.Dataset:
    """Return results of a scan that :func:`plan` gave over ``cell`` and ``member``.

    Raises
    ------
    AnalysisError
        If a readout is called like one of these.
    """
    if clash := [name for name in ("cell", MEMBER) if name in data.data_vars]:
        raise AnalysisError(
            f"A readout cannot be called {clash[0]!r} here; give it another name, as in "
            f"--readout 'x = {clash[0]}'."
        )
    names = [str(name).rpartition(" ") for name in data[_BOTH].to_numpy()]
    labels = list(dict.fromkeys(label for label, _, _ in names))
    numbers = list(dict.fromkeys(int(number) for _, _, number in names))
    index = pd.MultiIndex.from_product([labels, numbers], names=["cell", MEMBER])
    both = xr.Coordinates.from_pandas_multiindex(index, _BOTH)
    found = data.drop_vars(_BOTH).assign_coords(both).unstack(_BOTH)
    found = found.sel(cell=labels, member=numbers)
    return found.transpose("cell", ..., MEMBER, "time", missing_dims="ignore")
