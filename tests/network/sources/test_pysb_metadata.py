import textwrap
from collections.abc import Callable
from pathlib import Path

import pysb
import pytest
from mtorules.models import catalogue
from mtorules.models.building.drafting import drafting
from mtorules.network import generate
from mtorules.network.network import Annotation, Network, Person
from mtorules.network.sources import finding
from mtorules.network.sources.pysb_metadata import person
from pysb import Initial, Model, Monomer, Parameter, Rule


@pytest.fixture
def network(network_of: Callable[[str], Network]) -> Network:
    return network_of("annotated.py")


def test_the_model_says_what_it_is(network: Network) -> None:
    meta = network.metadata
    assert meta.title == "mTOR & Raptor <test>"
    assert meta.description == "Two proteins."
    assert (meta.version, meta.date) == ("1.2.0", "2024-05-01")
    assert meta.licence == "https://spdx.org/licenses/BSD-2-Clause.html"
    assert meta.creators == (
        Person("Franklin", "Rosalind", "King's College London"),
        Person("Noether", "Emmy", "Göttingen", "0000-0002-1825-0097"),
    )
    assert meta.annotations == (Annotation("hasTaxon", "https://identifiers.org/taxonomy:9606"),)
    assert (meta.substance_unit, meta.volume_unit, meta.time_unit) == ("nmol", "L", "s")


def test_quantities_have_their_units(network: Network) -> None:
    quantities = [*network.parameters, *network.functions, *network.groups]
    assert {q.name: q.unit for q in quantities if q.unit} == {
        "kf": "1/(nM*s)",
        "KD": "nM",
        "kr": "1/s",
        "MTORC1": "nM",
        "share": "1",
    }


def test_expressions_are_the_authors(network: Network) -> None:
    assert {p.name: p.expression for p in network.parameters}["kr"] == "KD*kf"
    assert network.functions[0].expression == "MTORC1/MTOR_0"


def test_molecules_and_rules_have_references_and_notes(network: Network) -> None:
    mtor = network.molecules[0]
    assert mtor.annotations == (Annotation("is", "https://identifiers.org/uniprot:P42345"),)
    assert mtor.notes == "A kinase; < and & are allowed."
    (rule,) = network.rules
    assert rule.annotations == (
        Annotation("isDescribedBy", "https://doi.org/10.1016/s0092-8674(02)00808-5"),
    )
    assert rule.notes == "One to one."
    assert rule.mechanism == "mechanisms/raptor.py"
    assert rule.pysb.startswith("Rule('bind', MTOR(rptor=None) + RPTOR(mtor=None) | ")
    assert rule.bngl == "MTOR(rptor) + RPTOR(mtor) <-> MTOR(rptor!1).RPTOR(mtor!1) kf,kr"


def test_a_citation_without_an_address_is_told_in_the_notes() -> None:
    model = Model("m", _export=False)
    with drafting(model):
        a, k = Monomer("A"), Parameter("k", 1.0)
        rule = Rule("fade", a() >> None, k)
        Initial(a(), k)
        pysb.Annotation(rule, "It fades.", "note")
        pysb.Annotation(rule, "Doe 2001 Nature", "citation")
        pysb.Annotation(rule, "Roe 2002 Cell", "citation")
    (found,) = generate.network(model).rules
    assert found.annotations == ()
    assert found.notes == "It fades.\nCited without an address: Doe 2001 Nature; Roe 2002 Cell."


def test_a_rule_without_a_mechanism_names_its_file(network_of: Callable[[str], Network]) -> None:
    assert {rule.mechanism for rule in network_of("energies.py").rules} == {"energies.py"}


def test_a_rule_of_a_package_names_its_module() -> None:
    network = generate.network("pysb.examples.tyson_oscillator")
    assert {rule.mechanism for rule in network.rules} == {"pysb.examples.tyson_oscillator"}


@pytest.mark.parametrize("name", catalogue.names())
def test_every_rule_of_the_catalogue_is_described(name: str) -> None:
    network = generate.network(name)
    model = finding.load(name).model
    assert model is not None
    assert {rule.name for rule in network.rules} == set(model.rules.keys())
    assert all(
        rule.pysb and rule.bngl and rule.mechanism and rule.actions for rule in network.rules
    )
    assert network.metadata.title


def test_a_docstring_is_the_description_of_a_model_without_one(tmp_path: Path) -> None:
    path = tmp_path / "described.py"
    path.write_text(
        textwrap.dedent('''
            """A model of A & B, where <A> decays.

            In more words.
            """
            from pysb import Initial, Model, Monomer, Parameter, Rule
            model = Model()
            A = Monomer("A")
            k = Parameter("k", 1)
            Rule("lose", A() >> None, k)
            Initial(A(), k)
        ''')
    )
    network = generate.network(path)
    assert network.name == "described"
    assert network.metadata.description == "A model of A & B, where <A> decays.\n\nIn more words."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Curie, Marie; Sorbonne; 0000-0001", Person("Curie", "Marie", "Sorbonne", "0000-0001")),
        ("Curie, Marie", Person("Curie", "Marie")),
        ("A consortium", Person("A consortium", "")),
    ],
)
def test_a_creator_is_read(text: str, expected: Person) -> None:
    assert person(text) == expected
