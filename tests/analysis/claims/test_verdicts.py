"""Every claim of the reviews, asked of the model; those known to fail must go on failing.

All experiments are run once, by whichever process of the test run comes first.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping

import pytest
from mtorules.analysis.claims import binding, evaluation, reading, running
from mtorules.simulation.load import load

CLAIMS = reading.read(None)


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What does not hold, by claim: a sentence for each check."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all workers share
    kept = folder / "verdicts.json"
    with (folder / "verdicts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            loaded = load("signalling")
            bound = binding.bind(CLAIMS, loaded.model)
            courses = running.run(bound, loaded, engine="bngsim")
            found = {
                verdict.claim.id: [
                    f"{one.cell} {one.check.what} {one.value:.4g}, not {one.expected} {one.problem}"
                    for one in verdict.outcomes
                    if not one.passed
                ]
                for verdict in evaluation.judge(bound, courses, loaded.network)
            }
            kept.write_text(json.dumps(found), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "id",
    [
        pytest.param(
            claim.id,
            marks=[pytest.mark.xfail(strict=True, reason=claim.fails)] if claim.fails else [],
        )
        for claim in CLAIMS
        if claim.checks
    ],
)
def test_the_model_agrees_with_the_reviews(id: str, outcomes: Mapping[str, list[str]]) -> None:
    assert outcomes[id] == []
