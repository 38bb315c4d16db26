"""SIN1, mLST8, DEPTOR and PRAS40: each binds as its own quadratic says, whatever else is bound."""

from collections.abc import Callable

import numpy as np
import pytest
from mtorules.models import catalogue
from pysb import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return catalogue.build("complexes")


@pytest.fixture(scope="module")
def end(model: Model, integrate: Callable) -> dict[str, float]:
    course = integrate(model, [0, 1e9], turnover=0)
    return {name: values[-1] for name, values in course.items()}


@pytest.mark.parametrize(
    ("host", "guest"),
    [("MTOR", "MLST8"), ("MTOR", "DEPTOR"), ("RPTOR", "AKT1S1"), ("RICTOR", "MAPKAP1")],
)
def test_a_subunit_is_bound_as_its_quadratic_says(
    model: Model, end: dict[str, float], host: str, guest: str
) -> None:
    value = {parameter.name: parameter.value for parameter in model.parameters}
    a, b = value[f"{host}_0"], value[f"{guest}_0"]
    total = a + b + value[f"kr_{host}_binds_{guest}"] / value[f"kf_{host}_binds_{guest}"]
    occupied = (total - np.sqrt(total**2 - 4 * a * b)) / 2 / a  # fraction of the host
    pools = {"MTOR": ("MTORC1", "MTORC2"), "RPTOR": ("MTORC1",), "RICTOR": ("MTORC2",)}[host]
    name = {"AKT1S1": "PRAS40", "MAPKAP1": "SIN1"}.get(guest, guest)
    for pool in pools:
        assert end[f"{pool}_{name}"] / end[pool] == pytest.approx(occupied, rel=1e-6)


def test_deptor_and_mlst8_sit_on_both_complexes(end: dict[str, float]) -> None:
    for pool in ("MTORC1", "MTORC2"):
        assert end[f"{pool}_DEPTOR"] > 0.1
        assert end[f"{pool}_MLST8"] >= 0.8 * end[pool]
