"""``mtorules analyse sensitivities`` on binding, by differences, which need no compiler."""

import json
import shutil
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
        (["--observable", "AB", "--times", "1 h, inf"], "at finite times"),
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


DAMAGED = """
begin model
begin parameters
  k0 1
  k1 0.001
  kd 0.009
  DNA_damage 0
end parameters
begin molecule types
  A()
end molecule types
begin seed species
  A() 0
end seed species
begin observables
  Molecules A_total A()
end observables
begin functions
  loss() k1 + kd*DNA_damage
end functions
begin reaction rules
  0 -> A() k0
  A() -> 0 loss()
end reaction rules
end model
"""


@pytest.mark.parametrize(
    "method",
    [
        "differences",
        pytest.param(
            "forward", marks=pytest.mark.skipif(not shutil.which("cc"), reason="no compiler")
        ),
    ],
)
def test_a_drug_without_a_dose_acts_from_time_0_on(
    mtorules: Callable[..., Any], tmp_path: Path, method: str
) -> None:
    """At rest A is k0 / k1; then it falls by k1 + kd, as carboplatin has it."""
    path = tmp_path / "damaged.bngl"
    path.write_text(DAMAGED)
    done = mtorules(
        *("analyse", "sensitivities", path, "--observable", "A_total", "--pre-equilibrate"),
        *("--drug", "carboplatin", "--method", method, "--times", "0 s, 100 s", "--json"),
    )
    assert done.status == 0, done.err
    k1, k, t = 0.001, 0.01, 100.0
    left = np.exp(-k * t)
    value = 1 / k + (1 / k1 - 1 / k) * left
    after = -1 / k**2 + left / k**2 - (1 / k1 - 1 / k) * t * left
    found = {(row["time"], row["parameter"]): row["relative"] for row in json.loads(done.out)}
    assert found[0.0, "k1"] == pytest.approx(-1, rel=1e-5)
    assert found[0.0, "kd"] == pytest.approx(0, abs=1e-6)
    assert found[t, "kd"] == pytest.approx(0.009 * after / value, rel=1e-4)
    assert found[t, "k1"] == pytest.approx(k1 * (after - left / k1**2) / value, rel=1e-4)
