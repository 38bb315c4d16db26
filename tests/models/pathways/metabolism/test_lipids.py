from typing import Any

import pytest

Reading = dict[str, float]


def test_acly_follows_akt(whole: Any, fed: Reading) -> None:
    gain = whole["keff_AKT_phosphorylates_ACLY_s455"] * fed["AKT_on_ACLY_nM"]
    loss = whole["k_ACLY_s455_dephosphorylation"]
    assert fed["pACLY_s455_nM"] / fed["ACLY_total"] == pytest.approx(gain / (gain + loss), 1e-4)


def test_mature_srebp_rests_where_making_marking_and_loss_balance(whole: Any, fed: Reading) -> None:
    s6k = fed["S6K_active_nM"]
    drive = 1 + whole["gain_SREBF1_S6K"] * s6k / (s6k + whole["K_SREBF1_S6K"])
    made = whole["k_SREBF1_synthesis"] * whole["SREBF1_0"] * drive
    marking = whole["keff_GSK3B_phosphorylates_SREBF1_s430"] * fed["GSK3B_active_nM"]
    rest = made / (marking + whole["k_SREBF1_decay"])
    assert fed["SREBF1_mature_nM"] == pytest.approx(rest, rel=1e-4)


def test_lipogenesis_falls_with_akt_and_not_under_rapamycin(whole: Any) -> None:
    rapalog, torki = (
        whole.after(24, dose)["lipogenesis"] for dose in ({"RAPA_0": 20.0}, {"TORKI_0": 250.0})
    )
    assert rapalog[-1] > 0.9 * rapalog[0]
    assert torki[-1] < 0.85 * torki[0]


def test_glucose_transport_rises_with_hif_and_falls_with_akt(whole: Any, fed: Reading) -> None:
    assert whole.rest(VHL_0=0.0)["glucose_uptake"] > 1.1 * fed["glucose_uptake"]
    assert whole.rest(PDPK1_0=0.0)["glucose_uptake"] < 0.9 * fed["glucose_uptake"]
