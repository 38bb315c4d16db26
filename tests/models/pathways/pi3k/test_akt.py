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
