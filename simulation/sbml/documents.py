"""SBML files as text: plain, compressed, in an archive, in any encoding; and what is none.

Everything that reads a user's SBML file starts here, so that a wrong file gets the same clear
message everywhere.
"""

from __future__ import annotations

import codecs
import difflib
import gzip
import io
import posixpath
import re
import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final
from xml.parsers import expat

# What a file may grow to when unpacked, and how many elements it may hold: libSBML takes about a
# kilobyte for each. Our largest model has 5 MB and 80,000 elements.
LARGEST: Final = 256 * 1024**2
MOST_ELEMENTS: Final = 2_000_000
# How many files an archive may hold.
MOST_FILES: Final = 10_000
# How deep elements may lie within each other: at 6,000 libSBML's parser crashes the process.
DEEPEST: Final = 2000
# How much of an archive's manifest is read.
_MANIFEST: Final = 4 * 1024**2
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


def content(path: Path, what: str = "an SBML file") -> bytes:
    """Return the bytes of a file that is to be ``what``; see :func:`read`."""
    _check_kind(path, what)
    if path.is_dir():
        raise NoSuchFileError(f"'{path}' is a folder; {what} is expected.")
    try:
        with path.open("rb") as file:
            return _limited(file.read(LARGEST + 1), str(path), "holds")
    except FileNotFoundError:
        raise NoSuchFileError(f"There is no file '{path}'.{_neighbour(path)}") from None
    except OSError as error:
        raise NoSuchFileError(f"Cannot read '{path}': {error.strerror}.") from None


def _check_kind(path: Path, what: str) -> None:
    """Raise where waiting for bytes could take for ever, or where they never end."""
    with suppress(OSError):
        mode = path.stat().st_mode
        kinds = {"device": stat.S_ISCHR, "disk": stat.S_ISBLK, "pipe": stat.S_ISFIFO}
        for kind, is_one in (kinds | {"socket": stat.S_ISSOCK}).items():
            if is_one(mode):
                raise NoSuchFileError(
                    f"'{path}' is a {kind}; {what} is expected. Write what comes from there "
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
    return xml(data, where)


def xml(data: bytes, where: str, root: str = "sbml") -> str:
    """Return the XML text that ``data`` holds, well-formed, bounded and with the given root.

    Raises
    ------
    SbmlFileError
        If it is something else.
    """
    if not data.strip():
        raise SbmlFileError(f"'{where}' is empty.")
    if not data.lstrip().startswith(_XML_STARTS):
        raise SbmlFileError(f"'{where}' is no XML: it starts with {_start(data)}.")
    found = _decode(data, where)
    _check_xml(found.encode(), where, root)
    return found


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
            if len(archive.namelist()) > MOST_FILES:
                raise SbmlFileError(f"'{where}' is an archive of more than {MOST_FILES:,} files.")
            name = _member(archive, where)
            with archive.open(name) as file:
                return _limited(file.read(LARGEST + 1), where)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError):
        # RuntimeError: it is encrypted.
        raise SbmlFileError(f"'{where}' is a zip archive that cannot be unpacked.") from None


def _member(archive: zipfile.ZipFile, where: str) -> str:
    """Return the one SBML file of an archive, or the one that its manifest calls master."""
    found = sorted(
        name
        for name in set(archive.namelist())
        if not name.endswith("/")
        and Path(name).name not in ("manifest.xml", "metadata.rdf")
        and _is_sbml(_head(archive, name))
    )
    if len(found) == 1:
        return found[0]
    masters = [name for name in _masters(archive) if name in found]
    if len(masters) == 1:
        return masters[0]
    held = ", ".join(found) if found else "none"
    raise SbmlFileError(
        f"'{where}' is an archive; it should hold one SBML file, and holds {held}."
        + (" Unpack the one you mean, or call it master in manifest.xml." if found else "")
    )


def _masters(archive: zipfile.ZipFile) -> list[str]:
    """Return the files that a COMBINE archive's manifest calls master."""
    if "manifest.xml" not in archive.namelist():
        return []
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name.rpartition(":")[2] == "content" and told.get("master") in ("true", "1"):
            found.append(posixpath.normpath(told.get("location", "")))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open("manifest.xml") as file, suppress(expat.ExpatError, ValueError):
        parser.Parse(file.read(_MANIFEST), True)
    return found


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(4096)


def _is_sbml(head: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?sbml[\s>]", head.replace(b"\0", b"")))


def _limited(data: bytes, where: str, what: str = "unpacks to") -> bytes:
    if len(data) > LARGEST:
        raise SbmlFileError(f"'{where}' {what} more than {LARGEST / 1024**2:.3g} MB.")
    return data


# -- XML ------------------------------------------------------------------------------------------


def _check_xml(data: bytes, where: str, expected: str) -> None:
    """Raise unless the bytes are well-formed XML with the root that is expected, and bounded."""
    root: list[str] = []
    depth = count = 0
    parser = expat.ParserCreate("utf-8")

    def start(name: str, _attributes: object) -> None:
        nonlocal depth, count
        if not root:
            root.append(name)
        depth += 1
        count += 1
        if depth > DEEPEST:
            raise SbmlFileError(
                f"'{where}' has elements within elements more than {DEEPEST:,} deep, in line "
                f"{parser.CurrentLineNumber}; libSBML cannot read that."
            )
        if count > MOST_ELEMENTS:
            raise SbmlFileError(
                f"'{where}' has more than {MOST_ELEMENTS:,} elements; no engine could run it."
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        if error.code in _CUT_SHORT and error.lineno >= data.rstrip().count(b"\n"):
            raise SbmlFileError(
                f"'{where}' is cut short: it ends in line {error.lineno}, with elements still open."
            ) from None
        raise SbmlFileError(
            f"'{where}' is no well-formed XML: {what} in line {error.lineno}, column "
            f"{error.offset + 1}."
        ) from None
    name = root[0].rpartition(":")[2]
    if name != expected:
        kind = {"sbml": "SBML", "sedML": "SED-ML"}.get(expected, expected)
        raise SbmlFileError(
            f"'{where}' is XML but no {kind}: its root is <{name}>, not <{expected}>."
        )


# How UTF-16 and UTF-8 are marked, and how XML starts in UTF-16 that is not.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_XML_STARTS: Final = (b"<", *(mark for mark, _ in _MARKS))
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


_DECLARED = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']*)["']""")
# What Python calls encodings and no XML file is written in.
_NO_ENCODINGS: Final = frozenset(
    ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
)


def _decode(data: bytes, where: str) -> str:
    """Return the text in the encoding that marks or the declaration name; UTF-8 without either."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        match = _DECLARED.match(data[:200].lstrip().decode("latin-1"))
        encoding = _known(match[2], where) if match else "utf-8"
    try:
        found = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SbmlFileError(
            f"'{where}' is no text in its encoding, {encoding.upper()}: the byte "
            f"0x{data[error.start]:02x} in line {line} means nothing there. Save it as UTF-8."
        ) from None
    # libSBML is given text, for which only this is true.
    return _DECLARED.sub(r'\1 encoding="UTF-8"', found, count=1)


def _known(declared: str, where: str) -> str:
    """Return Python's name for an encoding that is written with a byte for each of '<?xml'."""
    try:
        name = codecs.lookup(declared).name
        fits = "<?xml".encode(name) == b"<?xml" and name not in _NO_ENCODINGS
    except (LookupError, ValueError):
        name, fits = declared, False
    if not fits:
        raise SbmlFileError(
            f"'{where}' says that its encoding is {declared!r}, which it is not or does not exist. "
            "Save it as UTF-8."
        )
    return name
