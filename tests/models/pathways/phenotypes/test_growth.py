from typing import Any

import pytest

Reading = dict[str, float]


def test_net_growth_is_what_dying_leaves_of_dividing(fed: Reading) -> None:
    assert fed["net_growth"] == pytest.approx(fed["proliferation"] - fed["death"], rel=1e-9)


def test_the_fed_cell_grows(fed: Reading) -> None:
    assert fed["net_growth"] > 0


def test_ribosomes_rest_where_making_and_loss_balance(whole: Any, fed: Reading) -> None:
    s6k = fed["S6K_active_nM"]
    building = whole["basal_ribosome_biogenesis"] + s6k / (s6k + whole["K_ribosome_biogenesis"])
    ratio = whole["k_RIBOSOME_synthesis"] / whole["k_RIBOSOME_decay"]
    # Forty days are seven half-lives of a ribosome.
    assert fed["RIBOSOME_total"] == pytest.approx(whole["RIBOSOME_0"] * ratio * building, rel=0.02)


def test_motility_falls_with_rock1(whole: Any, fed: Reading) -> None:
    half = whole["K_motility_ROCK1"]
    assert fed["motility"] == pytest.approx(half / (half + fed["ROCK1_active_nM"]), rel=1e-9)


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
    """No rate outside their own room reads a proxy, but for ribosomes, which only they read."""
    model = whole.model
    proxies = {
        *("proliferation", "death", "net_growth", "G1_S_drive", "motility", "angiogenesis"),
        *("autophagy", "lipogenesis", "glycolysis", "protein_synthesis", "cap_translation"),
    }
    for expression in model.expressions:
        if expression.name.startswith("rate_"):
            symbols = {symbol.name for symbol in expression.expr.free_symbols}
            assert not symbols & proxies, expression.name
