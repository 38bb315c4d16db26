"""The whole model ``rapamycin`` at rest, against the mass-action equations solved by themselves."""

from collections.abc import Callable

import numpy as np
import pytest
from mtorules.models import catalogue
from pysb import Model
from scipy.optimize import least_squares


@pytest.fixture(scope="module")
def model() -> Model:
    return catalogue.build("rapamycin")


def equilibrium(value: dict[str, float], dose: float) -> dict[str, float]:
    """Solve the five balances for the free concentrations, in nM of the cell."""
    raptor = value["kr_MTOR_binds_RPTOR"] / value["kf_MTOR_binds_RPTOR"]
    rictor = value["kr_MTOR_binds_RICTOR"] / value["kf_MTOR_binds_RICTOR"]
    fkbp, frb = value["Kd_FKBP1A_RAPA"], value["Kd_MTOR_FKBP1A_RAPA"]
    bare, hindrance = value["Kd_MTOR_RAPA"], value["hindrance_RPTOR_RAPA"]
    bath = value["V_medium"] / value["V_cell"]
    totals = np.array(
        [*(value[f"{name}_0"] for name in ("MTOR", "RPTOR", "RICTOR", "FKBP1A")), dose * bath]
    )

    def pools(logs: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
        m, r, c, f, d = np.exp(logs)
        pair = f * d / fkbp
        captured, captured_bare = m * pair / frb, m * d / bare
        drugged, drugged_bare = (
            m * r / raptor * pair / frb / hindrance,
            m * r / raptor * d / bare / hindrance,
        )
        intact, other = m * r / raptor, m * c / rictor
        on_mtor = captured + captured_bare + drugged + drugged_bare
        sums = np.array(
            [
                m + intact + other + on_mtor,
                r + intact + drugged + drugged_bare,
                c + other,
                f + pair + captured + drugged,
                d * (1 + bath) + pair + on_mtor,
            ]
        )
        named = {"MTORC1_intact": intact, "MTORC2": other, "FKBP1A_RAPA": pair + captured + drugged}
        return sums, named | {"MTORC1_RAPA": drugged + drugged_bare, "RAPA_cell_free": d}

    def misfit(logs: np.ndarray) -> np.ndarray:
        return pools(logs)[0] / totals - 1

    solved = least_squares(misfit, np.log(totals / 10), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    assert np.abs(solved.fun).max() < 1e-10
    return pools(solved.x)[1]


@pytest.mark.parametrize("dose", [0.03, 0.3, 3.0, 30.0, 3000.0])
def test_every_pool_is_where_mass_action_puts_it(
    model: Model, integrate: Callable, dose: float
) -> None:
    value = {parameter.name: parameter.value for parameter in model.parameters}
    course = integrate(model, [0, 3e9], turnover=0, RAPA_0=dose)
    for name, expected in equilibrium(value, dose).items():
        assert course[name][-1] == pytest.approx(expected, rel=1e-5), name
