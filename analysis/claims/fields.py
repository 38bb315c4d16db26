"""Single fields of a claim: times, bounds, formulas, and lists that may be written as one thing."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ...network.units.quantities import QuantityError, seconds
from . import arithmetic, bounds
from .bounds import Bounds

REST: Final = "rest"
_SHORTEST: Final = 1e-6  # seconds
_WINDOW: Final = re.compile(r"(min|max|mean)\s+(.+?)\s*\.\.\s*(.+)")


class Strict(BaseModel):
    """A part of a file in which nothing may stand that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _text(value: Any, what: str) -> str:
    """Return text as it is, and refuse anything else."""
    if isinstance(value, str):
        return value
    raise ValueError(f"{short(value)} is no {what}")


def short(value: Any) -> str:
    """Return what was found, as much of it as a message can hold."""
    told = repr(value)
    return told if len(told) <= 60 else f"{told[:60]}..."


def _as_bounds(value: Any) -> Any:
    return value if isinstance(value, Bounds) else _said(lambda: bounds.read(_bound(value)))


def _as_times(value: Any) -> Any:
    if isinstance(value, Bounds):
        return value
    return _said(lambda: bounds.read(_bound(value), seconds))


def _bound(value: Any) -> str:
    return _text(value, "interval; write '<= 0.25', '>= 1.5' or '0.3 .. 0.85'")


def _as_formula(value: Any) -> Any:
    if isinstance(value, arithmetic.Formula):
        return value
    return _said(lambda: arithmetic.read(_text(value, "formula; write names of observables")))


def _said(read: Any) -> Any:
    try:
        return read()
    except (bounds.BoundsError, arithmetic.FormulaError, QuantityError) as error:
        raise ValueError(str(error)) from None


class When(Strict):
    """A time, rest, or the least, largest or mean value in a window; seconds."""

    model_config = ConfigDict(allow_inf_nan=True)

    start: float
    end: float | None = None  # of a window
    by: Literal["", "min", "max", "mean"] = ""

    @property
    def rest(self) -> bool:
        """Whether it is the steady state."""
        return self.start == float("inf")


def _as_when(value: Any) -> Any:
    if isinstance(value, When):
        return value
    if isinstance(value, int | float):
        raise ValueError(f"the time {value!r} has no unit; write it like '24 h', or 'rest'")
    text = _text(value, "time; write it like '24 h', or 'rest'").strip()
    if text == REST:
        return When(start=float("inf"))
    if match := _WINDOW.fullmatch(text):
        start, end = _said(lambda: (seconds(match[2]), seconds(match[3])))
        if start >= end:
            raise ValueError(f"the window {text!r} ends before it starts")
        return When.model_validate({"start": start, "end": end, "by": match[1]})
    return When(start=_said(lambda: seconds(text)))


def _as_span(value: Any) -> Any:
    found = _said(lambda: seconds(_text(value, "time with a unit; write it like '24 h'")))
    if found < _SHORTEST:
        raise ValueError(f"{value!r} is too short to look at")
    return found


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


Limits = Annotated[Bounds, BeforeValidator(_as_bounds)]
Times = Annotated[Bounds, BeforeValidator(_as_times)]
Arithmetic = Annotated[arithmetic.Formula, BeforeValidator(_as_formula)]
Span = Annotated[float, BeforeValidator(_as_span)]
Moment = Annotated[When, BeforeValidator(_as_when)]
Several = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]
Level = str | Annotated[float, Field(strict=True)]
Levels = Annotated[tuple[Level, ...], Field(min_length=1), BeforeValidator(_one_or_more)]
