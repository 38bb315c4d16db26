from math import log
from typing import Any

import pytest
from mtorules.models.perturbations import conditions

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


def test_without_mlst8_rictor_is_off_mtor_and_raptor_is_not(tables: Any) -> None:
    """Guertin 2006: AKT and PKC alpha lose their hydrophobic motifs, S6K keeps its own."""
    fed, without = tables.rest(), tables.rest(**conditions.values("MLST8_null"))
    left = {name: without[name] / fed[name] for name in fed if fed[name] > 0}
    assert left["MTORC2"] < 0.05 < 0.95 < left["MTORC1"]
    assert left["pAKT_s473_nM"] < 0.1
    assert left["pPRKCA_s657_nM"] < 0.1
    assert 0.8 < left["pS6K_t389_nM"] < 1.25


@pytest.mark.parametrize("lost", ["RICTOR_null", "MAPKAP1_null", "MLST8_null"])
def test_t308_alone_serves_tsc2_gsk3_and_s6k_but_not_foxo(lost: str, tables: Any) -> None:
    """Guertin 2006, Jacinto 2006."""
    fed, without = tables.rest(), tables.rest(**conditions.values(lost))
    left = {name: without[name] / fed[name] for name in fed if fed[name] > 0}
    for kept in ("pTSC2_s939_nM", "pGSK3B_s9_nM", "pS6K_t389_nM", "pAKT_t308_nM"):
        assert 0.8 < left[kept] < 1.25, kept
    assert left["pFOXO4_t32_nM"] < 0.4
    assert left["FOXO4_nuclear_nM"] > 1.5


def test_pip3_opens_mtorc2(tables: Any) -> None:
    """Liu 2015: growth factors raise mTORC2, a PI3K inhibitor lowers it, unless SIN1 is blind."""
    blind = conditions.values("PIP3_blind_SIN1")
    starved = conditions.values("GF0")
    fed = tables.rest()
    assert tables.rest(**starved)["MTORC2_active_nM"] < 0.8 * fed["MTORC2_active_nM"]
    amounts = tables.amounts()
    sin1 = [pair for pair in amounts.items() if "MAPKAP1(" in pair[0]]
    free = sum(amount for pattern, amount in sin1 if "PIP(" not in pattern)
    held = sum(amount for pattern, amount in sin1 if "PIP(" in pattern)
    lipid = amounts["PIP(head~pip3,ph)"] / tables["V_cell"]
    kd = tables["kr_MAPKAP1_binds_PIP3"] / tables["kf_MAPKAP1_binds_PIP3"]
    assert free * lipid / held == pytest.approx(kd, rel=1e-3)
    bound = tables.rest(**blind)["MTORC2_active_nM"]
    sgk1 = tables.after([1], {"PI3KI_0": 1000.0})["pSGK1_s422_nM"]
    assert sgk1[-1] < 0.7 * sgk1[0]
    unmoved = tables.after([0.1], {"PI3KI_0": 1000.0}, **blind)["MTORC2_active_nM"]
    assert unmoved[-1] == pytest.approx(bound, rel=0.02)


def test_sin1_t86_does_nothing_until_one_takes_a_side(tables: Any) -> None:
    """Yang 2015 has it raise mTORC2, Liu 2013 lower it."""
    fed = tables.rest()
    assert 0.1 < fed["pMAPKAP1_t86_nM"] / fed["MAPKAP1_total"] < 0.9
    alanine = conditions.values("MAPKAP1_T86A")
    assert tables.rest(**alanine)["MTORC2_active_nM"] == pytest.approx(
        fed["MTORC2_active_nM"], rel=1e-3
    )
    for side, least, most in (("raises", 1.1, 3), ("lowers", 0.3, 0.9)):
        values = conditions.values(f"SIN1_T86_{side}_mTORC2")
        ratio = tables.rest(**values)["MTORC2_active_nM"] / fed["MTORC2_active_nM"]
        assert least < ratio < most
