import re
from typing import Any

import pytest

Reading = dict[str, float]
GUESTS = ("S6K", "EIF4EBP1", "AKT1S1")


def test_the_groove_holds_one_guest(whole: Any) -> None:
    for species in whole.network.species:
        guests = [name for name in GUESTS if re.search(rf"\b{name}\(", species.pattern)]
        if "RPTOR(" in species.pattern:
            assert len(guests) <= 1, species.pattern


def test_docking_reaches_its_equilibrium_where_nothing_is_phosphorylated(bench: Any) -> None:
    """With a dead kinase and no turnover, S6K on mTORC1 is where its two constants put it."""
    its = bench("translation")
    dead = {"kinase_MTOR": 0.0, "turnover": 0.0}
    amounts = its.amounts(**dead)
    cell = its["V_cell"]

    def nm(*parts: str, without: str = "~~") -> float:
        return (
            sum(
                amount
                for pattern, amount in amounts.items()
                if all(part in pattern for part in parts) and without not in pattern
            )
            / cell
        )

    docked = nm("S6K(", "RPTOR(")
    loose = nm("S6K(", without="RPTOR(")
    empty = sum(
        amount
        for pattern, amount in amounts.items()
        if re.search(r"MTOR\(.*RPTOR\(mtor!\d,[^)]*tos\)", pattern)
    )
    kd = its["kr_RPTOR_docks_S6K"] / its["kf_RPTOR_docks_S6K"]
    assert empty / cell * loose / docked == pytest.approx(kd, rel=1e-3)


def test_the_rags_follow_amino_acids(whole: Any, fed: Reading) -> None:
    level = fed["amino_acids_inside"]  # 1 in full medium, and what autophagy adds
    drive = whole["basal_RRAGA_activation"] + level / (level + whole["K_amino_acids"])
    gain, loss = whole["k_RRAGA_activation"] * drive, whole["k_RRAGA_inactivation"]
    on = fed["RRAG_on"] / fed["RRAGA_total"]
    assert on == pytest.approx(gain / (gain + loss), rel=1e-6)
    assert fed["RRAG_share"] == pytest.approx(on, rel=1e-4)


def test_s6k_t229_follows_t389_and_pdpk1(whole: Any, fed: Reading) -> None:
    full, primed = fed["pS6K_t229_nM"], fed["pS6K_t389_nM"] - fed["pS6K_t229_nM"]
    gain = whole["keff_PDPK1_phosphorylates_S6K_t229"] * fed["PDPK1_all_nM"]
    assert full / primed == pytest.approx(gain / whole["k_S6K_t389_dephosphorylation"], rel=1e-4)


@pytest.mark.xfail(strict=True, reason="T389 of S6K rises by 8 % in the set of the package")
def test_without_pras40_s6k_has_more_phosphate(whole: Any, fed: Reading) -> None:
    assert whole.rest(AKT1S1_0=0.0)["pS6K_t389_nM"] > 1.1 * fed["pS6K_t389_nM"]


def test_guests_push_each_other_out(whole: Any, fed: Reading) -> None:
    assert whole.rest(AKT1S1_0=0.0)["MTORC1_S6K_nM"] > 1.1 * fed["MTORC1_S6K_nM"]
    crowded = whole.rest(EIF4EBP1_0=5 * whole["EIF4EBP1_0"])
    assert crowded["MTORC1_S6K_nM"] < fed["MTORC1_S6K_nM"]


def test_a_dead_kinase_phosphorylates_nothing(whole: Any) -> None:
    dead = whole.rest(kinase_MTOR=0.0)
    for site in ("pS6K_t389", "pEIF4EBP1_t37", "pAKT_s473", "pSGK1_s422", "pULK1_s758"):
        assert dead[f"{site}_nM"] == pytest.approx(0, abs=1e-6), site
    assert dead["pAKT_t308_nM"] > 1
    assert dead["pERK_y204_nM"] > 1


def test_raptor_covered_by_1433_takes_no_guest(whole: Any) -> None:
    for species in whole.network.species:
        if "s792~p" in species.pattern:
            assert not any(f"{name}(" in species.pattern for name in GUESTS), species.pattern
