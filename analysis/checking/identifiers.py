"""Whether the address of a resource is a well-formed compact identifier.

Today's form is ``https://identifiers.org/uniprot:P42345``: a collection's prefix, a colon, and the
accession as the collection forms it. Collections whose accessions start with their own name are
written without a second prefix, as in ``https://identifiers.org/GO:0031931``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Resource:
    """The address of a resource, taken apart.

    Attributes
    ----------
    uri : str
        As written.
    collection : str
        Prefix at identifiers.org, or the host of any other address.
    fault : str
        What is wrong with it; nothing if it is well formed.
    outdated : str
        Which older form it has; nothing if it has today's.
    """

    uri: str
    collection: str = ""
    fault: str = ""
    outdated: str = ""


_COMPACT = re.compile(r"/(?:[\w.-]+/)?([A-Za-z][\w.-]*):(.+)")
_PATH = re.compile(r"/([a-z][\w.-]*)/(.+)")
_URN = re.compile(r"urn:miriam:([\w.-]+):(.+)")
# What a URI may consist of.
_LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HOSTS: Final = ("identifiers.org", "www.identifiers.org")


@cache
def collections() -> dict[str, re.Pattern[str]]:
    """Return how accessions look, by prefix, for the collections that models mostly use."""
    table = files(__spec__.parent).joinpath("namespaces.csv").read_text(encoding="utf-8")
    return {row["prefix"]: re.compile(row["pattern"]) for row in csv.DictReader(table.splitlines())}


def resource(uri: str) -> Resource:
    """Take the address of a resource apart.

    Examples
    --------
    >>> resource("https://identifiers.org/uniprot:P42345").fault
    ''
    >>> resource("https://identifiers.org/uniprot:mTOR").fault
    "'mTOR' is no accession of uniprot"
    """
    if not _LEGAL.fullmatch(uri):
        fault = "it has characters that no URI may hold" if uri else "it is empty"
        return Resource(uri, fault=fault)
    if match := _URN.fullmatch(uri):
        return _named(uri, match[1], unquote(match[2]), outdated="a urn:miriam")
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return Resource(uri, fault="it is no web address")
    if parts.hostname not in _HOSTS:
        return Resource(uri, parts.hostname.removeprefix("www."))
    path = uri.split(parts.netloc, 1)[1]
    outdated = "" if parts.scheme == "https" else "an address with http"
    # A path such as /chebi/CHEBI:15377 is older than compact identifiers, though it has a colon.
    match = _PATH.fullmatch(path)
    if match and (match[1] in collections() or ":" not in path):
        outdated = "an address with /collection/accession"
        return _named(uri, match[1], unquote(match[2]), outdated)
    if match := _COMPACT.fullmatch(path):
        return _named(uri, match[1].lower(), unquote(match[2]), outdated)
    return Resource(uri, fault="it names no collection and accession")


def _named(uri: str, collection: str, accession: str, outdated: str = "") -> Resource:
    pattern = collections().get(collection)
    fault = ""
    if pattern is not None and not pattern.fullmatch(accession):
        fault = f"{accession!r} is no accession of {collection}"
    return Resource(uri, collection, fault, outdated)
