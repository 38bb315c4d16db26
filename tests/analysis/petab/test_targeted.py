"""Targets as measurements: with scales at their best, chi square is that of the ratios."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from mtorules.analysis.petab import building, estimating, targeted
from mtorules.analysis.petab.objective import Evaluator
from mtorules.analysis.validation.tables import TargetError
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

# A is made at s and lost at k: from rest at s/k, it goes to s'/k as exp(-k t).
MODEL = """
begin model
begin parameters
  s 1e-2
  k 1e-3
end parameters
begin seed species
  A() 10
end seed species
begin observables
  Molecules A_level A()
end observables
begin reaction rules
  0 -> A() s
  A() -> 0 k
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def turnover(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path: Path = tmp_path_factory.mktemp("turnover") / "turnover.bngl"
    path.write_text(MODEL, encoding="utf-8")
    return load(path)


def target(
    s: float, hours: float, log2: float, dataset: str = "one", name: str = "A_level"
) -> Target:
    return Target(
        *(dataset, "reference", "full", f"s={s}", "", 0.0, hours, name, "before", log2, 0.3, 1)
    )


def ratio(s: float, hours: float) -> float:
    return math.log2((s / 1e-3 + (10 - s / 1e-3) * math.exp(-3.6 * hours)) / 10)


TARGETS = [target(0.02, 0.1, 0.5), target(0.04, 0.2, 1.0), target(0.04, 1.0, 1.0, "two")]


def test_chi_square_is_that_of_the_ratios(turnover: Loaded) -> None:
    rows, done = targeted.of(TARGETS, turnover.model)
    # One reference for each data set, whatever was compared with it.
    assert [row.value for row in rows].count(1.0) == 2
    assert len(rows) == 5
    assert len(done.experiments) == 3
    built = building.build(turnover, rows, done, [])
    found = Evaluator(estimating.estimated(built, turnover), turnover)()
    expected = sum(
        ((ratio(float(each.stimulus[2:]), each.time_h) - each.log2) / each.spread) ** 2
        for each in TARGETS
    )
    assert found.chi2 == pytest.approx(expected, rel=5e-3)


def test_what_the_model_lacks_is_told(turnover: Loaded) -> None:
    with pytest.raises(TargetError, match="B_level"):
        targeted.of([target(0.02, 0.1, 0.5, name="B_level")], turnover.model)
