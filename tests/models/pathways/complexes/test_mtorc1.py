from collections.abc import Callable

import numpy as np
import pytest
from mtorules.models.building.compartments import add_compartments
from mtorules.models.building.composing import compose
from mtorules.models.pathways.complexes.mtor import add_mtor
from mtorules.models.pathways.complexes.mtorc1 import add_mtorc1


def test_raptor_binds_to_the_equilibrium_of_the_quadratic(integrate: Callable) -> None:
    model = compose("assembly", (add_compartments, add_mtor, add_mtorc1))
    end = integrate(model, [0, 1e6, 2e6])["MTORC1"][-1]
    value = {parameter.name: parameter.value for parameter in model.parameters}
    mtor, rptor = value["MTOR_0"], value["RPTOR_0"]
    total = mtor + rptor + value["kr_MTOR_binds_RPTOR"] / value["kf_MTOR_binds_RPTOR"]
    assert end == pytest.approx((total - np.sqrt(total**2 - 4 * mtor * rptor)) / 2, rel=1e-7)
