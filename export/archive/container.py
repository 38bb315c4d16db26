"""The archive itself: a zip file with a manifest, the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...network.files import replacing

MANIFEST: Final = "manifest.xml"
OMEX: Final = "http://identifiers.org/combine.specifications/omex"
_MANIFEST_FORMAT: Final = "http://identifiers.org/combine.specifications/omex-manifest"
_FORMATS: Final = {
    ".sedml": "http://identifiers.org/combine.specifications/sed-ml",
    ".rdf": "http://identifiers.org/combine.specifications/omex-metadata",
    ".xml": "http://identifiers.org/combine.specifications/sbml",
    ".bngl": "http://purl.org/NET/mediatypes/text/bngl+plain",
    ".py": "http://purl.org/NET/mediatypes/text/x-python",
    ".md": "http://purl.org/NET/mediatypes/text/markdown",
    ".csv": "http://purl.org/NET/mediatypes/text/csv",
    ".tsv": "http://purl.org/NET/mediatypes/text/tab-separated-values",
    ".svg": "http://purl.org/NET/mediatypes/image/svg+xml",
    ".yaml": "http://purl.org/NET/mediatypes/application/x-yaml",
}


def content(files: Mapping[str, str], master: str, date: tuple[int, int, int]) -> bytes:
    """Return an archive.

    Parameters
    ----------
    files : mapping
        Text by path, in the order in which they are to stand; the manifest is added.
    master : str
        The file to begin with.
    date : (int, int, int)
        What all files are dated: year, month and day.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {MANIFEST: manifest(files, master), **files}.items():
            entry = zipfile.ZipInfo(path, (*date, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # on every system the same
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return packed.getvalue()


def manifest(files: Mapping[str, str], master: str) -> str:
    """Return the table of contents of an archive."""
    root = Element("omexManifest", xmlns=_MANIFEST_FORMAT)
    SubElement(root, "content", location=".", format=OMEX)
    SubElement(root, "content", location=f"./{MANIFEST}", format=_MANIFEST_FORMAT)
    for path in files:
        kind = _FORMATS[PurePosixPath(path).suffix]
        line = SubElement(root, "content", location=f"./{path}", format=kind)
        if path == master:
            line.set("master", "true")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def write(path: Path, data: bytes) -> None:
    """Write an archive, whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(path) as scratch:
        scratch.write_bytes(data)
