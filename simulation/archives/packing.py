"""Everything that an archive of a model holds, put together."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...export.archive import container, metadata, sedml
from ...export.archive.metadata import Content
from ...network.network import Annotation, Metadata, Network, Person
from ..courses import Course
from ..engines import Loaded
from ..results import course_files, course_plots, figures, overview
from . import describing
from .describing import Asked

if TYPE_CHECKING:
    from pysb import Model

_MODEL: Final = "model.xml"
_EXPERIMENTS: Final = "experiments"
_NOTES: Final = (
    "`model.xml` is the model itself. The models in `experiments` are the same with what SED-ML "
    "has no way to say that every tool understands: doses, wash-outs and later changes are events, "
    "each dose a parameter that the SED-ML sets, and amounts at the start are numbers. Cells that "
    "rest first are left alone for a long time before anybody looks; reports count time from its "
    "end.",
    "`results` holds what libRoadRunner gave through mTORules: run the SED-ML and compare.",
)


@dataclass(frozen=True)
class Packed:
    """An archive.

    Attributes
    ----------
    data : bytes
        The file's content.
    contents : tuple of Content
        What is in it.
    """

    data: bytes
    contents: tuple[Content, ...]


def pack(loaded: Loaded, asked: Sequence[Asked], name: str, rules: Model | None = None) -> Packed:
    """Put a model and experiments on it into an archive.

    Parameters
    ----------
    loaded : Loaded
        The model.
    asked : sequence of Asked
        The experiments, the one to begin with first.
    name : str
        Of the model, as the user wrote it.
    rules : pysb.Model, optional
        What it was written as.

    Raises
    ------
    ArchiveError, SimulationError, NoSteadyStateError, EngineError
        As :func:`.describing.share` does.
    """
    shared = describing.share(loaded, asked, name, _MODEL, f"{_EXPERIMENTS}/model_")
    network = loaded.network
    files: dict[str, tuple[str, str]] = {_MODEL: ("the model as SBML", loaded.sbml)}
    if network is not None and network.bngl:
        files["model.bngl"] = "its rules, as BioNetGen reads them", network.bngl
    if rules is not None and (flat := _flat(rules)):
        files["model.py"] = "its rules, as PySB reads them", flat
    for path, text in shared.models.items():
        if path == _MODEL:
            continue
        files[path] = "the model with handles for experiments", text
    for each, course, one in zip(shared.experiments, shared.courses, asked, strict=True):
        document = sedml.text(each, shared.models[each.model], _EXPERIMENTS)
        files[f"{_EXPERIMENTS}/{each.name}.sedml"] = each.title, document
        last = ", the last dose" if each.series else ""
        files[f"results/{each.name}.csv"] = (
            f"{each.title}: numbers{last}",
            course_files.wide(course),
        )
        files[f"figures/{each.name}.svg"] = (
            f"{each.title}: figure{last}",
            _figure(course, one, name),
        )
    about = network.metadata if network is not None else _of_sbml(loaded.sbml)
    about = replace(about, title=about.title or loaded.model.id)
    contents = [Content(path, title) for path, (title, _) in files.items()]
    contents += [Content("README.md", "this page"), Content("metadata.rdf", "who made it, of what")]
    texts = {path: text for path, (_, text) in files.items()}
    texts["README.md"] = metadata.page(loaded.model.id, about, contents, _NOTES)
    cited = sorted(_cited(network)) if network is not None else []
    texts["metadata.rdf"] = metadata.rdf(loaded.model.id, about, contents, cited)
    master = f"{_EXPERIMENTS}/{shared.experiments[0].name}.sedml"
    date = metadata.day(about.date, os.environ.get("SOURCE_DATE_EPOCH"))
    return Packed(container.content(texts, master, date), tuple(contents))


def _flat(rules: Model) -> str:
    """Return a PySB model as one Python file, or nothing where PySB cannot write it."""
    from pysb.export.pysb_flat import PysbFlatExporter

    try:
        return PysbFlatExporter(rules).export()
    except Exception:  # of PySB's own making; the rules stand in the BNGL as well
        return ""


def _figure(course: Course, asked: Asked, name: str) -> str:
    chosen = set(overview.main(course, name))
    places = [place for place, label in enumerate(course.observables) if label in chosen]
    drawn = course_plots.draw(course.dataset(places), asked.experiment)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        figures.write(drawn, path)
        return path.read_text(encoding="utf-8")


def _cited(network: Network) -> Iterator[str]:
    """Yield what the model's rules and numbers say that they rest on."""
    found = {
        each.resource
        for element in (*network.rules, *network.parameters, network.metadata)
        for each in element.annotations
        if each.qualifier == "isDescribedBy"
    }
    yield from found


def _of_sbml(text: str) -> Metadata:
    """Return what an SBML file says of itself."""
    import libsbml

    model = libsbml.readSBMLFromString(text).getModel()
    history = model.getModelHistory()
    people = (
        [] if history is None else [history.getCreator(i) for i in range(history.getNumCreators())]
    )
    annotations = []
    for number in range(model.getNumCVTerms()):
        term = model.getCVTerm(number)
        biology = term.getQualifierType() == libsbml.BIOLOGICAL_QUALIFIER
        kind = term.getBiologicalQualifierType() if biology else term.getModelQualifierType()
        told = (
            libsbml.BiolQualifierType_toString if biology else libsbml.ModelQualifierType_toString
        )
        resources = term.getResources()
        annotations += [
            Annotation(told(kind), resources.getValue(place))
            for place in range(resources.getLength())
            if told(kind)
        ]
    return Metadata(
        title=model.getName(),
        creators=tuple(
            Person(p.getFamilyName(), p.getGivenName(), p.getOrganisation(), "") for p in people
        ),
        annotations=tuple(annotations),
    )
