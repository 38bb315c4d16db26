from typing import Any


def test_ulk1_slows_ampk(tables: Any) -> None:
    """AMPK is more active in cells that lack ULK1 (Loffler 2011)."""
    low = {"energy_stress": 1.0}
    lacking = tables.rest(ULK1_0=0.0, **low)["AMPK_active_nM"]
    assert lacking > 1.05 * tables.rest(**low)["AMPK_active_nM"]
    cut = {"keff_ULK1_inactivates_AMPK": 0.0, **low}
    assert tables.rest(ULK1_0=0.0, **cut)["AMPK_active_nM"] < 1.02 * lacking


def test_ulk1_closes_raptor(tables: Any) -> None:
    """Also without AMPK (Dunlop 2011)."""
    hungry = {"amino_acids": 0.0, "keff_AMPK_phosphorylates_RPTOR_s792": 0.0}
    fed = tables.rest(keff_AMPK_phosphorylates_RPTOR_s792=0.0)["pRPTOR_s792"]
    assert tables.rest(**hungry)["pRPTOR_s792"] > 1.2 * fed
    assert tables.rest(ULK1_0=0.0, **hungry)["pRPTOR_s792"] < 1e-6
