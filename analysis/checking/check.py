"""Is this SBML right, and does it say what it is? On any file, of any origin.

:func:`check` gathers what libSBML finds with all its checks on, how far units, annotation and
ontology terms go, what is unused or refers to nothing, and whether monomers are conserved.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

import libsbml

from ...network import records
from ...simulation.apart import BrokenError, CrashedError, OverdueError, Question, ask
from ...simulation.sbml import documents, flattening
from ...simulation.sbml.documents import SbmlFileError
from ...simulation.sbml.model import SbmlError
from . import biomodels, meaning
from .balance import balance
from .elements import Elements
from .practice import practice
from .report import SEVERITIES, Finding, Report
from .unitcover import units
from .usage import usage
from .validation import validate

_WORKER: Final = ".analysis.checking.worker"


class CheckError(RuntimeError):
    """The file could not be looked over; the message says why."""


def check(path: str | Path, *, quick: bool = False, limit: float | None = None) -> Report:
    """Look an SBML file over, in a process of its own.

    Parameters
    ----------
    path : path
        An SBML file of any level, which may be compressed or in an archive.
    quick : bool
        Leave out the checks of units, which take most of the time.
    limit : float, optional
        Seconds it may take. By default a minute, and another one for each megabyte.

    Raises
    ------
    NoSuchFileError
        If there is no such file.
    SbmlFileError
        If it is no SBML.
    CheckError
        If libSBML crashes on it, or takes longer.
    """
    path = Path(path)
    content = documents.read(path)
    return check_apart(content, str(path), folder=path.parent, quick=quick, limit=limit)


def check_apart(
    text: str,
    where: str,
    *,
    folder: Path | None = None,
    quick: bool = False,
    limit: float | None = None,
) -> Report:
    """Look an SBML text over in a process of its own; see :func:`check`.

    ``folder`` is where the files may be that the text takes submodels from.
    """
    seconds = 60.0 * (1 + len(text) / 1e6) if limit is None else limit
    asked = {"text": text, "where": where, "quick": quick, "folder": folder and str(folder)}
    question = Question(_WORKER, asked, seconds)
    try:
        found = ask(question)
    except OverdueError:
        raise CheckError(
            f"'{where}' is not checked: it takes longer than {seconds:.3g} s. Formulas that are "
            "very long, very deep, or grow as functions call functions do that. --quick leaves out "
            "the checks of units, and --time-limit allows more."
        ) from None
    except BrokenError as error:
        raise CheckError(f"'{where}' is not checked: {error}") from None
    except CrashedError as error:
        raise CheckError(
            f"'{where}' is not checked: libSBML crashed ({error}). Functions that call themselves, "
            "and formulas that are nested very deeply, do that."
        ) from None
    if "no SBML" in found:
        raise SbmlFileError(found["no SBML"])
    return records.from_data(Report, found["report"])


def check_text(
    text: str, where: str = "model", *, folder: Path | None = None, quick: bool = False
) -> Report:
    """Look an SBML text over; ``where`` is what the report calls it.

    What elements do is read from the model with its submodels written out.
    """
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    if model is None:
        raise SbmlFileError(f"'{where}' holds no model. {_first_error(document)}".strip())
    elements = Elements(model)
    validation = validate(document, elements, units=not quick)
    annotations, on_annotations = meaning.annotation(elements)
    ontology, on_terms = meaning.ontology(elements)
    whole, on_submodels = _whole(text, folder)
    written_out = document if whole is text else libsbml.readSBMLFromString(whole)
    doing = elements if whole is text else Elements(written_out.getModel())
    balanced, on_balance = balance(doing)
    findings = [
        *validation.findings,
        *on_annotations,
        *on_terms,
        *on_balance,
        *practice(elements),
        *on_submodels,
        *usage(doing, whole),
    ]
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    unit_report = units(elements, validation.checked, validation.weights)
    documentation = meaning.documentation(elements)
    return Report(
        file=where,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        level=document.getLevel(),
        version=document.getVersion(),
        packages=_packages(document),
        id=model.getIdAttribute(),
        name=model.getName(),
        counts=elements.counts,
        findings=tuple(findings),
        units=unit_report,
        annotations=annotations,
        ontology=ontology,
        documentation=documentation,
        balance=balanced,
        tool=f"libSBML {libsbml.getLibSBMLDottedVersion()}",
        marks=biomodels.marks(elements, findings, unit_report, documentation),
    )


def _whole(text: str, folder: Path | None) -> tuple[str, list[Finding]]:
    """Return a text with its submodels written out, and what is to be said of that."""
    found: list[Finding] = []
    try:
        text = flattening.flattened(text, folder)
    except (SbmlError, SbmlFileError) as error:
        detail = f"{error} What nothing uses or changes is told of the outer model alone."
        title = "Submodels that cannot be written out"
        found.append(Finding("warning", "usage", "submodels apart", title, detail, 1))
    return text, found


def _first_error(document: Any) -> str:
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            return f"libSBML says in line {error.getLine()}: {' '.join(error.getMessage().split())}"
    return ""


def _packages(document: Any) -> dict[str, str]:
    plugins = [document.getPlugin(index) for index in range(document.getNumPlugins())]
    return {
        plugin.getPackageName(): f"version {plugin.getPackageVersion()}"
        + (", required" if document.getPackageRequired(plugin.getPackageName()) else "")
        for plugin in plugins
        # Level 2 documents carry plugins for annotation that are no packages.
        if document.getLevel() > 2 and plugin.getPackageName() not in ("core", "l3v2extendedmath")
    }
