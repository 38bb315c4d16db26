import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import libsbml
import pytest
from mtorules.export.sbml import writer
from mtorules.export.sbml.annotation import annotations
from mtorules.models import catalogue
from mtorules.network import generate
from mtorules.network.network import Annotation, Network

NetworkOf = Callable[[str], Network]
LEVELS = ("3.2", "3.1", "2.5", "2.4")


@pytest.fixture(params=LEVELS)
def annotated(request: pytest.FixtureRequest, network_of: NetworkOf) -> Iterator[libsbml.Model]:
    document = libsbml.readSBMLFromString(writer.text(network_of("annotated.py"), request.param))
    yield document.getModel()  # noqa: PT022 - the model lives only as long as its document


def terms(element: libsbml.SBase) -> list[tuple[str, list[str]]]:
    """Return what libSBML reads from an element's annotation."""
    found = []
    for term in element.getCVTerms() or ():
        if term.getQualifierType() == libsbml.MODEL_QUALIFIER:
            name = libsbml.ModelQualifierType_toString(term.getModelQualifierType())
        else:
            name = libsbml.BiolQualifierType_toString(term.getBiologicalQualifierType())
        resources = [term.getResourceURI(i) for i in range(term.getNumResources())]
        found.append((name, [r.removeprefix("https://identifiers.org/") for r in resources]))
    return found


def test_species_are_what_their_monomers_are(annotated: libsbml.Model) -> None:
    assert terms(annotated.getSpecies("MTOR")) == [("is", ["uniprot:P42345"])]
    assert terms(annotated.getSpecies("MTOR_RPTOR")) == [
        ("hasPart", ["uniprot:P42345"]),
        ("hasPart", ["uniprot:Q8N122"]),
    ]
    assert annotated.getSpecies("MTOR").getSBOTermID() == "SBO:0000252"
    assert annotated.getSpecies("MTOR_RPTOR").getSBOTermID() == "SBO:0000297"


def test_reactions_and_constants_refer_to_what_their_rule_does(annotated: libsbml.Model) -> None:
    paper = [("isDescribedBy", ["doi:10.1016/s0092-8674(02)00808-5"])]
    binding = [("isVersionOf", ["GO:0005488"])]
    assert terms(annotated.getReaction("bind")) == binding + paper
    assert terms(annotated.getParameter("kf")) == paper
    assert terms(annotated.getParameter("MTOR_0")) == [("isVersionOf", ["SBO:0000196"])]
    assert annotated.getReaction("bind").getSBOTermID() == "SBO:0000177"
    assert annotated.getReaction("bind").getKineticLaw().getSBOTermID() == "SBO:0000101"
    assert annotated.getParameter("kf").getSBOTermID() == "SBO:0000036"
    assert annotated.getParameter("kr").getSBOTermID() == "SBO:0000038"
    assert annotated.getParameter("MTOR_0").getSBOTermID() == "SBO:0000196"
    roles = [r.getSBOTermID() for r in annotated.getReaction("bind").getListOfReactants()]
    assert roles == ["SBO:0000010", "SBO:0000010"]


def test_the_model_says_whose_it_is_and_of_when(annotated: libsbml.Model) -> None:
    assert terms(annotated) == [("hasTaxon", ["taxonomy:9606"])]
    history = annotated.getModelHistory()
    people = [history.getCreator(i) for i in range(history.getNumCreators())]
    assert [(p.getGivenName(), p.getFamilyName()) for p in people] == [
        ("Rosalind", "Franklin"),
        ("Emmy", "Noether"),
    ]
    assert people[0].getOrganisation() == "King's College London"
    assert history.getCreatedDate().getDateAsString() == "2024-05-01T00:00:00Z"
    assert history.getModifiedDate(0).getDateAsString() == "2024-05-01T00:00:00Z"
    assert "spdx.org/licenses/BSD-2-Clause" in annotated.getAnnotationString()
    assert "mTOR &amp; Raptor &lt;test&gt;" in annotated.getNotesString()


def test_the_rules_travel_with_the_model(network_of: NetworkOf) -> None:
    network = network_of("annotated.py")
    document = libsbml.readSBMLFromString(writer.text(network))
    annotation = document.getModel().getAnnotation()
    inside = (annotation.getChild(i) for i in range(annotation.getNumChildren()))
    (source,) = [node for node in inside if node.getURI() == annotations.SOURCE]
    assert source.getAttrValue("language") == "BNGL"
    text = source.getChild(0).getCharacters()
    again = generate.from_bngl(text, "again", cache=False)
    assert [s.pattern for s in again.species] == [s.pattern for s in network.species]
    assert len(again.reactions) == len(network.reactions)


def test_the_epoch_of_the_build_is_when_the_file_was_made(
    network_of: NetworkOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of("annotated.py")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    document = libsbml.readSBMLFromString(writer.text(network))
    history = document.getModel().getModelHistory()
    assert history.getCreatedDate().getDateAsString() == "2024-05-01T00:00:00Z"
    assert history.getModifiedDate(0).getDateAsString() == "2025-01-01T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(writer.SbmlError, match="SOURCE_DATE_EPOCH is 'today'"):
        writer.text(network)


def test_a_modified_protein_is_a_version_of_it() -> None:
    network = generate.network("translation")
    document = libsbml.readSBMLFromString(writer.text(network))
    model = document.getModel()
    ground = {m.name: {s: states[0] for s, states in m.states.items()} for m in network.molecules}
    seen = {"is": 0, "isVersionOf": 0}
    for species in model.getListOfSpecies():
        pattern = species.getName()
        if "." in pattern.partition(":")[2]:
            assert {name for name, _ in terms(species)} <= {"hasPart"}
            continue
        for name, _ in terms(species):
            if name in seen:
                seen[name] += 1
                monomer = re.split(r"[:(]", pattern)[1]
                states = dict(re.findall(r"(\w+)~(\w+)", pattern))
                assert (name == "is") == (states == ground[monomer]), pattern
    assert all(seen.values())


@pytest.mark.parametrize("name", catalogue.names()[:2])
def test_everything_in_our_models_has_a_term_and_a_metaid(name: str) -> None:
    document = libsbml.readSBMLFromString(writer.text(generate.network(name)))
    model = document.getModel()
    elements = [
        *model.getListOfCompartments(),
        *model.getListOfSpecies(),
        *model.getListOfParameters(),
        *model.getListOfReactions(),
    ]
    metaids = [element.getMetaId() for element in elements]
    assert all(metaids)
    assert len(metaids) == len(set(metaids))
    assert all(element.isSetSBOTerm() for element in elements)
    assert all(reaction.isSetNotes() for reaction in model.getListOfReactions())
    for species in model.getListOfSpecies():
        assert terms(species), species.getName()
    for reaction in model.getListOfReactions():
        assert reaction.getKineticLaw().isSetSBOTerm()


def test_annotations_that_cannot_be_kept_are_told(network_of: NetworkOf) -> None:
    network = network_of("annotated.py")
    first, *rest = network.molecules
    odd = replace(first, annotations=(Annotation("cites", "https://doi.org/10.1/x"),))
    document = writer.document(replace(network, molecules=(odd, *rest)))
    (notice,) = [n for n in document.report.notices if "left out" in n]
    assert notice.startswith("An annotation of monomer 'MTOR' is left out: 'cites' is no qualifier")
