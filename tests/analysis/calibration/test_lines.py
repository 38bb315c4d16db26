"""Factors of cell lines in the fit: what varies, slopes against differences, and files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration import calibrate, folds, lines, priors
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.fitting import Step
from mtorules.analysis.calibration.lines import Factor, Lines
from mtorules.analysis.calibration.measuring import Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.analysis.validation import factors, predicting
from mtorules.analysis.validation.targets import Target
from mtorules.models.numbers import fitted
from mtorules.models.perturbations import conditions
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.load import load

NAMES = ("KRAS_0", "keff_BRAF_phosphorylates_MEK_s218")
CLAIM = """
claims:
  - id: braf-matters
    statement: With mutated BRAF there is more ERK.
    review: A
    kind: genotype
    experiments: {wild_type: {}, mutated: BRAF_V600E}
    checks:
      - {ratio: pERK_y204_nM, of: mutated, to: wild_type, expect: '>= 0.1'}
"""


def target(line: str, readout: str, hours: float, dose: float = 10.0) -> Target:
    return Target(
        "one", line, "full", f"EGF={dose:g} nM", "", 0.0, hours, readout, "before", 0.0, 0.1, 1,
    )  # fmt: skip


TARGETS = [
    target(line, readout, hours)
    for line in ("SW837", "A375", "MCF10A", "reference")
    for readout in ("pERK_y204_nM", "pMEK_s218_nM")
    for hours in (0.5, 2.0)
]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("mapk_tsc")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.yaml"
    path.write_text(CLAIM)
    return path


@pytest.mark.parametrize("own", [True, False])
def test_slopes_by_factors_are_those_of_differences(loaded: Loaded, file: Path, own: bool) -> None:
    """Whether the parameter itself moves in the fit or not, and where one allele is mutated."""
    free = [each for each in priors.free(loaded.model) if each.name == NAMES[1 - own]]
    own_lines = Lines(
        (Factor("SW837", "KRAS_0", 0.5), Factor("A375", "KRAS_0", 0.5)),
        {"SW837": {"KRAS_0": 1.4}, "MCF10A": {"KRAS_0": 0.6}},
    )
    data = Data(TARGETS, loaded.model, own_lines)
    measurer = Measurer(
        reading.read([file]), loaded, free, data=data, tolerances=Tolerances(1e-8), workers=1
    )
    at = np.concatenate([measurer.centre[:1], own_lines.begin])
    at[2] = 0.3
    assert measurer.factors(at)["SW837"]["KRAS_0"] == pytest.approx(1.4)
    assert measurer.factors(at)["MCF10A"] == {"KRAS_0": 0.6}
    try:
        here = measurer(at)
        scale = np.abs(here.levels).max()
        assert not here.slopes[:, measurer.of_lines].any()
        for place in range(len(at)):
            step = np.where(np.arange(len(at)) == place, 1e-3, 0.0)
            up, down = measurer(at + step), measurer(at - step)
            differences = (up.levels - down.levels) / 2e-3
            # Where cells rest slopes are exact, along a course good to some per cent.
            for seen, rtol in ((data.levels.below, 2e-3), (data.levels.above, 5e-2)):
                np.testing.assert_allclose(
                    here.level_slopes[seen, place], differences[seen], rtol=rtol, atol=1e-5 * scale
                )
            if measurer.of_lines[place]:
                line = own_lines.free[place - 1].line
                rows = np.array([each.line == line for each in TARGETS])
                assert np.abs(differences[data.levels.above[rows]]).max() > 1e-3 * scale
                assert not here.level_slopes[data.levels.above[~rows], place].any()
    finally:
        measurer.close()
    # A factor counts by the square of its distance in spreads.
    objective = Objective(measurer, np.ones(len(at), dtype=bool))
    np.testing.assert_allclose(
        objective.residuals(here)[-2:], [np.log(1.4) / 0.5, 0.3 / 0.5], atol=1e-12
    )
    np.testing.assert_allclose(objective.jacobian(here)[-2:, 1:], np.eye(2) / 0.5)


def often(names: tuple[str, ...], rows: int = lines.ENOUGH) -> list[Target]:
    """Return as many rows of each line."""
    readouts = ("pERK_y204_nM", "pMEK_s218_nM")
    return [
        target(line, readouts[number % 2], 0.2 * (number // 2 + 1))
        for line in names
        for number in range(rows)
    ]


def test_lines_that_are_measured_often_have_factors_of_what_they_have() -> None:
    model = load("signalling").model
    targets = often(("MCF7", "BT549")) + often(("T47D",), lines.ENOUGH - 1) + often(("reference",))
    found = lines.free(targets, model, {"MCF7": {"EGFR_0": 2.0}, "A375": {"EGFR_0": 3.0}})
    by_line = {
        name: {each.parameter for each in found.free if each.line == name}
        for name in ("MCF7", "BT549", "T47D", "reference")
    }
    assert by_line["MCF7"] == factors.varying().keys()
    assert by_line["BT549"] == by_line["MCF7"] - {"PTEN_0"}  # PTEN_null
    assert not by_line["T47D"]
    assert not by_line["reference"]
    # Those that are given begin there, or stay where they are not free.
    assert found.at(found.begin)["MCF7"]["EGFR_0"] == pytest.approx(2)
    assert found.held == {"A375": {"EGFR_0": 3.0}}
    (only,) = lines.found(targets, model, found.given).free
    assert (only.line, only.parameter) == ("MCF7", "EGFR_0")
    assert only.prior.spread == pytest.approx(only.spread)


def test_a_store_without_factors_is_not_misread(loaded: Loaded, file: Path, tmp_path: Path) -> None:
    free = priors.free(loaded.model)[:1]
    claims, counts = reading.read([file]), []
    one = Factor("MCF10A", "KRAS_0", 0.5)
    for each in (None, Lines(), Lines((one,)), Lines(given={"MCF10A": {"KRAS_0": 2.0}})):
        data = Data(TARGETS[8:], loaded.model, each)
        measurer = Measurer(claims, loaded, free, data=data, store=tmp_path, workers=1)
        try:
            found = measurer(measurer.centre)
        finally:
            measurer.close()
        assert found.level_slopes.shape[1] == len(measurer.names)
        counts.append(len(list(tmp_path.iterdir())))
    # Without any factors it is what it was before there were factors.
    assert counts == [1, 1, 2, 3]


def measured_apart(loaded: Loaded) -> list[Target]:
    """Return what the tables' cell shows, and a line with less EGFR."""
    free = {prior.name: prior.value for prior in priors.free(loaded.model)}
    shown = predicting.predict(
        loaded,
        often(("MCF10A", "reference")),
        base=conditions.unfitted(free, loaded.model.settable) | free,
        factors={"MCF10A": {"EGFR_0": 0.2}},
        engine="bngsim",
        workers=1,
    )
    return [replace(each.target, log2=each.predicted) for each in shown]


def test_a_fit_finds_what_sets_a_line_apart_and_goes_on_from_it(
    loaded: Loaded, file: Path, tmp_path: Path
) -> None:
    names = [prior.name for prior in priors.free(loaded.model)]
    # Each laboratory counts by itself.
    shown = measured_apart(loaded)
    measured = [replace(each, dataset=f"d{n}") for n in range(10) for each in shown]
    settings = {"files": [file], "targets": measured, "workers": 1, "store": tmp_path / "store"}
    result = calibrate.calibrate(loaded, evaluations=5, **settings)
    objective = result.best.objective
    found = result.measurer.factors(result.best.best.logs)
    assert set(found) == {"MCF10A"}
    assert found["MCF10A"]["EGFR_0"] < 0.6
    # Nothing that is seen follows it.
    assert found["MCF10A"]["TSC2_0"] == 1
    before = objective.costs(result.measurer(result.measurer.centre)).data
    assert objective.costs(result.best.best).data < before / 2
    # Asked by themselves, cells show what the fit saw.
    logs = result.best.best.logs
    asked = predicting.predict(
        loaded, measured[:3], base=result.measurer.cell(logs), factors=found, workers=1
    )
    data = result.measurer.data
    assert data is not None
    above, below = (
        result.best.best.levels[each[:3]] for each in (data.levels.above, data.levels.below)
    )
    np.testing.assert_allclose(
        [each.predicted for each in asked], np.log2(above / below), rtol=1e-3
    )

    path = tmp_path / "set.csv"
    calibrate.write(result, path)
    assert set(fitted.read(path)) == set(names)
    beside = factors.read(factors.beside(path))
    assert beside["MCF10A"]["EGFR_0"] == pytest.approx(found["MCF10A"]["EGFR_0"], rel=1e-5)
    told = calibrate.about(result)
    assert told["parameters"] == len(names)
    assert told["factors_of_lines"]["free"] > 0

    # Held, they stay; left out, data are met less well.
    on = {**settings, "begin": path, "evaluations": 1}
    costs = {}
    for which in ("free", "found", "held", "none"):
        again = calibrate.calibrate(loaded, lines=which, **on)  # type: ignore[arg-type]
        costs[which] = again.best.objective.costs(again.best.best)
        moves = which in ("free", "found")
        assert (again.best.objective.free & again.measurer.of_lines).any() == moves
    assert costs["held"].data == pytest.approx(costs["free"].data, rel=1e-3)
    assert costs["found"].priors == pytest.approx(costs["free"].priors, rel=1e-3)
    assert costs["none"].data > 1.5 * costs["held"].data

    # The end of a fit moves what claims follow, and data are measured again where it comes to.
    begun = calibrate.calibrate(loaded, **on).best  # type: ignore[arg-type]
    heard: list[Step] = []
    end = calibrate.calibrate(loaded, steps=3, told=heard.append, **on).best  # type: ignore[arg-type]
    of_lines = end.objective.measurer.of_lines
    np.testing.assert_array_equal(end.best.logs[of_lines], begun.best.logs[of_lines])
    holding = [step.holding for step in heard if step.holding is not None]
    assert holding
    assert end.holding in holding
    assert (end.best.logs != begun.best.logs).any()
    assert end.best.levels.shape == begun.best.levels.shape
    assert (end.best.levels != begun.best.levels).any()
    assert end.objective.costs(end.best).data < costs["free"].data + 0.2


def test_data_left_out_are_predicted_with_what_sets_the_same_line_apart_in_those_seen(
    loaded: Loaded, tmp_path: Path
) -> None:
    second = CLAIM.replace("braf-matters", "ras").replace("pERK_y204_nM", "KRAS_GTP_nM")
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIM + second.replace("claims:\n", "").lstrip("\n"))
    shown = measured_apart(loaded)
    measured = [replace(each, dataset=f"d{n}") for n in range(10) for each in shown]
    off = {}
    for apart in (True, False):
        found = folds.cross_validate(
            loaded, 2, files=[path], targets=measured, free_lines=apart, evaluations=3, workers=1
        )
        residuals = [each.predicted - each.target.log2 for one in found for each in one.predictions]
        assert len(residuals) == len(measured)
        off[apart] = float(np.sqrt(np.mean(np.square(residuals))))
    assert off[True] < 0.9 * off[False]
