"""From words to a scan: which text means which axis.

Wherever a number may stand, a list or a range may stand too (:mod:`.sampling`), and makes an axis::

    RAPA_medium=0.01..1000 nM log 26          a dose at time 0, varied
    RAPA_medium=10 nM @ 0..24 h lin 5         a dose at one of five times
    MTOR_0=50, 100, 200 nM                    a parameter, from before rest on
    kf_MTOR_binds_RPTOR=0.1..10 fold log 5    the same as multiples of its value
    cell=reference, FKBP1A_null+closed_system conditions, alone or together
    everolimus=0, 0.1..100 nM log 9           a drug: its constants, and its dose, varied

Long, since one reader collects the axes of all that is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...models.perturbations import compounds, conditions
from ...models.perturbations.compounds import CompoundError
from ...models.perturbations.conditions import ConditionError
from ...network.units.quantities import (
    QuantityError,
    convert,
    fraction,
    parse,
    plain,
    seconds,
    signed,
)
from ..columns import columns
from ..engines import default_engine
from ..experiments import drugs
from ..experiments.experiments import EQUILIBRATION
from ..periods import dosing
from ..sbml.model import SbmlModel, UnknownNameError, near
from . import sampling
from .parts import DOSE, REPLICATE, RESERVED, Addition, Axis, Number, Removal, ScanError, Setting
from .sampling import Range, SamplingError
from .scan import Scan

REFERENCE: Final = "reference"
"""The label of a cell to which no condition is applied."""
SAMPLE: Final = "sample"


@dataclass(frozen=True)
class Words:
    """What a user says about a scan; see the head of this module.

    Attributes
    ----------
    doses, settings, washouts, cells : sequence of str
        ``NAME=VALUES`` or ``NAME=VALUES @ TIMES``.
    conditions : sequence of str
        Names of conditions that hold at every point.
    drugs : sequence of str
        ``COMPOUND=VALUES`` or ``COMPOUND=VALUES @ TIMES``; of what takes no dose its name alone.
    times : str
        When to record.
    outputs : sequence of str
        What to record; all sums of species, the observables, unless given.
    samples, sampling : int, str
        How many points to draw from the ranges without a number of values, and how.
    replicates : int
        How often each point is repeated with other random numbers; 0: not stochastic.
    """

    doses: Sequence[str] = ()
    settings: Sequence[str] = ()
    washouts: Sequence[str] = ()
    cells: Sequence[str] = ()
    conditions: Sequence[str] = ()
    times: str = "24 h"
    outputs: Sequence[str] = ()
    equilibrated: bool = False
    samples: int = 0
    sampling: str = "lhs"
    replicates: int = 0
    seed: int = 0
    engine: str = field(default_factory=default_engine)
    drugs: Sequence[str] = ()


def scan(
    model: SbmlModel, name: str, words: Words, base: Mapping[str, float] | None = None
) -> Scan:
    """Return the scan that a user's words describe.

    Parameters
    ----------
    model : SbmlModel
        Whose names and units are meant.
    name : str
        What the model is called.
    words : Words
        What the user said.
    base : mapping, optional
        A parameter set, in the model's units: it holds wherever the words set nothing else, and
        multiples are of it.

    Raises
    ------
    ScanError
        If a name is unknown (with the nearest one), or values cannot be read or make no sense.
    """
    reader = _Reader(model, base or {})
    cells = dict(reader.cells(text) for text in words.cells)
    settings = [reader.setting(text) for text in words.settings]
    doses = [reader.dose(text) for text in words.doses]
    for text in words.drugs:
        dose, inputs = reader.drug(text)
        doses += [dose] if dose is not None else []
        settings += inputs
    washouts = [reader.washout(text) for text in words.washouts]
    labels = [part for labels in cells.values() for label in labels for part in label.split("+")]
    others = [*words.conditions, *(label.strip() for label in labels if label != REFERENCE)]
    try:
        own = dict.fromkeys(compound.name for compound in reader.given.values())
        drugs.check_apart(own, others)
        fixed = reader.values([*words.conditions, *own])
    except (CompoundError, ConditionError) as error:
        raise ScanError(str(error)) from None
    fixed, cells = _on(reader.base, fixed, cells, settings)
    axes = list(reader.axes)
    told: dict[str, Any] = {}
    if reader.ranges:
        if not words.samples:
            first = next(iter(reader.ranges))
            raise ScanError(
                f"The range of {first!r} has no number of values: add one, as in 'log 25', or say "
                "how many samples to draw."
            )
        axes = _sampled(axes, reader, words)
        told = {"method": words.sampling, "count": words.samples, "seed": words.seed}
    elif words.samples:
        raise ScanError(
            f"{words.samples} samples are wanted, but no range is left open to draw from; write "
            "one without a number of values, as in '0.1..10 nM log'."
        )
    if words.replicates < 0:
        raise ScanError(f"{words.replicates} replicates cannot be run.")
    if words.replicates:
        axes.append(Axis(REPLICATE, tuple(map(float, range(words.replicates)))))
    outputs = tuple(words.outputs) or model.recorded
    for output in outputs:
        _known(lambda output=output: model.output(output))
    looked = times(words.times)
    return Scan(
        name,
        outputs=outputs,
        times=looked,
        axes=sorted(axes, key=lambda axis: _rank(axis, cells, settings)),
        cells=cells,
        fixed=fixed,
        settings=settings,
        doses=doses,
        washouts=washouts,
        equilibrated=words.equilibrated,
        stochastic=words.replicates > 0,
        seed=words.seed,
        engine=words.engine,
        sampling=told,
    )


def _on(
    base: Mapping[str, float],
    fixed: Mapping[str, float],
    cells: Mapping[str, dict[str, dict[str, float]]],
    settings: Sequence[Setting],
) -> tuple[dict[str, float], dict[str, dict[str, dict[str, float]]]]:
    """Put a parameter set below what the words set: everywhere, or where a cell sets nothing."""
    set_early = {setting.target for setting in settings if setting.at == EQUILIBRATION}
    rest = {name: value for name, value in base.items() if name not in set_early | fixed.keys()}
    filled = {}
    for axis, labels in cells.items():
        ours = {name for values in labels.values() for name in values if name in rest}
        lower = {name: rest.pop(name) for name in ours}
        filled[axis] = {label: {**lower, **values} for label, values in labels.items()}
    return {**rest, **fixed}, filled


def _rank(axis: Axis, cells: Mapping[str, Any], settings: Sequence[Setting]) -> int:
    """Put what decides about the resting state first, so that neighbours share it."""
    if axis.name in cells:
        return 0
    early = {s.value for s in settings if s.at == EQUILIBRATION}
    return 3 if axis.name == REPLICATE else 1 if axis.name in early else 2


def _sampled(axes: Sequence[Axis], reader: _Reader, words: Words) -> list[Axis]:
    try:
        columns = sampling.sample(
            list(reader.ranges.values()), words.samples, words.sampling, words.seed
        )
    except SamplingError as error:
        raise ScanError(str(error)) from None
    drawn = dict(zip(reader.ranges, columns.T, strict=True))
    return [
        replace(axis, values=tuple(map(float, drawn[axis.name])), dimension=SAMPLE)
        if axis.name in drawn
        else axis
        for axis in axes
    ]


@dataclass
class _Reader:
    """Reads one ``NAME=VALUES @ TIMES`` after the other and collects the axes."""

    model: SbmlModel
    base: Mapping[str, float] = field(default_factory=dict)
    axes: list[Axis] = field(default_factory=list)
    ranges: dict[str, Range] = field(default_factory=dict)
    # The compounds that are dosed, by each name that was used, with the species they are given as.
    given: dict[str, compounds.Compound] = field(default_factory=dict)
    # How no axis of numbers is called, as results call something else that.
    taken: set[str] = field(default_factory=lambda: {*RESERVED, REPLICATE, SAMPLE})

    def drug(self, text: str) -> tuple[Addition | None, list[Setting]]:
        """Return the dose of a compound, or the inputs that it sets where it takes none."""
        if "=" in text:
            name, values, times = _split(text, "everolimus=20 nM @ 1 h")
        else:
            name, _, times = (part.strip() for part in text.partition("@"))
            values = ""
        try:
            compound = compounds.find(name)
            compound.check_dose(bool(values))
        except CompoundError as error:
            raise ScanError(str(error)) from None
        if compound.species:
            self.given[compound.name] = self.given[name] = compound
            self.values([compound.name])
            return self._added(compound.name, compound.medium, values, times), []
        at = self._time(compound.name, times)
        inputs = self.values([compound.name])
        return None, [Setting(target, value, at) for target, value in inputs.items()]

    def dose(self, text: str) -> Addition:
        species, values, times = _split(text, "RAPA_medium=10 nM @ 24 h")
        return self._added(species, species, values, times)

    def _added(self, name: str, species: str, values: str, times: str | None) -> Addition:
        found = _known(lambda: self.model.species_of(species))
        if len(found) != 1:
            raise ScanError(f"{species!r} is {len(found)} species; a dose goes into one.")
        read, unit = dosing(self.model, found[0])
        size = self._number(values, read, f"{DOSE}{name}", unit, f"dose of {name}")
        return Addition(species, size, self._time(name, times), counted=unit == "1")

    def _time(self, name: str, times: str | None) -> Number:
        return self._number(times or "0 s", seconds, f"time_{name}", "s", f"time of {name}")

    def washout(self, text: str) -> Removal:
        if "=" not in text:
            name, at, time = text.rpartition("@")
            text = f"{name or time}= 100 % {at} {time if at else ''}"
        name, values, times = _split(text, "RAPA_medium=90 % @ 24 h")
        species = self.given[name].medium if name in self.given else name
        _known(lambda: self.model.species_of(species))
        axis = f"washout_{name}"
        share = self._number(values, _share, axis, "1", f"share of {name} taken away")
        if times is None:
            raise ScanError(f"The wash-out of {name!r} does not say when; add '@ 24 h'.")
        at = self._number(times, seconds, f"{axis}_time", "s", f"wash-out of {name}")
        return Removal(species, share, at)

    def setting(self, text: str) -> Setting:
        target, values, times = _split(text, "MTOR_0=50, 100 nM")
        self.parameter(target)
        unit = self.model.parameters[target].unit_id or "1"
        axis = columns([target], self.taken)[target]
        value = self._number(values, self._in_unit_of(target), axis, unit, f"value of {target}")
        if times is None:
            return Setting(target, value)
        at = self._number(times, seconds, f"time_{target}", "s", f"time of {target}")
        return Setting(target, value, at)

    def cells(self, text: str) -> tuple[str, dict[str, dict[str, float]]]:
        axis, values, times = _split(text, "cell=reference, FKBP1A_null")
        if times is not None:
            raise ScanError(f"{text!r}: conditions hold from the start, so no time can be given.")
        labels = [label.strip() for label in values.split(",")]
        for index, label in enumerate(labels):
            if not label:
                raise ScanError(f"{text!r} lists a condition that is empty.")
            if label in labels[:index]:
                raise ScanError(f"{text!r} lists {label!r} twice.")
        found = {label: self.values(map(str.strip, label.split("+"))) for label in labels}
        self.axes.append(Axis(axis, tuple(labels), about="conditions"))
        self.taken.add(axis)
        return axis, found

    def values(self, names: Iterable[str]) -> dict[str, float]:
        """Return what conditions together set in this model.

        Of an environment a part of the network takes what it has inputs for.
        """
        names = [name for name in names if name != REFERENCE]
        try:
            merged = conditions.values(*names, base=self.base)
            for name in names:
                condition = conditions.find(name)
                if lacking := conditions.lacks(condition, self.model.parameters):
                    raise ScanError(
                        f"Model {self.model.id!r} cannot be put under {condition.name!r}: it has "
                        f"no {', '.join(map(repr, lacking))}."
                    )
        except (ConditionError, CompoundError) as error:
            raise ScanError(str(error)) from None
        found = {name: value for name, value in merged.items() if name in self.model.parameters}
        for name in found:
            self.parameter(name)
        return found

    def parameter(self, name: str) -> None:
        """Fail unless there is such a parameter that can be set."""
        entry = self.model.parameters.get(name)
        if entry is None:
            hint = near(name, self.model.settable)
            if name in self.model.species:
                hint = " It is a species, to which a dose adds."
            raise ScanError(f"Model {self.model.id!r} has no parameter {name!r}.{hint}")
        if entry.rule == "assignment":  # what moves otherwise has a start
            raise ScanError(f"{name!r} follows from a rule of the model and cannot be set.")

    def _in_unit_of(self, target: str) -> Callable[[str], float]:
        entry = self.model.parameters[target]

        def value(text: str) -> float:
            number, _, unit = text.partition(" ")
            if unit in ("fold", "x"):
                own = self.base.get(target, entry.value)
                if own is None:
                    raise QuantityError(f"{target!r} has no value of its own to be multiplied.")
                return plain(number) * own
            if not unit or (entry.unit is None and unit == entry.unit_id):
                # In the model's own unit; a voltage may be below zero, and no volume is.
                return plain(number) if entry.compartment else signed(number)
            if entry.unit is None:
                parse(text)
                raise QuantityError(f"{target!r} has no known unit; write the number alone.")
            return convert(text, entry.unit)

        return value

    def _number(
        self, text: str, value: Callable[[str], float], name: str, unit: str, about: str
    ) -> Number:
        """Return one number, or the name of a new axis."""
        found = _read(text, value, about)
        if isinstance(found, Range):
            self.ranges[name] = found
            self.axes.append(Axis(name, (found.low,), unit, about=about))
            return name
        if len(found) == 1:
            return found[0]
        self.axes.append(Axis(name, found, unit, about=about))
        return name


def _read(text: str, value: Callable[[str], float], about: str) -> tuple[float, ...] | Range:
    try:
        return sampling.read(text, value)
    except SamplingError as error:
        raise ScanError(f"The {about.removeprefix('the ')} cannot be read: {error}") from None


def times(text: str, read: Callable[[str], float] = seconds) -> list[float]:
    """Return when to look, from first to last; the last may be ``inf``, the steady state.

    Parameters
    ----------
    text : str
        Values and ranges, as in ``0, 15 min, 1..24 h lin 24, inf``.
    read : callable
        Turns one time into a number of seconds, or of what a file counts time in.

    Raises
    ------
    ScanError
        If the times cannot be read.
    """
    others, _, last = text.rpartition(",")
    ending = [math.inf] if last.strip() == "inf" else []
    rest = others if ending else text
    if ending and not rest.strip():
        return ending
    if "inf" in (each.strip() for each in rest.split(",")):
        raise ScanError(f"In {text!r} 'inf', the steady state, does not stand last.")
    found = _read(rest, read, "the output times")
    if isinstance(found, Range):
        raise ScanError(f"{rest!r} needs a number of output times, as in '{rest} lin 25'.")
    return sorted(found) + ending


def _split(text: str, example: str) -> tuple[str, str, str | None]:
    name, equals, rest = text.partition("=")
    values, at, times = rest.partition("@")
    if not equals or not name.strip() or not values.strip() or (at and not times.strip()):
        raise ScanError(f"{text!r} cannot be read; write it like '{example}'.")
    return name.strip(), values.strip(), times.strip() if at else None


def _known(find: Callable[[], Any]) -> Any:
    try:
        return find()
    except UnknownNameError as error:
        raise ScanError(str(error)) from None


def _share(text: str) -> float:
    return fraction(re.sub(r"\s+%", "%", text))
