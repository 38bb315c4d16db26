"""What BioModels' curators and MIRIAM ask of a model, a mark for each thing asked.

The rules are those of MIRIAM, the Minimum Information Requested In the Annotation of Models
(doi:10.1038/nbt1156), and of BioModels' guidelines for curation and annotation
(https://www.ebi.ac.uk/biomodels/curation), as far as a file can be asked for them. Whether a model
is right about biology no file can tell. That it runs, and gives what was recorded of it, is asked
by :mod:`.reproduction`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import libsbml

from .elements import Elements, label
from .identifiers import resource
from .meaning import terms_of
from .report import Documentation, Finding, Mark, Share, Units, mark

# Collections of what a model may be described by, or derived from.
_PUBLICATIONS: Final = frozenset(
    {"pubmed", "doi", "pmc", "isbn", "arxiv", "biorxiv", "biomodels.db", "doi.org"}
)
_TAXA: Final = frozenset({"taxonomy", "ncbitaxon"})
# Where addresses name a collection and an accession.
_RESOLVED: Final = re.compile(
    r"urn:miriam:|https?://(?:www\.)?"
    r"(?:identifiers\.org|bioregistry\.io|purl\.obolibrary\.org|purl\.uniprot\.org)/"
)
_ORIGINS: Final = frozenset({"isDescribedBy", "isDerivedFrom"})
_MODELLED: Final = ("compartments", "species", "reactions")
_TERMED: Final = ("compartments", "species", "parameters", "reactions", "kinetic laws", "rules")
_TAGS: Final = re.compile(r"<[^>]*>")
_LICENCE: Final = re.compile(r"<(?:\w+:)?(?:license|licence|rights)\b", re.IGNORECASE)
_TERMS: Final = re.compile(r"licen[cs]e|public domain|CC0|terms of use", re.IGNORECASE)


def marks(
    elements: Elements,
    findings: Sequence[Finding],
    units: Units,
    documentation: Documentation,
) -> tuple[Mark, ...]:
    """Return the mark for each rule, of what other checks found and of the model itself."""
    model = elements.model
    errors = [f"{f.code}: {f.title}" for f in findings if f.severity == "error"]
    misfits = [
        f"{f.code}: {f.title}"
        for f in findings
        if f.severity == "warning" and ("unit" in f.category.lower() or "unit" in f.code)
    ]
    if units.reactions and not units.checked:
        misfits.append("whether units agree was not looked at, as --quick leaves it out")
    misplaced = [
        f"{f.title}: {', '.join(f.ids)}"
        for f in findings
        if f.category == "ontology" and f.severity == "warning"
    ]
    contacts = list(_contacts(model))
    said = [(qualifier, resource(uri)) for qualifier, uris in _said(model) for uri in uris]
    collections = {one.collection for _, one in said if not one.fault}
    origin = {one.collection for name, one in said if name in _ORIGINS and not one.fault}
    about = {one.collection for _, one in said if _RESOLVED.match(one.uri) and not one.fault}
    about -= _TAXA | _PUBLICATIONS
    return (
        mark("valid", "MIRIAM", 10, "The file complies with SBML", _none(errors)),
        mark(
            "complete",
            "MIRIAM",
            8,
            "Whatever has a value has one at the start, and every reaction a rate",
            _valued(elements),
        ),
        mark(
            "units",
            "BioModels",
            8,
            "Units are declared, and formulas agree in them",
            [
                *_none(misfits),
                *(pair for one in units.shares for pair in _shared(one)),
                *(
                    (f"unit of {what}", bool(units.model[what]))
                    for what in ("substance", "time", "extent")
                    if what != "extent" or model.getLevel() > 2
                ),
            ],
        ),
        mark(
            "name",
            "MIRIAM",
            3,
            "The model has an id and a name",
            [("id", model.isSetIdAttribute()), ("name", bool(model.getName().strip()))],
        ),
        mark("notes", "BioModels", 4, "Notes say what the model is", [("notes", _told(model))]),
        mark(
            "creators",
            "MIRIAM",
            5,
            "Creators have a name, and an e-mail address, an organisation or an ORCID",
            contacts or [("no creator", False)],
        ),
        mark(
            "dates",
            "MIRIAM",
            3,
            "It says when it was created and last modified",
            [("created", bool(documentation.created)), ("modified", bool(documentation.modified))],
        ),
        mark(
            "licence",
            "MIRIAM",
            3,
            "It says under which terms it may be used",
            [("licence", _licensed(model))],
        ),
        mark(
            "taxon",
            "BioModels",
            3,
            "It says of which organism it is",
            [("taxonomy", bool(collections & _TAXA))],
        ),
        mark(
            "reference",
            "MIRIAM",
            6,
            "It says which publication describes it, or what it is derived from",
            [("isDescribedBy or isDerivedFrom", bool(origin & _PUBLICATIONS))],
        ),
        mark(
            "subject",
            "BioModels",
            2,
            "It names the process or pathway that it is about",
            [("a term such as one of GO, KEGG or Reactome", bool(about))],
        ),
        *(
            mark(
                kind,
                "MIRIAM",
                points,
                f"Each of the {kind} says in terms of public databases what it is",
                [(label(e), _identified(e)) for e in elements[kind]],
            )
            for kind, points in (("compartments", 4), ("species", 10), ("reactions", 10))
        ),
        mark(
            "identifiers",
            "MIRIAM",
            6,
            "Identifiers are as their collection forms them",
            [
                *(
                    (label(e) + ": " + uri, not resource(uri).fault)
                    for kind, found in elements.items()
                    for e in found
                    for _, uris in _said(e)
                    for uri in uris
                )
            ]
            or [("none at all", False)],
        ),
        mark(
            "terms",
            "BioModels",
            5,
            "Compartments, species, parameters, reactions, kinetic laws "
            "and rules have a term of SBO, in the right place",
            [
                *(
                    (f"{kind}: {label(e)}", e.isSetSBOTerm())
                    for kind in _TERMED
                    for e in elements[kind]
                ),
                *_none(misplaced, absent=True),
            ],
        ),
        mark(
            "names",
            "BioModels",
            2,
            "Compartments, species and reactions have names",
            [(label(e), bool(e.getName().strip())) for kind in _MODELLED for e in elements[kind]],
        ),
    )


def _none(faults: Sequence[str], *, absent: bool = False) -> list[tuple[str, bool]]:
    """Return faults as what lacks; without any, that all is well."""
    if faults or absent:
        return [(one, False) for one in faults]
    return [("", True)]


def _shared(one: Share) -> list[tuple[str, bool]]:
    missing = one.total - one.having
    named = [f"unit of {id}" for id in one.without] + [""] * (missing - len(one.without))
    return [("", True)] * one.having + [(name, False) for name in named]


def _said(element: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield qualifier and resources of each statement on an element."""
    for term in terms_of(element):
        name = (
            libsbml.ModelQualifierType_toString(term.getModelQualifierType())
            if term.getQualifierType() == libsbml.MODEL_QUALIFIER
            else libsbml.BiolQualifierType_toString(term.getBiologicalQualifierType())
        )
        yield name or "", [term.getResourceURI(i) for i in range(term.getNumResources())]


def _identified(element: Any) -> bool:
    return any(
        _RESOLVED.match(uri) and not resource(uri).fault
        for qualifier, uris in _said(element)
        if qualifier not in _ORIGINS
        for uri in uris
    )


def _told(model: Any) -> bool:
    text = libsbml.XMLNode.convertXMLNodeToString(model.getNotes()) if model.isSetNotes() else ""
    return len(_TAGS.sub(" ", text).split()) >= 5


def _licensed(model: Any) -> bool:
    text = model.getAnnotationString() or ""
    notes = model.getNotesString() or ""
    return bool(_LICENCE.search(text) or _TERMS.search(notes))


def _contacts(model: Any) -> Iterator[tuple[str, bool]]:
    if not model.isSetModelHistory():
        return
    history = model.getModelHistory()
    notes = model.getNotesString() or ""
    for index in range(history.getNumCreators()):
        who = history.getCreator(index)
        parts = [] if who.usingSingleName() else [who.getGivenName(), who.getFamilyName()]
        name = " ".join(filter(None, parts)) or who.getName()
        where = who.getEmail() or who.getOrganisation() or who.getOrganization()
        orcid = "orcid.org" in (model.getAnnotationString() or "") + notes
        yield name or where or f"creator {index + 1}", bool(name and (where or orcid))


def _valued(elements: Elements) -> Iterable[tuple[str, bool]]:
    model = elements.model
    given = {a.getSymbol() for a in elements["initial assignments"]}
    given |= {r.getVariable() for r in elements["rules"] if r.isAssignment()}
    for s in elements["species"]:
        has = s.isSetInitialAmount() or s.isSetInitialConcentration()
        yield s.getId(), has or s.getId() in given
    for p in elements["parameters"]:
        yield p.getId(), p.isSetValue() or p.getId() in given
    for c in elements["compartments"]:
        sized = c.isSetSize() or c.getId() in given or model.getLevel() == 1
        yield c.getId(), sized or c.getSpatialDimensionsAsDouble() == 0
    for r in elements["reactions"]:
        law = r.getKineticLaw()
        yield r.getId(), law is not None and law.isSetMath()
    if not elements["rules"] and not elements["reactions"] and not elements["events"]:
        yield "nothing in the model changes", False
