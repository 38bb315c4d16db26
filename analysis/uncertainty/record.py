"""What is written of an ensemble: its sets, how they were found, and which claims hold in them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...network.files import replacing
from .ensemble import Ensemble, Member


def about(found: Ensemble) -> dict[str, Any]:
    """Return how an ensemble was found, and which claims hold in it, as plain data."""
    kept = found.tried[-1].kept
    worse = [member.worse for member in kept]
    return {
        "sets": len(found.values),
        "parameters": len(found.priors),
        "seed": found.seed,
        "steps": found.steps,
        "directions_pinned_down": round(found.directions, 2),
        "cost_allowed_above_best": round(found.allowed, 4),
        "cost_above_best": {
            "least": round(min(worse), 4),
            "median": round(float(np.median(worse)), 4),
            "most": round(max(worse), 4),
        },
        "scale": found.tried[-1].scale,
        "draws": [
            {"scale": each.scale, "drawn": len(each.members), "kept": len(each.kept)}
            for each in found.tried
        ],
        "claims": _held(found, kept),
    }


def _held(found: Ensemble, kept: Sequence[Member]) -> dict[str, Any]:
    """Return how many claims hold in each set, and which do not hold in all or in none."""
    holding = [len(found.claims) - len(member.fails) for member in kept]
    in_sets = {claim: sum(claim not in member.fails for member in kept) for claim in found.claims}
    split = {claim: count for claim, count in in_sets.items() if 0 < count < len(kept)}
    return {
        "asked": len(found.claims),
        "hold_with_best": len(found.claims) - len(found.fails),
        "hold": {
            "least": min(holding),
            "median": float(np.median(holding)),
            "most": max(holding),
        },
        "hold_in_all_sets": sum(count == len(kept) for count in in_sets.values()),
        "hold_in_no_set": [claim for claim, count in in_sets.items() if not count],
        "hold_in_so_many_sets": dict(sorted(split.items(), key=lambda item: item[1])),
    }


def write(found: Ensemble, path: Path, told: dict[str, Any] | None = None) -> None:
    """Write the sets as CSV, a parameter a row, and beside it as JSON how they were found.

    Parameters
    ----------
    found : Ensemble
        The sets.
    path : Path
        The CSV file.
    told : dict, optional
        What the JSON is to hold besides.
    """
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "unit", *range(1, len(found.values) + 1)])
        for prior, row in zip(found.priors, found.values.T.tolist(), strict=True):
            writer.writerow([prior.name, prior.unit, *(f"{value!r}" for value in row)])
    with replacing(path.with_suffix(".json")) as scratch:
        text = json.dumps({**(told or {}), **about(found)}, indent=2)
        scratch.write_text(text + "\n", encoding="utf-8")
