"""``mtorules analyse time-course``: bands of ensembles and of replicates against closed forms."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


def test_an_ensemble_has_the_quantiles_of_its_closed_forms(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    """A + B <-> AB at rest, the root of a quadratic for each of 41 amounts of A."""
    amounts = np.linspace(20, 180, 41)
    sets = tmp_path / "sets.csv"
    sets.write_text("\n".join(["A_0", *map(str, amounts)]), encoding="utf-8")
    done = mtorules(
        *("analyse", "time-course", binding, "--ensemble", sets, "--readout", "AB"),
        *("--pre-equilibrate", "--times", "0 s, 1 h", "--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    total = amounts + 50 + 1
    bound = (total - np.sqrt(total**2 - 4 * amounts * 50)) / 2
    (row,) = found["table"]
    names = ["last, low", "last", "last, high"]
    expected = np.quantile(bound, [0.05, 0.5, 0.95])
    assert [row[name] for name in names] == pytest.approx(expected, rel=1e-6)
    assert "Of 41 members" in found["said"][0]
    assert found["settings"]["ensemble"]["sets"] == 41
    assert (tmp_path / "out/time_course.svg").exists()


def test_replicates_lie_where_the_binomial_distribution_says(
    mtorules: Callable[..., Any], in_python: Path
) -> None:
    """Each of 100 molecules is left with the chance exp(-k t), on its own."""
    done = mtorules(
        *("analyse", "time-course", in_python, "--replicates", "300", "--seed", "1"),
        *("--times", "0 s, 50 s", "--readout", "A_left", "--json"),
    )
    (row,) = json.loads(done.out)["table"]
    mean = 100 * math.exp(-0.5)
    deviation = math.sqrt(mean * (1 - math.exp(-0.5)))
    assert row["last"] == pytest.approx(mean, abs=1.5)
    assert row["last, high"] - row["last, low"] == pytest.approx(2 * 1.645 * deviation, rel=0.2)


def test_a_fault_of_the_file_is_wrong_usage(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    sets = tmp_path / "sets.csv"
    sets.write_text("A_1\n5\n", encoding="utf-8")
    done = mtorules("analyse", "time-course", binding, "--ensemble", sets)
    assert done.status == 2
    assert "Did you mean 'A_0'" in done.err
    assert len(done.err.splitlines()) == 1
