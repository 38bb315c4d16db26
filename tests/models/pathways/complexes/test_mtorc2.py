from collections.abc import Callable

import pytest
from mtorules.models.building.compartments import add_compartments
from mtorules.models.building.composing import compose
from mtorules.models.pathways.complexes.mtor import add_mtor
from mtorules.models.pathways.complexes.mtorc1 import add_mtorc1
from mtorules.models.pathways.complexes.mtorc2 import add_mtorc2
from pysb import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return compose("competition", (add_compartments, add_mtor, add_mtorc1, add_mtorc2))


def test_raptor_and_rictor_compete_for_one_surface(model: Model, integrate: Callable) -> None:
    usual = integrate(model, [0, 1e8])
    more = integrate(model, [0, 1e8], RPTOR_0=5 * model.parameters["RPTOR_0"].value)
    assert more["MTORC1"][-1] > usual["MTORC1"][-1]
    assert more["MTORC2"][-1] < usual["MTORC2"][-1]


def test_both_bindings_are_at_equilibrium_together(model: Model, integrate: Callable) -> None:
    course = integrate(model, [0, 1e8])
    end = {name: values[-1] for name, values in course.items()}
    free = end["MTOR_total"] - end["MTORC1"] - end["MTORC2"]
    for complex_, partner in (("MTORC1", "RPTOR"), ("MTORC2", "RICTOR")):
        constant = free * (end[f"{partner}_total"] - end[complex_]) / end[complex_]
        kf, kr = (model.parameters[f"{k}_MTOR_binds_{partner}"].value for k in ("kf", "kr"))
        assert constant == pytest.approx(kr / kf, rel=1e-6)
