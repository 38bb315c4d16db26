from typing import Any

import pytest

Reading = dict[str, float]


def test_rheb_rests_where_exchange_and_hydrolysis_balance(whole: Any, fed: Reading) -> None:
    gain = whole["k_RHEB_exchange"]
    loss = whole["k_RHEB_hydrolysis"]
    loss += whole["keff_TSC_stimulates_RHEB_hydrolysis"] * fed["TSC_GAP_nM"]
    share = fed["RHEB_GTP_nM"] / fed["RHEB_total"]
    assert share == pytest.approx(gain / (gain + loss), rel=1e-4)


@pytest.mark.parametrize(
    ("site", "kinase"),
    [("s664", "ERK"), ("s1798", "RSK"), ("s1387", "AMPK")],
)
def test_each_site_follows_its_kinase(site: str, kinase: str, whole: Any, fed: Reading) -> None:
    marked = fed[f"pTSC2_{site}_nM"]
    plain = fed["TSC_complex_nM"] - marked
    gain = whole[f"keff_{kinase}_phosphorylates_TSC2_{site}"] * fed[f"{kinase}_active_nM"]
    assert marked / plain == pytest.approx(gain / whole[f"k_TSC2_{site}_dephosphorylation"], 1e-4)


def test_1433_is_shared_by_tsc2_and_redd1(whole: Any, fed: Reading) -> None:
    free = fed["YWHAZ_total"] - fed["TSC2_YWHAZ_nM"] - fed["DDIT4_YWHAZ_nM"]
    assert free > 0
    more = whole.rest(DDIT4_0=10 * whole["DDIT4_0"])
    assert more["TSC2_YWHAZ_nM"] < 0.3 * fed["TSC2_YWHAZ_nM"]
    assert more["pTSC2_s939_nM"] > 0.7 * fed["pTSC2_s939_nM"]  # AKT's mark stays
    assert more["TSC_GAP_nM"] > 1.5 * fed["TSC_GAP_nM"]


def test_without_the_site_of_akt_redd1_has_nothing_to_release(whole: Any) -> None:
    alanine = {"keff_AKT_phosphorylates_TSC2_s939": 0.0}
    plain = whole.rest(**alanine)["TSC_GAP_nM"]
    more = whole.rest(DDIT4_0=10 * whole["DDIT4_0"], **alanine)["TSC_GAP_nM"]
    assert more == pytest.approx(plain, rel=0.05)


@pytest.mark.parametrize("subunit", ["TSC1", "TSC2"])
def test_half_of_the_complex_is_none(subunit: str, whole: Any) -> None:
    assert whole.rest(**{f"{subunit}_0": 0.0})["TSC_GAP_nM"] == pytest.approx(0, abs=1e-9)
