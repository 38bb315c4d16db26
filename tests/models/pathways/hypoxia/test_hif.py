from typing import Any

import pytest


@pytest.mark.parametrize("oxygen", [21.0, 5.0, 1.0])
def test_hif1a_rests_where_making_marking_and_loss_balance(oxygen: float, bench: Any) -> None:
    its = bench("energy_stress")
    cap = its["EIF4E_EIF4G1_nM"]
    made = its["k_HIF1A_synthesis"] * its["HIF1A_0"] * cap / (cap + its["K_HIF_cap"])
    marking = its["k_HIF1A_hydroxylation"] * oxygen / (oxygen + its["K_EGLN1_oxygen"])
    decay = its["k_HIF1A_decay"]
    vhl = its["keff_VHL_degrades_HIF1A"] * its["VHL_0"]
    plain = made / (marking + decay)
    rest = its.rest(oxygen=oxygen)
    assert rest["HIF1A_nM"] == pytest.approx(plain + marking * plain / (vhl + decay), rel=1e-4)


def test_without_vhl_oxygen_does_not_matter(bench: Any) -> None:
    its = bench("energy_stress")
    air, none = (its.rest(VHL_0=0.0, oxygen=level)["HIF1A_nM"] for level in (21.0, 1.0))
    assert air == pytest.approx(none, rel=1e-6)
    assert air > 5 * its.rest()["HIF1A_nM"]


def test_acid_hides_vhl(bench: Any) -> None:
    its = bench("energy_stress")
    assert its.rest(acidosis=1.0)["VHL_free_nM"] == pytest.approx(
        its["VHL_0"] / (1 + its["hiding_VHL_acidosis"]), rel=1e-6
    )


def test_redd1_comes_with_hif1a_and_goes_within_minutes(whole: Any) -> None:
    course = whole.after([6, 6 + 0.5], {"oxygen": 1.0})["DDIT4_total"]
    assert course[1] > 2 * course[0]
    stopped = whole.after([0.25], {"k_DDIT4_synthesis": 0.0}, oxygen=1.0)["DDIT4_total"]
    assert stopped[-1] / stopped[0] == pytest.approx(2 ** (-15 / 5), rel=0.02)


def test_mtorc1_raises_hif1a_and_vegf(whole: Any) -> None:
    course = whole.after([48], {"TORKI_0": 250.0}, VHL_0=0.0)
    for name in ("HIF1A_nM", "EPAS1_nM", "VEGFA_nM"):
        assert course[name][-1] < 0.9 * course[name][0], name


def test_damage_raises_redd1_through_p53(tables: Any) -> None:
    """Ellisen 2002: not in cells without p53."""
    course = tables.after(12, {"DNA_damage": 1.0})["DDIT4_total"]
    assert course[-1] > 1.5 * course[0]
    lost = tables.after(12, {"DNA_damage": 1.0}, TP53_0=0.0)["DDIT4_total"]
    assert lost[-1] < 1.05 * lost[0]
