from typing import Any

import pytest

Reading = dict[str, float]


def test_the_two_sites_of_bad_are_independent(whole: Any, fed: Reading) -> None:
    bare = [1 - fed[f"pBAD_{site}_nM"] / fed["BAD_total"] for site in ("s75", "s99")]
    assert fed["BAD_armed_nM"] / fed["BAD_total"] == pytest.approx(bare[0] * bare[1], rel=1e-4)


def test_each_site_follows_its_kinase(whole: Any, fed: Reading) -> None:
    for site, kinases in (
        ("s75", {"RSK": fed["RSK_active_nM"]}),
        ("s99", {"AKT": fed["AKT_on_BAD_nM"], "S6K": fed["S6K_active_nM"]}),
    ):
        gain = sum(
            whole[f"keff_{kinase}_phosphorylates_BAD_{site}"] * level
            for kinase, level in kinases.items()
        )
        loss = whole[f"k_BAD_{site}_dephosphorylation"]
        share = fed[f"pBAD_{site}_nM"] / fed["BAD_total"]
        assert share == pytest.approx(gain / (gain + loss), rel=1e-4)


def test_mcl1_is_made_for_helped_and_for_marked_cap_complexes(whole: Any, fed: Reading) -> None:
    marked = whole["gain_MCL1_EIF4E_s209"] * fed["EIF4E_s209_EIF4G1_nM"]
    level = fed["EIF4E_EIF4G1_helped_nM"] + marked
    drive = level / (level + whole["K_MCL1_cap"])
    rest = whole["MCL1_0"] * whole["k_MCL1_synthesis"] / whole["k_MCL1_decay"] * drive
    assert fed["MCL1_nM"] == pytest.approx(rest, rel=1e-4)
    lowered = whole.after(2, {"RAPA_0": 20.0})["MCL1_nM"]
    assert lowered[-1] < 0.9 * lowered[0]
