"""Submodels become one model, from files in the same folder alone."""

import math
from pathlib import Path

import pytest
from mtorules.simulation.experiments.experiments import exposure
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.sbml.model import SbmlError
from mtorules.simulation.simulator import Simulator

CORE = "http://www.sbml.org/sbml/level3/version1/core"
COMP = "http://www.sbml.org/sbml/level3/version1/comp/version1"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<sbml xmlns="{CORE}" level="3" version="1"'
USING = f'{HEAD} xmlns:comp="{COMP}" comp:required="true">'
DECAY = """<listOfCompartments><compartment id="v" spatialDimensions="3" size="1" constant="true"/>
</listOfCompartments><listOfSpecies><species id="X" compartment="v" initialAmount="1"
hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value="0.1" constant="true"/></listOfParameters>
<listOfReactions><reaction id="J" reversible="false" fast="false"><listOfReactants>
<speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>X</ci></apply></math>
</kineticLaw></reaction></listOfReactions>"""
# The decay is in a submodel, which shares S.
OUTER = """<model id="outer"><listOfCompartments><compartment id="c" spatialDimensions="3" size="1"
constant="true"/></listOfCompartments><listOfSpecies><species id="S" compartment="c"
initialAmount="10" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false">
<comp:listOfReplacedElements><comp:replacedElement comp:idRef="X" comp:submodelRef="sub"/>
</comp:listOfReplacedElements></species></listOfSpecies><comp:listOfSubmodels>
<comp:submodel comp:id="sub" comp:modelRef="inner"/></comp:listOfSubmodels></model>"""
INSIDE = (
    f"{USING}{OUTER}<comp:listOfModelDefinitions><comp:modelDefinition "
    f'id="inner">{DECAY}</comp:modelDefinition></comp:listOfModelDefinitions></sbml>'
)
BESIDE = (
    f"{USING}{OUTER}<comp:listOfExternalModelDefinitions><comp:externalModelDefinition "
    'comp:id="inner" comp:source="{0}" comp:modelRef="decay"/>'
    "</comp:listOfExternalModelDefinitions></sbml>"
)
OTHER = f'{HEAD}><model id="decay">{DECAY}</model></sbml>'


def test_what_a_submodel_does_is_done() -> None:
    simulator = Simulator(from_sbml(INSIDE))
    course = simulator.run(exposure([0.0, 10.0], equilibrated=False))
    assert float(course.S[-1]) == pytest.approx(10 * math.exp(-1), rel=1e-6)


def test_a_submodel_may_be_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "decay.xml").write_text(OTHER, encoding="utf-8")
    path = tmp_path / "outer.xml"
    path.write_text(BESIDE.format("decay.xml"), encoding="utf-8")
    course = Simulator(load(path)).run(exposure([0.0, 10.0], equilibrated=False))
    assert float(course.S[-1]) == pytest.approx(10 * math.exp(-1), rel=1e-6)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("gone.xml", "There is no file .*gone.xml"),
        ("../decay.xml", "which is not in its own folder"),
        ("https://example.org/decay.xml", "which is not in its own folder"),
        ("decay.txt", "a file .xml or .sbml is needed"),
    ],
)
def test_a_submodel_is_taken_from_nowhere_else(tmp_path: Path, source: str, said: str) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (tmp_path / "decay.xml").write_text(OTHER, encoding="utf-8")
    (folder / "decay.txt").write_text(OTHER, encoding="utf-8")
    path = folder / "outer.xml"
    path.write_text(BESIDE.format(source), encoding="utf-8")
    with pytest.raises(Exception, match=said) as raised:
        load(path)
    assert type(raised.value).__module__.startswith("mtorules.simulation.sbml")


def test_models_without_end_are_refused() -> None:
    twice = (
        '<comp:modelDefinition id="m{0}"><comp:listOfSubmodels><comp:submodel comp:id="a" '
        'comp:modelRef="m{1}"/><comp:submodel comp:id="b" comp:modelRef="m{1}"/>'
        "</comp:listOfSubmodels></comp:modelDefinition>"
    )
    last = f'<comp:modelDefinition id="m20">{DECAY}</comp:modelDefinition>'
    outer = (
        OUTER.replace('"inner"', '"m0"')
        .replace("<comp:listOfReplacedElements>", "")
        .replace('<comp:replacedElement comp:idRef="X" comp:submodelRef="sub"/>', "")
        .replace("</comp:listOfReplacedElements>", "")
    )
    definitions = "".join(twice.format(n, n + 1) for n in range(20)) + last
    with pytest.raises(SbmlError, match=r"from 2,\d+,\d+ submodels"):
        from_sbml(
            f"{USING}{outer}<comp:listOfModelDefinitions>{definitions}"
            "</comp:listOfModelDefinitions></sbml>"
        )
