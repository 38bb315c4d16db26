"""``mtorules analyse sensitivities`` on binding, by differences, which need no compiler."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest


def test_the_parameters_that_matter_come_first(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    target = tmp_path / "found.csv"
    done = mtorules(
        *("analyse", "sensitivities", binding, "--observable", "AB", "--pre-equilibrate"),
        *("--method", "differences", "--times", "0 h", "--json", "-o", target),
    )
    assert done.status == 0
    found = {row["parameter"]: row["relative"] for row in json.loads(done.out)}
    # Of 50 B nearly all are bound: the root of the quadratic, differentiated.
    a, b, dissociation = 100.0, 50.0, 1.0
    total = a + b + dissociation
    root = np.sqrt(total**2 - 4 * a * b)
    bound = (total - root) / 2
    assert next(iter(found)) == "B_0"
    assert found["B_0"] == pytest.approx(b * (1 - (total - 2 * a) / root) / 2 / bound, rel=1e-4)
    assert found["A_0"] == pytest.approx(a * (1 - (total - 2 * b) / root) / 2 / bound, rel=1e-4)
    assert found["kr"] == pytest.approx(dissociation * (1 - total / root) / 2 / bound, rel=1e-3)
    assert found["kf"] == pytest.approx(-found["kr"], rel=1e-3)
    written = pd.read_csv(target)
    assert set(written.parameter) == {"A_0", "B_0", "kf", "kr", "well_mixed"}
    row = written[written.parameter == "B_0"].iloc[0]
    assert row.sensitivity == pytest.approx(row.relative * bound / b, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--observable", "BA"], "Did you mean"),
        (["--observable", "AB", "--parameter", "kff"], "Did you mean 'kf'"),
        (["--observable", "AB", "--dose", "5"], "is no dose"),
        (["--observable", "AB", "--times", "5"], "unit"),
        ([], "--observable"),
    ],
)
def test_wrong_usage(
    mtorules: Callable[..., Any], binding: Path, arguments: list[str], words: str
) -> None:
    done = mtorules("analyse", "sensitivities", binding, *arguments, "--method", "differences")
    assert done.status == 2
    assert words in done.err


def test_the_picture_is_written(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    target = tmp_path / "found.svg"
    done = mtorules(
        *("analyse", "sensitivities", binding, "--observable", "AB", "--method", "differences"),
        *("--times", "1 h, 2 h", "--plot", target, "--quiet"),
    )
    assert done.status == 0, done.err
    text = target.read_text(encoding="utf-8")
    assert "B_0" in text
    assert "2 h" in text


def test_a_drug_that_the_model_does_not_hold_is_told(
    mtorules: Callable[..., Any], binding: Path
) -> None:
    done = mtorules(
        *("analyse", "sensitivities", binding, "--observable", "AB"),
        *("--drug", "everolimus=20 nM"),
    )
    assert done.status == 2
    assert "no parameter" in done.err
