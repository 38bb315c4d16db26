from typing import Any

import pytest


def test_the_drug_that_nothing_holds_halves_in_ten_hours(tables: Any) -> None:
    bare = {"FKBP1A_0": 0.0, "MTOR_0": 0.0}
    course = tables.after(10.2, {"RAPA_0": 100.0}, **bare)
    total = course["RAPA_medium"] + course["RAPA_cell"]
    assert total[-1] / total[0] == pytest.approx(0.5, rel=0.01)


def test_a_bath_without_end_needs_more_than_picomoles(tables: Any) -> None:
    """IC50 on S6K after a day of 0.05 nM and more, as in dishes; without hydrolysis it is less."""
    bath = {"V_medium": 2e9}
    dose = {"RAPA_0": 0.05 * 1e6}  # the bench doses the usual volume, a millionth of this one
    course = tables.after(24, dose, **bath)["pS6K_t389"]
    assert course[-1] > 0.5 * course[0]
    stable = tables.after(24, dose, **bath, k_RAPA_degradation=0.0)["pS6K_t389"]
    assert stable[-1] < 0.8 * course[-1]
