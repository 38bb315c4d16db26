"""``mtorules analyse robustness`` on a small model and claims of one's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLAIMS = """
claims:
  - id: certain
    statement: There is ERK.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: pERK_y204_nM, of: cell, expect: ">= 1e-6"}]
"""


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Any, ...]:
    file = tmp_path / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    return (
        *("analyse", "robustness", "--model", "mapk_tsc", "--file", file),
        *("--draws", "2", "--workers", "1", "--store", tmp_path / "store"),
    )


def test_a_claim_that_nothing_can_break_is_never_lost(
    mtorules: Callable[..., Any], asked: tuple[Any, ...]
) -> None:
    few, all_of_them = (
        json.loads(mtorules(*asked, "--json", *more).out) for more in ((), ("--unmeasured",))
    )
    for found in (few, all_of_them):
        assert (found["claims"], found["passed"], found["counts"]) == (1, 1, [1, 1])
        assert found["median_drop"] == 0
    assert few["parameters"] < all_of_them["parameters"]
    assert "The median falls by 0.0%." in mtorules(*asked).out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("mapk_tsc", "nonsense", "MODEL"), ("2", "0", "--draws"), ("1", "none", "--workers")],
)
def test_wrong_usage(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], old: str, new: str, words: str
) -> None:
    done = mtorules(*(new if word == old else word for word in asked))
    assert done.status == 2
    assert words in done.err


def test_faults_of_claims_are_told_and_nothing_is_run(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    (tmp_path / "claims.yaml").write_text(CLAIMS.replace("pERK_y204_nM", "pERK"))
    done = mtorules(*asked)
    assert done.status == 2
    assert "pERK" in done.err
    assert not (tmp_path / "store").exists()
