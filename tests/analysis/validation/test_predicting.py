"""Predictions of a model whose ratios have a closed form."""

import math
from collections.abc import Callable
from pathlib import Path

import antimony
import pytest
from mtorules.analysis.validation import comparing, predicting
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

S, K, LEVEL = 1e-2, 1e-3, 10.0
HOUR = 3600.0


def ratio(s: float, k: float, seconds: float) -> float:
    """log2 of the level over rest, so long after what makes or loses it was changed."""
    return math.log2((s / k + (LEVEL - s / k) * math.exp(-k * seconds)) / LEVEL)


def test_ratios_to_before_and_to_unstimulated_are_those_of_the_formula(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    asked = [
        target(stimulus=f"s={s}", time_h=time, reference=reference)
        for s in (0.02, 0.04)
        for time in (0.1, 1.0)
        for reference in ("before", "unstimulated")
    ]
    found = predicting.predict(turnover, asked, workers=1)
    for each in found:
        s = float(each.target.stimulus.partition("=")[2])
        assert each.predicted == pytest.approx(ratio(s, K, each.target.time_h * HOUR), abs=1e-5)
        assert each.residual == pytest.approx((each.predicted - 0) / 0.5)
        assert not each.problem
    assert len(comparing.compare(asked, turnover.model).plans) == 3


def test_a_dose_is_added_to_what_is_there(turnover: Loaded, target: Callable[..., Target]) -> None:
    asked = target(drug="B()=21", readout="B_level")
    (found,) = predicting.predict(turnover, [asked], workers=1)
    assert found.predicted == pytest.approx(math.log2(28 / 7))
    assert found.drug_class == "B()"


def test_hours_are_hours_in_a_model_that_counts_time_in_days(
    tmp_path: Path, target: Callable[..., Target]
) -> None:
    path = tmp_path / "days.xml"
    antimony.clearPreviousLoads()
    told = """model days
      unit time_unit = 86400 second
      compartment c = 1
      substanceOnly species A in c
      A = 10; s = 20; k = 2
      made: -> A; s
      lost: A ->; k * A
    end"""
    assert antimony.loadAntimonyString(told) >= 0
    assert antimony.writeSBMLFile(str(path), "days")
    asked = [
        target(stimulus="s=40", reference="before", readout="A", time_h=time)
        for time in (6.0, 24.0)
    ]
    found = predicting.predict(load(path), asked, engine="roadrunner", workers=1)
    for each, days in zip(found, (0.25, 1.0), strict=True):
        expected = math.log2((20 - 10 * math.exp(-2 * days)) / 10)
        assert each.predicted == pytest.approx(expected, abs=1e-5)


def test_readouts_may_be_arithmetic(turnover: Loaded, target: Callable[..., Target]) -> None:
    asked = target(stimulus="s=0.02", reference="before", readout="A_level / B_level")
    (found,) = predicting.predict(turnover, [asked], workers=1)
    assert found.predicted == pytest.approx(ratio(0.02, K, HOUR), abs=1e-5)


def test_a_parameter_set_moves_all(turnover: Loaded, target: Callable[..., Target]) -> None:
    asked = target(stimulus="s=0.02", reference="before", time_h=0.1)
    (found,) = predicting.predict(turnover, [asked], base={"k": 2e-3}, workers=1)
    level = 5 + 5 * (1 - math.exp(-2e-3 * 360))
    assert found.predicted == pytest.approx(math.log2(level / 5), abs=1e-5)


def test_a_readout_below_zero_has_no_prediction_and_says_so(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    asked = [
        target(stimulus="s=0.02", reference="before", readout=readout)
        for readout in ("A_level - 100", "A_level - A_level", "A_level", "A_level / 0")
    ]
    negative, nothing, good, endless = predicting.predict(turnover, asked, workers=1)
    assert math.isnan(negative.predicted)
    assert "has no log2" in negative.problem
    assert "inf over inf, which has no log2" in endless.problem
    assert math.isnan(nothing.predicted)
    assert math.isfinite(good.predicted)


def test_what_vanishes_falls_to_the_least_that_is_seen(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    asked = target(stimulus="s=0", reference="before", time_h=100.0)
    (found,) = predicting.predict(turnover, [asked], workers=1)
    assert found.predicted == pytest.approx(math.log2(predicting.NOTHING / LEVEL), abs=0.1)


def test_an_experiment_that_takes_too_long_is_given_up(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    asked = target(drug="everolimus=20 nM", readout="pERK")
    (found,) = predicting.predict(signalling, [asked], workers=1, limit=1e-3)
    assert math.isnan(found.predicted)
    assert "longer than 0.001 s" in found.problem
