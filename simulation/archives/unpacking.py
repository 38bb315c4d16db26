"""COMBINE archives of anybody, unpacked into memory: names in them are data and lead nowhere."""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from ..sbml import documents
from ..sbml.documents import LARGEST, MOST_FILES, SbmlFileError

MANIFEST: Final = "manifest.xml"
_SEDML: Final = re.compile(r"[/.]sed-?ml\b", re.IGNORECASE)
_PRE: Final = re.compile(r"[A-Za-z]:")


class ArchiveFileError(ValueError):
    """The file is no COMBINE archive, or one that is not to be unpacked; the message says why."""


@dataclass(frozen=True)
class Entry:
    """A line of the manifest."""

    path: str
    format: str
    master: bool = False


@dataclass(frozen=True)
class Archive:
    """What an archive holds.

    Attributes
    ----------
    files : mapping
        Content by path.
    entries : tuple of Entry
        What the manifest says of them; the archive itself and the manifest are left out.
    """

    files: Mapping[str, bytes]
    entries: tuple[Entry, ...]

    @property
    def experiments(self) -> list[str]:
        """Paths of SED-ML files, the master first."""
        found = [each for each in self.entries if _SEDML.search(each.format)]
        return [each.path for each in sorted(found, key=lambda each: not each.master)]


def read(path: Path) -> Archive:
    """Read an archive.

    Raises
    ------
    ArchiveFileError, SbmlFileError
        If there is none, or one that is damaged, too large, or not what it says.
    """
    data = documents.content(path, "a COMBINE archive")
    where = str(path)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ArchiveFileError(f"'{where}' is no zip file, as a COMBINE archive (.omex) is.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _files(archive, where)
    except ArchiveFileError:
        raise
    except Exception:  # zipfile and its decompressors raise many kinds of what is damaged
        raise ArchiveFileError(f"'{where}' is a zip file that cannot be unpacked.") from None
    if MANIFEST not in files:
        raise ArchiveFileError(
            f"'{where}' is a zip file without {MANIFEST}, which tells what a COMBINE archive holds."
        )
    return Archive(files, _entries(files, where))


def _files(archive: zipfile.ZipFile, where: str) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise ArchiveFileError(f"'{where}' is an archive of more than {MOST_FILES:,} files.")
    files: dict[str, bytes] = {}
    left = LARGEST
    for member in members:
        name = member.filename
        if member.is_dir():
            continue
        if member.flag_bits & 1:
            raise ArchiveFileError(f"'{where}' is encrypted; unpack it with its password first.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveFileError(f"'{where}' holds a link, {name!r}; an archive holds files.")
        path = _inside(name, where)
        with archive.open(member) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise ArchiveFileError(f"'{where}' unpacks to more than {LARGEST / 1024**2:.3g} MB.")
        if files.setdefault(path, data) != data:
            raise ArchiveFileError(f"'{where}' holds two files called {path!r}.")
    return files


def _inside(name: str, where: str) -> str:
    """Return a path as it is called in the archive, if it stays there."""
    path = posixpath.normpath(name)
    if (
        not name
        or name.startswith("/")
        or "\\" in name
        or "\0" in name
        or _PRE.match(name)
        or path == ".."
        or path.startswith("../")
    ):
        raise ArchiveFileError(f"'{where}' names {name!r}, which is no place inside an archive.")
    return path


def _entries(files: Mapping[str, bytes], where: str) -> tuple[Entry, ...]:
    root = dom(files[MANIFEST], f"{where}:{MANIFEST}", "omexManifest").documentElement
    assert root is not None
    found = []
    for node in root.childNodes:
        if node.nodeType != node.ELEMENT_NODE or node.localName != "content":
            continue
        location = node.getAttribute("location")
        if location in (".", "./", "") or posixpath.normpath(location) in (".", MANIFEST):
            continue
        path = _inside(location, where)
        if path not in files:
            raise ArchiveFileError(
                f"'{where}': the manifest names {location!r}, which is not in the archive."
            )
        master = node.getAttribute("master") in ("true", "1")
        found.append(Entry(path, node.getAttribute("format"), master))
    return tuple(found)


def dom(data: bytes, where: str, root: str) -> minidom.Document:
    """Return XML with a given root as a tree.

    Raises
    ------
    SbmlFileError
        If it is none, or defines entities, which nothing in an archive needs.
    """
    return tree(documents.xml(data, where, root), where)


def tree(text: str, where: str) -> minidom.Document:
    """Return well-formed XML as a tree; for errors see :func:`dom`."""
    if "<!DOCTYPE" in text:
        raise SbmlFileError(f"'{where}' has a document type of its own, which is not read.")
    try:
        return minidom.parseString(text.encode())
    except ExpatError as error:  # as of a prefix that stands for nothing
        raise SbmlFileError(f"'{where}' is XML that cannot be read: {error}.") from None
