"""What a curve comes to, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from ..asking.answer import when
from .curves import BOTH, FLAT, Curve
from .hill import SLOPES, at_limit

NUMBERS: Final = (
    "control",
    "extreme",
    "extreme_at",
    "relative",
    "relative_low",
    "relative_high",
    "absolute",
    "slope",
    "slope_low",
    "slope_high",
    "plateau",
    "area",
    "misfit",
)
"""Numbers of a curve, as the data hold them."""


def numbers(made: Curve | None) -> dict[str, Any]:
    """Return what a curve comes to, for programs."""
    if made is None:
        return {"shape": "no numbers", **dict.fromkeys(NUMBERS, np.nan)}
    fit = made.hill
    return {
        "shape": made.shape,
        "control": made.control,
        "extreme": made.extreme,
        "extreme_at": made.extreme_at,
        "relative": made.relative,
        "relative_low": fit.middle_low if fit else np.nan,
        "relative_high": fit.middle_high if fit else np.nan,
        "absolute": made.absolute,
        "slope": fit.slope if fit else np.nan,
        "slope_low": fit.slope_low if fit else np.nan,
        "slope_high": fit.slope_high if fit else np.nan,
        "plateau": fit.plateau if fit else np.nan,
        "area": made.area,
        "misfit": fit.misfit if fit else np.nan,
        "relative_is": _among(made.relative),
        "absolute_is": _among(made.absolute),
        "plateau_seen": bool(fit) and not made.open,
        "slope_at_limit": bool(fit) and at_limit(fit.slope),
    }


def _among(value: float) -> str:
    """Return where a half-way dose lies, for programs: zero and infinity are no doses."""
    if np.isnan(value):
        return "none"
    return "above the doses" if np.isinf(value) else "among" if value else "below the doses"


def bounded(value: float, ends: tuple[float, float], unit: str) -> str:
    """Return a half-way dose in words: ``2.1 nM``, ``> 1000 nM``, ``< 0.01 nM`` or ``-``."""
    unit = "" if unit in ("", "1", "dimensionless") else f" {unit}"
    if np.isnan(value):
        return "-"
    if np.isinf(value):
        return f"> {_short(ends[1])}{unit}"
    return f"< {_short(ends[0])}{unit}" if value == 0 else f"{_short(value)}{unit}"


def _short(value: float) -> str:
    """Return three digits, without a power of ten where people do without."""
    return f"{float(f'{value:.3g}'):g}"


def row(
    each: Mapping[str, Any],
    units: Mapping[str, str],
    ends: Mapping[str, tuple[float, float]],
    data: xr.Dataset,
) -> dict[str, Any]:
    """Return the row of a curve in the table that people read."""
    made, agent = each["curve"], each["agent"]
    place = {
        name: when(value) if name == "time" else value for name, value in each["place"].items()
    }
    head = {"agent": agent, "readout": each["readout"], **place}
    if made is None:
        return {**head, "shape": "no numbers"}
    unit, fit = units[agent], made.hill
    inside = fit is not None and np.isfinite(made.relative) and made.relative > 0
    return {
        **head,
        "shape": made.shape,
        "relative EC50": bounded(made.relative, ends[agent], unit) + (" *" if made.open else ""),
        "95 %": f"{_short(fit.middle_low)}..{_short(fit.middle_high)}" if fit and inside else "-",
        "absolute IC50": bounded(made.absolute, ends[agent], unit),
        "Hill": fit.slope if fit and inside else np.nan,
        "control": made.control,
        "Emax": made.extreme,
        "Emax of control": made.share,
        "AUC": made.area,
        "unit": data[each["readout"]].attrs.get("units", ""),
    }


def said(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is to be said of curves together."""
    yield (
        "The relative EC50 is the middle of the fitted curve, half way to its plateau; the "
        "absolute IC50 is where the readout itself is at half of the control."
    )
    flat = sorted({e["readout"] for e in found if e["curve"] and e["curve"].shape == "flat"})
    still = [
        name
        for name in flat
        if all(e["curve"] and e["curve"].shape == "flat" for e in found if e["readout"] == name)
    ]
    if still:
        yield (
            f"{', '.join(still)} changed by less than {FLAT:.0%} at every dose, so there is "
            "nothing half way."
        )
    both = [e for e in found if e["curve"] and "then" in e["curve"].shape]
    if both:
        names = ", ".join(dict.fromkeys(f"{e['readout']} with {e['agent']}" for e in both[:5]))
        more = "" if len(both) <= 5 else f" and {len(both) - 5} more curves"
        yield (
            f"{names}{more} turned by more than {BOTH:.0%} of the range on the way, so one Hill "
            "curve does not describe it."
        )
    if any(e["curve"] and e["curve"].hill and at_limit(e["curve"].hill.slope) for e in found):
        yield (
            f"A Hill coefficient of {SLOPES[0]:g} or {SLOPES[1]:g} is as flat or as steep as is "
            "fitted; the curve is flatter or steeper still."
        )
    if any(e["curve"] and e["curve"].open for e in found):
        yield "* The plateau lies well beyond what was seen: give higher doses."
