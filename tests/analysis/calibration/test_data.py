"""Data in the fit: residuals against their formula, slopes against differences, a fit against both.

What is measured is what the model shows with other numbers, so that a fit can find them again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration import calibrate, folds, priors
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.measuring import Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.analysis.validation import predicting
from mtorules.analysis.validation.targets import Target
from mtorules.models.perturbations import conditions
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.load import load

NAMES = ("keff_BRAF_phosphorylates_MEK_s218", "k_ERK_y204_dephosphorylation")
FASTER = {NAMES[0]: 0.3, NAMES[1]: 0.3}
CLAIM = """
claims:
  - id: nf1-matters
    statement: Without NF1 there is no less ERK.
    review: A
    kind: genotype
    experiments: {wild_type: {}, lost: BRAF_V600E}
    checks:
      - {ratio: pERK_y204_nM, of: lost, to: wild_type, expect: '>= 0.1'}
"""


def target(dataset: str, readout: str, hours: float, dose: float = 10.0) -> Target:
    return Target(
        dataset, "reference", "full", f"EGF={dose:g} nM", "", 0.0, hours, readout, "before", 0.0,
        0.1, 1,
    )  # fmt: skip


TARGETS = [
    target(dataset, readout, hours)
    for dataset in ("one", "two")
    for readout in ("pERK_y204_nM", "pMEK_s218_nM")
    for hours in (0.2, 0.5, 2.0)
]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("mapk_tsc")


@pytest.fixture(scope="module")
def free(loaded: Loaded) -> list[priors.Prior]:
    return [prior for prior in priors.free(loaded.model) if prior.name in NAMES]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.yaml"
    path.write_text(CLAIM)
    return path


@pytest.fixture(scope="module")
def measured(loaded: Loaded, free: list[priors.Prior]) -> list[Target]:
    """Return what a cell shows in which BRAF works less and ERK stays phosphorylated longer."""
    found = {prior.name: prior.value * FASTER.get(prior.name, 1.0) for prior in free}
    cell = conditions.unfitted(found, loaded.model.settable) | found
    shown = predicting.predict(loaded, TARGETS, base=cell, engine="bngsim", workers=1)
    return [replace(each.target, log2=each.predicted) for each in shown]


def test_slopes_of_data_are_those_of_differences(
    loaded: Loaded, free: list[priors.Prior], file: Path, measured: list[Target]
) -> None:
    data = Data(measured, loaded.model)
    measurer = Measurer(
        reading.read([file]), loaded, free, data=data, tolerances=Tolerances(1e-8), workers=1
    )
    try:
        here = measurer(measurer.centre)
        for place in range(len(free)):
            step = np.where(np.arange(len(free)) == place, 1e-3, 0.0)
            up, down = measurer(measurer.centre + step), measurer(measurer.centre - step)
            differences = (up.levels - down.levels) / 2e-3
            scale = np.abs(here.levels).max()
            # Along a course slopes are good to some per cent.
            np.testing.assert_allclose(
                here.level_slopes[:, place], differences, rtol=5e-2, atol=1e-5 * scale
            )
    finally:
        measurer.close()
    objective = Objective(measurer, np.ones(len(free), dtype=bool))
    costs = objective.costs(here)
    assert costs.data > 0.01
    assert objective.cost(here) == pytest.approx(sum(costs))
    by_level = data.residuals(here.levels)[1] @ here.level_slopes
    np.testing.assert_allclose(objective.jacobian(here)[1 : 1 + len(measured)], by_level)
    residuals, back = objective.pulled(here)
    np.testing.assert_array_equal(residuals, objective.residuals(here))
    weights = np.arange(1.0, 1 + len(residuals))
    np.testing.assert_allclose(back(weights), weights @ objective.jacobian(here))


def test_backgrounds_follow_the_levels_and_the_objective_does_not_feel_it(
    loaded: Loaded, measured: list[Target]
) -> None:
    data = Data(measured, loaded.model)
    random = np.random.default_rng(0)
    levels = np.exp(random.normal(0, 1.5, len(data.levels.looks)))
    residuals, slopes = data.residuals(levels)
    gradient = slopes.T @ residuals[: len(measured)]

    def cost(moved: np.ndarray) -> float:
        return float((data.residuals(moved)[0] ** 2).sum() / 2)

    for _ in range(5):
        step = 1e-4 * levels * random.standard_normal(len(levels))
        along = (cost(levels + step) - cost(levels - step)) / 2
        assert gradient @ step == pytest.approx(along, rel=1e-3, abs=1e-8)
    before, after = (
        data.shares(levels),
        data.shares(levels * np.exp(random.normal(0, 0.3, len(levels)))),
    )
    assert any(after[batch] != pytest.approx(before[batch], rel=1e-3) for batch in before)


def test_a_level_that_was_not_to_be_had_counts_and_pulls_nothing(
    loaded: Loaded, measured: list[Target]
) -> None:
    data = Data(measured, loaded.model)
    levels = np.linspace(1.0, 2.0, len(data.levels.looks))
    levels[data.levels.above[0]] = np.nan
    residuals, slopes = data.residuals(levels)
    assert np.isfinite(residuals).all()
    assert residuals[0] > 0
    lost = np.isnan(levels[data.levels.above]) | np.isnan(levels[data.levels.below])
    written = slopes @ np.eye(len(levels))
    assert not written[lost].any()
    assert written[~lost].any()
    levels[:] = np.nan
    residuals, slopes = data.residuals(levels)
    assert len(residuals) == len(measured)
    assert not (slopes @ np.eye(len(levels))).any()


def test_many_rows_of_one_readout_count_less_than_as_many_readouts(loaded: Loaded) -> None:
    alone = Data([target("one", "pERK_y204_nM", 0.1)], loaded.model)
    four = [target("one", "pERK_y204_nM", hours) for hours in (0.05, 0.1, 0.2, 0.4)]
    together = Data(four, loaded.model)
    assert together.weight.sum() == pytest.approx(2 * alone.weight.sum())


def test_a_fit_finds_what_made_the_data(
    loaded: Loaded, file: Path, measured: list[Target], tmp_path: Path
) -> None:
    often = [replace(each, dataset=f"{each.dataset}{n}") for n in range(20) for each in measured]
    result = calibrate.calibrate(
        loaded, files=[file], targets=often, evaluations=8, store=tmp_path, workers=1
    )
    before, after = (
        result.best.objective.costs(result.measurer(logs)).data
        for logs in (result.measurer.centre, result.best.best.logs)
    )
    result.measurer.close()
    assert after < before / 3
    assert calibrate.about(result)["targets"] == len(often)


def test_data_sets_are_left_out_whole_and_predicted(
    loaded: Loaded, file: Path, measured: list[Target], tmp_path: Path
) -> None:
    second = CLAIM.replace("nf1-matters", "ras").replace("pERK_y204_nM", "KRAS_GTP_nM")
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIM + second.replace("claims:\n", "").lstrip("\n"))
    found = folds.cross_validate(
        loaded, 2, files=[path], targets=measured, evaluations=2, workers=1
    )
    assert {one.fold.datasets for one in found} == {("one",), ("two",)}
    for one in found:
        assert {each.target.dataset for each in one.predictions} == set(one.fold.datasets)
        assert len(one.predictions) == len(measured) // 2
        assert all(np.isfinite(each.predicted) for each in one.predictions)


def test_data_sets_go_where_there_are_fewest() -> None:
    rows = {"a": 5, "b": 3, "c": 2, "d": 1}
    targets = [target(name, "x", 0.1, n + 1) for name, count in rows.items() for n in range(count)]
    parts = folds.split({"x": "m", "y": "n"}, 2, targets)
    assert [part.datasets for part in parts] == [("a", "d"), ("b", "c")]
