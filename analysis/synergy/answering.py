"""What is said of pairs: a table with a row a surface, and sentences on what stands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from ..asking.answer import Answer, when
from ..asking.grid import failures
from . import drawings
from .effects import DAYS, KINDS, VERBS
from .musyc import SHIFTS
from .question import INERT, Pair, Surface, agents

NOTABLE: Final = 0.01
"""A mean excess below this share of the control is no interaction."""
_POOR: Final = 0.05
"""A curve alone that is missed by more than this share of its range is no Hill curve."""


def answer(
    data: xr.Dataset,
    found: Sequence[Surface],
    asked: Sequence[Pair],
    settings: Mapping[str, Any] | None = None,
    chosen: str = "",
    *,
    screen: bool = False,
) -> Answer:
    """Return synergy as an answer.

    Parameters
    ----------
    data : xarray.Dataset
        All readouts at all treatments.
    found : sequence of Surface
        What :func:`.question.surfaces` returns.
    asked : sequence of Pair
        What was given.
    settings : mapping, optional
        What was asked, for the record.
    chosen : str
        A sentence on what was chosen where nobody said.
    screen : bool
        Whether many pairs are compared rather than one looked at.
    """
    table = pd.DataFrame([_row(each) for each in found])
    if screen:
        order = pd.DataFrame({"opposed": [e.opposed for e in found], "Bliss": -table["Bliss"]})
        table = table.loc[order.sort_values(["opposed", "Bliss"]).index].reset_index(drop=True)
    points = pd.concat([_points(each) for each in found], ignore_index=True)
    said = [*([chosen] if chosen else []), *failures(data), *_said(found, screen)]
    return Answer(
        "synergy",
        "Synergy",
        said,
        table,
        data,
        lambda: drawings.screen(found, table) if screen else drawings.pair(found),
        {**(settings or {}), "agents": {a.name: list(a.levels) for a in agents(asked)}},
        {"synergy_points": points},
    )


def verdict(scores: Mapping[str, float]) -> str:
    """Return what Bliss and Loewe say together."""
    bliss, loewe = scores["Bliss"], scores["Loewe"]
    if not (np.isfinite(bliss) and np.isfinite(loewe)):
        return "unknown"
    words = {1: "synergy", -1: "antagonism", 0: "additive"}
    one, other = (
        words[0 if abs(each) < NOTABLE else int(np.sign(each))] for each in (bliss, loewe)
    )
    return one if one == other else f"Bliss {one}, Loewe {other}"


def _row(each: Surface) -> dict[str, Any]:
    place = {n: when(v) if n == "time" else v for n, v in each.place.items()}
    scores = each.scores
    fit = each.musyc
    return {
        "pair": each.pair.name,
        "readout": each.readout,
        **place,
        "first": each.seen[-1, 0],
        "second": each.seen[0, -1],
        "both": each.seen[-1, -1],
        **{law: scores.get(law, np.nan) for law in ("Bliss", "Loewe", "HSA", "ZIP")},
        "CI": _middle(each.indices),
        "beta": fit.beta if fit else np.nan,
        "lg alpha12": _shift(fit.alpha12, each.seen[0]) if fit else np.nan,
        "lg alpha21": _shift(fit.alpha21, each.seen[:, 0]) if fit else np.nan,
        "misfit": fit.misfit if fit else np.nan,
        "verdict": "no effect"
        if each.idle
        else verdict(scores) + (" (opposed)" if each.opposed else ""),
    }


def _shift(alpha: float, alone: np.ndarray) -> float:
    """Return by how many powers of ten a potency shifts.

    What does nothing alone has no potency, and a fit that ends where it may go no further has not
    found one.
    """
    inside = SHIFTS[0] * 1.1 < alpha < SHIFTS[1] / 1.1
    return float(np.log10(alpha)) if inside and float(np.abs(alone).max()) > INERT else np.nan


def _middle(indices: np.ndarray) -> float:
    there = indices[np.isfinite(indices)]
    return float(np.median(there)) if there.size else np.nan


def _points(each: Surface) -> pd.DataFrame:
    one, other = np.meshgrid(*each.pair.doses, indexing="ij")
    return pd.DataFrame(
        {
            "pair": each.pair.name,
            "readout": each.readout,
            **each.place,
            "dose_first": one.ravel(),
            "dose_second": other.ravel(),
            "value": each.values.ravel(),
            "effect": each.seen.ravel(),
            **{f"excess_{law}": excess.ravel() for law, excess in each.excess.items()},
            "combination_index": each.indices.ravel(),
        }
    ).dropna(subset=["value"])


def _said(found: Sequence[Surface], screen: bool) -> Iterator[str]:
    yield (
        "Effects are shares (0 without a drug). Bliss, Loewe, HSA and ZIP are the mean effect "
        "above that expected over all pairs of doses, CI the median combination index; above 0, "
        "and below 1, is synergy."
    )
    for kind in dict.fromkeys(each.kind for each in found):
        if kind != "falls":
            names = ", ".join(dict.fromkeys(e.readout for e in found if e.kind == kind)) or ""
            reason = (
                f", the cells that are missing after {DAYS:g} days if 1 is a doubling a day"
                if kind == "rate"
                else ""
            )
            yield f"Where {names} {VERBS[kind]}, the effect is {KINDS[kind]}{reason}."
    moved = {each.readout for each in found if not each.idle}
    if still := [n for n in dict.fromkeys(each.readout for each in found) if n not in moved]:
        yield (
            f"Nothing that was given changes {', '.join(still)} by {INERT:.0%}, so there is no "
            "synergy to speak of."
        )
    opposed = [each for each in found if each.opposed]
    if opposed:
        yield (
            f"On {len(opposed)} of {len(found)} surfaces one agent undoes what the other does; "
            "what exceeds the expectation there is no co-operation."
        )
    poor = dict.fromkeys(
        agent.name
        for each in found
        for agent, curve in zip((each.pair.first, each.pair.second), each.alone, strict=True)
        if curve.misfit > _POOR
    )
    if poor:
        yield (
            f"The curve of {', '.join(poor)} alone is no Hill curve for some readout, so Loewe, "
            "ZIP and MuSyC are rough there."
        )
    short = [each for each in found if np.isfinite(each.reach) and not each.idle]
    if short:
        names = dict.fromkeys(each.pair.name for each in short)
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield (
            f"Of {', '.join(list(names)[:3])}{more} a drug alone was not seen to reach its "
            "plateau, so Loewe and CI are told of no larger effect than it has, and MuSyC of "
            "none; give higher doses."
        )
    best = max(
        (each for each in found if not each.opposed),
        key=lambda each: np.nan_to_num(each.scores["Bliss"], nan=-np.inf),
        default=None,
    )
    if screen and best is not None and best.scores["Bliss"] > NOTABLE:
        yield (
            f"The largest mean excess over Bliss is that of {best.pair.name} on {best.readout}: "
            f"{best.scores['Bliss']:.2f}; those that oppose each other stand last."
        )
    if not screen and len(found) > drawings.MOST:
        yield f"The first {drawings.MOST} of {len(found)} surfaces are drawn."
