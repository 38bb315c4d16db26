"""How much of the model says what it is: annotation, ontology terms, notes, and who made it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

import libsbml

from .elements import Elements, label
from .identifiers import resource
from .report import Annotations, Documentation, Finding, Ontology, Share, about, share

# Kinds that usually carry annotation; of the others a report speaks only if they do.
_CARRIERS: Final = (
    "model",
    "compartments",
    "species",
    "parameters",
    "reactions",
    "rules",
    "events",
    "function definitions",
    "groups",
)

# -- annotation -----------------------------------------------------------------------------------


def annotation(elements: Elements) -> tuple[Annotations, list[Finding]]:
    """Return what the controlled annotation amounts to."""
    shares: list[Share] = []
    qualifiers: dict[str, dict[str, int]] = {}
    databases: Counter[str] = Counter()
    malformed: dict[str, tuple[str, str]] = {}  # address: where first, and why
    outdated: defaultdict[str, list[str]] = defaultdict(list)
    total = 0
    for kind, found in elements.items():
        counts: Counter[str] = Counter()
        has: list[tuple[str, bool]] = []
        for element in found:
            terms = element.getNumCVTerms()
            has.append((label(element) if not terms else "", bool(terms)))
            for term in terms_of(element):
                for index in range(term.getNumResources()):
                    uri = term.getResourceURI(index)
                    counts[_qualifier(term)] += 1
                    judged = resource(uri)
                    databases[judged.collection or "(none)"] += 1
                    if judged.fault:
                        malformed.setdefault(uri, (label(element), judged.fault))
                    elif judged.outdated:
                        outdated[judged.outdated].append(uri)
        if kind in _CARRIERS or counts:
            shares.append(share(kind, has))
        if counts:
            qualifiers[kind] = dict(counts.most_common())
        total += counts.total()
    findings = about(
        "warning",
        "annotation",
        "malformed address",
        "Annotation has addresses that are no well-formed identifiers",
        malformed,
        "; ".join(f"{uri} ({id}): {why}" for uri, (id, why) in list(malformed.items())[:5]),
    )
    for form, uris in outdated.items():
        findings += about(
            "note",
            "annotation",
            "outdated address",
            f"Annotation has the form of {form}, which is outdated; "
            "https://identifiers.org/collection:accession is today's",
            dict.fromkeys(uris),
        )
    return (
        Annotations(
            tuple(shares), qualifiers, dict(databases.most_common()), total, len(malformed)
        ),
        findings,
    )


def terms_of(element: Any) -> Iterator[Any]:
    """Yield the terms of an element and those nested in them."""
    pending = [element.getCVTerm(index) for index in range(element.getNumCVTerms())]
    while pending:
        term = pending.pop(0)
        yield term
        pending += [term.getNestedCVTerm(i) for i in range(term.getNumNestedCVTerms())]


def _qualifier(term: Any) -> str:
    if term.getQualifierType() == libsbml.MODEL_QUALIFIER:
        name = libsbml.ModelQualifierType_toString(term.getModelQualifierType())
        return f"bqmodel:{name or 'unknown'}"
    name = libsbml.BiolQualifierType_toString(term.getBiologicalQualifierType())
    return f"bqbiol:{name or 'unknown'}"


# -- ontology -------------------------------------------------------------------------------------

# The branches that the specification of SBML expects an element's term in.
_INTERACTION, _ENTITY, _PARAMETER, _EXPRESSION, _ROLE, _FRAMEWORK = 231, 236, 545, 64, 3, 4
_BRANCHES: Final = {
    "model": (_INTERACTION, _FRAMEWORK),
    "compartments": (_ENTITY,),
    "species": (_ENTITY,),
    "parameters": (_PARAMETER,),
    "local parameters": (_PARAMETER,),
    "reactions": (_INTERACTION,),
    "reactants and products": (_ROLE,),
    "modifiers": (_ROLE,),
    "kinetic laws": (_EXPRESSION,),
    "rules": (_EXPRESSION,),
    "initial assignments": (_EXPRESSION,),
    "constraints": (_EXPRESSION,),
    "function definitions": (_EXPRESSION,),
    "events": (_INTERACTION,),
}
_BRANCH_NAMES: Final = {
    _INTERACTION: "occurring entity representation",
    _ENTITY: "physical entity representation",
    _PARAMETER: "systems description parameter",
    _EXPRESSION: "mathematical expression",
    _ROLE: "participant role",
    _FRAMEWORK: "modelling framework",
}
_NO_BRANCH: Final = 1000  # libSBML's answer for terms that it does not know or that are obsolete


def ontology(elements: Elements) -> tuple[Ontology, list[Finding]]:
    """Return how many elements have a term of SBO, and which terms do not belong where they are."""
    shares: list[Share] = []
    terms: dict[str, dict[str, int]] = {}
    unknown: dict[str, None] = {}
    obsolete: dict[str, None] = {}
    misplaced: dict[str, None] = {}
    for kind, found in elements.items():
        counts: Counter[int] = Counter()
        has: list[tuple[str, bool]] = []
        for element in found:
            term = element.getSBOTerm()
            has.append((label(element) if term < 0 else "", term >= 0))
            if term < 0:
                continue
            counts[term] += 1
            branch = libsbml.SBO.getParentBranch(term)
            where = f"{label(element)} ({_sbo(term)})"
            if libsbml.SBO.isObselete(term):
                obsolete[where] = None
            elif branch == _NO_BRANCH:
                unknown[where] = None
            elif kind in _BRANCHES and branch not in _BRANCHES[kind]:
                wanted = " or ".join(_BRANCH_NAMES[b] for b in _BRANCHES[kind])
                misplaced[f"{where}, a term of {kind} should be a {wanted}"] = None
        if kind in _BRANCHES or counts:
            shares.append(share(kind, has))
        if counts:
            terms[kind] = {_sbo(term): n for term, n in counts.most_common()}
    titles = {
        "unknown term": ("SBO has no such term", unknown),
        "obsolete term": ("SBO has given up this term", obsolete),
        "misplaced term": ("The SBO term means something else", misplaced),
    }
    findings = [
        finding
        for code, (title, where) in titles.items()
        for finding in about("warning", "ontology", code, title, where)
    ]
    return Ontology(tuple(shares), terms), findings


def _sbo(term: int) -> str:
    return f"SBO:{term:07d}"


# -- notes, names, history ------------------------------------------------------------------------


def documentation(elements: Elements) -> Documentation:
    """Return which elements have notes, names and metaids, and who made the model and when."""
    asked = {
        "notes": lambda element: element.isSetNotes(),
        "names": lambda element: element.isSetName(),
        "metaids": lambda element: element.isSetMetaId(),
    }
    shares = {
        what: tuple(
            share(kind, [(label(e) if not (has := ask(e)) else "", has) for e in elements[kind]])
            for kind, _ in elements.items()
            if kind in _CARRIERS
        )
        for what, ask in asked.items()
    }
    history = elements.model.getModelHistory() if elements.model.isSetModelHistory() else None
    creators: list[str] = []
    created, modified = "", []
    if history is not None:
        for index in range(history.getNumCreators()):
            who = history.getCreator(index)
            # libSBML returns one name in parts, too.
            parts = [] if who.usingSingleName() else [who.getGivenName(), who.getFamilyName()]
            name = " ".join(filter(None, parts)) or who.getName()
            creators.append(name or who.getOrganisation() or who.getOrganization())
        if history.isSetCreatedDate():
            created = history.getCreatedDate().getDateAsString()
        modified = [
            history.getModifiedDate(index).getDateAsString()
            for index in range(history.getNumModifiedDates())
        ]
    return Documentation(shares, tuple(creators), created, tuple(modified))
