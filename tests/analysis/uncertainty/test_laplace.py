"""The curvature against the inverse of J'J, written out."""

import numpy as np
import pytest
from mtorules.analysis.uncertainty.laplace import laplace

from .conftest import Normal


def test_spreads_are_those_of_the_inverse_of_the_curvature(normal: Normal) -> None:
    best, covariance = normal.best()
    found = laplace(normal, best)
    assert found.names == ("a", "b", "d")
    np.testing.assert_allclose(found.posterior, np.sqrt(np.diag(covariance)), rtol=1e-12)
    np.testing.assert_allclose(found.prior, 4.5)
    assert found.ratios[2] == pytest.approx(1)  # nothing is said of it
    assert found.ratios[0] < 0.1


def test_directions_are_what_the_data_tell_of_all(normal: Normal) -> None:
    """The trace of the matrix that takes data to what the fit makes of them."""
    best, covariance = normal.best()
    rows = normal.measurer.slopes[:, normal.free]
    hat = rows @ covariance @ rows.T
    assert laplace(normal, best).directions == pytest.approx(np.trace(hat))
    assert 1.5 < np.trace(hat) < 2
