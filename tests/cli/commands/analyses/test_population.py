"""A population as a user asks for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_the_amount_of_the_target_tells_who_responds(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    """Free A is what B leaves of it; B added takes 30 of A, which matters more where A is short."""
    done = mtorules(
        *("analyse", "population", binding, "--dose", "B(a)=30 nM", "--readout", "A_free"),
        *("--times", "2 h", "--count", "40", "--spread", "0.3", "--json"),
        *("--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    rows = {row["candidate"]: row["AUC"] for row in json.loads(done.out)["table"]}
    assert rows["A_0"] < 0.3
    assert rows["A_free, untreated"] < 0.3
    assert (tmp_path / "out/responses.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no drug of the tables"),
        (("--dose", "B(a)=30 nM", "--response", "AC"), "none of the readouts"),
        (("--dose", "B(a)=1, 30 nM"), "one dose"),
        (("--dose", "C=1 nM"), "C"),
        (("--genotypes", "missing.csv"), "missing.csv"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], binding: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "population", binding, *arguments)
    assert done.status == 2
    assert said in done.err
