from typing import Any

import numpy as np
import pytest

Reading = dict[str, float]
RECEPTORS = ("EGFR", "ERBB2")


def test_a_ligand_follows_its_supply_exponentially(whole: Any) -> None:
    seconds = np.array([10.0, 30.0, 90.0])
    level = whole.supplied("HGF", 1.0, (seconds / 3600).tolist())
    rate, before = whole["k_medium_renewal"], whole["HGF_0"]
    assert level == pytest.approx(1.0 + (before - 1.0) * np.exp(-rate * seconds), rel=1e-4)


@pytest.mark.parametrize("name", ["IGF1R", "EGFR", "ERBB2", "MET"])
def test_receptors_are_made_as_fast_as_they_are_lost(name: str, whole: Any, fed: Reading) -> None:
    """Idle receptors decay, those in endosomes sooner; HIF2A and FOXO add to the supply."""
    inside = fed[f"{name}_endosomal_nM"]
    off = fed[f"{name}_total"] - fed[f"p{name}_nM"] - inside
    lost = whole[f"k_{name}_decay"] * off + whole[f"k_{name}_degradation"] * inside
    hif = fed["EPAS1_nM"] / (fed["EPAS1_nM"] + whole["K_RTK_EPAS1"])
    supply = 1 + whole["gain_RTK_EPAS1"] * hif
    if name == "IGF1R":
        supply += whole["gain_IGF1R_FOXO4"] * fed["FOXO4_nuclear_share"]
    made = whole[f"k_{name}_synthesis"] * whole[f"{name}_0"] * supply
    assert made == pytest.approx(lost, rel=1e-4)


def test_receptors_go_inside_and_come_back(tables: Any) -> None:
    """Sorkin 2009: EGFR at a full dose of EGF is mostly inside within an hour, ERBB2 is not."""
    none = {"IGF1_0": 0.0, "INS_0": 0.0, "EGF_0": 0.0, "HGF_0": 0.0}
    course = tables.after([2 / 60, 1], {"EGF_0": 8.0}, **none)
    inside = {name: course[f"{name}_endosomal_nM"] / course[f"{name}_total"] for name in RECEPTORS}
    assert inside["EGFR"][-1] > 0.5
    assert inside["ERBB2"][-1] < 0.2
    active = course["pEGFR_nM"]
    assert active[-1] < 0.5 * active[1]
    held = tables.after([2 / 60, 1], {"EGF_0": 8.0}, k_EGFR_endocytosis=0.0, **none)["pEGFR_nM"]
    assert held[-1] > 0.9 * held[1]


def test_ligand_occupancy_adds_up_both_ligands(whole: Any, fed: Reading) -> None:
    bound = whole["IGF1_0"] / whole["Kd_IGF1R_IGF1"] + whole["INS_0"] / whole["Kd_IGF1R_INS"]
    assert fed["IGF1R_occupancy"] == pytest.approx(bound / (1 + bound), rel=1e-6)


def test_amplified_receptors_work_without_ligand(whole: Any, fed: Reading) -> None:
    """What meets by chance grows with the square of the number."""
    none = {"IGF1_0": 0.0, "INS_0": 0.0, "EGF_0": 0.0, "HGF_0": 0.0}
    normal = whole.rest(**none)["pMET_nM"]
    tenfold = whole.rest(MET_0=10 * whole["MET_0"], **none)["pMET_nM"]
    assert 50 * normal < tenfold < 150 * normal


def test_irs1_is_made_as_fast_as_it_is_lost(whole: Any, fed: Reading) -> None:
    marked = fed["pIRS1_s636_nM"]
    plain = fed["IRS1_total"] - marked
    lost = whole["k_IRS1_decay"] * plain + whole["k_IRS1_s636_degradation"] * marked
    supply = 1 + whole["gain_IRS1_FOXO4"] * fed["FOXO4_nuclear_share"]
    made = whole["k_IRS1_synthesis"] * whole["IRS1_0"] * supply
    assert made == pytest.approx(lost, rel=1e-4)


def test_estradiol_competes_with_its_antagonist(whole: Any) -> None:
    alone = whole.rest(E2_0=10.0)
    blocked = whole.after(24, {"SERD_0": 100.0}, E2_0=10.0)
    assert alone["ESR1_on_nM"] > 0.2 * alone["ESR1_total"]
    assert blocked["ESR1_on_nM"][-1] < 0.1 * alone["ESR1_on_nM"]
    assert blocked["ESR1_total"][-1] < 0.5 * alone["ESR1_total"]  # a degrader
