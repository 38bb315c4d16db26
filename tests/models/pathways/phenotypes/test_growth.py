import math
from typing import Any

import pytest

Reading = dict[str, float]


def test_net_growth_is_what_dying_leaves_of_dividing(fed: Reading) -> None:
    assert fed["net_growth"] == pytest.approx(fed["proliferation"] - fed["death"], rel=1e-9)


def test_the_fed_cell_doubles_in_about_a_day_and_few_cells_die(tables: Any) -> None:
    """HEK293T and most lines in serum: 20 to 30 h; cultures lose a few percent of cells."""
    fed = tables.rest()
    assert 18 < math.log(2) / fed["net_growth"] < 32
    assert fed["death"] < 0.1 * fed["proliferation"]


def test_cells_without_tsc_outgrow_others_and_rapamycin_slows_them(tables: Any) -> None:
    """As in the lesions of tuberous sclerosis, which shrink back and do not vanish."""
    lost = {"TSC2_0": 0.0}
    assert tables.rest(**lost)["net_growth"] > 1.2 * tables.rest()["net_growth"]
    course = tables.after([24, 72, 168], {"RAPA_0": 20.0}, **lost)["net_growth"]
    assert (course[1:] < 0.85 * course[0]).all()
    assert (course[1:] > 0).all()


def test_rapamycin_arrests_in_g1_and_goes_on_doing_so(tables: Any) -> None:
    """Cyclin D1 falls within hours and stays down (Hashemolhosseini 1998)."""
    course = tables.after([6, 24, 72, 168], {"RAPA_0": 20.0})
    assert (course["CCND1_total"][1:] < 0.75 * course["CCND1_total"][0]).all()
    assert (course["G1_S_drive"][1:] < 0.92 * course["G1_S_drive"][0]).all()
    # Where eIF4B does not matter, AKT's return brings cyclin D1 back.
    plain = tables.after(72, {"RAPA_0": 20.0}, residual_EIF4B_s422_u=1.0)["CCND1_total"]
    assert plain[-1] / plain[0] > 1.2 * course["CCND1_total"][3] / course["CCND1_total"][0]


def test_ribosomes_of_the_fed_cell_are_near_their_reference(tables: Any) -> None:
    assert tables.rest()["RIBOSOME_total"] == pytest.approx(tables["RIBOSOME_0"], rel=0.4)


def test_ribosomes_rest_where_making_and_loss_balance(whole: Any, fed: Reading) -> None:
    s6k = fed["S6K_active_nM"]
    building = whole["basal_ribosome_biogenesis"] + s6k / (s6k + whole["K_ribosome_biogenesis"])
    ratio = whole["k_RIBOSOME_synthesis"] / whole["k_RIBOSOME_decay"]
    # Forty days are seven half-lives of a ribosome.
    assert fed["RIBOSOME_total"] == pytest.approx(whole["RIBOSOME_0"] * ratio * building, rel=0.02)


def test_motility_falls_with_rock1_and_rises_with_pkc(whole: Any, fed: Reading) -> None:
    half, left = whole["K_motility_ROCK1"], whole["residual_motility_PRKCA_s657_u"]
    # Shares are of one molecule more than there are.
    total = fed["PRKCA_total"] + whole["molecule"] / whole["V_cell"]
    actin = left + (1 - left) * fed["pPRKCA_s657"] / total
    expected = actin * half / (half + fed["ROCK1_active_nM"])
    assert fed["motility"] == pytest.approx(expected, rel=1e-9)


def test_without_mtorc2_cells_move_less_and_through_pkc(tables: Any) -> None:
    fed, lacking = tables.rest(), tables.rest(RICTOR_0=0.0)
    assert lacking["motility"] < 0.8 * fed["motility"]
    cut = {"residual_motility_PRKCA_s657_u": 1.0}
    assert tables.rest(RICTOR_0=0.0, **cut)["motility"] > 0.9 * tables.rest(**cut)["motility"]


def test_an_antibody_against_vegf_stops_angiogenesis(whole: Any) -> None:
    course = whole.after(1, {"BEVACIZUMAB_0": 10.0})
    vegf = course["VEGFA_nM"] / (1 + 10.0 / whole["Ki_BEVACIZUMAB_VEGFA"])
    expected = vegf[-1] / (vegf[-1] + whole["K_angiogenesis_VEGFA"])
    assert course["angiogenesis"][-1] == pytest.approx(expected, rel=1e-4)


def test_rapamycin_slows_and_a_kinase_inhibitor_kills(whole: Any) -> None:
    rapalog = whole.after(72, {"RAPA_0": 20.0})
    torki = whole.after(72, {"TORKI_0": 250.0})
    assert rapalog["proliferation"][-1] < 0.95 * rapalog["proliferation"][0]
    assert rapalog["death"][-1] < 1.1 * rapalog["death"][0]
    assert torki["proliferation"][-1] < rapalog["proliferation"][-1]
    assert torki["death"][-1] > 1.15 * torki["death"][0]


def test_phenotypes_tell_the_network_nothing(whole: Any) -> None:
    """No rate outside their own room reads a proxy, but autophagy, which feeds the cell."""
    model = whole.model
    proxies = {
        *("proliferation", "death", "net_growth", "G1_S_drive", "motility", "angiogenesis"),
        *("lipogenesis", "glycolysis", "protein_synthesis", "cap_translation"),
    }
    for expression in model.expressions:
        if expression.name.startswith("rate_"):
            symbols = {symbol.name for symbol in expression.expr.free_symbols}
            assert not symbols & proxies, expression.name


def test_lack_of_glucose_stops_cells_and_kills_those_without_tsc2(tables: Any) -> None:
    """Rapamycin saves them, as they make less protein then (Choo 2010)."""
    hungry = {"energy_stress": 1.0}
    whole = tables.after(24, hungry)
    assert whole["proliferation"][-1] < 0.3 * whole["proliferation"][0]
    null = {"TSC2_0": 0.0}
    died = tables.after(24, hungry, **null)["death"]
    assert died[-1] > 3 * died[0]
    assert died[-1] > 1.2 * whole["death"][-1]
    assert tables.after(24, {**hungry, "RAPA_0": 20.0}, **null)["death"][-1] < 0.85 * died[-1]
