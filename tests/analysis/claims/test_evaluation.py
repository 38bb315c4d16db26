"""Checks against courses of closed form: a readout that falls as exp(-t / 1 h) from its level."""

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.claims import binding, evaluation, plans, reading
from mtorules.analysis.claims.binding import Bound
from mtorules.analysis.claims.evaluation import Outcome
from mtorules.analysis.claims.running import Course
from mtorules.simulation.load import load
from mtorules.simulation.sbml.model import SbmlModel

FRAME = """
readouts:
  half: MTORC1 / 2
panels:
  three: {{low: [], middle: [closed_system], high: [FKBP1A_null]}}
claims:
  - id: a-claim
    statement: It is so.
    review: A
    kind: dynamics
    experiments:
      vehicle: []
      drug: {{doses: {{RAPA: 2 nM}}}}
      series: {{doses: {{RAPA: [0 nM, 1 nM, 2 nM, 3 nM]}}}}
    checks:
      - {check}
"""


@pytest.fixture(scope="module")
def model() -> SbmlModel:
    return load("rapamycin").model


def level(plan: plans.Plan) -> float:
    """Return what the readout starts from: 8, less 1 for each nM, less 2 in the last cells."""
    words = plan.words
    dose = sum(float(text.partition("=")[2].removesuffix(" nM")) for text in words.doses)
    return 8.0 - dose - 2.0 * ("FKBP1A_null" in words.conditions)


def outcomes(tmp_path: Path, model: SbmlModel, check: str) -> tuple[Outcome, ...]:
    path = tmp_path / "claims.yaml"
    path.write_text(FRAME.format(check=check.replace("X", "MTORC1")))
    bound: Bound = binding.bind(reading.read([path]), model)
    courses = {}
    for key, plan in bound.plans.items():
        times = np.array(sorted(bound.times[key]))
        values = level(plan) * (np.exp(-times / 3600) if plan.timed else np.ones_like(times))
        courses[key] = Course(times, {"MTORC1": values})
    (verdict,) = evaluation.judge(bound, courses)
    return verdict.outcomes


@pytest.mark.parametrize(
    ("check", "value", "margin"),
    [
        ("{value: X, of: vehicle, expect: '>= 4'}", 8.0, np.log(2)),
        ("{value: half, of: vehicle, expect: <= 1}", 4.0, -np.log(4)),
        ("{ratio: X, of: drug, to: vehicle, at: 0 h, expect: <= 1}", 0.75, np.log(4 / 3)),
        (
            "{ratio: X, of: drug, to: vehicle, at: 1 h, to_at: rest, expect: 0.1 .. 0.5}",
            0.75 / np.e,
            np.log(0.5 / (0.75 / np.e)),
        ),
        ("{difference: X, of: vehicle, to: drug, at: 0 h, expect: '>= 3'}", 2.0, -1.0),
        ("{value: X, of: drug, at: max 0 h .. 2 h, expect: '>= 6'}", 6.0, 0.0),
        ("{value: X, of: drug, at: min 0 h .. 2 h, expect: '<= 1'}", 6 * np.exp(-2), None),
        (
            "{ratio: X, of: drug, at: 2 h, to_at: 1 h, expect: '<= 1'}",
            1 / np.e,
            1.0,
        ),
        ("{order: X, of: [drug, vehicle], at: 0 h, expect: rising}", 8 / 6, np.log(8 / 6 / 1.05)),
        (
            "{order: X, of: [drug, vehicle], at: 0 h, expect: rising, by: 2}",
            8 / 6,
            np.log(8 / 6 / 2),
        ),
        ("{order: X, of: [drug, vehicle], at: 0 h, expect: falling}", 6 / 8, np.log(6 / 8 / 1.05)),
        ("{monotone: X, of: series, at: 1 h, expect: falling}", 8 / 7, None),
        ("{monotone: X, of: series, at: 1 h, expect: rising}", 5 / 8, np.log(5 / 8 / 1.05)),
        (
            "{monotone: X, of: series, at: 1 h, expect: falling, by: 1.7}",
            8 / 5,
            np.log(8 / 5 / 1.7),
        ),
        (
            "{correlation: [{value: X, of: vehicle}, {value: X, of: vehicle}], beyond: "
            "[{value: X, of: vehicle}, {value: 1 / X, of: vehicle}], panel: three, expect: 1 .. 3}",
            2.0,
            1.0,
        ),
        (
            "{formula: 1 - a / b, where: {a: {value: X, of: drug, at: 0 h}, "
            "b: {value: X, of: vehicle}}, expect: '>= 0.2'}",
            0.25,
            0.05,
        ),
        (
            "{share: {value: X, of: vehicle}, within: '>= 7', panel: three, expect: '>= 0.5'}",
            2 / 3,
            1 / 6,
        ),
        (
            "{correlation: [{value: X, of: vehicle}, {value: 1 / X, of: vehicle}], panel: three, "
            "expect: '<= -0.9'}",
            -1.0,
            0.1,
        ),
        (
            "{correlation: [{value: X, of: vehicle}, {value: 1 / X, of: vehicle}], panel: three, "
            "absolute: true, expect: '<= 0.5'}",
            1.0,
            -0.5,
        ),
    ],
)
def test_what_is_measured_and_how_far_inside_it_lies(
    tmp_path: Path, model: SbmlModel, check: str, value: float, margin: float | None
) -> None:

    (outcome,) = outcomes(tmp_path, model, check)
    assert outcome.value == pytest.approx(value, rel=1e-9)
    if margin is not None:
        assert outcome.margin == pytest.approx(margin, abs=1e-9)
    assert outcome.passed == outcome.bounds.holds(outcome.value)


@pytest.mark.parametrize(
    "check",
    [
        "{ratio: X * 1e-15, of: drug, to: vehicle, at: 0 h, expect: <= 0.9}",
        "{ratio: X, of: drug, to: vehicle, at: 0 h, expect: <= 0.9, floor: 100}",
        "{order: X * 1e-15, of: [drug, vehicle], at: 0 h, expect: rising}",
        "{monotone: X * 1e-15, of: series, at: 1 h, expect: falling}",
        "{time_to: X * 1e-15, of: drug, falls_to: 0.5, within: 4 h, expect: <= 4 h}",
        "{formula: 1 - a, where: {a: {ratio: X * 1e-15, of: drug, to: vehicle, at: 0 h}}, "
        "expect: '>= 0'}",
        "{share: {ratio: X * 1e-15, of: drug, to: vehicle, at: 0 h}, within: <= 1, panel: three, "
        "expect: '>= 0.5'}",
    ],
)
def test_what_is_nothing_in_both_is_not_compared(
    tmp_path: Path, model: SbmlModel, check: str
) -> None:
    (outcome,) = outcomes(tmp_path, model, check)
    assert not outcome.passed
    assert "below the floor of" in outcome.problem


def test_what_comes_of_nothing_or_goes_to_nothing_is_compared(
    tmp_path: Path, model: SbmlModel
) -> None:
    check = "{order: 'max(X - 6, 0)', of: [drug, vehicle], at: 0 h, expect: rising, by: 100}"
    (outcome,) = outcomes(tmp_path, model, check)
    assert outcome.passed


def test_the_time_to_a_level_is_found(tmp_path: Path, model: SbmlModel) -> None:
    check = "{time_to: X, of: drug, falls_to: 0.5, within: 4 h, expect: 30 min .. 1 h}"
    (outcome,) = outcomes(tmp_path, model, check)
    assert outcome.value == pytest.approx(np.log(2) * 3600, rel=2e-3)
    assert outcome.passed


def test_a_level_that_is_never_reached_takes_for_ever(tmp_path: Path, model: SbmlModel) -> None:
    check = "{time_to: X, of: drug, rises_to: 1.5, within: 4 h, expect: <= 1 h}"
    (outcome,) = outcomes(tmp_path, model, check)
    assert outcome.value == np.inf
    assert not outcome.passed


@pytest.mark.parametrize(("expect", "margin"), [(">= 1 h", np.log(4)), (">= 4 h", 0.0)])
def test_of_what_never_came_it_is_known_how_long_was_looked(
    tmp_path: Path, model: SbmlModel, expect: str, margin: float
) -> None:
    check = f"{{time_to: X, of: drug, rises_to: 1.5, within: 4 h, expect: '{expect}'}}"
    (outcome,) = outcomes(tmp_path, model, check)
    assert outcome.value == np.inf
    assert outcome.passed
    assert outcome.margin == pytest.approx(margin)


@pytest.mark.parametrize(
    "check",
    [
        "{value: 1 / (X - X), of: drug, at: 1 h, expect: '>= 0'}",
        "{value: 1 / (X - X), of: drug, at: max 0 h .. 1 h, expect: '>= 0'}",
        "{ratio: 'max(X - 7, 0)', of: vehicle, to: drug, at: 1 h, expect: '>= 0'}",
        "{formula: 1 / (a - a), where: {a: {value: X, of: drug, at: 1 h}}, expect: '>= 0'}",
        "{formula: a ** 99999, where: {a: {value: X, of: vehicle, at: 1 h}}, expect: '>= 0'}",
        "{difference: 1 / (X - X), of: drug, to: vehicle, at: 1 h, expect: '<= 0'}",
        "{order: 1 / (X - 8), of: [drug, vehicle], at: 1 h, expect: rising}",
        "{time_to: 1 / (X - X), of: drug, rises_to: 2, within: 4 h, expect: '>= 1 h'}",
    ],
)
def test_what_is_no_number_never_passes(tmp_path: Path, model: SbmlModel, check: str) -> None:
    (outcome,) = outcomes(tmp_path, model, check)
    assert not outcome.passed
    assert "is no number here" in outcome.problem or "there is no ratio" in outcome.problem


def test_a_panel_is_checked_cell_by_cell(tmp_path: Path, model: SbmlModel) -> None:
    found = outcomes(tmp_path, model, "{value: X, of: vehicle, panel: three, expect: '>= 7'}")
    assert [(one.cell, one.value, one.passed) for one in found] == [
        ("low", 8.0, True),
        ("middle", 8.0, True),
        ("high", 6.0, False),
    ]
