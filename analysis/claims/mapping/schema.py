"""What may stand in a mapping: a file that says what the names of a model of others mean.

Everything that is only near to what a claim asks says so as ``proxy``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from ....models.numbers import decimals
from ....network.units.quantities import QuantityError, nanomolar, seconds
from ..fields import Arithmetic, Several, Strict, short

STEADY: Final = "steady"
FED: Final = "FED"
"""The reference dish, in which cells are of which a claim says nothing else."""


@dataclass(frozen=True)
class Setting:
    """A value that something is set to, or a multiple of what it is in the reference dish."""

    value: float
    multiple: bool = False


def _as_setting(value: Any) -> Any:
    if isinstance(value, Setting):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Setting(float(value))
    if isinstance(value, str) and value.startswith("x "):
        try:
            number = decimals.number(value[2:])
        except ValueError as error:
            raise ValueError(str(error)) from None
        if number < 0:
            raise ValueError(f"{value!r} is negative")
        return Setting(number, multiple=True)
    raise ValueError(
        f"{short(value)} is no setting; write a number in the model's own unit, or a multiple of "
        "what it is in the reference dish, as in 'x 0.5'"
    )


def _quantity(read: Any, example: str) -> Any:
    def reading(value: Any) -> Any:
        if isinstance(value, float):
            return value
        if not isinstance(value, str):
            raise ValueError(f"{short(value)} has no unit; write it like {example}")
        try:
            found = read(value)
        except QuantityError as error:
            raise ValueError(str(error)) from None
        if not 0 < found < math.inf:
            raise ValueError(f"{value!r} is not above zero")
        return found

    return reading


def _as_unit(value: Any) -> Any:
    if isinstance(value, float):
        return value
    try:
        return seconds(f"1 {value}")
    except QuantityError:
        raise ValueError(f"{short(value)} is no unit of time; use s, min, h or d") from None


def _as_span(value: Any) -> Any:
    return value if value == STEADY else _quantity(seconds, f"'24 h', or say '{STEADY}'")(value)


def _as_meaning(value: Any) -> Any:
    return {"formula": value} if isinstance(value, str) else value


def _as_ids(value: Any) -> Any:
    return {"of": value} if isinstance(value, str | list) else value


Settings = dict[str, Annotated[Setting, BeforeValidator(_as_setting)]]
Concentration = Annotated[float, BeforeValidator(_quantity(nanomolar, "'5 nM'"))]


class About(Strict):
    """Which model it is."""

    name: str
    citation: str
    file: str = ""
    sha256: str = ""
    about: str = ""


class Rest(Strict):
    """How the model's cells come to rest: until nothing changes, or for so many seconds."""

    until: Annotated[str | float, BeforeValidator(_as_span)]
    why: str


class Meaning(Strict):
    """A readout of ours: arithmetic in the ids of the model, in nM or a share as ours is."""

    formula: Arithmetic
    proxy: str = ""


class Made(Strict):
    """How a condition of ours is made: values by id."""

    set: Settings = Field(default_factory=dict)
    proxy: str = ""
    note: str = ""


class Counterpart(Strict):
    """Of what the multiples of a parameter of ours are multiples in the model."""

    of: Several = Field(min_length=1)
    proxy: str = ""


class Action(Strict):
    """How a compound acts.

    Attributes
    ----------
    inhibits : tuple of str
        Constants that are multiplied by ``floor + (1 - floor) / (1 + dose / half_at)``.
    half_at : float
        In nM; also what doses in multiples of the IC50 are multiples of. Where it is left out, it
        is the IC50 in cells of our own tables.
    floor : float
        The share that no dose takes away.
    sets, adds_to : str
        A parameter that is set to the dose, or a species that it is added to.
    per_nM : float
        How much of that is 1 nM, in the model's own unit.
    set : dict
        What holds from the dose on, whatever it is.
    """

    inhibits: Several = ()
    half_at: Concentration | None = None
    floor: float = Field(default=0.0, ge=0.0, lt=1.0)
    sets: str = ""
    adds_to: str = ""
    per_nM: float | None = Field(default=None, gt=0.0)
    set: Settings = Field(default_factory=dict)
    proxy: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Action:
        if not (self.inhibits or self.sets or self.adds_to or self.set):
            raise ValueError("a compound needs one of 'inhibits', 'sets', 'adds_to' and 'set'")
        if self.sets and self.adds_to:
            raise ValueError("a dose goes into one thing; leave out 'sets' or 'adds_to'")
        if bool(self.sets or self.adds_to) != (self.per_nM is not None):
            raise ValueError("'per_nM' goes with 'sets' or 'adds_to', and they with it")
        return self


class File(Strict):
    """A mapping."""

    model: About
    time: Annotated[float, BeforeValidator(_as_unit)] | None = None
    rest: Rest
    # By id or name, or 'all': what the authors' own experiment does, in place of a claim's.
    without_events: Several = ()
    readouts: dict[str, Annotated[Meaning, BeforeValidator(_as_meaning)]] = Field(
        default_factory=dict
    )
    conditions: dict[str, Made] = Field(default_factory=dict)
    parameters: dict[str, Annotated[Counterpart, BeforeValidator(_as_ids)]] = Field(
        default_factory=dict
    )
    compounds: dict[str, Action] = Field(default_factory=dict)
    notes: Several = ()
