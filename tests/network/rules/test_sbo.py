from fractions import Fraction

import libsbml
import pytest
from mtorules.network.network import Annotation, RateLaw
from mtorules.network.rules import sbo

SBO = libsbml.SBO
NUMBERS = {
    name: value for name, value in vars(sbo).items() if name.isupper() and isinstance(value, int)
}


def test_every_term_is_alive() -> None:
    for name, number in NUMBERS.items():
        assert SBO.checkTerm(sbo.term(number)), name
        assert not SBO.isObselete(number), name


@pytest.mark.parametrize(
    ("belongs", "names"),
    [
        (
            SBO.isMaterialEntity,
            "MACROMOLECULE SIMPLE_CHEMICAL RNA DNA POLYPEPTIDE_CHAIN NON_COVALENT_COMPLEX "
            "MACROMOLECULAR_COMPLEX PROTEIN_COMPLEX PHYSICAL_COMPARTMENT",
        ),
        (
            SBO.isOccurringEntityRepresentation,
            "BIOCHEMICAL_REACTION BINDING DEGRADATION DISSOCIATION TRANSLOCATION METHYLATION "
            "ACETYLATION PHOSPHORYLATION UBIQUITINATION DEPHOSPHORYLATION PROCESS PRODUCTION",
        ),
        (SBO.isParticipantRole, "REACTANT PRODUCT CATALYST MODIFIER STIMULATOR"),
        (SBO.isModifier, "CATALYST STIMULATOR"),
        (SBO.isRateLaw, "MICHAELIS_MENTEN HILL_LAW MASS_ACTION"),
        (SBO.isKineticConstant, "CATALYTIC_CONSTANT FORWARD_CONSTANT REVERSE_CONSTANT"),
        (
            SBO.isSystemsDescriptionParameter,
            "KINETIC_CONSTANT MICHAELIS_CONSTANT HILL_COEFFICIENT QUANTITY AMOUNT CONCENTRATION "
            "LENGTH VOLUME SYSTEM_PARAMETER",
        ),
        (SBO.isContinuousFramework, "CONTINUOUS_FRAMEWORK"),
        (SBO.isDiscreteFramework, "DISCRETE_FRAMEWORK"),
    ],
)
def test_terms_are_in_their_branch(belongs: object, names: str) -> None:
    assert callable(belongs)
    for name in names.split():
        assert belongs(NUMBERS[name]), name


def test_laws_and_constants_by_order_are_in_their_branch() -> None:
    law = RateLaw("elementary", ("k",))
    for before in ((), (0,), (0, 0), (0, 1), (0, 0, 0), (0, 0, 1), (0, 1, 2), (0, 1, 2, 3)):
        assert SBO.isRateLaw(sbo.of_law(law, before))
        for reverse in (False, True):
            (kind,) = sbo.of_constants(law, len(before), reverse=reverse).values()
            assert SBO.isKineticConstant(kind)
        for after in ((), (4,), (4, 4), (4, 5), (4, 5, 6)):
            assert SBO.isRateLaw(sbo.of_law(law, before, (law, after)))


def test_other_laws() -> None:
    hill = RateLaw("Hill", ("k", "K", "n"), Fraction(1))
    assert sbo.of_law(hill, (0,)) == sbo.HILL_LAW
    assert sbo.of_constants(hill, 1, reverse=False)["n"] == sbo.HILL_COEFFICIENT
    assert sbo.of_law(RateLaw("MM", ("kcat", "Km")), (0, 1)) == sbo.MICHAELIS_MENTEN
    assert sbo.of_law(RateLaw("function", ("f",)), (0, 1)) == sbo.RATE_LAW


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("u", "p", sbo.PHOSPHORYLATION),
        ("U", "P", sbo.PHOSPHORYLATION),
        ("p", "pp", sbo.PHOSPHORYLATION),
        ("pY", "Y", sbo.BIOCHEMICAL_REACTION),
        ("p", "u", sbo.DEPHOSPHORYLATION),
        ("pp", "p", sbo.DEPHOSPHORYLATION),
        ("p", "q", sbo.BIOCHEMICAL_REACTION),
        ("gdp", "gtp", sbo.BIOCHEMICAL_REACTION),
        ("u", "ub", sbo.UBIQUITINATION),
        ("ub", "u", sbo.REMOVAL_OF_A_GROUP),
        ("u", "ac", sbo.ACETYLATION),
        ("u", "me2", sbo.METHYLATION),
        ("0", "1", sbo.BIOCHEMICAL_REACTION),
    ],
)
def test_changes_of_state(before: str, after: str, expected: int) -> None:
    assert sbo.of_change(before, after) == expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("Bind(0.0.0,0.1.0)",), sbo.BINDING),
        (("Unbind(0.0.0,0.1.0)",), sbo.DISSOCIATION),
        (("Add Species A(b)",), sbo.PRODUCTION),
        (("Delete Pattern A(b)",), sbo.DEGRADATION),
        (("ChangeCompartment(0.0,out,in,0)",), sbo.TRANSLOCATION),
        (("StateChange(0.0.1,u->p)", "Unbind(0.0.0,0.1.0)"), sbo.PHOSPHORYLATION),
        (("Add Species B()", "Delete Pattern A()"), sbo.BIOCHEMICAL_REACTION),
        ((), sbo.PROCESS),
    ],
)
def test_actions_of_rules(actions: tuple[str, ...], expected: int) -> None:
    assert sbo.of_actions(actions) == expected


def known_as(*resources: str) -> int:
    return sbo.of_molecule(Annotation("is", f"https://identifiers.org/{r}") for r in resources)


def test_molecules_and_complexes() -> None:
    protein, drug = known_as("uniprot:P42345", "hgnc:3942"), known_as("CHEBI:9168")
    assert (protein, drug) == (sbo.POLYPEPTIDE_CHAIN, sbo.SIMPLE_CHEMICAL)
    assert known_as("mirbase:MI0000001") == sbo.RNA
    assert known_as() == sbo.MATERIAL_ENTITY
    assert sbo.of_species([protein]) == sbo.POLYPEPTIDE_CHAIN
    assert sbo.of_species([protein, drug]) == sbo.PROTEIN_COMPLEX
    assert sbo.of_species([protein, sbo.RNA]) == sbo.MACROMOLECULAR_COMPLEX
    assert sbo.of_species([drug, drug]) == sbo.NON_COVALENT_COMPLEX
