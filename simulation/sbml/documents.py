"""SBML files as text: plain, compressed, in an archive, in any encoding; and what is none.

Everything that reads a user's SBML file starts here, so that a wrong file gets the same clear
message everywhere.
"""

from __future__ import annotations

import codecs
import difflib
import gzip
import io
import re
import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

# What a file may grow to when unpacked; no SBML file known to us comes near.
LARGEST: Final = 2 * 1024**3
# How deep elements may lie within each other: at 6,000 libSBML's parser crashes the process.
DEEPEST: Final = 2000
SUFFIXES: Final = (".xml", ".sbml", ".gz", ".zip", ".omex")


class SbmlFileError(ValueError):
    """The file is no SBML; the message says what it is instead."""


class NoSuchFileError(SbmlFileError):
    """There is no such file, or it is none that could be read."""


def read(path: Path) -> str:
    """Return the text of an SBML file.

    Parameters
    ----------
    path : Path
        An XML file, one compressed with gzip, or a zip or COMBINE archive that holds one SBML file.

    Returns
    -------
    str
        Well-formed XML whose root is ``sbml``; its declaration says UTF-8 or no encoding.

    Raises
    ------
    NoSuchFileError
        If there is nothing to read at that path.
    SbmlFileError
        If what is there is no SBML.
    """
    return text(content(path), str(path))


def content(path: Path) -> bytes:
    """Return the bytes of a file; see :func:`read`."""
    _check_kind(path)
    if path.is_dir():
        raise NoSuchFileError(f"'{path}' is a folder; an SBML file is expected.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NoSuchFileError(f"There is no file '{path}'.{_neighbour(path)}") from None
    except OSError as error:
        raise NoSuchFileError(f"Cannot read '{path}': {error.strerror}.") from None


def _check_kind(path: Path) -> None:
    """Raise where waiting for bytes could take for ever, or where they never end."""
    with suppress(OSError):
        mode = path.stat().st_mode
        kinds = {"device": stat.S_ISCHR, "disk": stat.S_ISBLK, "pipe": stat.S_ISFIFO}
        for kind, is_one in (kinds | {"socket": stat.S_ISSOCK}).items():
            if is_one(mode):
                raise NoSuchFileError(
                    f"'{path}' is a {kind}; an SBML file is expected. Write what comes from there "
                    "to a file first."
                )


def _neighbour(path: Path) -> str:
    try:
        names = [p.name for p in path.parent.iterdir() if p.suffix.lower() in SUFFIXES]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=1)
    return f" Did you mean '{path.parent / near[0]}'?" if near else ""


def text(data: bytes, where: str) -> str:
    """Return the SBML text that ``data`` holds; ``where`` is what messages call it."""
    if data.startswith(b"\x1f\x8b"):
        data = _gunzip(data, where)
    elif data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        data = _unzip(data, where)
    if not data.strip():
        raise SbmlFileError(f"'{where}' is empty.")
    _check_xml(data, where)
    return _decode(data, where)


# -- unpacking ------------------------------------------------------------------------------------


def _gunzip(data: bytes, where: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            return _limited(file.read(LARGEST + 1), where)
    except (EOFError, OSError, zlib.error):
        raise SbmlFileError(f"'{where}' is a gzip file that is cut short or damaged.") from None


def _unzip(data: bytes, where: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {
                name: head
                for name in archive.namelist()
                if not name.endswith("/")
                and Path(name).name not in ("manifest.xml", "metadata.rdf")
                and _is_sbml(head := _head(archive, name))
            }
            if len(found) != 1:
                held = ", ".join(sorted(found)) if found else "none"
                raise SbmlFileError(
                    f"'{where}' is an archive; it should hold one SBML file, and holds {held}."
                    + (" Unpack the one you mean." if found else "")
                )
            with archive.open(next(iter(found))) as file:
                return _limited(file.read(LARGEST + 1), where)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError):
        # RuntimeError: it is encrypted.
        raise SbmlFileError(f"'{where}' is a zip archive that cannot be unpacked.") from None


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(4096)


def _is_sbml(head: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?sbml[\s>]", head.replace(b"\0", b"")))


def _limited(data: bytes, where: str) -> bytes:
    if len(data) > LARGEST:
        raise SbmlFileError(f"'{where}' unpacks to more than {LARGEST / 1024**3:g} GB.")
    return data


# -- XML ------------------------------------------------------------------------------------------


def _check_xml(data: bytes, where: str) -> None:
    """Raise unless the bytes are well-formed XML with the root that SBML has."""
    root: list[str] = []
    depth = 0
    parser = expat.ParserCreate()

    def start(name: str, _attributes: object) -> None:
        nonlocal depth
        if not root:
            root.append(name)
        depth += 1
        if depth > DEEPEST:
            raise SbmlFileError(
                f"'{where}' has elements within elements more than {DEEPEST:,} deep, in line "
                f"{parser.CurrentLineNumber}; libSBML cannot read that."
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        if not root and not data.lstrip().startswith(_XML_STARTS):
            raise SbmlFileError(f"'{where}' is no XML: it starts with {_start(data)}.") from None
        if error.code in _CUT_SHORT and error.lineno >= data.rstrip().count(b"\n"):
            raise SbmlFileError(
                f"'{where}' is cut short: it ends in line {error.lineno}, with elements still open."
            ) from None
        raise SbmlFileError(
            f"'{where}' is no well-formed XML: {what} in line {error.lineno}, column "
            f"{error.offset + 1}."
        ) from None
    name = root[0].rpartition(":")[2]
    if name != "sbml":
        raise SbmlFileError(f"'{where}' is XML but no SBML: its root is <{name}>, not <sbml>.")


# The first angle bracket, or what marks UTF-8 or UTF-16.
_XML_STARTS: Final = (b"<", codecs.BOM_UTF8 + b"<", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_CUT_SHORT: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


def _start(data: bytes) -> str:
    """Quote the start of a file, if it can be read."""
    words = data.lstrip()[:24].decode("utf-8", errors="replace").split("\n")[0]
    return repr(words) if words.isprintable() else "bytes that are no text"


_DECLARED = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']+)["']""")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _decode(data: bytes, where: str) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        match = _DECLARED.match(data[:200].decode("latin-1"))
        encoding = match[2] if match else "utf-8"
    try:
        found = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        # expat has accepted it, so this is an encoding that only expat knows by that name.
        found = ElementTree.tostring(ElementTree.fromstring(data), encoding="unicode")
    # libSBML is given text, for which only this is true.
    return _DECLARED.sub(r'\1 encoding="UTF-8"', found, count=1)
