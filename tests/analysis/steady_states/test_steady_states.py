"""Branches, folds and Hopf points against closed forms."""

import math
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.asking import readouts, system
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.steady_states import question
from mtorules.analysis.steady_states.equations import Span
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.scans.from_text import Words


def alone(parameters: str, gain: str, loss: str) -> str:
    """Return a model of one species, which is made by a gain and lost by a loss."""
    return f"""
begin parameters
  {parameters}
end parameters
begin seed species
  X() 0.5
end seed species
begin observables
  Molecules x X()
end observables
begin functions
  gain() = {gain}
  loss() = {loss}
end functions
begin reaction rules
  make: 0 -> X() gain
  lose: X() -> 0 loss
end reaction rules
"""


# dx/dt = c + 6 x^2 - 11 x - x^3, whose roots at c = 6 are 1, 2 and 3.
SCHLOEGL = alone("c 5", "c + 6*x^2", "11 + x^2")
# dx/dt = A + x^2 y - (B + 1) x, dy/dt = B x - x^2 y.
BRUSSELATOR = """
begin parameters
  A 1.5
  B 2
  one 1
end parameters
begin seed species
  X() 1.4
  Y() 1.4
end seed species
begin observables
  Molecules x X()
  Molecules y Y()
end observables
begin functions
  back() = x^2
end functions
begin reaction rules
  make: 0 -> X() A
  there: X() -> Y() B
  again: Y() -> X() back
  lose: X() -> 0 one
end reaction rules
"""
# Two genes that hold each other back.
TOGGLE = """
begin parameters
  a 3
  d 1
end parameters
begin seed species
  U() 2.5
  V() 0.1
end seed species
begin observables
  Molecules u U()
  Molecules v V()
end observables
begin functions
  make_u() = a/(1 + v^2)
  make_v() = a/(1 + u^2)
end functions
begin reaction rules
  u_on: 0 -> U() make_u
  v_on: 0 -> V() make_v
  u_off: U() -> 0 d
  v_off: V() -> 0 d
end reaction rules
"""
# E + S <-> ES at a dissociation constant of 2: totals hold, and vary with their parameter.
BINDING = """
begin parameters
  kf 1
  kr 2
  E_0 3
  S_0 5
end parameters
begin seed species
  E(s) E_0
  S(e) S_0
end seed species
begin observables
  Molecules ES E(s!1).S(e!1)
end observables
begin reaction rules
  bind: E(s) + S(e) <-> E(s!1).S(e!1) kf, kr
end reaction rules
"""


def found(tmp_path: Path, text: str, words: str, *, starts: int = 0) -> question.Answer:
    path = tmp_path / "model.bngl"
    path.write_text(text, encoding="utf-8")
    loaded = load(path)
    asked = readouts.of(loaded.model, loaded.model.outputs)
    asked = readouts.of(loaded.model, [n for n in ("x", "y", "u", "v", "ES") if n in asked.names])
    at = system.at_end(loaded, Words(cells=("cell=reference",), times="inf"), asked)
    varied = question.span(at, words)
    equations, branches, reached = question.explore(at, varied, starts=starts)
    return question.answer(equations, branches, reached, asked)


def test_schloegl_has_three_roots_between_its_folds(tmp_path: Path) -> None:
    answer = found(tmp_path, SCHLOEGL, "c = 4..8 lin")
    folds = answer.table
    assert folds["point"].tolist() == ["fold", "fold"]
    # x^3 - 6 x^2 + 11 x has its extremes where x = 2 -+ 1/sqrt 3.
    assert sorted(folds["x"]) == pytest.approx([2 - 3**-0.5, 2 + 3**-0.5], rel=1e-4)
    assert sorted(folds["c"]) == pytest.approx([6 - 2 / 27**0.5, 6 + 2 / 27**0.5], rel=1e-6)
    curve = answer.tables["steady_states_branches"]
    assert curve["c"].to_numpy() == pytest.approx(
        np.polyval([1, -6, 11, 0], curve["x"].to_numpy()), rel=1e-7
    )
    inner = np.abs(curve["x"] - 2) < 3**-0.5
    assert (curve["stable"] == ~inner).all()
    assert "Several stable states" in answer.said[1]
    answer.draw()


# X makes more of itself, slowly; beside it F changes as fast as ever, and bears on nothing.
STIFF = """
begin parameters
  fast 1e4
  slow 1e-6
  basal 0.02
end parameters
begin seed species
  X() 0
  F(x~a) 1
  F(x~b) 1
end seed species
begin observables
  Molecules x X()
end observables
begin functions
  make() = slow*(basal + x^4/(0.5^4 + x^4))
end functions
begin reaction rules
  on: 0 -> X() make
  off: X() -> 0 slow
  turn: F(x~a) <-> F(x~b) fast, fast
end reaction rules
"""


@pytest.mark.parametrize("fast", ["1e2", "1e4", "1e6"])
def test_stability_is_told_beside_however_fast_a_reaction(tmp_path: Path, fast: str) -> None:
    text = STIFF.replace("fast 1e4", f"fast {fast}")
    answer = found(tmp_path, text, "basal = 0.005..0.3 lin", starts=6)
    assert answer.table["point"].tolist() == ["fold"]
    curve = answer.tables["steady_states_branches"]
    x = curve["x"].to_numpy()
    # The slope of basal + x^4 / (0.5^4 + x^4) - x.
    slope = 4 * x**3 * 0.5**4 / (0.5**4 + x**4) ** 2 - 1
    far = np.abs(slope) > 1e-3
    assert (curve["stable"].to_numpy()[far] == (slope < 0)[far]).all()
    assert "no more than 2 stable at once" in answer.said[0]


def test_the_brusselator_begins_to_oscillate_at_its_hopf_point(tmp_path: Path) -> None:
    answer = found(tmp_path, BRUSSELATOR, "B = 1..6")
    (row,) = answer.table.to_dict(orient="records")
    assert row["point"] == "Hopf point"
    assert row["B"] == pytest.approx(1 + 1.5**2, rel=1e-5)
    assert row["period (h)"] * 3600 == pytest.approx(2 * math.pi / 1.5, rel=1e-4)
    curve = answer.tables["steady_states_branches"]
    assert curve["x"].to_numpy() == pytest.approx(1.5, rel=1e-6)
    assert (curve["stable"] == (curve["B"] < 1 + 1.5**2)).all()


def test_random_starts_find_oscillation(tmp_path: Path) -> None:
    answer = found(tmp_path, BRUSSELATOR, "B = 1..6", starts=2)
    assert any("kept oscillating" in said and " 0 kept" not in said for said in answer.said)


def test_a_toggle_switch_has_two_states_that_random_starts_find(tmp_path: Path) -> None:
    answer = found(tmp_path, TOGGLE, "a = 1..6", starts=3)
    curve = answer.tables["steady_states_branches"]
    even = np.abs(curve["u"] - curve["v"]) < 1e-6
    # Uneven states obey u + v = a and u v = 1, and are stable; the even one is so below a = 2.
    assert (curve["u"] + curve["v"] - curve["a"])[~even].abs().max() < 1e-5
    assert (curve["u"] * curve["v"] - 1)[~even].abs().max() < 1e-5
    far = np.abs(curve["a"] - 2) > 0.05
    assert (curve["stable"] == (~even | (curve["a"] < 2)))[far].all()
    assert even.any()


@pytest.mark.parametrize("span", ["0.5..5 lin", "0.5..4 lin", "1..10 lin", "0.1..5"])
def test_branches_cross_where_they_do(tmp_path: Path, span: str) -> None:
    """No step leads to where branches cross: the equations of a step are singular there."""
    answer = found(tmp_path, TOGGLE, f"a = {span}", starts=3)
    points = answer.table[["point", "a", "u", "v"]].to_dict(orient="records")
    assert {"branch point"} <= {row["point"] for row in points} <= {"branch point", "fold"}
    for row in points:
        assert row["a"] == pytest.approx(2, rel=1e-5)
        assert [row["u"], row["v"]] == pytest.approx([1, 1], rel=2e-3)  # of a fold, a square root


def test_what_grows_from_nothing_does_so_where_births_outnumber_deaths(tmp_path: Path) -> None:
    text = alone("r 2\n  d 1", "r*x", "d + x")
    for words in ("r = 0.2..3 lin", "r = 0.2..3"):
        answer = found(tmp_path, text, words, starts=2)
        (row,) = answer.table.to_dict(orient="records")
        assert row["point"] == "branch point"
        assert row["r"] == pytest.approx(1, rel=1e-5)


def test_totals_follow_the_parameter_that_gives_them(tmp_path: Path) -> None:
    answer = found(tmp_path, BINDING, "S_0 = 1..20")
    curve = answer.tables["steady_states_branches"]
    both = 3 + curve["S_0"] + 2
    right = (both - np.sqrt(both**2 - 4 * 3 * curve["S_0"])) / 2
    assert curve["ES"].to_numpy() == pytest.approx(right.to_numpy(), rel=1e-7)
    assert curve["stable"].all()
    assert answer.said[-1] == "Stability changes nowhere on what was found."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("cc", "Did you mean 'c'"),
        ("c = 8..4", "has to rise"),
        ("c = 0..4", "above zero"),
        ("c = often", "is no range"),
        ("c = 4..nan", "is no range"),
    ],
)
def test_ranges_that_make_no_sense_are_said(tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        found(tmp_path, SCHLOEGL, words)


def test_places_and_values_are_each_others_inverse() -> None:
    for span in (Span("k", 0.1, 10), Span("k", 0, 5, log=False)):
        assert span.place(span.value(0.3)) == pytest.approx(0.3)
    assert Span("k", 0.1, 10).value(0.5) == pytest.approx(1)


def test_totals_weigh_with_conversion_factors(converted_sbml: str) -> None:
    """A/2 + B/5 is 5 on the whole branch, and B is k1/k2 times A."""
    loaded = from_sbml(converted_sbml)
    asked = readouts.of(loaded.model, ["A", "B"])
    there = system.at_end(loaded, Words(cells=("cell=reference",), times="inf"), asked)
    equations, (branch,), _ = question.explore(there, Span("k1", 0.03, 3.0), starts=0)
    for point in branch.points:
        ratio = equations.values(point.parameter)["k1"] / 0.1
        first = 5 / (1 / 2 + ratio / 5)
        assert point.unknowns * equations.scale == pytest.approx([first, ratio * first], rel=1e-6)
    with pytest.raises(AnalysisError, match="follows a formula or was set"):
        question.explore(there, Span("five", 1.0, 9.0), starts=0)


# The lower state is some 100, the upper some 5000.
FAR = """
begin parameters
  d 1
end parameters
begin seed species
  X() 0
end seed species
begin observables
  Molecules x X()
end observables
begin functions
  make() = 100 + 5000*x^4/(1000^4 + x^4)
end functions
begin reaction rules
  on: 0 -> X() make
  off: X() -> 0 d
end reaction rules
"""


def test_a_branch_far_above_rest_is_one_and_counts_once(tmp_path: Path) -> None:
    answer = found(tmp_path, FAR, "d = 0.05..60", starts=4)
    # Extremes of make(x) / x, by Brent's method.
    assert sorted(answer.table["d"]) == pytest.approx([0.465834896, 2.925706129], rel=1e-6)
    assert answer.said[0].startswith("1 branch of")
    assert "no more than 2 stable at once" in answer.said[0]
    within = found(tmp_path, FAR, "d = 0.5..60", starts=4)
    assert within.said[0].startswith("2 branches of")
    assert "no more than 2 stable at once" in within.said[0]
    assert not any("ends within" in each for each in within.said)


# dx/dt = 1/4 - (x - 2)^2 - (p - 1)^2, at rest on a circle.
ISOLA = """
begin parameters
  p 1
end parameters
begin seed species
  X() 2.4
end seed species
begin observables
  Molecules x X()
end observables
begin functions
  gain() = 4*x + 2*p
  loss() = x + (4.75 + p^2)/x
end functions
begin reaction rules
  make: 0 -> X() gain
  lose: X() -> 0 loss
end reaction rules
"""


def test_a_branch_that_comes_back_is_followed_once_round(tmp_path: Path) -> None:
    answer = found(tmp_path, ISOLA, "p = 0.1..2 lin")
    assert answer.table["point"].tolist() == ["fold", "fold"]
    assert sorted(answer.table["p"]) == pytest.approx([0.5, 1.5], rel=1e-6)
    assert answer.said[0].endswith("no more than 1 stable at once.")
    curve = answer.tables["steady_states_branches"]
    x, p = curve["x"].to_numpy(), curve["p"].to_numpy()
    assert (x - 2) ** 2 + (p - 1) ** 2 == pytest.approx(0.25, rel=1e-6)
    assert [x[0], p[0]] == pytest.approx([x[-1], p[-1]])
    assert np.hypot(np.diff(x), np.diff(p)).sum() == pytest.approx(np.pi, rel=0.02)
    assert (curve["stable"] == (x > 2))[np.abs(x - 2) > 0.01].all()


def test_stretches_of_the_parameter_are_told_apart() -> None:
    values = np.arange(8.0)
    there = np.array([0, 1, 1, 0, 0, 1, 0, 1], dtype=bool)
    assert question._runs(values, there) == [(1, 2), (5, 5), (7, 7)]
    assert question._runs(values, ~there & there) == []


def test_a_branch_that_is_left_and_met_again_is_one(tmp_path: Path) -> None:
    """Schloegl's cubic again, of which a walk of 25 points sees a part."""
    path = tmp_path / "model.bngl"
    path.write_text(SCHLOEGL, encoding="utf-8")
    loaded = load(path)
    asked = readouts.of(loaded.model, ["x"])
    rest = system.at_end(loaded, Words(cells=("cell=reference",), times="inf"), asked)
    varied = Span("c", 4.0, 8.0, False)
    equations, whole, _ = question.explore(rest, varied, starts=4)
    _, parts, _ = question.explore(rest, varied, starts=4, most=25)
    (one,), (other,) = whole, parts
    assert len(one.points) > 2 * 25
    assert [each.kind for each in other.specials] == ["fold", "fold"]
    folds = sorted(varied.value(each.point.parameter) for each in other.specials)
    # At x = 2 -+ 1/sqrt(3).
    assert folds == pytest.approx([6 - 2 / 27**0.5, 6 + 2 / 27**0.5], rel=1e-6)
    curves = [question._told(equations, asked, branch.points, 1) for branch in (one, other)]
    (_, counts), (values, again) = (question.stable_over(each, varied) for each in curves)
    assert again.max() == counts.max() == 2
    assert (again == np.where((values > folds[0]) & (values < folds[1]), 2, 1)).mean() > 0.99
