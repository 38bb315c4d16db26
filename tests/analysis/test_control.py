"""Control coefficients against closed forms and the summation theorems."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis import control
from mtorules.analysis.asking import readouts
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator, exposure

CHAIN = """
begin model
begin parameters
  a 5
  b 0.3
  c 0.7
  d 2
end parameters
begin molecule types
  S()
end molecule types
begin seed species
  S() 1
end seed species
begin observables
  Molecules S_total S()
end observables
begin reaction rules
  v1: 0 <-> S() a, b
  v2: S() <-> 0 c, d
end reaction rules
end model
"""


def test_a_chain_of_two_reversible_steps_has_the_control_of_the_closed_form(
    tmp_path: Path,
) -> None:
    """S = (a + d) / (b + c), J = (a c - b d) / (b + c)."""
    path = tmp_path / "chain.bngl"
    path.write_text(CHAIN, encoding="utf-8")
    loaded = load(path)
    data = control.control(loaded, readouts.of(loaded.model, ["S_total"]), {"reference": {}})
    a, b, c, d = 5, 0.3, 0.7, 2
    assert float(data.value.squeeze()) == pytest.approx((a + d) / (b + c))
    held = a / (a + d) - b / (b + c)
    assert data.concentration.squeeze().to_numpy() == pytest.approx([held, -held], rel=1e-5)
    for flux in ("v1", "v2"):
        found = data.flux.sel(flux_of=flux).squeeze().to_numpy()
        assert found == pytest.approx([c / (b + c), b / (b + c)], rel=1e-5)


def test_what_is_switched_off_leaves_totals_that_hold(tmp_path: Path) -> None:
    """With v2 off S comes to a / b, and with all of v1 off too it is a total of its own."""
    path = tmp_path / "chain.bngl"
    text = CHAIN.replace("c 0.7", "c 0").replace("d 2", "d 0").replace("a 5", "a 0")
    path.write_text(text.replace("b 0.3", "b 0"), encoding="utf-8")
    loaded = load(path)
    data = control.control(loaded, readouts.of(loaded.model, ["S_total"]), {"reference": {}})
    assert float(data.value.squeeze()) == pytest.approx(1.0)
    found = data.concentration.to_numpy()
    assert (np.isnan(found) | (np.abs(found) < 1e-9)).all()


def test_coefficients_of_a_network_add_up() -> None:
    loaded = load("complexes")
    data = control.control(
        loaded, readouts.of(loaded.model, ["MTORC1", "MTORC2 / MTORC1"]), {"reference": {}}
    )
    assert data.concentration.sum("rule").to_numpy() == pytest.approx(0, abs=1e-4)
    sums = data.flux.dropna("flux_of").sum("rule", skipna=False).to_numpy()
    assert sums == pytest.approx(np.ones_like(sums), abs=1e-3)
    assert "add up" in control.answer(data).said[-1]


def test_binding_at_rest_has_no_flux_and_is_held_by_no_rule(binding: Path) -> None:
    loaded = load(binding)
    data = control.control(loaded, readouts.of(loaded.model, ["AB"]), {"reference": {}})
    assert np.isnan(data.flux).all()
    assert data.concentration.to_numpy() == pytest.approx(0, abs=1e-6)


@pytest.fixture
def binding(tmp_path: Path) -> Path:
    path = tmp_path / "binding.bngl"
    path.write_text(
        CHAIN.replace("v1: 0 <-> S() a, b", "v1: S() + S() <-> S(x!1).S(x!1) a, b")
        .replace("S() 1", "S(x) 10")
        .replace("S()\n", "S(x)\n")
        .replace("S() + S()", "S(x) + S(x)")
        .replace("  v2: S() <-> 0 c, d\n", "")
        .replace("S_total S(x)", "AB S(x!1).S(x!1)"),
        encoding="utf-8",
    )
    return path


def test_formulas_mean_concentrations() -> None:
    """Of r = x / (x + 10 nM) the control is that of x times 10 nM / (x + 10 nM)."""
    loaded = load("rapamycin")
    asked = readouts.of(loaded.model, ["MTORC1", "r = MTORC1 / (MTORC1 + 10)"])
    data = control.control(loaded, asked, {"reference": {}}).sel(cell="reference")
    rest = Simulator(loaded, ["MTORC1"]).values(exposure([0.0]))[0, 0]
    assert float(data.value.sel(readout="MTORC1")) == pytest.approx(rest, rel=1e-5)
    of_x, of_r = (data.concentration.sel(readout=name).to_numpy() for name in ("MTORC1", "r"))
    assert of_r == pytest.approx(of_x * 10 / (rest + 10), rel=1e-3, abs=1e-6)


def test_conversion_factors_are_among_what_reactions_change(converted_sbml: str) -> None:
    """A = 5 / (1/2 + r/5) where B = r A, so that d ln A / d ln r is -(r/5) / (1/2 + r/5)."""
    loaded = from_sbml(converted_sbml)
    data = control.control(loaded, readouts.of(loaded.model, ["A", "B"]), {"reference": {}})
    held = -(3 / 5) / (1 / 2 + 3 / 5)
    expected = [[held, -held], [1 + held, -1 - held]]
    assert data.concentration.squeeze().to_numpy() == pytest.approx(np.array(expected), rel=1e-5)


def test_numbers_of_molecules_that_are_set_are_refused(converted_sbml: str) -> None:
    loaded = from_sbml(converted_sbml)
    with pytest.raises(AnalysisError, match="do to 'B' follows a formula or was set"):
        control.control(loaded, readouts.of(loaded.model, ["A"]), {"seven": {"five": 7.0}})


def test_what_only_laws_keep_together_has_no_control(antimony_sbml: Callable[[str], str]) -> None:
    body = "A = 10; B = 0; J1: A -> ; 0.3*A - 0.1*B; J2: -> B; 0.3*A - 0.1*B;"
    loaded = from_sbml(antimony_sbml(f"model halves; substanceOnly species A, B; {body} end"))
    with pytest.raises(AnalysisError, match="drift apart"):
        control.control(loaded, readouts.of(loaded.model, ["A"]), {"reference": {}})
