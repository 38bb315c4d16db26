"""Ratios of Kummer's functions, by closed forms and by their recurrence."""

import math

import pytest
from mtorules.network import generate
from mtorules.network.bionetgen.bng2 import GenerationError
from mtorules.network.mathematics import expressions
from mtorules.network.network import Network
from scipy.special import hyp1f1

TEXT = """begin model
begin parameters
  a 1
  b 2
  z 0.7
  u 3*mratio(a,b,z)
  k 2*u
end parameters
begin molecule types
  A(y~u~p)
end molecule types
begin seed species
  A(y~u) 10
end seed species
begin observables
  Molecules Ap A(y~p)
end observables
begin functions
  f() = Ap*mratio(a,b+1,z)
end functions
begin reaction rules
  on: A(y~u) -> A(y~p) k
  off: A(y~p) -> A(y~u) f()
end reaction rules
end model
"""


def value(a: float, b: float, z: float) -> float:
    return expressions.parse(f"mratio({a},{b},{z})").evaluate()


@pytest.mark.parametrize(
    ("a", "b", "z"), [(1, 2, 0.7), (-100, 101, -1000), (0.5, 1.5, -50), (3, 4, 700), (3, 4, -800)]
)
def test_it_is_the_ratio_of_scipys_functions(a: float, b: float, z: float) -> None:
    assert value(a, b, z) == pytest.approx(hyp1f1(a + 1, b + 1, z) / hyp1f1(a, b, z), rel=1e-8)


def test_it_is_there_where_the_functions_are_too_large_for_a_double() -> None:
    """BioNetGen's own example; Gauss' continued fraction of the ratio, from its tail."""
    a, b, z = -1000.0, 9001.0, -1e4
    fraction = 1.0
    for n in range(4000, 0, -1):  # DLMF 13.5.1
        half = n // 2
        if n % 2:
            u = (a - b - half) / ((b + 2 * half) * (b + 2 * half + 1))
        else:
            u = (a + half) / ((b + 2 * half - 1) * (b + 2 * half))
        fraction = 1 + u * z / fraction
    assert value(a, b, z) == pytest.approx(1 / fraction, rel=1e-12)


def test_of_constants_it_becomes_their_value() -> None:
    network = generate.from_bngl(TEXT, "ratio")
    above = 2 * (math.exp(0.7) * (0.7 - 1) + 1) / 0.7**2
    below = (math.exp(0.7) - 1) / 0.7
    found = {p.name: p for p in network.parameters}
    assert float(found["u"].expression) == pytest.approx(3 * above / below, rel=1e-12)
    assert found["k"].expression == "2*u"
    assert "mratio" not in function(network, "f")
    assert expressions.parse(function(network, "f")).evaluate({"Ap": 2.0}) == pytest.approx(
        2 * hyp1f1(2, 4, 0.7) / hyp1f1(1, 3, 0.7)
    )
    assert network.warnings == (
        "u keeps the value that mratio gives it now, whatever becomes of a, b, z.",
        "f keeps the value that mratio gives it now, whatever becomes of a, b, z.",
    )


def function(network: Network, name: str) -> str:
    return next(f.expression for f in network.functions if f.name == name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mratio(a,b+1,z)", "mratio(a,b,Ap)", "The function 'f' needs mratio of what varies (Ap)"),
        ("u) f()", "u) mratio(a,b,Ap)", "The rate of rule 'off' needs mratio of what varies (Ap)"),
        ("mratio(a,b+1,z)", "mratio(a,b,time())", "The function 'f' needs mratio of what varies"),
    ],
)
def test_of_what_varies_it_is_refused_where_it_stands(old: str, new: str, said: str) -> None:
    with pytest.raises(GenerationError) as caught:
        generate.from_bngl(TEXT.replace(old, new), "ratio")
    assert said in str(caught.value)
