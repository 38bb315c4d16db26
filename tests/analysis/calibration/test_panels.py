"""Checks over panels: what they come to against claims as judged, slopes against differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration import panels, priors
from mtorules.analysis.calibration.measuring import Measurer
from mtorules.analysis.claims import binding, evaluation, reading, running, schema
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.load import load
from scipy import stats

CLAIMS = """
panels:
  few: {WT: [], NF1_null: [NF1_null], KRAS_G12V: [KRAS_G12V]}
  many:
    genotypes: {WT: [], NF1_null: [NF1_null]}
    draws: 4
    spread: 1.5
    parameters: [KRAS_0, NF1_0, SOS1_0]
claims:
  - id: cells-differ
    statement: Cells differ in ERK.
    review: A
    kind: genotype
    experiments: {cell: {}}
    checks:
      - share: {value: pERK_y204 / ERK_total, of: cell}
        within: ">= 0.12"
        panel: few
        expect: ">= 0.5"
      - share: {value: pERK_y204 / ERK_total, of: cell}
        within: ">= 0.12"
        panel: few
        expect: <= 0.5
      - correlation: [{value: pERK_y204, of: cell}, {value: KRAS_GTP_nM, of: cell}]
        panel: many
        expect: ">= 0.99"
"""


def test_smooth_ranks_correlate_as_ranks_do_and_slopes_are_those_of_differences() -> None:
    random = np.random.default_rng(1)
    columns = [random.standard_normal(30) for _ in range(2)]
    columns[1] += 0.6 * columns[0]
    found, slopes = panels.smooth(*columns)
    assert found == pytest.approx(stats.spearmanr(*columns).statistic, abs=0.1)
    for which in (0, 1):
        ends = []
        for step in (1e-6, -1e-6):
            for place in range(30):
                moved = [column.copy() for column in columns]
                moved[which][place] += step
                ends.append(panels.smooth(*moved)[0])
        differences = (np.array(ends[:30]) - ends[30:]) / 2e-6
        # The blur follows the few numbers that make a quartile, which slopes leave out.
        assert np.median(np.abs(slopes[which] - differences)) < 1e-6
        assert np.abs(differences).max() > 0.01


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("mapk_tsc")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.yaml"
    path.write_text(CLAIMS, encoding="utf-8")
    return path


def test_checks_over_panels_come_to_what_they_are_judged_by(file: Path, loaded: Loaded) -> None:
    claims = reading.read([file])
    bound = binding.bind(claims, loaded.model)
    courses = running.run(bound, loaded, engine="bngsim", workers=1)
    judge = evaluation.Judge(bound, courses)
    (claim,) = claims
    verdict = evaluation.judge(bound, courses)[0]
    for check, outcome in zip(claim.checks, verdict.outcomes, strict=True):
        assert panels.over_panel(check)
        value, margin, parts = panels.judged(bound, judge, claim, check)
        assert value == pytest.approx(outcome.value)
        assert (margin >= 0) == outcome.passed
        assert parts

    # A share hangs on one cell: of three, the second lies on either side of the bound.
    shares = [check for check in claim.checks if isinstance(check, schema.Share)]
    at_least, at_most = (panels.judged(bound, judge, claim, check) for check in shares)
    levels = sorted(
        judge.measure(claim, shares[0].share, *cell) for cell in bound.binder.cells("few").values()
    )
    assert at_least[1] == pytest.approx(np.log(levels[1] / 0.12))
    assert at_most[1] == -at_least[1]


def test_slopes_of_checks_over_panels_are_those_of_differences(file: Path, loaded: Loaded) -> None:
    free = [prior for prior in priors.free(loaded.model) if prior.name == "KRAS_0"]
    free += [prior for prior in priors.free(loaded.model) if "MEK_phosph" in prior.name][:1]
    measurer = Measurer(reading.read([file]), loaded, free, tolerances=Tolerances(1e-9), workers=1)
    try:
        shares = [place for place, aim in enumerate(measurer.aims) if aim.logarithmic]
        assert len(shares) == 2
        here = measurer(measurer.centre)
        for place in range(len(free)):
            step = np.where(np.arange(len(free)) == place, 1e-4, 0.0)
            up, down = measurer(measurer.centre + step), measurer(measurer.centre - step)
            np.testing.assert_allclose(
                here.slopes[shares, place],
                (up.margins - down.margins)[shares] / 2e-4,
                rtol=1e-3,
            )
    finally:
        measurer.close()
