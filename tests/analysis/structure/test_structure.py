"""Laws, rank and loops against what can be worked out by hand, and rank against SymPy."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sympy
from mtorules.analysis.asking import readouts, system
from mtorules.analysis.structure import question
from mtorules.analysis.structure.laws import rank_and_laws
from mtorules.analysis.structure.loops import Gains, graph, loops
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.scans.from_text import Words

# A ring of three: A makes B, B makes C, C holds A back with a Hill coefficient of 4.
RING = """
begin model
begin parameters
  k 2
  d 1
  n 4
end parameters
begin seed species
  A() 0.5
  B() 0.5
  C() 0.5
end seed species
begin observables
  Molecules A_all A()
  Molecules B_all B()
  Molecules C_all C()
end observables
begin functions
  held() = k/(1 + C_all^n)
end functions
begin reaction rules
  make_A: 0 -> A() held
  make_B: A() -> A() + B() d
  make_C: B() -> B() + C() d
  lose_A: A() -> 0 d
  lose_B: B() -> 0 d
  lose_C: C() -> 0 d
end reaction rules
end model
"""
# E + S <-> ES -> E + P: enzyme and substrate are conserved, in whatever form.
ENZYME = """
begin model
begin parameters
  k 1
end parameters
begin seed species
  E(s) 1
  S(e,x~s) 10
end seed species
begin observables
  Molecules P S(x~p)
end observables
begin reaction rules
  bind: E(s) + S(e,x~s) <-> E(s!1).S(e!1,x~s) k, k
  make: E(s!1).S(e!1,x~s) -> E(s) + S(e,x~p) k
end reaction rules
end model
"""


def made(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "model.bngl"
    path.write_text(text, encoding="utf-8")
    return load(path)


def rest(loaded: Loaded) -> system.System:
    asked = readouts.of(loaded.model, list(loaded.model.outputs)[:1])
    return system.at_end(loaded, Words(cells=("cell=reference",), times="inf"), asked)


def test_molecules_of_an_enzyme_and_its_substrate_are_conserved(tmp_path: Path) -> None:
    loaded = made(tmp_path, ENZYME)
    rank, laws = rank_and_laws(loaded)
    assert rank == sympy.Matrix(loaded.changes.astype(int)).rank() == 2
    assert [(law.name, law.molecule) for law in laws] == [("E", True), ("S", True)]
    _, state = loaded.model.initial({})
    assert [law.total(state) for law in laws] == [1, 10]


def test_laws_of_sbml_need_no_rules(tmp_path: Path) -> None:
    loaded = made(tmp_path, ENZYME)
    path = tmp_path / "model.xml"
    path.write_text(loaded.sbml, encoding="utf-8")
    rank, laws = rank_and_laws(load(path))
    assert rank == 2
    assert not any(law.molecule for law in laws)
    weights = np.array([[law.weights.get(i, 0) for i in loaded.model.state_ids] for law in laws])
    assert not (weights @ loaded.changes).any()
    assert np.linalg.matrix_rank(weights) == 2


def test_an_open_system_conserves_nothing(tmp_path: Path) -> None:
    assert rank_and_laws(made(tmp_path, RING)) == (3, [])


def test_dimers_weigh_twice(tmp_path: Path) -> None:
    loaded = made(
        tmp_path,
        "begin parameters\n k 1\nend parameters\n"
        "begin seed species\n A(a) 8\nend seed species\n"
        "begin observables\n Molecules A_free A(a)\nend observables\n"
        "begin reaction rules\n A(a) + A(a) <-> A(a!1).A(a!1) k, k\nend reaction rules\n",
    )
    _, (law,) = rank_and_laws(loaded)
    assert sorted(law.weights.values()) == [1, 2]


@pytest.mark.parametrize("as_sbml", [False, True])
def test_the_gain_of_a_ring_is_the_product_of_its_elasticities(
    tmp_path: Path, as_sbml: bool
) -> None:
    loaded = made(tmp_path, RING)
    if as_sbml:
        path = tmp_path / "ring.xml"
        path.write_text(loaded.sbml, encoding="utf-8")
        loaded = load(path)
    at_rest = rest(loaded)
    # At rest all three are x with x = 2/(1 + x^4), so x = 1; d ln(held)/d ln(C) = -4 x^4/(1 + x^4).
    assert at_rest.state == pytest.approx([1, 1, 1], rel=1e-6)
    jacobian = at_rest.jacobian(at_rest.state)
    (loop,) = loops(graph(loaded, jacobian))
    assert loop.sign == -1
    assert Gains(loaded, at_rest).loop(loop) == pytest.approx(-2, rel=1e-4)


def test_a_state_that_feeds_back_on_itself_through_another(tmp_path: Path) -> None:
    """X~p makes Y~p and Y~p makes X~p: positive; each step's gain is the share that is still u."""
    loaded = made(
        tmp_path,
        """
begin parameters
  k 3
  d 1
end parameters
begin molecule types
  X(s~u~p)
  Y(s~u~p)
end molecule types
begin seed species
  X(s~p) 1
  Y(s~p) 1
end seed species
begin observables
  Molecules Xp X(s~p)
  Molecules Yp Y(s~p)
end observables
begin reaction rules
  on_X: Y(s~p) + X(s~u) -> Y(s~p) + X(s~p) k
  on_Y: X(s~p) + Y(s~u) -> X(s~p) + Y(s~p) k
  off_X: X(s~p) -> X(s~u) d
  off_Y: Y(s~p) -> Y(s~u) d
end reaction rules
""",
    )
    at_rest = rest(loaded)
    (loop,) = loops(graph(loaded, None))
    assert loop.sign == 1
    # p = 1 - d/k = 2/3; k y (1 - x) = d x gives d ln x/d ln y = 1 - x = 1/3.
    assert Gains(loaded, at_rest).loop(loop) == pytest.approx(1 / 9, rel=1e-5)
    answer = question.answer(loaded, {"as it is": at_rest})
    assert answer.table["sign"].tolist() == ["positive"]
    answer.draw()


def test_without_rest_signs_alone_are_told(tmp_path: Path) -> None:
    loaded = made(tmp_path, RING)
    answer = question.answer(loaded, {}, {"as it is": "it oscillates"})
    assert answer.table["sign"].tolist() == ["negative"]
    assert answer.said[-1] == "No gains, as it is: it oscillates"
    answer.draw()


def test_laws_weigh_with_conversion_factors(converted_sbml: str) -> None:
    rank, (law,) = rank_and_laws(from_sbml(converted_sbml))
    assert (rank, law.weights) == (1, {"A": 5, "B": 2})


def test_laws_weigh_with_numbers_that_are_nearly_nothing(
    antimony_sbml: Callable[[str], str],
) -> None:
    body = "substanceOnly species A, B, C; J1: A -> B + 1e-9 C; A; J2: B + 1e-9 C -> A; B;"
    rank, laws = rank_and_laws(from_sbml(antimony_sbml(f"model m; {body} end")))
    assert rank == 1
    for law in laws:  # whichever two of them are told
        weights = [law.weights.get(id, 0) for id in "ABC"]
        assert weights[1] * 10**9 + weights[2] == weights[0] * 10**9


def test_prey_and_predator_without_rules_or_rest_feed_back_on_each_other(
    tmp_path: Path, antimony_sbml: Callable[[str], str]
) -> None:
    """Lotka and Volterra: prey feeds predators, which take prey, wherever they are."""
    path = tmp_path / "prey.xml"
    path.write_text(
        antimony_sbml(
            """
            model prey
              S -> 2 S; a*S
              S + P -> 2 P; b*S*P
              P -> ; d*P
              S = 10; P = 5; a = 1; b = 0.1; d = 0.5
            end
            """
        ),
        encoding="utf-8",
    )
    (loop,) = loops(graph(load(path), None))
    assert (loop.nodes, loop.sign) == (("P", "S"), -1)
