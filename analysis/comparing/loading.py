"""An SBML file read in a process of its own: on some, libSBML crashes or never ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ...simulation import load
from ...simulation.apart import BrokenError, CrashedError, OverdueError, Question, ask
from ...simulation.engines.base import Loaded
from ...simulation.sbml.documents import NoSuchFileError, SbmlFileError
from ...simulation.sbml.model import SbmlError, SbmlModel

_HERE: Final = ".analysis.comparing.loading"


def load_apart(path: str | Path, *, limit: float | None = None) -> Loaded:
    """Return the model of an SBML file.

    Parameters
    ----------
    path : path
        Where it is.
    limit : float, optional
        Seconds that reading may take.

    Raises
    ------
    NoSuchFileError
        If there is no such file.
    SbmlFileError
        If it is no SBML, or none that can be simulated.
    """
    try:
        found = ask(Question(_HERE, str(path), limit))
    except CrashedError as error:
        raise SbmlFileError(
            f"'{path}' cannot be read: libSBML crashed ({error}). Functions that call themselves, "
            "and formulas that are nested very deeply, do that."
        ) from None
    except BrokenError as error:
        raise SbmlFileError(f"'{path}' cannot be read: {error}") from None
    except OverdueError:
        raise SbmlFileError(
            f"'{path}' cannot be read within {limit:g} s. Formulas that are very long, very deep, "
            "or grow as functions call functions do that."
        ) from None
    if "missing" in found:
        raise NoSuchFileError(found["missing"])
    if "wrong" in found:
        raise SbmlFileError(found["wrong"])
    return Loaded(found["sbml"], SbmlModel.from_data(found["model"]))


def answer(path: str) -> Mapping[str, Any]:
    """Return the model as data, or why there is none."""
    try:
        loaded = load.load(path)
    except NoSuchFileError as error:
        return {"missing": str(error)}
    except (SbmlFileError, SbmlError) as error:
        return {"wrong": str(error)}
    return {"sbml": loaded.sbml, "model": loaded.model.to_data()}
