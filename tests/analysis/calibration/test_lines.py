"""Factors of cell lines in the fit: what varies, slopes against differences, and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration import priors
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.lines import Factor, Lines
from mtorules.analysis.calibration.measuring import Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.analysis.validation.targets import Target
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
        (
            Factor("SW837", "KRAS_0", 0.5),
            Factor("A375", "TSC2_0", 0.5),
            Factor("A375", "KRAS_0", 0.5),
        ),
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
            rest = [data.levels.below[n] for n in range(len(TARGETS))]
            for rows, rtol in ((rest, 2e-3), (data.levels.above, 5e-2)):
                np.testing.assert_allclose(
                    here.level_slopes[rows, place],
                    differences[rows],
                    rtol=rtol,
                    atol=1e-5 * scale,
                )
            if measurer.of_lines[place]:
                line = own_lines.free[place - 1].line
                own_rows = [each.line == line for each in TARGETS]
                assert np.abs(differences[data.levels.above[own_rows]]).max() > 1e-3 * scale or (
                    own_lines.free[place - 1].parameter == "TSC2_0"
                )
                others = data.levels.above[[not each for each in own_rows]]
                assert not here.level_slopes[others, place].any()
    finally:
        measurer.close()
    # A factor counts by the square of its distance in spreads.
    objective = Objective(measurer, np.ones(len(at), dtype=bool))
    np.testing.assert_allclose(
        objective.residuals(here)[-3:], [np.log(1.4) / 0.5, 0.3 / 0.5, 0.0], atol=1e-12
    )
    np.testing.assert_allclose(objective.jacobian(here)[-3:, 1:], np.eye(3) / 0.5)
