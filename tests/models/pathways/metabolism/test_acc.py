from typing import Any

import pytest


def test_acc_follows_ampk_and_fat_follows_acc(tables: Any) -> None:
    low, fed = tables.rest(energy_stress=1.0), tables.rest()
    for cell in (fed, low):
        gain = tables["keff_AMPK_phosphorylates_ACACA_s80"] * cell["AMPK_active_nM"]
        loss = tables["k_ACACA_s80_dephosphorylation"]
        share = cell["pACACA_s80"] / cell["ACACA_total"]
        assert share == pytest.approx(gain / (gain + loss), rel=1e-4)
    cut = {"keff_AMPK_phosphorylates_ACACA_s80": 0.0}
    spared = (
        tables.rest(energy_stress=1.0, **cut)["lipogenesis"] / tables.rest(**cut)["lipogenesis"]
    )
    assert low["lipogenesis"] / fed["lipogenesis"] < 0.8 * spared


def test_sgk1_raises_glucose_transport(tables: Any) -> None:
    """Beside AKT (Palmada 2006)."""
    assert tables.rest(SGK1_0=0.0)["glucose_uptake"] < 0.95 * tables.rest()["glucose_uptake"]
