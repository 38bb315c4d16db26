"""What is done to a model, and when: conditions, periods and experiments.

The terms mean what PEtab v2 means by them. A :class:`Condition` sets named parameters, compartments
or species. A :class:`Period` starts at a time and applies conditions, wash-outs and doses. An
:class:`Experiment` is a sequence of periods with the times at which one looks; a first period at
minus infinity is pre-equilibration, and an output at plus infinity is the final steady state.

Whatever starts at a time acts before anything is measured at that time. Within a period all
conditions act at once; then comes the wash-out, then the dose.

Times are seconds and concentrations nM; both may be written as text with a unit. Where an SBML file
of others counts time in a unit of its own, times that are bare numbers are in that::

    >>> treated = exposure(["1 h", "24 h"], doses={"RAPA_medium": "20 nM"})
    >>> treated.times
    (3600.0, 86400.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Protocol

from ...network.units.quantities import QuantityError, fraction, nanomolar, seconds

EQUILIBRATION: Final = -math.inf
"""Start of a period that lasts until nothing changes any more."""


class Seconds(float):
    """A time that was written with a unit; without one, SBML of others may mean another."""


class InFile(float):
    """A number as the formulas of the model's file mean it: of a species what its symbol is."""


@dataclass(frozen=True)
class Formula:
    """A value that is computed from what holds just before a period starts.

    Parameters
    ----------
    text : str
        How it is written, for messages.
    compute : callable
        Takes values by id, of species what their symbol means and ``time``, and returns the value.
    names : frozenset of str
        The ids it needs.
    """

    text: str
    compute: Callable[[Mapping[str, float]], float] = field(compare=False)
    names: frozenset[str]


class ExperimentError(ValueError):
    """An experiment that makes no sense; the message says which part and what would."""


class NamedValues(Protocol):
    """Anything with a name and values for parameters, such as ``models.conditions.Condition``."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def values(self) -> Mapping[str, Any]: ...  # noqa: D102


@dataclass(frozen=True)
class Condition:
    """Values for named parameters, compartments or species.

    Parameters
    ----------
    name : str
        What it is called in messages and results.
    values : mapping
        Value by id, in the model's own unit for it, or as text with a unit (``"10 nM"``). For a
        species, text gives a concentration, a number the amount in the model's unit, and an
        :class:`InFile` what its symbol means. After the first period it may be a :class:`Formula`.
    """

    name: str
    values: Mapping[str, float | str | Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for target, value in self.values.items():
            if not isinstance(value, str | Formula) and math.isnan(float(value)):
                raise ExperimentError(f"Condition {self.name!r} sets {target!r} to NaN.")


@dataclass(frozen=True)
class Dose:
    """Something added to a species at the start of a period.

    Parameters
    ----------
    species : str
        Its id, its pattern, or an observable that is this one species.
    concentration : float or str, optional
        By how much the concentration in the species' compartment rises; a number is in nM.
    amount : float, optional
        Instead of a concentration: the amount, in the model's own substance unit.
    count : float, optional
        Instead of both: the number that rises, of a model that counts in no unit. Others refuse it.
    """

    species: str
    concentration: float | str | None = None
    amount: float | None = None
    count: float | None = None

    def __post_init__(self) -> None:
        if [self.concentration, self.amount, self.count].count(None) != 2:
            raise ExperimentError(
                f"The dose of {self.species!r} needs either a concentration, an amount or a count."
            )
        try:
            if self.concentration is not None:
                object.__setattr__(self, "concentration", nanomolar(self.concentration))
        except QuantityError as error:
            raise ExperimentError(f"The dose of {self.species!r} is no dose: {error}") from None
        for number in (self.amount, self.count):
            if number is not None and not 0 <= number < math.inf:
                raise ExperimentError(
                    f"The dose of {self.species!r} is {number!r}; an amount is finite and not "
                    "negative."
                )

    def described(self) -> dict[str, Any]:
        """Return the dose as plain data."""
        sizes = {"nM": self.concentration, "amount": self.amount, "count": self.count}
        return {"species": self.species} | {k: v for k, v in sizes.items() if v is not None}


@dataclass(frozen=True)
class Washout:
    """Something taken away from a species, or from all species of an observable.

    Parameters
    ----------
    species : str
        A species' id or pattern, or an observable.
    fraction : float or str
        The share that is taken away: 1 for a full change of medium, ``"90 %"`` for a partial one.
    """

    species: str
    fraction: float | str = 1.0

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "fraction", fraction(self.fraction))
        except QuantityError as error:
            raise ExperimentError(f"Wash-out of {self.species!r}: {error}") from None


@dataclass(frozen=True)
class Period:
    """A stretch of time that starts with changes.

    Parameters
    ----------
    start : float or str
        In seconds, or as text with a unit; ``EQUILIBRATION`` or ``"-inf"`` for pre-equilibration.
    conditions : sequence of Condition
        All act at once, so no two of them may set one thing differently. Whatever they set stays
        until a later period sets it again.
    washouts : sequence of Washout
        What is taken away, after the conditions.
    doses : sequence of Dose
        What is added, after the wash-outs.
    """

    start: float | str
    conditions: Sequence[NamedValues] = ()
    washouts: Sequence[Washout] = ()
    doses: Sequence[Dose] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _start(self.start))
        conditions = tuple(
            c if isinstance(c, Condition) else Condition(c.name, dict(c.values))
            for c in self.conditions
        )
        object.__setattr__(self, "conditions", conditions)
        object.__setattr__(self, "washouts", tuple(self.washouts))
        object.__setattr__(self, "doses", tuple(self.doses))
        self.values  # noqa: B018 - contradictions show here

    @property
    def values(self) -> dict[str, float | str | Formula]:
        """What all conditions together set."""
        merged: dict[str, float | str | Formula] = {}
        setter: dict[str, str] = {}
        for condition in self.conditions:
            for target, value in condition.values.items():
                if target in merged and merged[target] != value:
                    raise ExperimentError(
                        f"Conditions {setter[target]!r} and {condition.name!r} both set "
                        f"{target!r}, to {merged[target]} and {value}; they cannot be combined."
                    )
                merged[target], setter[target] = value, condition.name
        return merged


@dataclass(frozen=True)
class Experiment:
    """Periods in their order, and the times at which one looks.

    Parameters
    ----------
    name : str
        What it is called in results.
    periods : sequence of Period
        With increasing starts; only the first may be at minus infinity.
    times : sequence of float or str
        Increasing, none before the first finite start. The last may be ``inf``: steady state.
    """

    name: str
    periods: Sequence[Period]
    times: Sequence[float | str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "periods", tuple(self.periods))
        object.__setattr__(self, "times", tuple(map(self._time, self.times)))
        starts = [float(period.start) for period in self.periods]
        self._check(starts, [float(time) for time in self.times])

    def _time(self, time: float | str) -> float:
        try:
            if isinstance(time, str) and time.strip() != "inf":
                return Seconds(seconds(time))
            if not math.isnan(float(time)):
                return time if isinstance(time, Seconds) else float(time)
        except QuantityError as error:
            raise self._error(f"an output time cannot be read: {error}") from None
        raise self._error("an output time is NaN")

    def _check(self, starts: list[float], times: list[float]) -> None:
        if not starts:
            raise self._error("it has no period; the least is one that starts at 0 s")
        for earlier, later in pairwise(starts):
            if not earlier < later:
                raise self._error(
                    f"its periods do not start one after the other: {later:g} s after {earlier:g} s"
                )
        finite = [start for start in starts if start != EQUILIBRATION]
        if not finite:
            raise self._error("only pre-equilibration is in it; add a period that starts at 0 s")
        if not times:
            raise self._error("it has no output times")
        for earlier, later in pairwise(times):
            if not earlier < later:
                raise self._error(
                    f"its output times do not increase: {later:g} s after {earlier:g} s"
                )
        if times[0] < finite[0]:
            raise self._error(
                f"its first output, at {times[0]:g} s, lies before its first period, at "
                f"{finite[0]:g} s"
            )

    def _error(self, what: str) -> ExperimentError:
        return ExperimentError(f"Experiment {self.name!r}: {what.removesuffix('.')}.")

    def described(self) -> dict[str, Any]:
        """Return the experiment as plain data that JSON can hold."""
        return {
            "name": self.name,
            "periods": [
                {
                    "start": period.start if period.start != EQUILIBRATION else "-inf",
                    "conditions": [
                        {"name": c.name, "values": {k: _plain(v) for k, v in c.values.items()}}
                        for c in period.conditions
                    ],
                    "washouts": [
                        {"species": w.species, "fraction": w.fraction} for w in period.washouts
                    ],
                    "doses": [dose.described() for dose in period.doses],
                }
                for period in self.periods
            ],
            "times": [time if time != math.inf else "inf" for time in self.times],
        }


def exposure(
    times: Iterable[float | str],
    *,
    doses: Mapping[str, float | str] | None = None,
    drugs: Mapping[str, float | str | None] | None = None,
    conditions: Sequence[NamedValues] = (),
    equilibrated: bool = True,
    name: str = "exposure",
) -> Experiment:
    """Return the common experiment: cells at rest, then everything at time zero.

    Parameters
    ----------
    times : iterable of float or str
        When to look, counted from the dose.
    doses : mapping, optional
        Concentration by species.
    drugs : mapping, optional
        Concentration by compound, as ``{"everolimus": "20 nM"}``: its constants hold from the start
        on, and it is added to the medium at time zero. What takes no dose, such as carboplatin, has
        None and sets its input at time zero.
    conditions : sequence of Condition
        What these cells and this dish are; they hold during pre-equilibration already.
    equilibrated : bool
        Whether the cells come to rest first.
    name : str
        What the experiment is called.

    Raises
    ------
    ExperimentError
        If something given makes no sense.
    CompoundError
        If a drug is unknown (with the nearest name), or two share the species of their class.
    """
    added = [Dose(species, amount) for species, amount in (doses or {}).items()]
    held: list[NamedValues] = list(conditions)
    inputs: list[NamedValues] = []
    if drugs:
        from .drugs import treatments  # only here: it reads the tables

        for given in treatments(drugs, [condition.name for condition in conditions]):
            condition = Condition(given.name, given.values)
            if given.species:
                held.append(condition)
                added.append(Dose(given.species, given.concentration))
            else:
                inputs.append(condition)
    if equilibrated:
        periods = (Period(EQUILIBRATION, held), Period(0.0, inputs, doses=added))
    else:
        periods = (Period(0.0, [*held, *inputs], doses=added),)
    return Experiment(name, periods, tuple(times))


def _plain(value: float | str | Formula) -> float | str:
    return value.text if isinstance(value, Formula) else value


def _start(start: float | str) -> float:
    if isinstance(start, str) and start.strip() != "-inf":
        try:
            return Seconds(seconds(start))
        except QuantityError as error:
            raise ExperimentError(f"The start of a period cannot be read: {error}") from None
    value = float(start)
    if math.isnan(value) or value == math.inf:
        raise ExperimentError(f"A period cannot start at {start!r}; the least is -inf.")
    return start if isinstance(start, Seconds) else value
