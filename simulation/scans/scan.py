"""What a scan is: an experiment in which some numbers are varied, as plain data.

A :class:`Scan` names the model, an experiment, what to record, and axes: doses, parameters, cells
and dishes (conditions), times of a dose, replicates. Axes form a grid, unless they share a
dimension: then they vary together, as the columns of a sample do. Every point of the grid is one
:class:`~.experiments.Experiment`; :mod:`.running` runs them, :mod:`.store` keeps what comes out.

    >>> scan = Scan(
    ...     "complexes",
    ...     outputs=("MTORC1",),
    ...     times=("24 h",),
    ...     axes=(Axis("dose", (0.0, 1.0, 10.0), "nM"),),
    ...     doses=(Addition("RAPA_medium", "dose"),),
    ... )
    >>> scan.size
    3
    >>> scan.experiment(scan.point(2)).periods[1].doses[0].concentration
    10.0
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final

import numpy as np

from ...network.units.quantities import QuantityError, seconds
from ..columns import columns
from ..engines import default_engine
from ..experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Dose,
    Experiment,
    ExperimentError,
    Period,
    Seconds,
    Washout,
)
from . import checks
from .parts import RESERVED, Addition, Axis, Number, Point, Removal, ScanError, Setting


@dataclass(frozen=True)
class Scan:
    """An experiment with axes.

    Parameters
    ----------
    model : str
        What the model is called.
    outputs : sequence of str
        Observables, species or parameters to record.
    times : sequence of float or str
        When to record, in seconds or with a unit.
    axes : sequence of Axis
        What is varied; the last one varies fastest. An axis called ``replicate`` repeats points
        with other random numbers.
    cells : mapping
        For an axis of labels: by axis and label, the values of parameters, in the model's units.
    fixed : mapping
        Values of parameters that hold at every point.
    settings, doses, washouts : sequence
        What is done, with numbers or names of axes.
    equilibrated : bool
        Whether the cells come to rest before time 0.
    stochastic : bool
        Whether molecules are simulated one by one.
    seed : int
        Of the random numbers, and of samples.
    engine : str
        Which engine runs it.
    sampling : mapping, optional
        How sampled axes were drawn, for the record.
    """

    model: str
    outputs: Sequence[str]
    times: Sequence[float | str]
    axes: Sequence[Axis]
    cells: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    fixed: Mapping[str, float | str] = field(default_factory=dict)
    settings: Sequence[Setting] = ()
    doses: Sequence[Addition] = ()
    washouts: Sequence[Removal] = ()
    equilibrated: bool = True
    stochastic: bool = False
    seed: int = 0
    engine: str = field(default_factory=default_engine)
    sampling: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("outputs", "axes", "settings", "doses", "washouts"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.outputs:
            raise ScanError("There is nothing to record; name at least one observable.")
        try:
            times = [math.inf if t in ("inf", math.inf) else seconds(t) for t in self.times]
            object.__setattr__(self, "times", tuple(times))
        except QuantityError as error:
            raise ScanError(f"An output time cannot be read: {error}") from None
        if not self.axes:
            raise ScanError("Nothing is varied; give at least one axis.")
        checks.check(self)
        try:
            self.experiment(self.point(0))
        except (ExperimentError, QuantityError) as error:
            raise ScanError(str(error)) from None

    # -- the grid -------------------------------------------------------------------------------

    @cached_property
    def dimensions(self) -> dict[str, int]:
        """Length by name, in the order of the axes; without time."""
        return {axis.dimension: len(axis.values) for axis in self.axes}

    @cached_property
    def columns(self) -> dict[str, str]:
        """How the results call each output, as its own name may be that of an axis or a status."""
        axes = {name for axis in self.axes for name in (axis.name, axis.dimension)}
        return columns(self.outputs, RESERVED | axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the dimensions, without time."""
        return tuple(self.dimensions.values())

    @property
    def size(self) -> int:
        """How many points there are."""
        return math.prod(self.shape)

    @cached_property
    def chunk(self) -> tuple[int, ...]:
        """The shape of the blocks in which points are computed and stored.

        It follows from the scan alone, so that a scan taken up again meets the same blocks. Blocks
        are long in the last dimensions, which vary doses rather than cells, so that the resting
        states are shared within.
        """
        least = math.ceil(len(self.outputs) / _FILES)
        wanted = min(max(math.ceil(self.size / _BLOCKS), least), _LARGEST)
        values = 8 * len(self.outputs) * len(self.times)
        wanted = max(min(wanted, _BYTES // values), 1)
        shape: list[int] = []
        for length in reversed(self.shape):
            # Blocks of about one size: 100 are cut into 34, 33 and 33 rather than 40, 40, 20.
            pieces = math.ceil(length / wanted)
            shape.insert(0, math.ceil(length / pieces))
            wanted = max(wanted // shape[0], 1)
        return tuple(shape)

    def blocks(self) -> Iterator[tuple[slice, ...]]:
        """Yield the blocks in their order, as slices of the dimensions."""
        starts = [
            range(0, length, size) for length, size in zip(self.shape, self.chunk, strict=True)
        ]
        for corner in product(*starts):
            yield tuple(
                slice(start, min(start + size, length))
                for start, size, length in zip(corner, self.chunk, self.shape, strict=True)
            )

    @property
    def sorts_of_rest(self) -> int:
        """In how many ways the cells come to rest."""
        if not self.equilibrated:
            return 0
        early = {setting.value for setting in self.settings if setting.at == EQUILIBRATION}
        deciding = {a.dimension for a in self.axes if a.name in self.cells or a.name in early}
        return math.prod(self.dimensions[name] for name in deciding)

    def points(self, block: tuple[slice, ...]) -> list[int]:
        """Return the numbers of the points in a block."""
        ranges = [
            range(*part.indices(length)) for part, length in zip(block, self.shape, strict=True)
        ]
        return np.ravel_multi_index(np.ix_(*ranges), self.shape).ravel().tolist()

    def point(self, number: int) -> Point:
        """Return the value of each axis at a point."""
        indices = (int(index) for index in np.unravel_index(number, self.shape))
        place = dict(zip(self.dimensions, indices, strict=True))
        return {axis.name: axis.values[place[axis.dimension]] for axis in self.axes}

    def random_seed(self, number: int) -> int:
        """Return the seed of a point: another for every point, the same in every run."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(number,))
        return int(sequence.generate_state(1)[0] >> 1)  # engines take 31 bits

    def experiment(self, point: Point) -> Experiment:
        """Return what is done at a point."""

        def number(value: Number) -> float:
            return float(point[value] if isinstance(value, str) else value)

        first = EQUILIBRATION if self.equilibrated else 0.0
        conditions: dict[float, list[Condition]] = {first: [], 0.0: []}
        doses: dict[float, list[Dose]] = {}
        washouts: dict[float, list[Washout]] = {}
        if self.fixed:
            conditions[first].append(Condition("fixed", self.fixed))
        for axis, labels in self.cells.items():
            label = str(point[axis])
            if labels[label]:
                conditions[first].append(Condition(label, labels[label]))
        for setting in self.settings:
            start = max(number(setting.at), first)
            value = {setting.target: number(setting.value)}
            conditions.setdefault(start, []).append(Condition(setting.target, value))
        for dose in self.doses:
            size = number(dose.concentration)
            given = Dose(dose.species, **{"count" if dose.counted else "concentration": size})
            doses.setdefault(number(dose.at), []).append(given)
        for washout in self.washouts:
            share = number(washout.fraction)
            washouts.setdefault(number(washout.at), []).append(Washout(washout.species, share))
        starts = sorted({*conditions, *doses, *washouts})
        periods = [
            Period(
                Seconds(start),
                conditions.get(start, ()),
                washouts.get(start, ()),
                doses.get(start, ()),
            )
            for start in starts
        ]
        return Experiment("scan", periods, tuple(map(Seconds, self.times)))

    # -- identity -------------------------------------------------------------------------------

    def described(self) -> dict[str, Any]:
        """Return what makes this scan this scan, as data that JSON can hold."""
        return {
            "model": self.model,
            "engine": self.engine,
            "stochastic": self.stochastic,
            "seed": self.seed,
            "outputs": list(self.outputs),
            "times": [_plain(time) for time in self.times],
            "equilibrated": self.equilibrated,
            "fixed": dict(self.fixed),
            "axes": [
                {
                    "name": axis.name,
                    "dimension": axis.dimension,
                    "unit": axis.unit,
                    "about": axis.about,
                    **_listed(axis.values),
                }
                for axis in self.axes
            ],
            "cells": {axis: dict(labels) for axis, labels in self.cells.items()},
            "settings": [_told(part) for part in self.settings],
            "doses": [_told(part) for part in self.doses],
            "washouts": [_told(part) for part in self.washouts],
            "sampling": dict(self.sampling),
        }


# A scan is cut into about so many blocks, enough to keep workers evenly busy and to lose little
# when one is stopped, ...
_BLOCKS: Final = 32
# ... of a point at least for so many outputs, each of which takes a file, ...
_FILES: Final = 100
# ... but into blocks of no more points and bytes than these, so that memory stays flat.
_LARGEST: Final = 200
_BYTES: Final = 8 * 2**20
# Longer axes are told by their digest; the values are in the store's coordinates.
_LISTED: Final = 1000


def _listed(values: Sequence[Any]) -> dict[str, Any]:
    if len(values) <= _LISTED:
        return {"values": list(values)}
    digest = hashlib.sha256(json.dumps(list(values)).encode()).hexdigest()
    return {"count": len(values), "sha256": digest}


def _told(part: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(part).items()}


def _plain(number: Any) -> Any:
    if isinstance(number, float) and math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number
