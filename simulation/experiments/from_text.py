"""From words to an experiment: what is added, taken away or set, and when.

Each is written as ``NAME=VALUE @ TIME``::

    RAPA_medium=10 nM @ 24 h      a dose; without a time at time 0
    RAPA_medium=90 % @ 48 h       a wash-out; without a value all of it
    MTOR_0=50 nM                  a value, from the start on; with a time from then on
    FKBP1A_null                   a condition of the tables, from the start on or from a time
    everolimus=20 nM @ 1 h        a drug: its constants from the start on, and its dose

A drug is a compound of the tables. One that takes no dose but sets an input of the network, such as
carboplatin, is named without a concentration and sets it at its time, or at time 0. A wash-out may
name a drug that is given.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from ...models import catalogue
from ...models.numbers import decimals
from ...models.perturbations import compounds, conditions
from ...network.units.quantities import QuantityError, fraction, nanomolar, parse, seconds
from . import drugs
from .experiments import EQUILIBRATION, Condition, Dose, Experiment, Period, Washout


class ProtocolError(ValueError):
    """Words that describe no experiment; the message says which, and how to write it."""


@dataclass(frozen=True)
class Words:
    """What a user says about an experiment; see the head of this module."""

    doses: Sequence[str] = ()
    washouts: Sequence[str] = ()
    settings: Sequence[str] = ()
    conditions: Sequence[str] = ()
    equilibrated: bool = False
    drugs: Sequence[str] = ()


@dataclass(frozen=True)
class _Written:
    name: str
    value: str | None
    time: float | None


def experiment(
    words: Words,
    times: Sequence[float | str],
    name: str = "experiment",
    model: str | None = None,
    base: Mapping[str, float] | None = None,
    clock: Callable[[str], float] = seconds,
    *,
    counted: bool = False,
    own: Container[str] | None = None,
) -> Experiment:
    """Return the experiment that words describe.

    Parameters
    ----------
    words : Words
        What is done.
    times : sequence of float or str
        When to look, in seconds or with a unit; increasing.
    name : str
        What it is called.
    model : str, optional
        The model of the catalogue that it is for: a part of the network takes of an environment
        what it has inputs for, and is refused a condition that it lacks the molecules for.
    base : mapping, optional
        Values of the reference cell, where they are other than the model's: they hold from the
        start on unless something else is said, and conditions' multiples are of them.
    clock : callable
        Reads a time; by default in seconds.
    counted : bool
        Whether a dose may be a plain number, which a model without units takes.
    own : container of str, optional
        The parameters of the model of the catalogue, where it is loaded: it is not built for them.

    Raises
    ------
    ProtocolError
        If words cannot be read.
    ConditionError
        If a condition is unknown, or two contradict each other.
    CompoundError
        If a drug is unknown, needs a dose or takes none, or two are of one class.
    ExperimentError
        If what they say makes no sense.
    """
    start = EQUILIBRATION if words.equilibrated else 0.0
    starts: dict[float, dict[str, list]] = {}

    def at(time: float | None, otherwise: float) -> dict[str, list]:
        moment = otherwise if time is None else time
        return starts.setdefault(
            moment, {"names": [], "conditions": [], "washouts": [], "doses": []}
        )

    at(start, start)
    at(0.0, 0.0)
    for text in words.conditions:
        read = _read(text, "FKBP1A_null or FKBP1A_null @ 24 h", clock)
        if read.value is not None:
            raise ProtocolError(
                f"The condition {text!r} cannot be given a value; a single value is set by itself."
            )
        at(read.time, start)["names"].append(read.name)
    for text in words.settings:
        read = _read(text, "MTOR_0=50 nM", clock)
        if read.value is None:
            raise ProtocolError(f"{text!r} sets no value; write it like 'MTOR_0=50 nM'.")
        try:
            setting = Condition(text, {read.name: _number_or_text(read.value)})
        except QuantityError as error:
            raise ProtocolError(f"The value of {text!r} cannot be read: {error}") from None
        at(read.time, start)["conditions"].append(setting)
    given: dict[str, str] = {}
    for text in words.drugs:
        read = _read(text, "everolimus=20 nM @ 1 h", clock)
        compound = compounds.find(read.name)
        compound.check_dose(read.value is not None)
        if read.value is None:
            at(read.time, 0.0)["names"].append(compound.name)
            continue
        given[compound.name] = given[read.name] = compound.medium
        given_dose = dose(compound.medium, text, read.value, counted=counted)
        at(read.time, 0.0)["doses"].append(given_dose)
    for text in words.washouts:
        read = _read(text, "RAPA_medium @ 24 h", clock)
        if read.time is None:
            raise ProtocolError(f"The wash-out {text!r} does not say when; add '@ 24 h'.")
        try:
            share = 1.0 if read.value is None else fraction(read.value)
        except QuantityError as error:
            raise ProtocolError(f"The wash-out {text!r} cannot be read: {error}") from None
        at(read.time, 0.0)["washouts"].append(Washout(given.get(read.name, read.name), share))
    for text in words.doses:
        read = _read(text, "RAPA_medium=10 nM @ 24 h", clock)
        if read.value is None:
            raise ProtocolError(f"The dose {text!r} says no concentration; write 'NAME=10 nM'.")
        at(read.time, 0.0)["doses"].append(dose(read.name, text, read.value, counted=counted))
    dosed = dict.fromkeys(compounds.find(name).name for name in given)
    drugs.check_apart(dosed, [name for done in starts.values() for name in done["names"]])
    at(start, start)["names"] += dosed
    periods = []
    first = min(starts)
    for moment in sorted(starts):
        done = starts[moment]
        if done["names"]:
            names = done["names"]
            if model in catalogue.names():
                values = conditions.values_in(model, *names, own=own)
            else:
                values = conditions.values(*names, base=base)
            held = Condition("+".join(names), values)
            done["conditions"].insert(0, held)
        if base and moment == first:
            said = {name for condition in done["conditions"] for name in condition.values}
            kept = {name: value for name, value in base.items() if name not in said}
            done["conditions"].append(Condition("parameter set", kept))
        periods.append(Period(moment, done["conditions"], done["washouts"], done["doses"]))
    return Experiment(name, periods, times)


def _read(text: str, example: str, clock: Callable[[str], float]) -> _Written:
    # A species may be named with its compartment, as in RAPA@medium.
    left, equals, right = text.partition("=")
    if equals:
        name = left
        value, at, moment = right.partition("@")
    else:
        value = None
        name, at, moment = left.rpartition("@") if "@" in left else (left, "", "")
    name, moment = name.strip(), moment.strip()
    if not name or (equals and not str(value).strip()) or (at and not moment):
        raise ProtocolError(f"{text!r} cannot be read; write it like '{example}'.")
    try:
        time = clock(moment) if at else None
    except QuantityError as error:
        raise ProtocolError(f"The time of {text!r} cannot be read: {error}") from None
    return _Written(name, None if value is None else value.strip(), time)


def dose(species: str, text: str, value: str, *, counted: bool = False) -> Dose:
    """Return a dose of a concentration, or of a plain number if it may be ``counted``.

    Raises
    ------
    ProtocolError
        If the value is neither; the message quotes the whole ``text``.
    """
    try:
        if counted and isinstance(number := _number_or_text(value), float):
            return Dose(species, count=number)
        return Dose(species, nanomolar(value))
    except QuantityError as error:
        raise ProtocolError(f"The dose {text!r} cannot be read: {error}") from None


def _number_or_text(value: str) -> float | str:
    """Return a bare number as one, in the model's own unit; anything else has a unit."""
    try:
        return decimals.number(value)
    except ValueError:
        parse(value)
        return value
