"""A model of others as a mapping needs it."""

from __future__ import annotations

from pathlib import Path

from ....simulation import load
from ....simulation.engines import Loaded
from ....simulation.sbml import adapting, documents, flattening
from ....simulation.sbml.model import SbmlError, UnknownNameError
from .reading import MappingError, Translation, check


def loaded(path: Path, translation: Translation) -> Loaded:
    """Return an SBML file, whose names a mapping knows, ready to simulate.

    Its local parameters are global, and events that the mapping leaves out are gone.

    Raises
    ------
    SbmlFileError, SbmlError
        If it cannot be read or simulated.
    MappingError
        If the mapping names what is not in it.
    """
    try:
        text = flattening.flattened(documents.read(path), path.parent)
        try:
            text = adapting.adapted(text, translation.file.without_events)
        except UnknownNameError as error:
            fault = translation.fault(("without_events",), str(error).rstrip("."))
            raise MappingError(str(fault)) from None
        found = load.from_sbml(text, path.parent)
    except SbmlError as error:
        raise SbmlError(f"'{path}': {error}") from None
    check(translation, found.model)
    return found
