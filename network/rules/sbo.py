"""Terms of the Systems Biology Ontology, and which of them says what a thing in a network is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ..network import Annotation, RateLaw

# Names as in the ontology; the tests look every number up in libSBML's copy of it.
CONTINUOUS_FRAMEWORK: Final = 293
DISCRETE_FRAMEWORK: Final = 295
PHYSICAL_COMPARTMENT: Final = 290

MATERIAL_ENTITY: Final = 240
MACROMOLECULE: Final = 245
SIMPLE_CHEMICAL: Final = 247
RNA: Final = 250
DNA: Final = 251
POLYPEPTIDE_CHAIN: Final = 252
NON_COVALENT_COMPLEX: Final = 253
MACROMOLECULAR_COMPLEX: Final = 296
PROTEIN_COMPLEX: Final = 297

BIOCHEMICAL_REACTION: Final = 176
BINDING: Final = 177
DEGRADATION: Final = 179
DISSOCIATION: Final = 180
TRANSLOCATION: Final = 185
REMOVAL_OF_A_GROUP: Final = 211
METHYLATION: Final = 214
ACETYLATION: Final = 215
PHOSPHORYLATION: Final = 216
UBIQUITINATION: Final = 224
DEPHOSPHORYLATION: Final = 330
PROCESS: Final = 375
PRODUCTION: Final = 393

REACTANT: Final = 10
PRODUCT: Final = 11
CATALYST: Final = 13
MODIFIER: Final = 19
INHIBITOR: Final = 20
STIMULATOR: Final = 459

MATHEMATICAL_EXPRESSION: Final = 64
RATE_LAW: Final = 1
MICHAELIS_MENTEN: Final = 28  # irreversible, one substrate, nothing modulates
HILL_LAW: Final = 192
MASS_ACTION: Final = 12

KINETIC_CONSTANT: Final = 9
CATALYTIC_CONSTANT: Final = 25
MICHAELIS_CONSTANT: Final = 27
HILL_COEFFICIENT: Final = 190
FORWARD_CONSTANT: Final = 153
REVERSE_CONSTANT: Final = 156
QUANTITY: Final = 360
AMOUNT: Final = 361
CONCENTRATION: Final = 196
LENGTH: Final = 466
VOLUME: Final = 468
SYSTEM_PARAMETER: Final = 2

# By order.
_FORWARD: Final = {0: 48, 1: 35, 2: 36, 3: 37}
_REVERSE: Final = {1: 38, 2: 39, 3: 40}
# By number of molecules and of different species.
_IRREVERSIBLE: Final = {
    (0, 0): 47,
    (1, 1): 49,
    (2, 1): 52,
    (2, 2): 54,
    (3, 1): 57,
    (3, 2): 59,
    (3, 3): 61,
}
_IRREVERSIBLE_ANY: Final = 163
# The same for both directions.
_REVERSIBLE: Final = {
    ((0, 0), (1, 1)): 70,
    ((0, 0), (2, 1)): 72,
    ((0, 0), (2, 2)): 73,
    ((1, 1), (0, 0)): 79,
    ((1, 1), (1, 1)): 80,
    ((1, 1), (2, 1)): 82,
    ((1, 1), (2, 2)): 83,
    ((2, 1), (0, 0)): 90,
    ((2, 1), (1, 1)): 91,
    ((2, 1), (2, 1)): 93,
    ((2, 1), (2, 2)): 94,
    ((2, 2), (0, 0)): 100,
    ((2, 2), (1, 1)): 101,
    ((2, 2), (2, 1)): 103,
    ((2, 2), (2, 2)): 104,
}
_REVERSIBLE_ANY: Final = 42


def term(number: int) -> str:
    """Return a term as SBML writes it.

    Examples
    --------
    >>> term(PHOSPHORYLATION)
    'SBO:0000216'
    """
    return f"SBO:{number:07}"


# -- molecules and species ------------------------------------------------------------------------

_PROTEIN_SOURCES: Final = re.compile(
    r"[/:.](uniprot|uniprot\.isoform|interpro|pfam|pr|pdb|ipi|refseq|hgnc|hgnc\.symbol|ncbigene"
    r"|ensembl|ncbiprotein)[/:]",
    re.IGNORECASE,
)
_CHEMICAL_SOURCES: Final = re.compile(
    r"[/:.](chebi|kegg\.compound|kegg\.drug|pubchem\.compound|pubchem\.substance|drugbank|hmdb"
    r"|chembl\.compound|chembl|cas|inchi|inchikey|metanetx\.chemical|bigg\.metabolite|swisslipids"
    r"|lipidmaps|chemspider)[/:]",
    re.IGNORECASE,
)
_RNA_SOURCES: Final = re.compile(
    r"[/:.](mirbase|mirbase\.mature|rnacentral|rfam)[/:]", re.IGNORECASE
)


def of_molecule(annotations: Iterable[Annotation]) -> int:
    """Return what a molecule is, judged by the databases that know it."""
    resources = [a.resource for a in annotations if a.qualifier in ("is", "isVersionOf", "hasPart")]
    for sources, kind in (
        (_CHEMICAL_SOURCES, SIMPLE_CHEMICAL),
        (_RNA_SOURCES, RNA),
        (_PROTEIN_SOURCES, POLYPEPTIDE_CHAIN),
    ):
        if any(map(sources.search, resources)):
            return kind
    return MATERIAL_ENTITY


def of_species(kinds: Sequence[int]) -> int:
    """Return what a species is, from what its molecules are."""
    if len(kinds) == 1:
        return kinds[0]
    if any(kind == POLYPEPTIDE_CHAIN for kind in kinds):
        if all(kind in (POLYPEPTIDE_CHAIN, SIMPLE_CHEMICAL) for kind in kinds):
            return PROTEIN_COMPLEX
        return MACROMOLECULAR_COMPLEX
    if any(kind in (RNA, DNA, MACROMOLECULE) for kind in kinds):
        return MACROMOLECULAR_COMPLEX
    return NON_COVALENT_COMPLEX


# -- reactions ------------------------------------------------------------------------------------

_PHOSPHATE: Final = re.compile(r"(p{1,3})([ystYST]\d*)?|(P{1,3})([ystYST]\d*)?|[pP]hos\w*")
# A site that carries nothing.
_BLANK: Final = re.compile(r"[uUnN0]|un\w*|[nN]one|wt")
_GROUPS: Final = (
    (re.compile(r"[uU][bB]\w*"), UBIQUITINATION),
    (re.compile(r"[aA][cC]\w{0,5}"), ACETYLATION),
    (re.compile(r"[mM][eE]\d?"), METHYLATION),
)
_CHANGE: Final = re.compile(r"StateChange\(([\d.]+),(\S+)->(\S+)\)")


def state_change(action: str) -> tuple[str, str, str] | None:
    """Return place, old and new state of an action that changes a state."""
    match = _CHANGE.fullmatch(action)
    return None if match is None else (match[1], match[2], match[3])


def of_actions(actions: Sequence[str]) -> int:
    """Return what a rule does, from BioNetGen's list of its actions."""
    kinds = {_of_action(action) for action in actions}
    if not kinds:
        return PROCESS
    # Parts of a larger step: what is made or broken down decides, then what is modified.
    for kind in (PRODUCTION, DEGRADATION):
        if kind in kinds and kinds <= {kind, BINDING, DISSOCIATION}:
            return kind
    if len(kinds) == 1:
        return kinds.pop()
    kinds -= {BINDING, DISSOCIATION}
    return kinds.pop() if len(kinds) == 1 else BIOCHEMICAL_REACTION


# What the Gene Ontology calls these.
_GENE_ONTOLOGY: Final = {
    BINDING: "GO:0005488",
    DEGRADATION: "GO:0009056",  # catabolic process
    PRODUCTION: "GO:0009058",  # biosynthetic process
    TRANSLOCATION: "GO:0006810",  # transport
    PHOSPHORYLATION: "GO:0016310",
    DEPHOSPHORYLATION: "GO:0016311",
    UBIQUITINATION: "GO:0016567",
    ACETYLATION: "GO:0006473",
    METHYLATION: "GO:0032259",
}


def process_resource(kind: int) -> str:
    """Return a process as a compact identifier, of the Gene Ontology where that has it.

    Examples
    --------
    >>> process_resource(PHOSPHORYLATION), process_resource(DISSOCIATION)
    ('GO:0016310', 'SBO:0000180')
    """
    return _GENE_ONTOLOGY.get(kind, term(kind))


def _of_action(action: str) -> int:
    if action.startswith("Bind"):
        return BINDING
    if action.startswith("Unbind"):
        return DISSOCIATION
    if action.startswith("Add"):
        return PRODUCTION
    if action.startswith("Delete"):
        return DEGRADATION
    if action.startswith("ChangeCompartment"):
        return TRANSLOCATION
    change = state_change(action)
    return BIOCHEMICAL_REACTION if change is None else of_change(change[1], change[2])


def of_change(before: str, after: str) -> int:
    """Return what turns one state of a site into another.

    Examples
    --------
    >>> of_change("u", "p") == PHOSPHORYLATION
    True
    """
    lost, gained = _phosphates(before), _phosphates(after)
    if gained != lost and ((lost and gained) or _BLANK.fullmatch(after if lost else before)):
        return PHOSPHORYLATION if gained > lost else DEPHOSPHORYLATION
    for group, kind in _GROUPS:
        was, is_ = bool(group.fullmatch(before)), bool(group.fullmatch(after))
        if was != is_:
            return kind if is_ else REMOVAL_OF_A_GROUP
    return BIOCHEMICAL_REACTION


def _phosphates(state: str) -> int:
    match = _PHOSPHATE.fullmatch(state)
    return 0 if match is None else len(match[1] or match[3] or "p")


# -- rate laws and their constants ----------------------------------------------------------------


def _shape(reactants: Sequence[int]) -> tuple[int, int]:
    return len(reactants), len(set(reactants))


def of_law(
    law: RateLaw, reactants: Sequence[int], backward: tuple[RateLaw, Sequence[int]] | None = None
) -> int:
    """Return what kind of rate law a reaction has, given the reactants of each direction."""
    if backward is not None:
        other, products = backward
        if law.kind == other.kind == "elementary":
            return _REVERSIBLE.get((_shape(reactants), _shape(products)), _REVERSIBLE_ANY)
        return RATE_LAW
    match law.kind:
        case "elementary":
            return _IRREVERSIBLE.get(_shape(reactants), _IRREVERSIBLE_ANY)
        case "MM" | "Sat":
            return MICHAELIS_MENTEN
        case "Hill":
            return HILL_LAW
    return RATE_LAW


def of_constants(law: RateLaw, order: int, *, reverse: bool) -> dict[str, int]:
    """Return what each constant of a rate law is."""
    first = law.constants[0]
    match law.kind:
        case "elementary":
            orders = _REVERSE if reverse else _FORWARD
            return {first: orders.get(order, REVERSE_CONSTANT if reverse else FORWARD_CONSTANT)}
        case "MM" | "Sat":
            return {first: CATALYTIC_CONSTANT} | dict.fromkeys(
                law.constants[1:], MICHAELIS_CONSTANT
            )
        case "Hill":
            return {
                first: KINETIC_CONSTANT,
                law.constants[1]: MICHAELIS_CONSTANT,
                law.constants[2]: HILL_COEFFICIENT,
            }
    return {}


def common(kinds: Iterable[int]) -> int:
    """Return the one term that holds for a constant with several uses."""
    distinct = set(kinds)
    return distinct.pop() if len(distinct) == 1 else KINETIC_CONSTANT
