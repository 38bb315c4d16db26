"""Running what SED-ML describes: tasks, data generators, reports and plots.

What is not done here is refused with its name, and so is whatever rests on it; nothing is left out
in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.dom.minidom import Element

import numpy as np

from ..engines import EngineError
from ..sbml.documents import SbmlFileError
from ..sbml.model import SbmlError
from ..steady_state import NoSteadyStateError
from .document import Document
from .formulas import Formula
from .tasks import Rows, TaskRun
from .tree import formula, inside, listed, parameters, said
from .unpacking import Archive
from .xpath import RefusedError


@dataclass
class Curve:
    """A line of a plot: the same number of runs for both axes, of which some are logarithmic."""

    label: str
    x: Rows
    y: Rows
    logarithmic: str = ""  # of "x" and "y"


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
        return _Run(Document(archive, path)).results()
    except SbmlFileError as error:
        return Results(refused=[str(error)])


class _Run:
    """One run of a document: each task at most once, and only where an output needs it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found = Results(notes=document.notes)
        self._done: dict[str, dict[str, Rows] | None] = {}
        self._failed: dict[str, str] = {}

    def results(self) -> Results:
        """Run everything that an output asks for."""
        found = self._found
        for output in listed(self._document.root, "listOfOutputs"):
            key = output.getAttribute("id"), output.getAttribute("name")
            with self._refusing(said(output)):
                if output.localName == "report":
                    found.reports[key] = self._report(output)
                elif output.localName == "plot2D":
                    found.plots[key] = [
                        self._curve(each, output) for each in listed(output, "listOfCurves")
                    ]
                else:
                    raise RefusedError("An output of a kind that is not done.")
        if not listed(self._document.root, "listOfOutputs"):
            found.refused.append("The document asks for no output.")
        for kind in ("listOfDataDescriptions", "listOfStyles"):
            if listed(self._document.root, kind):
                found.notes.append(f"<{kind}> is passed over.")
        return found

    @contextmanager
    def _refusing(self, what: str) -> Iterator[None]:
        try:
            yield
        except (RefusedError, SbmlFileError, SbmlError, EngineError, NoSteadyStateError) as error:
            self._found.refused.append(f"{what}: {error}")

    # -- data -------------------------------------------------------------------------------------

    def _report(self, report: Element) -> dict[str, Rows]:
        sets = listed(report, "listOfDataSets")
        labels = [each.getAttribute("label") or each.getAttribute("id") for each in sets]
        found: dict[str, Rows] = {}
        for each, label in zip(sets, labels, strict=True):
            if labels.count(label) > 1:  # ids are not shared
                label = f"{label} ({each.getAttribute('id')})"
            found[label] = self._data(each.getAttribute("dataReference"))
        return found

    def _curve(self, curve: Element, plot: Element) -> Curve:
        if curve.localName != "curve":
            raise RefusedError(f"{said(curve)} is of a kind that is not drawn.")
        label = curve.getAttribute("name") or curve.getAttribute("id")
        x, y = (self._data(curve.getAttribute(f"{axis}DataReference")) for axis in "xy")
        if len(x) == 1 < len(y):
            x = x * len(y)
        if [len(row) for row in x] != [len(row) for row in y]:
            raise RefusedError(f"{said(curve)} has axes of different lengths.")
        return Curve(label, x, y, "".join(axis for axis in "xy" if _logarithmic(curve, plot, axis)))

    def _data(self, id: str) -> Rows:
        """Return what a data generator gives, a row a run."""
        generator = self._document.element("listOfDataGenerators", id, "data generator")
        computed = Formula(formula(generator, said(generator)), said(generator))
        scope = parameters(generator)
        rows: dict[str, Rows] = {}
        for each in listed(generator, "listOfVariables"):
            variable = self._document.variable(each)
            rows[each.getAttribute("id")] = self._task(variable.task)[variable.id]
        if not rows:
            raise RefusedError(f"{said(generator)} looks at nothing.")
        count = max(map(len, rows.values()))
        rows = {name: one * count if len(one) == 1 else one for name, one in rows.items()}
        shapes = {tuple(map(len, one)) for one in rows.values()}
        if len(shapes) != 1:
            raise RefusedError(f"{said(generator)} puts together what has different lengths.")
        found = [
            computed.values({name: one[run] for name, one in rows.items()}, scope)
            for run in range(count)
        ]
        without = sum(int((~np.isfinite(row)).sum()) for row in found)
        if without:
            self._document.note(f"{said(generator)} has no finite value at {without} points.")
        return found

    # -- tasks ------------------------------------------------------------------------------------

    def _task(self, id: str) -> dict[str, Rows]:
        """Run a task, once, and return rows by id; time is called ''."""
        if id in self._failed:
            raise RefusedError(self._failed[id])
        known = self._done.get(id)
        if known is None:
            try:
                known = self._done[id] = TaskRun(self._document, id).rows()
            except (RefusedError, SbmlFileError, SbmlError, EngineError, NoSteadyStateError) as e:
                self._failed[id] = str(e)
                raise
        return known


def _logarithmic(curve: Element, plot: Element, axis: str) -> bool:
    """Tell whether an axis is logarithmic, as its curves say, or from Version 4 on itself."""
    if curve.getAttribute(f"log{axis.upper()}") in ("true", "1"):
        return True
    own = inside(plot, f"{axis}Axis")
    return own is not None and own.getAttribute("type") == "log10"
