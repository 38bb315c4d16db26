"""Who made an archive, of what, under which licence: OMEX metadata as RDF, and a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...network.network import Metadata, Person
from ..sbml.annotation.references import BIOLOGY

_PREFIXES: Final = {
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
    "xmlns:foaf": "http://xmlns.com/foaf/0.1/",
    "xmlns:bqbiol": "http://biomodels.net/biology-qualifiers/",
    "xmlns:bqmodel": "http://biomodels.net/model-qualifiers/",
}
# What an archive is about, in the words of OMEX metadata 1.2.
_ARCHIVE: Final = "http://omex-library.org/{}.omex"


@dataclass(frozen=True)
class Content:
    """A file of an archive, as the page and the metadata tell of it."""

    path: str
    title: str


def rdf(name: str, about: Metadata, contents: Iterable[Content], citations: Sequence[str]) -> str:
    """Return metadata of an archive and of its files.

    Parameters
    ----------
    name : str
        Of the archive, without its ending.
    about : Metadata
        What the model says of itself.
    contents : iterable of Content
        The files.
    citations : sequence of str
        Addresses of what the model's numbers and rules rest on.
    """
    root = Element("rdf:RDF", _PREFIXES)
    archive = _ARCHIVE.format(name)
    whole = SubElement(root, "rdf:Description", {"rdf:about": archive})
    _text(whole, "dc:title", about.title or name)
    if about.description:
        _text(whole, "dc:description", about.description)
    for person in about.creators:
        SubElement(whole, "dc:creator").append(_person(person))
    if about.licence:
        _resource(whole, "dcterms:license", about.licence)
    if about.date:
        _date(whole, "dcterms:created", about.date)
    for each in about.annotations:
        prefix = "bqbiol" if each.qualifier in BIOLOGY else "bqmodel"
        _resource(whole, f"{prefix}:{each.qualifier}", each.resource)
    for address in citations:
        _resource(whole, "bqmodel:isDescribedBy", address)
    for content in contents:
        about_file = {"rdf:about": f"{archive}/{content.path}"}
        _text(SubElement(root, "rdf:Description", about_file), "dc:title", content.title)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _person(person: Person) -> Element:
    name = " ".join(part for part in (person.given, person.family) if part)
    found = Element("foaf:Person")
    _text(found, "foaf:name", name or person.organisation)
    if person.orcid:
        address = person.orcid if "://" in person.orcid else f"https://orcid.org/{person.orcid}"
        _resource(found, "foaf:account", address)
    return found


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _resource(parent: Element, tag: str, address: str) -> None:
    SubElement(parent, tag, {"rdf:resource": address})


def _date(parent: Element, tag: str, date: str) -> None:
    date_ = SubElement(parent, tag, {"rdf:parseType": "Resource"})
    _text(date_, "dcterms:W3CDTF", date if "T" in date else f"{date}T00:00:00Z")


def page(name: str, about: Metadata, contents: Iterable[Content], notes: Sequence[str]) -> str:
    """Return a page that tells a reader what is in an archive and how to use it."""
    lines = [f"# {about.title or name}", ""]
    if about.description:
        lines += [about.description, ""]
    lines += ["| file | what it is |", "|---|---|"]
    lines += [f"| `{each.path}` | {each.title.replace('|', '/')} |" for each in contents]
    lines += ["", *(line for note in notes for line in (note, ""))]
    people = ", ".join(
        " ".join(part for part in (p.given, p.family) if part) or p.organisation
        for p in about.creators
    )
    if people:
        lines.append(f"By {people}.")
    if about.licence:
        lines.append(f"Licence: {about.licence}")
    return "\n".join(lines).rstrip() + "\n"


def day(date: str, epoch: str | None) -> tuple[int, int, int]:
    """Return the date of an archive: ``SOURCE_DATE_EPOCH``, the model's, or the first of zip's.

    Examples
    --------
    >>> day("2026-11-21", None)
    (2026, 11, 21)
    """
    first = datetime(1980, 1, 1, tzinfo=UTC)
    try:
        when = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.fromisoformat(date)
    except (ValueError, OverflowError, OSError):
        when = first
    when = max(when.replace(tzinfo=UTC), first)
    return (when.year, when.month, when.day) if when.year < 2108 else (1980, 1, 1)
