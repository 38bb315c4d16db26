from typing import Any

import pytest

Reading = dict[str, float]


def test_s758_follows_mtorc1_whose_groove_is_open(whole: Any, fed: Reading) -> None:
    gain = whole["keff_MTORC1_phosphorylates_ULK1_s758"] * fed["MTORC1_on_ULK1_nM"]
    loss = whole["k_ULK1_s758_dephosphorylation"]
    assert fed["pULK1_s758_nM"] / fed["ULK1_total"] == pytest.approx(gain / (gain + loss), 1e-4)


def test_ampk_wakes_ulk1_only_where_mtorc1_lets_it(whole: Any) -> None:
    held = whole.rest(k_ULK1_s758_dephosphorylation=0.0, energy_stress=1.0)
    loose = whole.rest(keff_MTORC1_phosphorylates_ULK1_s758=0.0, energy_stress=1.0)
    assert held["ULK1_active_nM"] == pytest.approx(0, abs=1e-3)
    assert loose["ULK1_active_nM"] > 0.3 * whole["ULK1_0"]


def test_autophagy_rises_more_under_a_kinase_inhibitor_than_under_rapamycin(whole: Any) -> None:
    rapalog, torki = (
        whole.after(24, dose)["autophagy"] for dose in ({"RAPA_0": 20.0}, {"TORKI_0": 250.0})
    )
    assert 1.05 * rapalog[0] < rapalog[-1] < 1.6 * rapalog[0]
    assert torki[-1] > 1.2 * rapalog[-1]
