"""Running what SED-ML describes: tasks, data generators, reports and plots.

What is not done here is refused with its name, and so is whatever rests on it; nothing is left out
in silence.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from xml.dom import minidom
from xml.dom.minidom import Element

import numpy as np

from ..engines import EngineError, Tolerances
from ..sbml import documents
from ..sbml.documents import SbmlFileError
from ..sbml.model import SbmlError
from ..steady_state import NoSteadyStateError
from . import xpath
from .changing import changed
from .formulas import Formula
from .machine import Machine
from .tasks import Rows, TaskRun
from .tree import children, listed, parameters, said
from .unpacking import Archive, dom, tree
from .xpath import RefusedError

_TIMES: Final = ("urn:sedml:symbol:time", "KISAO:0000832", "KISAO_0000832")


@dataclass
class Curve:
    """A line of a plot: the same number of runs for both axes."""

    label: str
    x: Rows
    y: Rows


@dataclass
class Results:
    """What became of a document.

    Attributes
    ----------
    reports : dict
        By id and title: rows by the label of a data set.
    plots : dict
        By id and title: curves.
    notes : list of str
        What was done in another way than the document says.
    refused : list of str
        What was not done, and why.
    """

    reports: dict[tuple[str, str], dict[str, Rows]] = field(default_factory=dict)
    plots: dict[tuple[str, str], list[Curve]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def run(archive: Archive, path: str) -> Results:
    """Run a SED-ML document of an archive; what is none is refused as a whole."""
    try:
        return Document(archive, path).results()
    except SbmlFileError as error:
        return Results(refused=[str(error)])


@dataclass
class _Variable:
    """What a data generator looks at: a symbol of a model, or time, in a task."""

    task: str
    id: str  # empty for time


class Document:
    """One document. Long, since SED-ML's parts all rest on each other."""

    def __init__(self, archive: Archive, path: str) -> None:
        self.archive, self.folder = archive, posixpath.dirname(path)
        self.root = dom(archive.files[path], path, "sedML").documentElement
        self._found = Results()
        self._texts: dict[str, str] = {}
        self._trees: dict[str, minidom.Document] = {}
        self._done: dict[str, dict[str, Rows] | None] = {}
        self._failed: dict[str, str] = {}

    def results(self) -> Results:
        """Run everything that an output asks for."""
        found = self._found
        for output in listed(self.root, "listOfOutputs"):
            key = output.getAttribute("id"), output.getAttribute("name")
            with self._refusing(said(output)):
                if output.localName == "report":
                    found.reports[key] = {
                        each.getAttribute("label") or each.getAttribute("id"): self._data(
                            each.getAttribute("dataReference")
                        )
                        for each in listed(output, "listOfDataSets")
                    }
                elif output.localName == "plot2D":
                    found.plots[key] = [
                        self._curve(each) for each in listed(output, "listOfCurves")
                    ]
                else:
                    raise RefusedError("An output of a kind that is not done.")
        if not listed(self.root, "listOfOutputs"):
            found.refused.append("The document asks for no output.")
        for kind in ("listOfDataDescriptions", "listOfStyles"):
            if listed(self.root, kind):
                found.notes.append(f"<{kind}> is passed over.")
        return found

    @contextmanager
    def _refusing(self, what: str) -> Iterator[None]:
        try:
            yield
        except (RefusedError, SbmlFileError, SbmlError, EngineError, NoSteadyStateError) as error:
            self._found.refused.append(f"{what}: {error}")

    def _of(self, holder: str, id: str, what: str) -> Element:
        for each in listed(self.root, holder):
            if each.getAttribute("id") == id:
                return each
        raise RefusedError(f"There is no {what} {id!r} in the document.")

    # -- data -------------------------------------------------------------------------------------

    def _curve(self, curve: Element) -> Curve:
        if curve.localName != "curve":
            raise RefusedError(f"{said(curve)} is of a kind that is not drawn.")
        label = curve.getAttribute("name") or curve.getAttribute("id")
        x, y = (self._data(curve.getAttribute(f"{axis}DataReference")) for axis in "xy")
        if len(x) == 1 < len(y):
            x = x * len(y)
        if [len(row) for row in x] != [len(row) for row in y]:
            raise RefusedError(f"{said(curve)} has axes of different lengths.")
        return Curve(label, x, y)

    def _data(self, id: str) -> Rows:
        """Return what a data generator gives, a row a run."""
        generator = self._of("listOfDataGenerators", id, "data generator")
        (math,) = children(generator, "math") or (None,)
        if math is None:
            raise RefusedError(f"{said(generator)} has no formula.")
        formula = Formula(math, said(generator))
        scope = parameters(generator)
        rows: dict[str, Rows] = {}
        for each in listed(generator, "listOfVariables"):
            variable = self._variable(each)
            rows[each.getAttribute("id")] = self._task(variable.task)[variable.id]
        if not rows:
            raise RefusedError(f"{said(generator)} looks at nothing.")
        count = max(map(len, rows.values()))
        rows = {name: one * count if len(one) == 1 else one for name, one in rows.items()}
        shapes = {tuple(map(len, one)) for one in rows.values()}
        if len(shapes) != 1:
            raise RefusedError(f"{said(generator)} puts together what has different lengths.")
        found = [
            formula.values({name: one[run] for name, one in rows.items()}, scope)
            for run in range(count)
        ]
        without = sum(int((~np.isfinite(row)).sum()) for row in found)
        if without:
            self.note(f"{said(generator)} has no finite value at {without} points.")
        return found

    def _variable(self, variable: Element) -> _Variable:
        task = variable.getAttribute("taskReference")
        if not task:
            raise RefusedError(f"{said(variable)} belongs to no task.")
        symbol, target = variable.getAttribute("symbol"), variable.getAttribute("target")
        if variable.hasAttribute("dimensionTerm") or listed(variable, "listOfAppliedDimensions"):
            raise RefusedError(f"{said(variable)} sums up a dimension, which is not done.")
        if symbol:
            if symbol not in _TIMES:
                raise RefusedError(f"{said(variable)} is the symbol {symbol!r}, which is not done.")
            return _Variable(task, "")
        models = self._models(task)
        model = variable.getAttribute("modelReference") or next(iter(models))
        if model not in models:
            raise RefusedError(f"{said(variable)} looks at a model that its task does not run.")
        return _Variable(task, self._id(model, target))

    def _id(self, model: str, target: str) -> str:
        """Return the id of what a path leads to in a model."""
        text = self._text(model)
        if model not in self._trees:
            self._trees[model] = tree(text, model)
        element, attribute = xpath.find(self._trees[model], target)
        if attribute not in ("", "id"):
            raise RefusedError(f"The path {target!r} ends in an attribute, which has no course.")
        if not element.getAttribute("id"):
            raise RefusedError(f"The path {target!r} leads to something without an id.")
        return element.getAttribute("id")

    # -- models -----------------------------------------------------------------------------------

    def _text(self, id: str, below: tuple[str, ...] = ()) -> str:
        """Return the SBML of a model, changed as the document says."""
        if id in self._texts:
            return self._texts[id]
        model = self._of("listOfModels", id, "model")
        language = model.getAttribute("language")
        if "sbml" not in language.lower():
            raise RefusedError(f"{said(model)} is in {language!r}, and only SBML is run.")
        source = model.getAttribute("source")
        if id in below:
            raise RefusedError(f"{said(model)} is made from itself.")
        known = {each.getAttribute("id") for each in listed(self.root, "listOfModels")}
        if source.removeprefix("#") in known:
            text = self._text(source.removeprefix("#"), (*below, id))
        else:
            path = posixpath.normpath(posixpath.join(self.folder, source))
            if path not in self.archive.files:
                raise RefusedError(
                    f"{said(model)} is in {source!r}, which is not in the archive; nothing is "
                    "fetched from elsewhere."
                )
            text = documents.text(self.archive.files[path], path)
        self._texts[id] = changed(text, listed(model, "listOfChanges"))
        return self._texts[id]

    def _models(self, id: str) -> dict[str, None]:
        """Return the models that a task runs, those of its subtasks included."""
        task = self._of("listOfTasks", id, "task")
        if task.localName == "task":
            return {task.getAttribute("modelReference"): None}
        found: dict[str, None] = {}
        for sub in listed(task, "listOfSubTasks"):
            if sub.getAttribute("task") == id:
                raise RefusedError(f"{said(task)} is a part of itself.")
            found |= self._models(sub.getAttribute("task"))
        if not found:
            raise RefusedError(f"{said(task)} has no subtask.")
        return found

    # -- tasks ------------------------------------------------------------------------------------

    def _task(self, id: str) -> dict[str, Rows]:
        """Run a task, once, and return rows by id; time is called ''."""
        if id in self._failed:
            raise RefusedError(self._failed[id])
        known = self._done.get(id)
        if known is None:
            try:
                known = self._done[id] = TaskRun(self, id).rows()
            except (RefusedError, SbmlFileError, SbmlError, EngineError, NoSteadyStateError) as e:
                self._failed[id] = str(e)
                raise
        return known

    def looked_at(self, id: str) -> list[str]:
        """Return the ids that data generators look at in a task, other than time."""
        found: dict[str, None] = {}
        for generator in listed(self.root, "listOfDataGenerators"):
            for each in listed(generator, "listOfVariables"):
                if each.getAttribute("taskReference") == id and each.getAttribute("target"):
                    found[self._variable(each).id] = None
        return list(found)

    def element(self, holder: str, id: str, what: str) -> Element:
        """Return an element of the document by its id."""
        return self._of(holder, id, what)

    def machine(self, model: str, ids: list[str], tolerances: Tolerances) -> Machine:
        """Return a model ready to run."""
        return Machine(self._text(model), ids, tolerances)

    def target(self, element: Element, model: str) -> str:
        """Return the id that an element means in a model."""
        return self._id(model, element.getAttribute("target"))

    def models(self, id: str) -> list[str]:
        """Return the models that a task runs."""
        return list(self._models(id))

    def note(self, text: str) -> None:
        """Keep what was done in another way."""
        if text not in self._found.notes:
            self._found.notes.append(text)
