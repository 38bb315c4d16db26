"""What is wrong, or means what no engine does, is told before an engine sees it."""

from collections.abc import Callable
from itertools import pairwise

import libsbml
import pytest
from mtorules.simulation import load
from mtorules.simulation.sbml.model import SbmlError
from mtorules.simulation.sbml.reading import read

MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
HEAD = (
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"{spaces}>'
    '\n<model id="m">'
)


def sbml(*parts: str, spaces: str = "") -> str:
    """Return a document of parts, one a line."""
    return "\n".join([HEAD.format(spaces=spaces), *parts, "</model></sbml>"])


def parameters(*ids: str, constant: str = "true", more: str = "") -> str:
    listed = "".join(f'<parameter id="{id}" value="1" constant="{constant}"{more}/>' for id in ids)
    return f"<listOfParameters>{listed}</listOfParameters>"


def rule(variable: str, inner: str, kind: str = "assignmentRule") -> str:
    return f'<{kind} variable="{variable}"><math {MATH}>{inner}</math></{kind}>'


def rules(*inner: str) -> str:
    return f"<listOfRules>{''.join(inner)}</listOfRules>"


def unit(kind: str = "second", exponent: str = "1", scale: str = "0", multiplier: str = "1") -> str:
    return (
        f'<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits><unit kind="{kind}" '
        f'exponent="{exponent}" scale="{scale}" multiplier="{multiplier}"/></listOfUnits>'
        "</unitDefinition></listOfUnitDefinitions>"
    )


NOWHERE = (
    '<listOfReactions><reaction id="J" reversible="false"><listOfReactants>'
    '<speciesReference species="nowhere" stoichiometry="1" constant="true"/></listOfReactants>'
    "</reaction></listOfReactions>"
)

WRONG = {
    "one id twice": (sbml(parameters("k", "k")), "line 3: The <parameter> id 'k' conflicts"),
    "no such species": (sbml(NOWHERE), "line 3: "),
    "two rules": (sbml(parameters("k", constant="false"), rules(*2 * [rule("k", "<cn>1</cn>")])),
                  "line 4: "),
    "nothing referred to": (
        sbml(parameters("k", constant="false"), rules(rule("k", "<ci>gone</ci>"))),
        "'gone'",
    ),
    "no such function": (
        sbml(
            parameters("k", constant="false"),
            rules(rule("k", "<apply><ci>gone</ci><cn>1</cn></apply>")),
        ),
        "line 4: ",
    ),
    "a rule for nothing": (sbml(rules(rule("gone", "<cn>1</cn>"))), "line 3: "),
    "a rule for a constant": (
        sbml(parameters("k"), rules(rule("k", "<cn>1</cn>"))), "line 4: "
    ),
    "a circle": (
        sbml(
            parameters("a", "b", constant="false"),
            rules(rule("a", "<ci>b</ci>"), rule("b", "<ci>a</ci>")),
        ),
        "in a circle: a -> b -> a",
    ),
    "an attribute lacks": (
        sbml('<listOfParameters><parameter id="k"/></listOfParameters>'), "line 3: "
    ),
    "an id of many characters": (sbml(parameters("k" * 20_000)), "an id of 20,000 characters"),
    "no number in a unit": (sbml(unit(multiplier="NaN")), "has the multiplier nan"),
    "nothing in a unit": (sbml(unit(multiplier="0")), "has the multiplier 0"),
    "an endless unit": (sbml(unit(multiplier="INF")), "has the multiplier inf"),
    "less than nothing": (sbml(unit(multiplier="-1")), "has the multiplier -1"),
    "no number as exponent": (sbml(unit(exponent="NaN")), ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SbmlError) as raised:
        read(text)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize(
    "units",
    [
        unit(exponent="99999"),
        unit(exponent="-99999"),
        unit(scale="99999999"),
        unit(multiplier="1e300", exponent="9"),
        unit("mole", scale="2147483647"),
    ],
)
def test_units_that_no_number_can_hold_are_none(units: str) -> None:
    model = read(sbml(units, parameters("k", more=' units="u"')))
    assert model.parameters["k"].unit is None
    assert model.parameters["k"].unit_id == "u"


def bomb(count: int) -> list[str]:
    """Return rules each of which has the one before it twice."""
    inner = "<apply><plus/><ci>k{0}</ci><ci>k{0}</ci></apply>"
    return [rule(f"k{n}", inner.format(n - 1)) for n in range(1, count)]


def functions(count: int) -> str:
    """Return functions each of which calls the one before it twice."""
    body = "<apply><plus/>{0}{0}</apply>"
    call = "<apply><ci>f{}</ci><ci>x</ci></apply>"
    listed = "".join(
        f'<functionDefinition id="f{n}"><math {MATH}><lambda><bvar><ci>x</ci></bvar>'
        f"{body.format(call.format(n - 1)) if n else '<ci>x</ci>'}</lambda></math>"
        "</functionDefinition>"
        for n in range(count)
    )
    return f"<listOfFunctionDefinitions>{listed}</listOfFunctionDefinitions>"


def test_short_texts_that_become_endless_formulas_are_refused() -> None:
    ids = [f"k{n}" for n in range(40)]
    with pytest.raises(SbmlError, match=r"becomes more than 2,000,000 terms"):
        read(sbml(parameters(*ids, constant="false"), rules(*bomb(40))))
    called = rule("k", "<apply><ci>f39</ci><cn>1</cn></apply>")
    with pytest.raises(SbmlError, match=r"becomes more than 2,000,000 terms"):
        read(sbml(functions(40), parameters("k", constant="false"), rules(called)))
    nested = "<cn>1</cn>"
    for _ in range(40):  # a function of two terms, applied to itself again and again
        nested = f"<apply><ci>f1</ci>{nested}</apply>"
    with pytest.raises(SbmlError, match=r"becomes more than 2,000,000 terms"):
        read(sbml(functions(2), parameters("k", constant="false"), rules(rule("k", nested))))
    few = rule("k", "<apply><ci>f9</ci><cn>1</cn></apply>")
    assert read(sbml(functions(10), parameters("k", constant="false"), rules(few)))


@pytest.mark.parametrize("operator", ["minus", "sin", "not"])
def test_formulas_nested_deeply_are_refused(operator: str) -> None:
    deep = f"<apply><{operator}/>" * 900 + "<ci>k</ci>" + "</apply>" * 900
    with pytest.raises(SbmlError, match="nested too deeply to be read"):
        read(sbml(parameters("k", constant="false"), rules(rule("k", deep))))


def test_a_long_chain_of_values_is_none_too_long() -> None:
    ids = [f"k{n}" for n in range(3000)]
    starts = "".join(
        f'<initialAssignment symbol="{id}"><math {MATH}><ci>{before}</ci></math>'
        "</initialAssignment>"
        for before, id in pairwise(ids)
    )
    text = sbml(parameters(*ids), f"<listOfInitialAssignments>{starts}</listOfInitialAssignments>")
    assert read(text).initial({"k0": 7.0})[0]["k2999"] == 7.0


# -- what no engine does ---------------------------------------------------------------------------

PACKAGE = "http://www.sbml.org/sbml/level3/version1/{0}/version1"


def using(name: str, required: str) -> str:
    return f' xmlns:{name}="{PACKAGE.format(name)}" {name}:required="{required}"'


@pytest.mark.parametrize("name", ["qual", "arrays", "spatial", "distrib", "multi", "dyn"])
def test_packages_that_one_needs_are_refused_by_name(name: str) -> None:
    with pytest.raises(SbmlError, match=name):
        read(sbml(parameters("k"), spaces=using(name, "true")))


@pytest.mark.parametrize("name", ["layout", "groups", "render"])
def test_packages_that_one_does_not_need_do_no_harm(name: str) -> None:
    assert read(sbml(parameters("k"), spaces=using(name, "false"))).id == "m"


def test_a_flux_balance_model_is_named() -> None:
    species = '<listOfReactions><reaction id="J" reversible="false"/></listOfReactions>'
    with pytest.raises(SbmlError, match=r"package 'fbc'.* flux balance analysis"):
        read(sbml(species, spaces=using("fbc", "false")))


@pytest.mark.parametrize("where", ["assignment", "rate", "law"])
def test_a_delay_is_named(antimony_sbml: Callable[[str], str], where: str) -> None:
    body = {
        "assignment": "species S; S = 1; J: S => ; S; d := delay(S, 1);",
        "rate": "x = 1; x' = delay(x, 2);",
        "law": "species S; S = 1; J: S => ; delay(S, 1);",
    }[where]
    with pytest.raises(SbmlError, match="Model 'm' has a delay in the formula"):
        read(antimony_sbml(f"model m; {body} end"))


def test_a_fast_reaction_is_named(antimony_sbml: Callable[[str], str]) -> None:
    document = libsbml.readSBMLFromString(antimony_sbml("model m; species S; S=1; J: S=>; S; end"))
    document.setLevelAndVersion(3, 1)
    document.getModel().getReaction("J").setFast(True)
    with pytest.raises(SbmlError, match="has the fast reaction 'J'"):
        read(libsbml.writeSBMLToString(document))


@pytest.mark.parametrize("called", [True, False])
def test_a_function_without_a_formula_may_be_there_but_not_be_called(called: bool) -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
    inner = "<apply><ci>f</ci><cn>1</cn></apply>" if called else "<cn>1</cn>"
    text = f"""<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
      <model id="m">
      <listOfFunctionDefinitions><functionDefinition id="f"/></listOfFunctionDefinitions>
      <listOfParameters><parameter id="y" constant="false"/></listOfParameters>
      <listOfRules><rateRule variable="y">{math.format(inner)}</rateRule></listOfRules>
      </model></sbml>"""
    if called:
        with pytest.raises(SbmlError, match="calls the function 'f'"):
            load.from_sbml(text)
    else:
        load.from_sbml(text)
