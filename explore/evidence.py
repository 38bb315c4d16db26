"""Claims of the reviews that bear on a scenario, whether they hold, and their pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..analysis.claims import binding, evaluation, reading, running
from ..analysis.claims.pages import pages
from ..analysis.claims.reading import Claims
from ..analysis.claims.schema import Claim
from ..models.perturbations import compounds
from ..models.perturbations.compounds import CompoundError
from .errors import ExploreError
from .opened import Opened
from .scenario import Scenario

MOST: Final = 12
"""So many claims are listed."""
# A claim of more experiments than this is left to the command line.
_EXPERIMENTS: Final = 80


@cache
def _claims() -> Claims:
    return reading.read()


def bearing(opened: Opened, scenario: Scenario) -> dict[str, Any]:
    """Return the claims that share compounds, cells or readouts with a scenario, nearest first."""
    if scenario.uploaded:
        return {"claims": [], "more": 0}
    given = {drug.name for drug in scenario.drugs if drug.given}
    cells = set(scenario.conditions)
    looked = set(scenario.readouts or opened.default)
    found = []
    for claim in _claims():
        if not claim.checks:
            continue
        drugs, conditions, readouts = (set(part) for part in _about(claim))
        score = 4 * len(drugs & given) + 3 * len(conditions & cells) + len(readouts & looked)
        missing = len(drugs - given) + len(conditions - cells)
        why = sorted((drugs & given) | (conditions & cells) | (readouts & looked))
        if (drugs & given) or (conditions & cells) or (not given and not cells and why):
            found.append((-score, missing, claim.id, claim, why))
    found.sort(key=lambda each: each[:3])
    return {
        "claims": [
            {"id": c.id, "statement": c.statement, "kind": c.kind, "core": c.core, "shares": why}
            for *_, c, why in found[:MOST]
        ],
        "more": max(len(found) - MOST, 0),
    }


def judged(opened: Opened, id: str) -> dict[str, Any]:
    """Return whether one claim holds on a model, and its page.

    Raises
    ------
    ExploreError
        If there is no such claim, or it takes too many experiments.
    ClaimsError
        If the model lacks what the claim is about.
    """
    if id not in {claim.id for claim in _claims()}:
        raise ExploreError(f"There is no claim {id!r}.")
    bound = binding.bind(_claims().select([id], ()), opened.loaded.model)
    if len(bound.plans) > _EXPERIMENTS:
        raise ExploreError(
            f"{id} takes {len(bound.plans):,} experiments, which is too much here; "
            f"'mtorules claims {id}' runs them."
        )
    seen = running.run(bound, opened.loaded, engine=opened.engine, workers=1)
    (verdict,) = evaluation.judge(bound, seen, opened.loaded.network)
    judge = evaluation.Judge(bound, seen, opened.loaded.network)
    with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
        title = f"Claims on {opened.loaded.model.id}"
        _, path = pages.write([verdict], judge, opened.loaded, Path(folder), title)
        page = path.read_text(encoding="utf-8")
    (told,) = pages.data([verdict])
    return {"verdict": told, "page": page.replace('<p><a href="index.html">All claims</a></p>', "")}


def _about(claim: Claim) -> tuple[Iterator[str], Iterator[str], Iterator[str]]:
    """Return the compounds, the conditions and the readouts that a claim names."""
    runs = list(claim.experiments.values())
    doses = (name for run in runs for name in run.doses)
    names = [c.partition("@")[0].strip() for run in runs for c in run.conditions]
    readouts = (n for check in claim.checks for f in binding.readouts_of(check) for n in f.names)
    return _compounds([*doses, *names]), iter(names), readouts


def _compounds(names: list[str]) -> Iterator[str]:
    for name in names:
        try:
            yield compounds.find(name).name
        except CompoundError:
            continue
