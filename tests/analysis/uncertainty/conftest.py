"""A fit in straight lines and normal numbers, whose posterior, sets and profiles are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from mtorules.analysis.calibration.measuring import Measured
from mtorules.analysis.calibration.priors import Prior, logarithms


@dataclass
class Straight:
    """Measures what follows the logarithms in straight lines."""

    priors: tuple[Prior, ...]
    slopes: np.ndarray
    aims: list[Any] = field(init=False)
    runs: int = 0

    def __post_init__(self) -> None:
        self.names = tuple(prior.name for prior in self.priors)
        self.centre, self.low, self.high = logarithms(self.priors)
        self.spread = np.array([prior.spread for prior in self.priors])
        self.of_lines = np.zeros(len(self.priors), dtype=bool)
        self.aims = [
            SimpleNamespace(middle=np.inf, claim=SimpleNamespace(id=f"claim-{number}"))
            for number in range(len(self.slopes))
        ]

    def __call__(self, logs: np.ndarray, progress: Any = None) -> Measured:
        self.runs += 1
        found = self.slopes @ (logs - self.centre)
        return Measured(logs, found, found, self.slopes)


@dataclass
class Normal:
    """Data with a standard deviation of 1, and parameters with those of their priors."""

    measurer: Straight
    data: np.ndarray
    free: np.ndarray

    def residuals(self, measured: Measured) -> np.ndarray:
        far = (measured.logs - self.measurer.centre) / self.measurer.spread
        return np.concatenate([measured.margins - self.data, far[self.free]])

    def jacobian(self, measured: Measured) -> np.ndarray:
        rows = measured.slopes[:, self.free]
        return np.vstack([rows, np.diag(1 / self.measurer.spread[self.free])])

    def pulled(self, measured: Measured) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
        jacobian = self.jacobian(measured)
        return self.residuals(measured), lambda weights: weights @ jacobian

    def cost(self, measured: Measured) -> float:
        return float((self.residuals(measured) ** 2).sum() / 2)

    def best(self) -> tuple[Measured, np.ndarray]:
        """Return the posterior's middle, and its covariance over what is free."""
        begun = self.measurer(self.measurer.centre)
        rows = self.jacobian(begun)
        covariance = np.linalg.inv(rows.T @ rows)
        logs = begun.logs.copy()
        logs[self.free] -= covariance @ rows.T @ self.residuals(begun)
        return self.measurer(logs), covariance


@pytest.fixture
def normal() -> Normal:
    """Return four parameters, one of which is held and one of which nothing is said of."""
    # So wide that no end of a range is near.
    priors = tuple(Prior(name, 1.0, np.exp(-9.0), np.exp(9.0), "nM") for name in "abcd")
    slopes = np.array([[4.0, 0.2, 1.0, 0.0], [0.0, 0.5, 3.0, 0.0], [0.3, 0.3, 0.0, 0.0]])
    straight = Straight(priors, slopes)
    return Normal(straight, np.array([0.4, -1.0, 0.3]), np.array([True, True, False, True]))
