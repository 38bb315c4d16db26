from typing import Any

import pytest

Reading = dict[str, float]


@pytest.mark.parametrize("stress", [0.0, 0.3, 1.0])
def test_amp_rises_with_the_lack_of_energy(stress: float, bench: Any) -> None:
    its = bench("energy_stress")
    expected = its["AMP_0"] * (1 + its["gain_AMP_energy_stress"] * stress)
    assert its.rest(energy_stress=stress)["AMP_nM"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("damage", [0.0, 0.5])
def test_lesions_rest_where_damage_and_repair_balance(damage: float, bench: Any) -> None:
    its = bench("energy_stress")
    made = its["k_LESION_formation"] * (its["basal_LESION_formation"] + damage)
    rest = its.rest(DNA_damage=damage)
    assert rest["LESION_nM"] == pytest.approx(made / its["k_LESION_repair"], rel=1e-6)
    p53 = rest["pTP53_s15_nM"]
    fold = 1 + its["gain_SESN2_TP53"] * p53 / (p53 + its["K_SESN2_TP53"])
    ratio = its["k_SESN2_synthesis"] / its["k_SESN2_decay"]
    assert rest["SESN2_nM"] == pytest.approx(its["SESN2_0"] * ratio * fold, rel=1e-4)


def test_without_lkb1_energy_does_not_reach_ampk(bench: Any) -> None:
    its = bench("energy_stress")
    lacking = {"STK11_0": 0.0, "keff_SESN2_activates_AMPK": 0.0}
    assert its.rest(energy_stress=1.0, **lacking)["AMPK_active_nM"] == pytest.approx(0, abs=1e-6)


def test_erk_and_rsk_take_lkb1_from_ampk(bench: Any) -> None:
    its = bench("energy_stress")
    low = its.rest(ERK_active_nM=0.0, RSK_active_nM=0.0)
    erk = its.rest(ERK_active_nM=2000.0, RSK_active_nM=0.0)
    both = its.rest(ERK_active_nM=2000.0, RSK_active_nM=400.0)
    assert low["STK11_AMPK_nM"] > 1.5 * erk["STK11_AMPK_nM"] > 2 * both["STK11_AMPK_nM"]
    free_lkb1 = low["STK11_total"] - low["STK11_AMPK_nM"]
    free_ampk = low["AMPK_total"] - low["STK11_AMPK_nM"]
    kd = its["kr_STK11_binds_AMPK"] / its["kf_STK11_binds_AMPK"]
    assert free_lkb1 * free_ampk / low["STK11_AMPK_nM"] == pytest.approx(kd, rel=1e-4)


def test_damage_reaches_ampk_through_p53_within_hours(whole: Any, fed: Reading) -> None:
    course = whole.after([0.5, 12], {"DNA_damage": 1.0})["AMPK_active_nM"]
    assert course[1] < 1.3 * fed["AMPK_active_nM"]  # transcription takes its time
    assert course[2] > 2 * fed["AMPK_active_nM"]
    lost = whole.after([12], {"DNA_damage": 1.0}, TP53_0=0.0)["AMPK_active_nM"]
    assert lost[-1] == pytest.approx(lost[0], rel=0.01)


@pytest.mark.parametrize("oxygen", [21.0, 1.0, 0.1])
def test_amp_rises_without_oxygen(oxygen: float, bench: Any) -> None:
    """Laderoute 2006. In air breathing sets none free."""
    its = bench("energy_stress")
    half = its["K_breathing_oxygen"]
    breathing = oxygen / (oxygen + half) / (21 / (21 + half))
    expected = its["AMP_0"] * (1 + its["gain_AMP_hypoxia"] * (1 - breathing))
    assert its.rest(oxygen=oxygen)["AMP_nM"] == pytest.approx(expected, rel=1e-6)


def test_hypoxia_reaches_ampk(tables: Any) -> None:
    fed, low = tables.rest(), tables.rest(oxygen=0.5)
    assert low["AMPK_active_nM"] > 1.15 * fed["AMPK_active_nM"]
    cut = tables.rest(oxygen=0.5, gain_AMP_hypoxia=0.0)
    assert cut["AMPK_active_nM"] < 1.05 * fed["AMPK_active_nM"]
