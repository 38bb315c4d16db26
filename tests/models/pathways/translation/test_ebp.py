from typing import Any

import pytest

Reading = dict[str, float]


def test_eif4e_and_eif4g_are_at_equilibrium(whole: Any, fed: Reading) -> None:
    pair = fed["EIF4E_EIF4G1_nM"]
    free = fed["EIF4E_total"] - fed["EIF4E_EIF4EBP1_nM"] - pair
    kd = whole["kr_EIF4E_binds_EIF4G1"] / whole["kf_EIF4E_binds_EIF4G1"]
    assert free * (fed["EIF4G1_total"] - pair) / pair == pytest.approx(kd, rel=1e-4)


def test_eif4e_has_one_face(whole: Any) -> None:
    for species in whole.network.species:
        if "EIF4E(" in species.pattern:
            assert not ("EIF4EBP1(" in species.pattern and "EIF4G1(" in species.pattern)


def test_the_sites_of_4ebp1_are_filled_in_order(whole: Any) -> None:
    for species in whole.network.species:
        if "EIF4EBP1(" in species.pattern:
            assert not ("s65~p" in species.pattern and "t37~u" in species.pattern)


def test_without_4ebp1_the_cap_is_free(whole: Any, fed: Reading) -> None:
    without = whole.rest(EIF4EBP1_0=0.0)["EIF4E_EIF4G1_nM"]
    total = whole["EIF4E_0"] + whole["EIF4G1_0"]
    total += whole["kr_EIF4E_binds_EIF4G1"] / whole["kf_EIF4E_binds_EIF4G1"]
    root = (total - (total**2 - 4 * whole["EIF4E_0"] * whole["EIF4G1_0"]) ** 0.5) / 2
    assert without == pytest.approx(root, rel=1e-4)
    assert without > 1.2 * fed["EIF4E_EIF4G1_nM"]


def test_s6_follows_s6k_and_rsk(whole: Any, fed: Reading) -> None:
    for site, kinases in (("s240", ("S6K",)), ("s235", ("S6K", "RSK"))):
        gain = sum(
            whole[f"keff_{name}_phosphorylates_RPS6_{site}"] * fed[f"{name}_active_nM"]
            for name in kinases
        )
        loss = whole[f"k_RPS6_{site}_dephosphorylation"]
        share = fed[f"pRPS6_{site}_nM"] / fed["RPS6_total"]
        assert share == pytest.approx(gain / (gain + loss), rel=1e-4)


def test_the_better_site_outlives_rapamycin(whole: Any) -> None:
    course = whole.after(1, {"RAPA_0": 1000.0})
    t389, s65, t37 = (
        course[f"{name}_nM"][-1] / course[f"{name}_nM"][0]
        for name in ("pS6K_t389", "pEIF4EBP1_s65", "pEIF4EBP1_t37")
    )
    assert t389 < 0.1 < s65 < t37 < 0.95
