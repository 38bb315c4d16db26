from math import log
from typing import Any

import pytest

Reading = dict[str, float]


def test_rictor_t1135_follows_s6k(whole: Any, fed: Reading) -> None:
    """A new Rictor is bare, so that turnover takes its share of the mark."""
    marked = fed["pRICTOR_t1135_nM"]
    gain = whole["keff_S6K_phosphorylates_RICTOR_t1135"] * fed["S6K_active_nM"]
    loss = whole["k_RICTOR_t1135_dephosphorylation"] + log(2) / whole["thalf_RICTOR"]
    assert marked / (fed["RICTOR_total"] - marked) == pytest.approx(gain / loss, rel=1e-4)


def test_mtorc2_needs_sin1(whole: Any) -> None:
    without = whole.rest(MAPKAP1_0=0.0)
    assert without["MTORC2_active_nM"] == pytest.approx(0, abs=1e-9)
    assert without["pAKT_s473_nM"] == pytest.approx(0, abs=1e-6)
    assert without["pAKT_t308_nM"] > 1


def test_without_its_site_on_rictor_s6k_spares_mtorc2(whole: Any, fed: Reading) -> None:
    alanine = whole.rest(keff_S6K_phosphorylates_RICTOR_t1135=0.0)
    assert alanine["MTORC2_active_nM"] > 1.1 * fed["MTORC2_active_nM"]
    assert alanine["MTORC2"] == pytest.approx(fed["MTORC2"], rel=0.01)  # assembly is untouched


def test_pkc_alpha_follows_mtorc2(whole: Any, fed: Reading) -> None:
    gain = whole["keff_MTORC2_phosphorylates_PRKCA_s657"] * fed["MTORC2_active_nM"]
    loss = whole["k_PRKCA_s657_dephosphorylation"]
    assert fed["pPRKCA_s657_nM"] / fed["PRKCA_total"] == pytest.approx(gain / (gain + loss), 1e-4)
