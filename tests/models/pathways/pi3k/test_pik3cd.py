from typing import Any

from mtorules.models.perturbations import conditions


def test_idelalisib_acts_on_blood_cells_and_spares_others(tables: Any) -> None:
    drug = conditions.values("CAL101")
    other = tables.after(2, {"PI3KI_0": 1000.0}, **drug)["PIP3"]
    blood = tables.after(2, {"PI3KI_0": 1000.0}, **drug, **conditions.values("B_cell"))["PIP3"]
    assert other[-1] > 0.9 * other[0]
    assert blood[-1] < 0.4 * blood[0]
