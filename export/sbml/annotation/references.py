"""What a model refers to, as MIRIAM annotation: compact identifiers, qualifiers, who and when.

Addresses come in many spellings; all that name a collection and an accession leave as
``https://identifiers.org/collection:accession``. Qualifiers are those of BioModels.net.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from ....network.network import Annotation, Metadata, Person
from ..xml import attribute, content

BIOLOGY: Final = (
    *("is", "hasPart", "isPartOf", "isVersionOf", "hasVersion", "isHomologTo", "isDescribedBy"),
    *("isEncodedBy", "encodes", "occursIn", "hasProperty", "isPropertyOf", "hasTaxon"),
)
MODEL: Final = ("is", "isDerivedFrom", "isDescribedBy", "isInstanceOf", "hasInstance")
_QUALIFIERS: Final = {name.lower(): name for name in (*BIOLOGY, *MODEL)}

_HOST: Final = "https://identifiers.org/"


class CitationError(ValueError):
    """A statement that SBML has no way to make; the message says which and why."""


# -- addresses ------------------------------------------------------------------------------------

_URN: Final = re.compile(r"urn:miriam:([\w.-]+):(.+)", re.IGNORECASE)
_IDENTIFIERS: Final = re.compile(r"https?://(?:www\.)?identifiers\.org/(.+)", re.IGNORECASE)
_PATH: Final = re.compile(r"([a-z][\w.-]*)/(.+)")
_COMPACT: Final = re.compile(r"([A-Za-z][\w.-]*):(?!//)(\S+)")
# Web pages that stand for an accession.
_PAGES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), collection)
    for pattern, collection in (
        (r"https?://(?:dx\.)?doi\.org/(10\..+)", "doi"),
        (r"https?://(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/(\d+)/?", "pubmed"),
        (r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(\d+)/?", "pubmed"),
        (r"https?://www\.ncbi\.nlm\.nih\.gov/pmc/articles/(PMC\d+)/?", "pmc"),
        (r"https?://(?:www\.)?uniprot\.org/(?:uniprot|uniprotkb)/(\w+)(?:/\w*)?", "uniprot"),
    )
)
# Collections whose accessions begin with their own name, and the names they also go by.
_EMBEDDED: Final = {
    "go": "GO", "obo.go": "GO", "chebi": "CHEBI", "obo.chebi": "CHEBI", "sbo": "SBO",
    "biomodels.sbo": "SBO", "pr": "PR", "mi": "MI", "psimi": "MI", "mod": "MOD", "cl": "CL",
    "so": "SO", "uberon": "UBERON", "bto": "BTO", "doid": "DOID", "eco": "ECO", "efo": "EFO",
    "hgnc": "",
}  # fmt: skip


@lru_cache(maxsize=8192)
def address(text: str) -> str | None:
    """Return the address of a resource, as a compact identifier where it is one.

    Returns
    -------
    str or None
        None if the text is neither an identifier nor a web address.

    Examples
    --------
    >>> address("http://identifiers.org/uniprot/P42345")
    'https://identifiers.org/uniprot:P42345'
    >>> address("urn:miriam:obo.go:GO%3A0031929")
    'https://identifiers.org/GO:0031929'
    """
    text = text.strip()
    for page, collection in _PAGES:
        if match := page.fullmatch(text):
            return _compact(collection, unquote(match[1]))
    if match := _URN.fullmatch(text):
        return _compact(match[1], unquote(match[2]))
    if match := _IDENTIFIERS.fullmatch(text):
        rest = unquote(match[1])
        if found := _PATH.fullmatch(rest) or _COMPACT.fullmatch(rest):
            return _compact(found[1], found[2])
        return _HOST + _quoted(rest)
    if re.match(r"https?://\S+$", text, re.IGNORECASE):
        return _quoted(text)
    if match := _COMPACT.fullmatch(text):
        return _compact(match[1], match[2])
    return None


def _compact(collection: str, accession: str) -> str:
    own = _EMBEDDED.get(collection.lower())
    if own is None:
        prefix = f"{collection.lower()}:"
        accession = accession.removeprefix(prefix)
        return f"{_HOST}{prefix}{_quoted(accession)}"
    if own == "":  # HGNC:3942 is hgnc:3942
        return f"{_HOST}{collection.lower()}:{_quoted(accession.rpartition(':')[2])}"
    return f"{_HOST}{own}:{_quoted(accession.rpartition(':')[2])}"


def _quoted(text: str) -> str:
    """Return text with what no address may hold in percent signs and digits."""
    return quote(text, safe="-._~:/?#[]@!$&'()*+,;=%")


# -- statements -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """A qualified reference; several resources are several names of one thing."""

    qualifier: str  # with its prefix: "bqbiol:is"
    resources: tuple[str, ...]


def qualified(name: str, *, model: bool = False) -> str:
    """Return a qualifier with its prefix.

    Parameters
    ----------
    name : str
        With or without a prefix, in any case of letters.
    model : bool
        Whether it is said of the model as a whole.

    Raises
    ------
    CitationError
        If there is no such qualifier; the message names the nearest.

    Examples
    --------
    >>> qualified("isDescribedBy"), qualified("isDescribedBy", model=True)
    ('bqbiol:isDescribedBy', 'bqmodel:isDescribedBy')
    """
    bare = re.split(r"[:/#]", name.strip())[-1]
    known = _QUALIFIERS.get(bare.lower())
    if known is None:
        near = difflib.get_close_matches(bare.lower(), _QUALIFIERS, n=1)
        hint = f" Did you mean {_QUALIFIERS[near[0]]!r}?" if near else ""
        raise CitationError(f"{name!r} is no qualifier of BioModels.net.{hint}")
    first, second = (("bqmodel", MODEL), ("bqbiol", BIOLOGY))[:: 1 if model else -1]
    return f"{first[0]}:{known}" if known in first[1] else f"{second[0]}:{known}"


@dataclass(frozen=True)
class Statements:
    """References in order, and what could not be said, a sentence each."""

    statements: tuple[Statement, ...]
    refused: tuple[str, ...] = ()


def statements(
    annotations: Iterable[Annotation], subject: str, *, model: bool = False
) -> Statements:
    """Return annotations as statements: several names of one thing together, all else apart."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    refused: list[str] = []
    for one in annotations:
        try:
            qualifier = qualified(one.qualifier, model=model)
        except CitationError as error:
            refused.append(f"An annotation of {subject} is left out: {error}")
            continue
        resource = address(one.resource)
        if resource is None:
            refused.append(
                f"An annotation of {subject} is left out: {one.resource!r} is no address; "
                "expected is one such as https://identifiers.org/uniprot:P42345."
            )
            continue
        apart = "" if qualifier.endswith(":is") else resource
        found.setdefault((qualifier, apart), {})[resource] = None
    return Statements(
        tuple(Statement(qualifier, tuple(names)) for (qualifier, _), names in found.items()),
        tuple(refused),
    )


# -- as RDF ---------------------------------------------------------------------------------------

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES: Final = {
    "bqbiol": "http://biomodels.net/biology-qualifiers/",
    "bqmodel": "http://biomodels.net/model-qualifiers/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "vCard": "http://www.w3.org/2001/vcard-rdf/3.0#",
    "vCard4": "http://www.w3.org/2006/vcard/ns#",
}


def rdf(metaid: str, inner: str) -> str:
    """Return what is said of the element with this metaid as an ``rdf:RDF`` element."""
    used = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items() if f"<{prefix}:" in inner
    )
    return (
        f'<rdf:RDF xmlns:rdf="{_RDF}"{used}><rdf:Description rdf:about="#{metaid}">{inner}'
        "</rdf:Description></rdf:RDF>"
    )


def inner(said: Iterable[Statement]) -> str:
    """Return statements as the content of an ``rdf:Description``."""
    parts = []
    for one in said:
        bag = "".join(f"<rdf:li rdf:resource={attribute(uri)}/>" for uri in one.resources)
        parts.append(f"<{one.qualifier}><rdf:Bag>{bag}</rdf:Bag></{one.qualifier}>")
    return "".join(parts)


# -- who and when ---------------------------------------------------------------------------------


def history(metadata: Metadata, epoch: str | None, *, vcard4: bool) -> str:
    """Return creators, licence and dates as the content of an ``rdf:Description``.

    Parameters
    ----------
    metadata : Metadata
        Of the model.
    epoch : str, optional
        Seconds since 1970, from ``SOURCE_DATE_EPOCH``: when this file counts as made. Without it,
        that is the date of the model's version.
    vcard4 : bool
        Whether creators are written as Level 3 Version 2 wants them.

    Raises
    ------
    CitationError
        If a date cannot be read.
    """
    people = "".join(map(_vcard4 if vcard4 else _vcard3, metadata.creators))
    creator = "dcterms:creator" if vcard4 else "dc:creator"
    parts = [f"<{creator}><rdf:Bag>{people}</rdf:Bag></{creator}>"] if people else []
    made = _moment(epoch)
    created = _date(metadata.date) or made
    for name, moment in (("created", created), ("modified", made or created)):
        if moment:
            parts.append(
                f'<dcterms:{name} rdf:parseType="Resource"><dcterms:W3CDTF>{moment}'
                f"</dcterms:W3CDTF></dcterms:{name}>"
            )
    if metadata.licence:
        parts.append(f"<dcterms:license rdf:resource={attribute(_quoted(metadata.licence))}/>")
    return "".join(parts)


def _date(text: str) -> str:
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CitationError(
            f"The model's date {text!r} cannot be read; expected is one such as 2026-11-21."
        ) from None
    return _spelled(moment.replace(tzinfo=moment.tzinfo or UTC))


def _moment(epoch: str | None) -> str:
    if not epoch:
        return ""
    try:
        return _spelled(datetime.fromtimestamp(int(epoch), UTC))
    except (ValueError, OverflowError, OSError):
        raise CitationError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; expected is a number of seconds since 1970."
        ) from None


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _vcard4(person: Person) -> str:
    name = f"<vCard4:fn><vCard4:text>{content(person.family)}</vCard4:text></vCard4:fn>"
    if person.given:
        name = (
            '<vCard4:hasName rdf:parseType="Resource">'
            f"<vCard4:family-name>{content(person.family)}</vCard4:family-name>"
            f"<vCard4:given-name>{content(person.given)}</vCard4:given-name></vCard4:hasName>"
        )
    where = content(person.organisation)
    if where:
        where = f"<vCard4:organization-name>{where}</vCard4:organization-name>"
    return f'<rdf:li rdf:parseType="Resource">{name}{where}</rdf:li>'


def _vcard3(person: Person) -> str:
    """Return a creator with the family and the given name that older levels demand."""
    given, family = person.given, person.family
    if not given:  # a group, such as "mTORules authors"
        given, _, family = family.rpartition(" ")
    if not given:
        return ""
    where = content(person.organisation)
    if where:
        where = (
            '<vCard:ORG rdf:parseType="Resource">'
            f"<vCard:Orgname>{where}</vCard:Orgname></vCard:ORG>"
        )
    return (
        '<rdf:li rdf:parseType="Resource"><vCard:N rdf:parseType="Resource">'
        f"<vCard:Family>{content(family)}</vCard:Family>"
        f"<vCard:Given>{content(given)}</vCard:Given></vCard:N>{where}</rdf:li>"
    )
