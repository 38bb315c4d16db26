"""SED-ML Level 1 Version 4 from an experiment.

It is put together here and not by libSEDML, which cannot be loaded beside libSBML: the two share a
table of types, and libSBML's kinds of formulas are no numbers any more. The tests read what is
written through libSEDML, in a process of its own.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import libsbml

from .description import ArchiveError, Described, Readout

NAMESPACE: Final = "http://sed-ml.org/sed-ml/level1/version4"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
TIME: Final = "urn:sedml:symbol:time"
CVODE: Final = "KISAO:0000019"
RELATIVE: Final = "KISAO:0000209"
ABSOLUTE: Final = "KISAO:0000211"
_LISTS: Final = {
    "parameter": "listOfParameters",
    "compartment": "listOfCompartments",
    "species": "listOfSpecies",
}
_HOUR: Final = 3600.0


def text(each: Described, sbml: str, folder: str = "") -> str:
    """Return an experiment as a SED-ML document.

    Each has a document of its own, since COPASI imports no more than one model of one.

    Parameters
    ----------
    each : Described
        The experiment.
    sbml : str
        The text of its model.
    folder : str
        Where in the archive the document lies, which paths of models count from.

    Raises
    ------
    ArchiveError
        If it changes what the model does not have.
    """
    source = posixpath.relpath(each.model, folder or ".")
    root = _Writer(each, _Sbml(sbml), source).document()
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


class _Sbml:
    """What SED-ML has to know of a model: its language, and where an id is found in it."""

    def __init__(self, text: str) -> None:
        self._document = libsbml.readSBMLFromString(text)
        level, version = self._document.getLevel(), self._document.getVersion()
        self.language = f"urn:sedml:language:sbml.level-{level}.version-{version}"
        self.uri = self._document.getSBMLNamespaces().getURI()

    def target(self, id: str) -> str:
        """Return the XPath of a parameter, a compartment or a species."""
        model = self._document.getModel()
        for kind, element in (
            ("parameter", model.getParameter(id)),
            ("compartment", model.getCompartment(id)),
            ("species", model.getSpecies(id)),
        ):
            if element is not None:
                return f"/sbml:sbml/sbml:model/sbml:{_LISTS[kind]}/sbml:{kind}[@id='{id}']"
        raise ArchiveError(f"The model has no {id!r} that SED-ML could name.")


class _Writer:
    """Writes one experiment; whatever it makes has an id that begins with the experiment's."""

    def __init__(self, each: Described, sbml: _Sbml, source: str) -> None:
        self.each, self.sbml, self.source, self.name = each, sbml, source, each.name
        self.asked = f"{each.name}_task"
        hours = each.time_unit == "s" and each.course.end - each.course.start >= _HOUR
        self.factor, self.clock = (1 / _HOUR, "h") if hours else (1.0, each.time_unit)
        self.root = Element(
            "sedML",
            {"xmlns": NAMESPACE, "xmlns:sbml": sbml.uri, "level": "1", "version": "4"},
        )

    def document(self) -> Element:
        """Return the whole."""
        self._model(SubElement(self.root, "listOfModels"))
        self._simulation(SubElement(self.root, "listOfSimulations"))
        self._tasks(SubElement(self.root, "listOfTasks"))
        generators = SubElement(self.root, "listOfDataGenerators")
        time = self._time(generators, "time", 1.0, self.each.time_unit)
        clock = self._time(generators, "clock", self.factor, self.clock)
        found = {one.id: self._readout(generators, one) for one in self.each.readouts}
        outputs = SubElement(self.root, "listOfOutputs")
        report = SubElement(
            outputs, "report", id=f"{self.name}_report", name=f"{self.each.title}: numbers"
        )
        sets = SubElement(report, "listOfDataSets")
        labels = {time: "time"} | {found[one.id]: one.label for one in self.each.readouts}
        for id, label in labels.items():
            SubElement(sets, "dataSet", id=f"{id}_set", label=label, dataReference=id)
        self._plots(outputs, found, clock)
        return self.root

    def _model(self, models: Element) -> None:
        model = SubElement(
            models,
            "model",
            id=f"{self.name}_model",
            name=self.each.title,
            language=self.sbml.language,
            source=self.source,
        )
        if not self.each.changes:
            return
        changes = SubElement(model, "listOfChanges")
        for id, value in self.each.changes.items():
            target = f"{self.sbml.target(id)}/@value"
            SubElement(changes, "changeAttribute", target=target, newValue=repr(float(value)))

    def _simulation(self, simulations: Element) -> None:
        course = self.each.course
        simulation = SubElement(
            simulations,
            "uniformTimeCourse",
            id=f"{self.name}_course",
            initialTime=repr(course.begin),
            outputStartTime=repr(course.start),
            outputEndTime=repr(course.end),
            numberOfSteps=str(course.steps),
        )
        algorithm = SubElement(simulation, "algorithm", kisaoID=CVODE, name="CVODE")
        parameters = SubElement(algorithm, "listOfAlgorithmParameters")
        for kisao, name, value in (
            (RELATIVE, "relative tolerance", self.each.relative),
            (ABSOLUTE, "absolute tolerance", self.each.absolute),
        ):
            SubElement(
                parameters, "algorithmParameter", kisaoID=kisao, name=name, value=repr(value)
            )

    def _tasks(self, tasks: Element) -> None:
        series = self.each.series
        once = self.asked if series is None else f"{self.name}_once"
        model, simulation = f"{self.name}_model", f"{self.name}_course"
        SubElement(tasks, "task", id=once, modelReference=model, simulationReference=simulation)
        if series is None:
            return
        range_ = f"{self.name}_range"
        task = SubElement(
            tasks,
            "repeatedTask",
            id=self.asked,
            name=series.label,
            range=range_,
            resetModel="true",
        )
        values = SubElement(SubElement(task, "listOfRanges"), "vectorRange", id=range_)
        for value in series.values:
            SubElement(values, "value").text = repr(value)
        change = SubElement(
            SubElement(task, "listOfChanges"),
            "setValue",
            target=self.sbml.target(series.parameter),
            modelReference=model,
            range=range_,
        )
        SubElement(SubElement(change, "math", xmlns=MATHML), "ci").text = range_
        SubElement(SubElement(task, "listOfSubTasks"), "subTask", order="1", task=once)

    def _time(self, generators: Element, stem: str, factor: float, unit: str) -> str:
        return self._generator(generators, stem, "time", factor, unit, {"symbol": TIME})

    def _readout(self, generators: Element, one: Readout) -> str:
        where = {"target": self.sbml.target(one.id)}
        return self._generator(generators, one.id, one.label, one.factor, one.unit, where)

    def _generator(
        self,
        generators: Element,
        stem: str,
        label: str,
        factor: float,
        unit: str,
        where: dict[str, str],
    ) -> str:
        """Write ``(value - zero) * factor``, where zero is of times alone."""
        id = f"{self.name}_{re.sub(r'[^A-Za-z0-9_]', '_', stem)}"
        while self.root.find(f".//dataGenerator[@id='{id}']") is not None:
            id += "_"
        name = f"{label} ({unit})" if unit else label
        generator = SubElement(generators, "dataGenerator", id=id, name=name)
        variables = SubElement(generator, "listOfVariables")
        variable = f"{id}_value"
        told = {"taskReference": self.asked, "modelReference": f"{self.name}_model"}
        SubElement(variables, "variable", {"id": variable, **where, **told})
        formula = Element("ci")
        formula.text = variable
        numbers: dict[str, float] = {}
        for operator, suffix, number, idle in (
            ("minus", "zero", self.each.zero if "symbol" in where else 0.0, 0.0),
            ("times", "factor", factor, 1.0),
        ):
            if number != idle:
                numbers[f"{id}_{suffix}"] = number
                formula = _applied(operator, formula, f"{id}_{suffix}")
        if numbers:
            parameters = SubElement(generator, "listOfParameters")
            for key, number in numbers.items():
                SubElement(parameters, "parameter", id=key, value=repr(number))
        SubElement(generator, "math", xmlns=MATHML).append(formula)
        return id

    def _plots(self, outputs: Element, found: dict[str, str], clock: str) -> None:
        """Draw a plot a unit, all over one time."""
        drawn = [one for one in self.each.readouts if one.id in self.each.drawn]
        for number, unit in enumerate(dict.fromkeys(one.unit for one in drawn), start=1):
            name = f"{self.each.title}{f' ({unit})' if unit else ''}"
            plot = SubElement(outputs, "plot2D", id=f"{self.name}_plot_{number}", name=name)
            for side, label in (("xAxis", f"time ({self.clock})"), ("yAxis", unit)):
                SubElement(plot, side, type="linear", name=label)
            curves = SubElement(plot, "listOfCurves")
            for order, one in enumerate(one for one in drawn if one.unit == unit):
                SubElement(
                    curves,
                    "curve",
                    id=f"{found[one.id]}_curve",
                    name=one.label,
                    order=str(order),
                    type="points",
                    xDataReference=clock,
                    yDataReference=found[one.id],
                )


def _applied(operator: str, formula: Element, name: str) -> Element:
    """Return a formula with an operator and a name applied to it."""
    applied = Element("apply")
    SubElement(applied, operator)
    applied.append(formula)
    SubElement(applied, "ci").text = name
    return applied
