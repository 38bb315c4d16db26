"""SBML that is put together from submodels (package ``comp``), written out as one model.

A file may name others that its parts come from. They are taken from its own folder, and from
nowhere else: a file of others is no reason to read what lies elsewhere, or to ask a network.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import libsbml

from . import checks, documents
from .model import SbmlError

_COMP: Final = re.compile(r"http://www\.sbml\.org/sbml/level3/version1/comp/version\d")
# How many files one may be put together from, and how many submodels of submodels there may be.
_MOST_FILES: Final = 100
_MOST_SUBMODELS: Final = 10_000


def flattened(text: str, folder: Path | None = None) -> str:
    """Return the text with its submodels written out; one without submodels as it is.

    Parameters
    ----------
    text : str
        An SBML text.
    folder : Path, optional
        Where the files may be that it names.

    Raises
    ------
    SbmlError
        If a part cannot be found or read, or the parts do not fit together.
    """
    if not _COMP.search(text):
        return text
    document = checks.read(text, outside=True)
    if not document.isPackageEnabled("comp"):
        return text
    if _external(document):
        _check_files(text, folder, {})
        assert folder is not None
        document.setLocationURI((folder.resolve() / "model.xml").as_uri())
    _check_count(document)
    properties = libsbml.ConversionProperties()
    properties.addOption("flatten comp", True)
    properties.addOption("performValidation", False)
    properties.addOption("leavePorts", False)
    properties.addOption("abortIfUnflattenable", "none")
    properties.addOption("basePath", "")
    if document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise SbmlError(f"Its submodels (package 'comp') do not fit together{_why(document)}")
    return libsbml.writeSBMLToString(document)


def _why(document: libsbml.SBMLDocument) -> str:
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            return f"; line {error.getLine()}: {checks.short(error)}"
    return "."


def _external(document: libsbml.SBMLDocument) -> list[str]:
    """Return the files that a document takes models from."""
    found = document.getPlugin("comp").getListOfExternalModelDefinitions()
    return [found.get(index).getSource() for index in range(found.size())]


def _check_files(text: str, folder: Path | None, seen: dict[Path, None]) -> None:
    """Refuse whatever is not a sound SBML file in the folder, and what those name in turn."""
    document = libsbml.readSBMLFromString(text)
    if not document.isPackageEnabled("comp"):
        return
    for source in _external(document):
        if folder is None:
            raise SbmlError(
                f"It takes a submodel from the file {source!r}, and has no folder where that could "
                "be; unpack it, or read it from a file."
            )
        path = _inside(source, folder)
        if path in seen:
            continue
        seen[path] = None
        if len(seen) > _MOST_FILES:
            raise SbmlError(f"It is put together from more than {_MOST_FILES} files.")
        if path.suffix.lower() not in (".xml", ".sbml"):
            raise SbmlError(f"It takes a submodel from {source!r}; a file .xml or .sbml is needed.")
        _check_files(documents.read(path), path.parent, seen)


def _inside(source: str, folder: Path) -> Path:
    parts = urlsplit(source)
    home = folder.resolve()
    path = (home / unquote(parts.path)).resolve()
    if parts.scheme or parts.netloc or not path.is_relative_to(home):
        raise SbmlError(
            f"It takes a submodel from {source!r}, which is not in its own folder; put the file "
            "beside it."
        )
    return path


def _check_count(document: libsbml.SBMLDocument) -> None:
    """Refuse models made of models made of models, each twice, whose number has no end."""
    uses = {}
    plugin = document.getPlugin("comp")
    definitions = plugin.getListOfModelDefinitions()
    models = {definitions.get(i).getId(): definitions.get(i) for i in range(definitions.size())}
    for id, model in {"": document.getModel(), **models}.items():
        own = model.getPlugin("comp")
        uses[id] = [own.getSubmodel(i).getModelRef() for i in range(own.getNumSubmodels())]
    counts: dict[str, int] = {}
    for id in checks.in_order(uses):
        counts[id] = 1 + sum(counts.get(used, 1) for used in uses[id])
    if counts[""] > _MOST_SUBMODELS:
        raise SbmlError(
            f"It is put together from {counts['']:,} submodels (package 'comp'); at most "
            f"{_MOST_SUBMODELS:,} are written out."
        )
