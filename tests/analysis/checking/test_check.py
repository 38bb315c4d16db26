import json
from pathlib import Path

import libsbml
import pytest
from mtorules.analysis.checking.check import check, check_text
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.simulation.sbml.documents import NoSuchFileError, SbmlFileError
from pysb.examples import robertson
from pysb.export import export

WITH_PACKAGES = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
  xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"
  xmlns:groups="http://www.sbml.org/sbml/level3/version1/groups/version1" groups:required="false">
  <model id="m"/>
</sbml>
"""


@pytest.mark.parametrize("name", ["complexes", "rapamycin"])
def test_our_own_models_have_no_error_and_no_warning(name: str) -> None:
    found = check_text(writer.document(generate.network(name)).text)
    assert [f for f in found.findings if f.severity != "note"] == []
    shares = {share.kind: share.fraction for share in found.units.shares}
    assert set(shares.values()) == {1.0}
    assert not any(m.unbalanced for m in found.balance.monomers)


def test_what_pysb_writes_is_seen_to_be_without_units_and_stoichiometry() -> None:
    found = check_text(export(robertson.model, "sbml"))
    codes = {f.code: f for f in found.findings}
    assert "no units" in codes
    assert codes["stoichiometry not set"].severity == "warning"
    assert found.counts["species"] == 3


def test_a_report_is_data(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    network = generate.from_pysb(robertson.model)
    writer.write(network, path)
    found = check(path)
    again = json.loads(json.dumps(found.to_data()))
    assert again["file"] == str(path)
    assert again["warnings"] == found.warnings
    assert again["balance"]["monomers"][0]["name"] == found.balance.monomers[0].name


def test_worse_findings_come_first() -> None:
    text = export(robertson.model, "sbml").replace('species="__s0"', 'species="nobody"', 1)
    severities = [f.severity for f in check_text(text).findings]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert severities[0] == "error"


def test_packages_are_named() -> None:
    assert check_text(WITH_PACKAGES).packages == {
        "comp": "version 1, required",
        "groups": "version 1",
    }


def test_quick_finds_what_has_nothing_to_do_with_units() -> None:
    text = export(robertson.model, "sbml")
    quick = {f.code for f in check_text(text, quick=True).findings}
    assert quick == {f.code for f in check_text(text).findings} - {"no units"}


def test_every_level_is_read() -> None:
    network = generate.from_pysb(robertson.model)
    for level in writer.LEVELS:
        found = check_text(writer.document(network, level).text)
        assert f"{found.level}.{found.version}" == level
        assert found.errors == 0


def test_what_holds_no_model() -> None:
    empty = '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"/>'
    assert libsbml.readSBMLFromString(empty).getModel() is None
    with pytest.raises(SbmlFileError, match=r"'it\.xml' holds no model"):
        check_text(empty, "it.xml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFileError):
        check(tmp_path / "none.xml")


def test_what_a_submodel_changes_is_not_unchanging() -> None:
    """S is replaced by the X of a submodel, which decays there; v is a size of that submodel."""
    text = _composed("X")
    found = {finding.code: finding.ids for finding in check_text(text).findings}
    assert found["unchanging species"] == ("sub__Y",)
    assert "unused parameter" not in found
    # A species that no submodel touches is told still.
    apart = {f.code: f.ids for f in check_text(_composed("Y")).findings}
    assert apart["unchanging species"] == ("S",)


def test_submodels_that_cannot_be_found_are_told_of() -> None:
    text = _composed("X").replace('comp:modelRef="decay"', 'comp:modelRef="nowhere"')
    assert "submodels apart" in {finding.code for finding in check_text(text).findings}


def _composed(replaced: str) -> str:
    """Return a model whose S is one of two species of a submodel, of which X decays."""
    return f"""<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
 xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
<model id="outer"><listOfCompartments>
<compartment id="c" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>
<listOfSpecies>{_species("S", "c")}<comp:listOfReplacedElements>
<comp:replacedElement comp:idRef="{replaced}" comp:submodelRef="sub"/>
</comp:listOfReplacedElements></species></listOfSpecies>
<comp:listOfSubmodels><comp:submodel comp:id="sub" comp:modelRef="decay"/></comp:listOfSubmodels>
</model><comp:listOfModelDefinitions><comp:modelDefinition id="decay"><listOfCompartments>
<compartment id="v" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>
<listOfSpecies>{_species("X", "v")}</species>{_species("Y", "v")}</species></listOfSpecies>
<listOfParameters><parameter id="k" value="0.1" constant="true"/></listOfParameters>
<listOfReactions><reaction id="J" reversible="false"><listOfReactants>
<speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci> k </ci><ci> X </ci></apply>
</math></kineticLaw></reaction></listOfReactions></comp:modelDefinition>
</comp:listOfModelDefinitions></sbml>"""


def _species(id: str, compartment: str) -> str:
    return (
        f'<species id="{id}" compartment="{compartment}" initialAmount="10" '
        'hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false">'
    )
