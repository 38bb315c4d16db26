"""Targets as measurements: with scales at their best, chi square is that of the ratios."""

from __future__ import annotations

import math

import pytest
from mtorules.analysis.calibration import priors
from mtorules.analysis.petab import building, estimating, targeted
from mtorules.analysis.petab.objective import Evaluator
from mtorules.analysis.validation.tables import TargetError
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load


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


@pytest.mark.parametrize("formulas", [True, False])
def test_what_sets_a_line_apart_is_a_multiple_of_what_is_estimated(formulas: bool) -> None:
    loaded = load("mapk_tsc")
    asked = [
        Target(*("one", line, "full", "EGF=10 nM", "", 0.0, 1.0, "pERK_y204_nM", "before", 1, 1, 1))
        for line in ("MCF10A", "SW837", "reference")
    ]
    own = {"MCF10A": {"KRAS_0": 3.0}, "SW837": {"KRAS_0": 4.0}}
    rows, done = targeted.of(asked, loaded.model, own)
    (kras,) = (prior for prior in priors.free(loaded.model) if prior.name == "KRAS_0")
    built = building.build(loaded, rows, done, [kras], formulas_set=formulas)
    first = [trial.stages[0].changes for trial in built.problem.trials]
    set_to = [each.get("KRAS_0") for each in first]
    if formulas:
        # One allele of SW837 is mutated.
        assert set(set_to) == {
            "2.0 * KRAS_0_reference",
            "3.0 * KRAS_0_reference",
            "KRAS_0_reference",
        }
        assert {each["KRAS_G12V_0"] for each in first if "KRAS_G12V_0" in each} == {
            "2.0 * KRAS_0_reference"
        }
    else:  # version 1 has no words for that
        assert built.tied == ("KRAS_0",)
        value = loaded.model.initial({})[0]["KRAS_0"]
        found = sorted({float(each) for each in set_to if each is not None})
        assert found == pytest.approx([2 * value, 3 * value])


def test_what_the_model_lacks_is_told(turnover: Loaded) -> None:
    with pytest.raises(TargetError, match="C_level"):
        targeted.of([target(0.02, 0.1, 0.5, name="C_level")], turnover.model)
