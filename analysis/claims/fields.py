"""Single fields of a claim: times, bounds, formulas, and lists that may be written as one thing."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from ...network.units.quantities import QuantityError, seconds
from . import arithmetic, bounds
from .bounds import Bounds

REST: Final = "rest"
_WINDOW: Final = re.compile(r"(min|max|mean)\s+(.+?)\s*\.\.\s*(.+)")


class Strict(BaseModel):
    """A part of a file in which nothing may stand that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_bounds(text: Any) -> Any:
    return _said(lambda: bounds.read(text)) if isinstance(text, str) else text


def _as_times(text: Any) -> Any:
    return _said(lambda: bounds.read(text, seconds)) if isinstance(text, str) else text


def _as_formula(text: Any) -> Any:
    return _said(lambda: arithmetic.read(text)) if isinstance(text, str) else text


def _said(read: Any) -> Any:
    try:
        return read()
    except (bounds.BoundsError, arithmetic.FormulaError, QuantityError) as error:
        raise ValueError(str(error)) from None


class When(Strict):
    """A time, rest, or the least, largest or mean value in a window; seconds."""

    start: float
    end: float | None = None  # of a window
    by: Literal["", "min", "max", "mean"] = ""

    @property
    def rest(self) -> bool:
        """Whether it is the steady state."""
        return self.start == float("inf")


def _as_when(text: Any) -> Any:
    if isinstance(text, int | float):
        raise ValueError(f"the time {text!r} has no unit; write it like '24 h', or 'rest'")
    if not isinstance(text, str):
        return text
    if text.strip() == REST:
        return When(start=float("inf"))
    if match := _WINDOW.fullmatch(text.strip()):
        start, end = _said(lambda: (seconds(match[2]), seconds(match[3])))
        if start >= end:
            raise ValueError(f"the window {text!r} ends before it starts")
        return When.model_validate({"start": start, "end": end, "by": match[1]})
    return When(start=_said(lambda: seconds(text)))


def _as_span(text: Any) -> Any:
    return _said(lambda: seconds(text)) if isinstance(text, str | int | float) else text


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


Limits = Annotated[Bounds, BeforeValidator(_as_bounds)]
Times = Annotated[Bounds, BeforeValidator(_as_times)]
Arithmetic = Annotated[arithmetic.Formula, BeforeValidator(_as_formula)]
Span = Annotated[float, BeforeValidator(_as_span)]
Moment = Annotated[When, BeforeValidator(_as_when)]
Several = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]
Levels = Annotated[tuple[str | float, ...], BeforeValidator(_one_or_more)]
