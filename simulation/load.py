"""From what names a model, or an SBML file, to what the engines take.

Networks and SBML of the catalogue's models are kept in the cache folder under a digest of the code
and the tables that they are made from, so that as long as those stay the same nothing is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..models import catalogue
from ..network import cache, generate
from ..network.bionetgen import bng2
from ..network.network import Network
from ..network.records import from_data, to_data
from .engines.base import Loaded
from .sbml.model import SbmlError, SbmlModel, digest

if TYPE_CHECKING:
    from pysb import Model

    from ..export.sbml.report import Report
    from ..network.bionetgen.bng2 import Progress
    from ..network.sources.finding import Source

# Part of each cache key: raise it when what is kept of a model changes.
_FORMAT: Final = "8"
# The rooms whose code and tables the catalogue's models are made from.
_SOURCES: Final = tuple(
    Path(__file__).parents[1] / room for room in ("models", "network", "export")
)
# How the name of an SBML file may end, plain or packed.
_SBML: Final = (".xml", ".sbml", ".xml.gz", ".sbml.gz", ".zip", ".omex")


def load(
    source: Source | Model | Network | str | Path,
    *,
    progress: Progress | None = None,
    irreversible: bool = False,
) -> Loaded:
    """Return a model ready for simulation.

    Parameters
    ----------
    source : Network, pysb.Model, Source, str or Path
        A network; whatever :func:`.generate.network` takes; or the path of an SBML file.
    progress : callable, optional
        Told how generation of the network goes on.
    irreversible : bool
        Whether each direction of a rule is a reaction of its own, as stochastic engines need it. An
        SBML file is taken as it is.

    Raises
    ------
    SourceError, GenerationError, SbmlFileError, SbmlError
        If there is no such model, or none that can be simulated.
    """
    if isinstance(source, str | Path) and is_sbml_file(source):
        from .sbml import documents

        path = Path(source)
        try:
            return from_sbml(documents.read(path), path.parent)
        except SbmlError as error:
            raise SbmlError(f"'{path}': {error}") from None
    path = _place(source, irreversible) if isinstance(source, str) else None
    made = _fetched(path) if path else None
    if made is None:
        made = _made(source, progress, irreversible)
        if path:
            _keep(path, made)
    text, network, report = made
    declared, _ = _declared(text, own=True, sound=path is not None)
    return Loaded(text, declared, network, report)


def _made(
    source: Source | Model | Network | str | Path, progress: Progress | None, irreversible: bool
) -> tuple[str, Network, Report]:
    """Return SBML, the network that it was written from, and what the writer reports."""
    from ..export.sbml import writer  # which takes longer to load than what is kept

    network = source if isinstance(source, Network) else generate.network(source, progress=progress)
    document = writer.document(network, irreversible=irreversible)
    return document.text, network, document.report


def _place(name: str, irreversible: bool) -> Path | None:
    """Return where a model of the catalogue is kept; nothing else is."""
    if name not in catalogue.names():
        return None
    try:
        parts = (_FORMAT, _made_from(), name, irreversible, os.environ.get("SOURCE_DATE_EPOCH"))
    except (OSError, bng2.GenerationError):  # without BNG2.pl, the message is that of making it
        return None
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    return cache.cache_folder() / "catalogue" / f"{name}-{key[:32]}"


def _made_from() -> str:
    """Return the digest of all code and tables that the catalogue's models are made from."""
    found = hashlib.sha256()
    for folder in _SOURCES:
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                content = path.read_bytes()
                found.update(f"{path.relative_to(folder)} {len(content)}\0".encode() + content)
    others = [version(name) for name in ("mtorules", "pysb", "sympy")]
    found.update(repr((sys.version, bng2.version(), *others)).encode())
    return found.hexdigest()


def _fetched(path: Path) -> tuple[str, Network, Report] | None:
    """Return what is kept there; None if nothing is, or not whole."""
    known = cache.fetch(path)
    if known is None:
        return None
    from ..export.sbml.report import Report

    text, network, report = json.loads(known)
    return text, from_data(Network, network), from_data(Report, report)


def _keep(path: Path, made: tuple[str, Network, Report]) -> None:
    cache.keep(path, json.dumps(to_data(made)).encode())


def is_sbml_file(source: str | Path) -> bool:
    """Tell whether a name ends as those of SBML files do."""
    return str(source).lower().endswith(_SBML)


def from_sbml(text: str, folder: Path | None = None) -> Loaded:
    """Return the model that an SBML text holds, ready for simulation.

    Parameters
    ----------
    text : str
        The text.
    folder : Path, optional
        Where the files are that it may take submodels from.

    Raises
    ------
    SbmlError
        If it is wrong, or holds what no engine of ours simulates.
    """
    if "/comp/" in text:
        from .sbml import flattening

        text = flattening.flattened(text, folder)
    declared, text = _declared(text)
    return Loaded(text, declared)


def _declared(text: str, *, own: bool = False, sound: bool = False) -> tuple[SbmlModel, str]:
    """Read the declarations, or fetch what was read of the same text before.

    With them comes the text as engines are to have it. One of our ``own`` our writer wrote, and one
    that is ``sound`` is the catalogue's.
    """
    key = digest(text)
    path = cache.cache_folder() / "declared" / f"{key}-{_FORMAT}.json"
    known = cache.fetch(path)
    if known is not None:
        told = json.loads(known)
        rewritten = told.pop("rewritten")
        return SbmlModel.from_data(told), text if rewritten is None else rewritten
    from .sbml import reading  # which brings libSBML, and takes longer to load than what is kept

    model, written = reading.prepared(text, own=own, sound=sound)
    told = {**model.to_data(), "rewritten": None if written == text else written}
    cache.keep(path, json.dumps(told).encode())
    return model, written
