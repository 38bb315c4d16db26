"""What steps are tried on: margins that follow the logarithms of parameters in straight lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from mtorules.analysis.calibration import priors
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.claims import reading
from mtorules.simulation.load import load

CLAIM = """
  - id: {name}
    statement: There is ERK.
    review: A
    kind: steady-state
    experiments: {{cell: {{}}}}
    checks:
"""
CHECK = '      - {value: pERK_y204_nM, of: cell, expect: ">= 10"}\n'


class Straight(Measurer):
    """Measures margins that are ``begun`` at some logarithms, and straight lines from there."""

    begun: np.ndarray
    slopes: np.ndarray
    at: np.ndarray

    def __call__(self, logs: np.ndarray, progress: object = None) -> Measured:
        found = self.begun + self.slopes @ (logs - self.at)
        return Measured(logs, found, found, self.slopes)


@pytest.fixture(scope="session")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Straight]:
    """Return what makes a measurer of claims, each with so many checks, and so many parameters."""
    loaded = load("mapk_tsc")
    free = [one for one in priors.free(loaded.model) if one.spread > 0.5]

    def build(
        checks: Sequence[tuple[str, int]], begun: np.ndarray, slopes: np.ndarray, off: float = 0.0
    ) -> Straight:
        file = tmp_path_factory.mktemp("claims") / "claims.yaml"
        claims = (CLAIM.format(name=name) + count * CHECK for name, count in checks)
        file.write_text("claims:" + "".join(claims), encoding="utf-8")
        made = Straight(reading.read([file]), loaded, free[: slopes.shape[1]])
        made.begun, made.slopes, made.at = begun, slopes, made.centre + off
        return made

    return build
