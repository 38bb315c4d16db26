from typing import Any

import pytest


@pytest.mark.parametrize(
    ("drug", "target", "km"),
    [
        ("TORKI", "MTORC1", "Km_ATP_MTORC1"),
        ("TORKI", "PI3K", "Km_ATP_PI3K"),
        ("MEKI", "MEK", None),
        ("EGFRI", "EGFR", None),
    ],
)
@pytest.mark.parametrize("dose", [1.0, 100.0])
def test_a_target_keeps_what_the_drug_leaves_free(
    drug: str, target: str, km: str | None, dose: float, whole: Any
) -> None:
    """The drug fills bath and cell alike; its Ki is shifted by ATP as Cheng and Prusoff have it."""
    inside = dose * whole["V_medium"] / (whole["V_medium"] + whole["V_cell"])
    ki = whole[f"Ki_{drug}_{target}"] * (1 + whole["ATP_competing"] / whole[km] if km else 1)
    left = whole.after(2, {f"{drug}_0": dose})[f"uninhibited_{target}"]
    assert left[0] == 1
    assert left[-1] == pytest.approx(1 / (1 + inside / ki), rel=1e-3)


def test_two_drugs_on_one_target_add_up(whole: Any) -> None:
    both = whole.after(2, {"EGFRI_0": 5.8, "HER2I_0": 26.0})["uninhibited_EGFR"][-1]
    assert both == pytest.approx(1 / 3, rel=2e-3)


def test_an_antibody_stays_outside(whole: Any) -> None:
    course = whole.after(24, {"TRASTUZUMAB_0": 50.0})
    assert course["uninhibited_ERBB2_unliganded"][-1] == pytest.approx(1 / (1 + 50 / 0.1), rel=1e-6)
    assert course["TRASTUZUMAB_medium_nM"][-1] == pytest.approx(50.0, rel=1e-6)


def test_only_the_unbound_part_of_a_drug_counts(whole: Any) -> None:
    bound = whole.after(2, {"MEKI_0": 100.0}, free_fraction_MEKI=0.1)["uninhibited_MEK"][-1]
    free = whole.after(2, {"MEKI_0": 10.0})["uninhibited_MEK"][-1]
    assert bound == pytest.approx(free, rel=1e-4)


def test_rapalog_and_kinase_inhibitor_sit_on_one_mtor(whole: Any) -> None:
    course = whole.after(4, {"RAPA_0": 20.0, "TORKI_0": 250.0})
    drugged = course["RAPA_MTOR"][-1]
    assert 0.9 * drugged < course["MTOR_doubly_occupied_nM"][-1] < drugged
