# pyright: reportOperatorIssue=false
import math
import re
from collections.abc import Callable
from pathlib import Path

import pysb
import pytest
import sympy
from mtorules.models.building.drafting import drafting
from mtorules.network.network import Network
from mtorules.network.sources import finding, pysb_bngl
from mtorules.network.sources.pysb_bngl import ModelError
from pysb.generator.bng import BngGenerator

CONSTRUCTS = Path(__file__).parents[2] / "constructs"


@pytest.fixture
def model() -> pysb.Model:
    model = pysb.Model("m", _export=False)
    with drafting(model):
        a = pysb.Monomer("A")
        pysb.Rule("lose", a() >> None, pysb.Parameter("k", 0.1))
    return model


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
    assert "e (0.12345678901234566*k)" in lines


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
