# pyright: reportOperatorIssue=false
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysb
import pytest
import sympy
from mtorules.models.building.drafting import drafting
from mtorules.network import generate
from mtorules.network.mathematics.numerics import Values
from mtorules.network.network import Network
from mtorules.network.sources import finding, pysb_bngl
from mtorules.network.sources.pysb_bngl import ModelError
from pysb.generator.bng import BngGenerator
from pysb.importers.bngl import model_from_bngl
from scipy.integrate import solve_ivp

CONSTRUCTS = Path(__file__).parents[2] / "constructs"


@pytest.fixture
def model() -> pysb.Model:
    model = pysb.Model("m", _export=False)
    with drafting(model):
        a = pysb.Monomer("A")
        pysb.Rule("lose", a() >> None, pysb.Parameter("k", 0.1))
    return model


@pytest.fixture
def end_of() -> Callable[[pysb.Model, float], dict[str, float]]:
    """Return a function that runs a model's network to a time and tells the observables there."""

    def run(model: pysb.Model, end: float) -> dict[str, float]:
        network = generate.from_pysb(model, cache=False)

        def slope(_: float, amounts: list[float]) -> list[float]:
            rates = Values(network, amounts).rates()
            change = [0.0] * len(amounts)
            for rate, reaction in zip(rates, network.reactions, strict=True):
                for index in reaction.reactants:
                    change[index] -= rate
                for index in reaction.products:
                    change[index] += rate
            return change

        start = Values(network).amounts
        last = solve_ivp(slope, (0, end), start, rtol=1e-9, atol=1e-9).y[:, -1]
        values = Values(network, list(last))
        return {group.name: values[group.name] for group in network.groups}

    return run


def words(text: str) -> list[str]:
    """Return the text as PySB's generator would space it, for comparison."""
    text = text.replace("begin species", "begin seed species").replace(
        "end species", "end seed species"
    )
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_patterns_and_rules_are_pysbs_own(example: str) -> None:
    """Outside expressions and numbers, the text is that of PySB's generator."""
    model = finding.load(example).model
    assert model is not None
    ours = words(pysb_bngl.write(model).text)
    theirs = words(BngGenerator(model).get_content()) if model.initials else []
    for block in ("molecule types", "observables", "seed species"):
        if f"begin {block}" in theirs:
            assert part(ours, block) == part(theirs, block)
    rates = re.compile(r"\S+( (Delete|Move|Total)\w+)*$")
    left = [rates.sub("", line.replace(", ", ",")) for line in part(ours, "reaction rules")]
    right = [rates.sub("", line.replace(", ", ",")) for line in part(theirs, "reaction rules")]
    assert left == right or not theirs


def part(lines: list[str], block: str) -> list[str]:
    if f"begin {block}" not in lines:
        return []
    return lines[lines.index(f"begin {block}") + 1 : lines.index(f"end {block}")]


def test_numbers_are_exact_and_short(model: pysb.Model) -> None:
    with drafting(model):
        pysb.Parameter("precise", 0.12345678901234567)
        pysb.Parameter("tenth", 0.1)
        pysb.Parameter("large", 6.02214076e23)
        pysb.Expression("e", sympy.Float(0.12345678901234567) * model.parameters["k"])
    lines = words(pysb_bngl.write(model).text)
    assert "precise 0.12345678901234566" in lines
    assert float("0.12345678901234566") == 0.12345678901234567
    assert "tenth 0.1" in lines
    assert "large 6.02214076e+23" in lines
    assert "e = (0.12345678901234566*k)" in lines


def test_constant_expressions_are_parameters_in_order(model: pysb.Model) -> None:
    k = model.parameters["k"]
    with drafting(model):
        first = pysb.Expression("first", k * 2)
        second = pysb.Expression("second", sympy.Integer(1) * k)
        pysb.Expression("circle", sympy.pi * k**2)
        pysb.Expression("chosen", sympy.Piecewise((k, k > 1), (2, True)))
    first.expr = second * 3
    parameters = part(words(pysb_bngl.write(model).text), "parameters")
    names = [line.split()[0] for line in parameters]
    assert names.index("second") < names.index("first")
    assert {"circle", "chosen"} <= set(names)


def test_expressions_of_observables_and_time_are_functions(model: pysb.Model) -> None:
    with drafting(model):
        seen = pysb.Observable("seen", model.monomers["A"]())
        pysb.Expression("f", seen + 1)
        pysb.Expression("t", pysb.core.time * 2)
    functions = part(words(pysb_bngl.write(model).text), "functions")
    assert [line.split()[0] for line in functions] == ["f()", "t()"]


def test_names_that_bng2_refuses_come_back(network_of: Callable[[str], Network]) -> None:
    network = network_of("awkward_names.py")
    assert {p.name for p in network.parameters} == {
        *("volume", "time", "max", "begin", "beginning_of", "pi", "lambda", "r0"),
        *("TotalRate", "Sat", "sum"),
    }
    assert {f.name: f.expression for f in network.functions} == {
        "tanh": "lambda*time/(1+ln/max)",
        "MM": "tanh*exp(-(ln/pi))",
    }
    assert [g.name for g in network.groups] == ["ln"]
    assert [r.name for r in network.rules] == ["if_", "time_back", "begin_pair", "end_pair"]
    assert {r.rule for r in network.reactions} == {r.name for r in network.rules}
    assert network.name == "awkward.names.with.dots"


@pytest.mark.parametrize("name", ["begin", "beginner"])
def test_names_that_cannot_be_said_are_errors(model: pysb.Model, name: str) -> None:
    with drafting(model):
        pysb.Monomer(name)
    with pytest.raises(ModelError, match=f"Monomer\\('{name}'\\)"):
        pysb_bngl.write(model)


def test_a_parameter_called_like_a_constant_is_an_error(model: pysb.Model) -> None:
    with drafting(model):
        pysb.Parameter("_pi", 3)
    with pytest.raises(ModelError, match="'_pi'"):
        pysb_bngl.write(model)


def test_construct_without_translation_names_the_expression(model: pysb.Model) -> None:
    with drafting(model):
        pysb.Expression("bell", sympy.erf(model.parameters["k"]))
    with pytest.raises(ModelError, match=r"Expression 'bell': the function erf has no counterpart"):
        pysb_bngl.write(model)


def test_a_value_that_is_no_number_is_an_error(model: pysb.Model) -> None:
    model.parameters["k"].value = math.inf
    with pytest.raises(ModelError, match="'k' has the value inf"):
        pysb_bngl.write(model)


def test_a_model_without_rules_is_an_error() -> None:
    with pytest.raises(ModelError, match="'empty' has no rules"):
        pysb_bngl.write(pysb.Model("empty", _export=False))


def test_compartments_come_after_those_around_them() -> None:
    model = pysb.Model("m", _export=False)
    outer = pysb.Compartment("outer", _export=False)
    middle = pysb.Compartment("middle", parent=outer, dimension=2, _export=False)
    inner = pysb.Compartment("inner", parent=middle, _export=False)
    a = pysb.Monomer("A", _export=False)
    k = pysb.Parameter("k", 1, _export=False)
    for component in (inner, middle, outer, a, k):
        model.add_component(component)
    model.add_component(pysb.Rule("lose", a() ** inner >> None, k, _export=False))
    compartments = part(words(pysb_bngl.write(model).text), "compartments")
    assert compartments == ["outer 3 1", "middle 2 1 outer", "inner 3 1 middle"]


@pytest.mark.parametrize("path", sorted(CONSTRUCTS.glob("*.py")), ids=lambda path: path.stem)
def test_every_construct_is_written_without_touching_it(path: Path) -> None:
    model = finding.load(path).model
    assert model is not None
    before = [repr(component) for component in model.all_components()]
    assert pysb_bngl.write(model) == pysb_bngl.write(model)
    assert [repr(component) for component in model.all_components()] == before


RELATIONS = (sympy.Ge, sympy.Gt, sympy.Le, sympy.Lt, sympy.Eq, sympy.Ne)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
def test_comparisons_reach_the_network_as_they_are(
    model: pysb.Model, relation: Callable[..., sympy.Basic]
) -> None:
    """BNG2.pl takes away the first lone ``=`` of a function that is written without one."""
    with drafting(model):
        k, seen = model.parameters["k"], pysb.Observable("seen", model.monomers["A"]())
        limit = pysb.Parameter("limit", 2)
        for number in (1, 2, 3):
            other = pysb.Parameter(f"other_{number}", number)
            pysb.Expression(
                f"fixed_{number}", sympy.Piecewise((k, relation(limit, other)), (0, True))
            )
        pysb.Expression("live", sympy.Piecewise((1, relation(seen, limit)), (0, True)))
        nested = sympy.And(relation(seen, 2), sympy.Or(sympy.Ge(seen, 0), sympy.Le(k, limit)))
        pysb.Expression("nested", sympy.Piecewise((1, nested), (0, True)))
        pysb.Initial(model.monomers["A"](), limit)
    network = generate.from_pysb(model, cache=False)
    for count in (1.0, 2.0, 3.0):
        values = Values(network, [count])
        right = float(bool(relation(count, 2)))
        assert (values["live"], values["nested"]) == (right, right)
        assert values[f"fixed_{count:g}"] == 0.1 * bool(relation(2, count))
    assert " = " in network.bngl


def test_local_functions_compare_as_they_say(
    model: pysb.Model, end_of: Callable[[pysb.Model, float], dict[str, float]]
) -> None:
    """Two populations bind B at k and k/100: dB/dt = -B (k p + k/100 u), solved by hand."""
    k = model.parameters["k"]
    with drafting(model):
        c = pysb.Monomer("C", ["b", "s"], {"s": ["u", "p"]})
        b = pysb.Monomer("B", ["c"])
        ten = pysb.Parameter("ten", 10)
        phosphorylated = pysb.Observable("phosphorylated", c(s="p"))
        pysb.Observable("free", b(c=None))
        x = pysb.Tag("x")
        rate = pysb.Expression(
            "rate", sympy.Piecewise((k, phosphorylated(x) >= 1), (k / 100, True))
        )
        pysb.Rule("bind", c(b=None) @ x + b(c=None) >> c(b=1) % b(c=1), rate)
        for pattern in (c(b=None, s="u"), c(b=None, s="p"), b(c=None)):
            pysb.Initial(pattern, ten)
    found = end_of(model, 5.0)["free"]

    def slope(_: float, y: list[float]) -> list[float]:
        free, p, u = y
        return [-free * (0.1 * p + 0.001 * u), -0.1 * free * p, -0.001 * free * u]

    right = solve_ivp(slope, (0, 5), [10, 10, 10], rtol=1e-10, atol=1e-10).y[0, -1]
    assert 10 - right == pytest.approx(8.442, abs=1e-3)
    assert found == pytest.approx(right, rel=1e-5)


def plain(name: str, **assumptions: bool) -> sympy.Symbol:
    return sympy.Symbol(name, **assumptions)


def test_a_symbol_that_bears_a_components_name_is_that_component(model: pysb.Model) -> None:
    with drafting(model):
        seen = pysb.Observable("seen", model.monomers["A"]())
        factor = pysb.Expression("factor", 2 * model.parameters["k"])
        seen_of: Any = sympy.Function("seen")
        pysb.Tag("x")
        pysb.Expression("of_parameter", plain("k", positive=True) * 3)
        pysb.Expression("of_constant", plain("factor") / plain("k"))
        pysb.Expression("of_observable", plain("seen", real=True) * plain("factor"))
        pysb.Expression("of_changing", 1 / plain("of_observable", integer=True))
        pysb.Expression("of_time", plain("time") + pysb.core.time)
        pysb.Expression("of_circle", plain("_pi") * plain("k"))
        pysb.Expression("of_pattern", seen_of(plain("x")) * factor)
        # Of another model, and stale.
        pysb.Expression("of_copy", pysb.Expression("factor", seen * 7, _export=False) + seen)
    text = pysb_bngl.write(model).text
    lines = {line.split(" = ")[0]: line.split(" = ")[1] for line in words(text) if " = " in line}
    assert lines == {
        "factor": "(2*k)",
        "of_parameter": "(3*k)",
        "of_constant": "(factor/k)",
        "of_circle": "(_pi()*k)",
        "of_observable()": "(factor*seen)",
        "of_changing()": "(1/of_observable)",
        "of_time()": "(2*time())",
        "of_pattern(x)": "(factor*seen(x))",
        "of_copy()": "(factor+seen)",
    }


@pytest.mark.parametrize(
    ("symbol", "said"),
    [
        ("sean", "'sean' is no component of the model; did you mean 'seen'"),
        ("t", "'t' is no component of the model; time is pysb.core.time"),
        ("A", "'A' has the name of a Monomer, which has no value"),
        ("lose", "'lose' has the name of a Rule"),
    ],
)
def test_a_symbol_that_is_nothing_is_named(model: pysb.Model, symbol: str, said: str) -> None:
    with drafting(model):
        pysb.Observable("seen", model.monomers["A"]())
        pysb.Expression("f", plain(symbol) + 1)
    with pytest.raises(ModelError, match=said) as caught:
        pysb_bngl.write(model)
    assert "Expression 'f'" in str(caught.value)


def test_models_that_pysb_read_from_bngl_give_the_network_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "function_of_function.bngl"
    path.write_text(
        """begin model
begin parameters
 k 0.1
 K 3
end parameters
begin molecule types
 A(s~0~1)
end molecule types
begin seed species
 A(s~0) 10
end seed species
begin observables
 Molecules At A(s~1)
end observables
begin functions
 inhib() = 1/(1+At/K)
 f() = k*inhib()
end functions
begin reaction rules
 A(s~0)->A(s~1) f()
end reaction rules
end model
"""
    )
    read = generate.from_pysb(model_from_bngl(str(path)), cache=False)
    straight = generate.network(path, cache=False)
    for amounts in ([10.0, 0.0], [4.0, 6.0], [0.5, 9.5]):
        rates = Values(read, amounts).rates()
        assert rates == pytest.approx(Values(straight, amounts).rates(), rel=1e-14)
        # k A / (1 + At/K) by hand.
        assert rates[0] == pytest.approx(0.1 * amounts[0] / (1 + amounts[1] / 3), rel=1e-14)


def test_a_name_that_two_components_share_is_told(model: pysb.Model) -> None:
    model.rules["lose"].name = "k"
    with pytest.raises(ModelError, match="'k' is the name of a Parameter and a Rule"):
        pysb_bngl.write(model)
