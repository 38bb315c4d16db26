"""PIP3 and what it brings to the membrane, read from the species."""

from typing import Any

import pytest

Reading = dict[str, float]


def test_pip3_rests_where_kinase_and_phosphatases_balance(whole: Any, fed: Reading) -> None:
    amounts = whole.amounts()
    free = {head: amounts[f"PIP(head~{head},ph)"] for head in ("pip2", "pip3")}
    made = sum(value for name, value in fed.items() if name.endswith("phosphorylates_PIP2"))
    lost = whole["keff_PTEN_dephosphorylates_PIP3"] * fed["PTEN_total"]
    lost += whole["k_PIP3_dephosphorylation"]
    assert free["pip3"] / free["pip2"] == pytest.approx(made / lost, rel=1e-4)


def test_akt_is_on_the_membrane_as_its_affinity_says(whole: Any) -> None:
    """Its phosphates do not change the grip, so that all forms together are at equilibrium."""
    cell = whole["V_cell"]
    amounts = whole.amounts()
    akt = [pair for pair in amounts.items() if "AKT(" in pair[0]]
    free = sum(amount for pattern, amount in akt if "PIP(" not in pattern) / cell
    bound = sum(amount for pattern, amount in akt if "head~pip3" in pattern) / cell
    lipid = amounts["PIP(head~pip3,ph)"] / cell
    kd = whole["kr_AKT_binds_PIP3"] / whole["kf_AKT_binds_PIP3"]
    assert free * lipid / bound == pytest.approx(kd, rel=1e-4)


def test_membrane_bound_akt_needs_no_pip3(whole: Any, fed: Reading) -> None:
    none = {"IGF1_0": 0.0, "INS_0": 0.0, "EGF_0": 0.0, "HGF_0": 0.0}
    starved = whole.rest(**none)
    tied = whole.rest(kf_AKT_binds_PIP2=1e-3, **none)
    assert starved["pAKT_s473_nM"] < 0.6 * fed["pAKT_s473_nM"]
    assert tied["pAKT_s473_nM"] > fed["pAKT_s473_nM"]


def test_sgk1_t256_follows_s422_and_pdpk1(whole: Any, fed: Reading) -> None:
    full = fed["SGK1_active_nM"]
    primed = fed["pSGK1_s422_nM"] - full
    gain = whole["keff_PDPK1_phosphorylates_SGK1_t256"] * fed["PDPK1_all_nM"]
    loss = whole["k_SGK1_s422_dephosphorylation"] + whole["k_SGK1_decay"]
    assert full / primed == pytest.approx(gain / loss, rel=1e-4)


@pytest.mark.parametrize("enzyme", ["PTEN", "PDPK1"])
def test_losing_the_enzyme_moves_t308_the_right_way(enzyme: str, whole: Any, fed: Reading) -> None:
    ratio = whole.rest(**{f"{enzyme}_0": 0.0})["pAKT_t308_nM"] / fed["pAKT_t308_nM"]
    assert ratio > 2 if enzyme == "PTEN" else ratio < 0.05


def test_an_inhibitor_in_the_atp_pocket_raises_akts_own_phosphates(tables: Any) -> None:
    """Okuzumi 2009, Chan 2012: it shields them; an allosteric inhibitor does not."""
    course = tables.after([1], {"AKTI_0": 1000.0})
    for site in ("pAKT_t308_nM", "pAKT_s473_nM"):
        assert course[site][-1] > 1.8 * course[site][0]
    assert course["pGSK3B_s9_nM"][-1] < 0.8 * course["pGSK3B_s9_nM"][0]
    exposed = tables.after([1], {"AKTI_0": 1000.0}, residual_AKTI_AKT_dephosphorylation=1.0)
    assert exposed["pAKT_s473_nM"][-1] < 0.8 * course["pAKT_s473_nM"][-1]
    allosteric = tables.after([1], {"AKTIA_0": 1000.0})["pAKT_t308_nM"]
    assert allosteric[-1] < 0.1 * allosteric[0]


def test_phlpp_takes_s473_and_leaves_t308(tables: Any) -> None:
    """Gao 2005, Brognard 2007."""
    fed, without = tables.rest(), tables.rest(PHLPP_0=0.0)
    assert without["pAKT_s473_nM"] > 1.25 * fed["pAKT_s473_nM"]
    assert without["pAKT_t308_nM"] == pytest.approx(fed["pAKT_t308_nM"], rel=0.15)


def test_insulin_acts_on_akt_at_nanomolar_doses_and_on_s6k_in_ten_minutes(tables: Any) -> None:
    """S6K: half after 9.5 min, most after 21 (Dalle Pezze 2016); AKT: half at about 1 nM."""
    starved = {"IGF1_0": 0.0, "INS_0": 0.0, "EGF_0": 0.0, "HGF_0": 0.0}
    rest = tables.rest(**starved)["pAKT_t308_nM"]
    low, full = (
        tables.after([10 / 60], {"INS_0": dose}, **starved)["pAKT_t308_nM"][-1] - rest
        for dose in (0.3, 300.0)
    )
    assert low < 0.5 * full
    five = tables.after([10 / 60], {"INS_0": 5.0}, **starved)["pAKT_t308_nM"][-1] - rest
    assert five > 0.5 * full
    minutes = [5, 8, 9, 10, 11, 13, 16, 20, 25, 30, 45, 60]
    s6k = tables.after([each / 60 for each in minutes], {"INS_0": 100.0}, **starved)["pS6K_t389_nM"]
    half = next(
        minute
        for minute, level in zip(minutes, s6k[1:], strict=True)
        if level - s6k[0] > 0.5 * (s6k.max() - s6k[0])
    )
    assert 7 <= half <= 13
    assert minutes[s6k[1:].argmax()] in range(13, 46)


def test_egf_makes_a_shorter_akt_response_than_insulin(tables: Any) -> None:
    starved = {"IGF1_0": 0.0, "INS_0": 0.0, "EGF_0": 0.0, "HGF_0": 0.0}
    kept = []
    for dose in ({"EGF_0": 8.0}, {"INS_0": 100.0}):
        akt = tables.after([3 / 60, 5 / 60, 10 / 60, 2], dose, **starved)["pAKT_t308_nM"]
        kept.append(akt[-1] / akt.max())
    assert kept[0] < kept[1]
