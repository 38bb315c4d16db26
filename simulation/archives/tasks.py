"""Running one task of SED-ML: courses, rest, and repetition with changes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.dom.minidom import Element

import numpy as np

from ..engines import Tolerances
from ..engines.base import Vector
from .algorithms import ABSOLUTE, CVODE, ODES, RELATIVE, STEADY, kisao
from .document import Document
from .formulas import Formula
from .machine import Machine
from .tree import children, finite, formula, inside, listed, number, parameters, plain, said
from .xpath import RefusedError

# How many runs a task may come to, and how many steps a course may have.
MOST_RUNS: Final = 10_000
MOST_POINTS: Final = 1_000_000
# No file makes us integrate worse than this, or asks for more than double precision gives.
_ROUGHEST: Final = 1e-8
_FINEST: Final = 1e-12

Rows = list[Vector]
"""Values of something in each run."""


class TaskRun:
    """A task with all that runs within it, on one model."""

    def __init__(self, document: Document, id: str) -> None:
        self.document, self.id = document, id
        models = document.models(id)
        if len(models) != 1:
            raise RefusedError(f"The task {id!r} runs several models, which is not done.")
        (self.model,) = models
        self._runs = 0
        self._ids = document.looked_at(id)
        asked = [*self._ids, *self._needed(id)]
        self.machine = Machine(
            document.text(self.model), list(dict.fromkeys(asked)), self._tolerances(id)
        )
        self._rows: dict[str, Rows] = {name: [] for name in ("", *self._ids)}

    def rows(self) -> dict[str, Rows]:
        """Run everything."""
        self._any(self.id)
        return self._rows

    def _parts(self, id: str) -> Iterator[Element]:
        task = self.document.task(id)
        yield task
        if task.localName == "repeatedTask":
            for sub in listed(task, "listOfSubTasks"):
                yield from self._parts(sub.getAttribute("task"))

    def _needed(self, id: str) -> Iterator[str]:
        """Yield the ids of what formulas of ranges and changes look at while the model runs."""
        for task in self._parts(id):
            for variable in task.getElementsByTagNameNS("*", "variable"):
                if variable.getAttribute("target"):
                    yield self.document.symbol(self.model, variable.getAttribute("target"))

    def _tolerances(self, id: str) -> Tolerances:
        """Return the finest that any part asks for, and never coarser than ours."""
        relative = _ROUGHEST
        for task in self._parts(id):
            if task.localName != "task":
                continue
            simulation = self._simulation(task)
            for each in listed(inside(simulation, "algorithm"), "listOfAlgorithmParameters"):
                term = kisao(each)
                if term == RELATIVE:
                    relative = min(relative, number(each, "value"))
                elif term != ABSOLUTE:
                    self.document.note(
                        f"{said(simulation)}: the setting {each.getAttribute('kisaoID')} is passed "
                        "over."
                    )
        if not relative > 0:
            raise RefusedError(f"The task {id!r} has a relative tolerance that is not above 0.")
        return Tolerances(relative=max(relative, _FINEST))

    def _simulation(self, task: Element) -> Element:
        return self.document.element(
            "listOfSimulations", task.getAttribute("simulationReference"), "simulation"
        )

    def _any(self, id: str, within: bool = False) -> None:
        task = self.document.task(id)
        if task.localName == "task":
            self._simple(task)
        elif task.localName == "repeatedTask":
            self._repeated(task, within)
        else:
            raise RefusedError(f"{said(task)} is of a kind that is not run.")

    def _simple(self, task: Element) -> None:
        simulation = self._simulation(task)
        self._runs += 1
        if self._runs > MOST_RUNS:
            raise RefusedError(f"The task {self.id!r} asks for more than {MOST_RUNS:,} runs.")
        self._algorithm(simulation)
        if simulation.localName == "uniformTimeCourse":
            times, skip = _times(simulation)
            found = self.machine.course(times)[skip:]
            self._keep(times[skip:], found)
        elif simulation.localName == "steadyState":
            self._keep(np.array([np.inf]), self.machine.rest())
        else:
            raise RefusedError(f"{said(simulation)} is of a kind that is not run.")

    def _keep(self, times: Vector, found: Vector) -> None:
        self._rows[""].append(times)
        for id in self._ids:
            self._rows[id].append(found[:, self.machine.ids.index(id)])

    def _algorithm(self, simulation: Element) -> None:
        algorithm = inside(simulation, "algorithm")
        if algorithm is None:
            self.document.note(f"{said(simulation)} names no algorithm; CVODE runs.")
            return
        term, name = kisao(algorithm), algorithm.getAttribute("kisaoID")
        steady = simulation.localName == "steadyState"
        if term not in (STEADY | ODES if steady else ODES):
            raise RefusedError(
                f"{said(simulation)} asks for the algorithm {name!r}, which is not known here as "
                f"one that {'finds rest' if steady else 'integrates differential equations'}."
            )
        if not steady and term != CVODE:
            self.document.note(f"{said(simulation)}: CVODE runs in place of {name}.")

    # -- repetition -------------------------------------------------------------------------------

    def _repeated(self, task: Element, within: bool) -> None:
        ranges = {each.getAttribute("id"): each for each in listed(task, "listOfRanges")}
        main = task.getAttribute("range")
        if main not in ranges:
            raise RefusedError(f"{said(task)} goes over {main!r}, and there is no such range.")
        rows = {id: _values(each) for id, each in ranges.items() if _has_values(each)}
        if main not in rows:
            raise RefusedError(f"{said(task)} goes over a range that rests on others.")
        short = [id for id, values in rows.items() if len(values) < len(rows[main])]
        if short:
            raise RefusedError(f"The range {short[0]!r} of {said(task)} is shorter than {main!r}.")
        reset = task.getAttribute("resetModel") in ("true", "1")
        subs = listed(task, "listOfSubTasks")
        order = [number(each, "order") if each.hasAttribute("order") else 0.0 for each in subs]
        subs = [subs[place] for place in np.argsort(order, kind="stable")]
        for place in range(len(rows[main])):
            if reset:
                if within:
                    raise RefusedError(
                        f"{said(task)} resets a model that the task around it has set; tools do "
                        "not agree on what becomes of that."
                    )
                self.machine.reset()
            scope = {id: values[place] for id, values in rows.items()}
            for id, each in ranges.items():
                if id not in rows:
                    scope[id] = self._computed(each, scope)
            changes = listed(task, "listOfChanges")
            self._set(changes, scope)
            for sub in subs:
                own = listed(sub, "listOfChanges")
                self._set(own, scope)
                self._any(sub.getAttribute("task"), within or bool(changes or own))

    def _set(self, changes: list[Element], scope: Mapping[str, float]) -> None:
        """Give the model values, one after the other."""
        for change in changes:
            if change.localName != "setValue":
                raise RefusedError(f"{said(change)} is a change that is not done while running.")
            if change.getAttribute("symbol"):
                raise RefusedError(f"{said(change)} sets a symbol, which is not done.")
            self._check_own(change)
            value = self._computed(change, scope)
            self.machine.set(self.document.symbol(self.model, change.getAttribute("target")), value)

    def _check_own(self, element: Element) -> None:
        """Refuse what is about another model than the one that runs."""
        if element.getAttribute("modelReference") not in ("", self.model):
            raise RefusedError(f"{said(element)} is about a model that its task does not run.")

    def _computed(self, element: Element, scope: Mapping[str, float]) -> float:
        math = formula(element, said(element))
        known = {**scope, **parameters(element)}
        for each in listed(element, "listOfVariables"):
            if not plain(each).getAttribute("target"):
                raise RefusedError(f"{said(each)} is no symbol of the model.")
            self._check_own(each)
            known[each.getAttribute("id")] = self.machine.get(
                self.document.symbol(self.model, each.getAttribute("target"))
            )
        return Formula(math, said(element)).value(known)


def _times(simulation: Element) -> tuple[Vector, int]:
    """Return when a course is looked at, and how many of the times come before its output."""
    begin, start, end = (
        number(simulation, name) for name in ("initialTime", "outputStartTime", "outputEndTime")
    )
    steps = number(simulation, "numberOfSteps", "numberOfPoints")
    if not (begin <= start <= end and 0 <= steps <= MOST_POINTS and steps == int(steps)):
        raise RefusedError(
            f"{said(simulation)} goes from {begin:g} to {end:g} with output from {start:g} in "
            f"{steps:g} steps; times increase and there are at most {MOST_POINTS:,} steps."
        )
    if start == end or not steps:
        times = np.array([start, end] if steps else [end]) if start < end else np.array([start])
    else:
        times = np.linspace(start, end, int(steps) + 1)
    return (np.concatenate(([begin], times)), 1) if begin < times[0] else (times, 0)


def _has_values(element: Element) -> bool:
    return element.localName in ("uniformRange", "vectorRange")


_SPACES: Final[Mapping[str, Callable[..., Vector]]] = {"linear": np.linspace, "log": np.geomspace}


def _values(element: Element) -> list[float]:
    if element.localName == "vectorRange":
        return [
            finite("".join(n.data for n in each.childNodes if n.nodeType == n.TEXT_NODE), "A value")
            for each in children(element, "value")
        ]
    first, last = number(element, "start"), number(element, "end")
    steps = number(element, "numberOfSteps", "numberOfPoints")
    kind = (element.getAttribute("type") or "linear").lower()
    if kind not in _SPACES or (kind == "log" and not first * last > 0):
        raise RefusedError(f"{said(element)} is spaced in a way that is not done.")
    if not 0 <= steps < MOST_RUNS or steps != int(steps):
        raise RefusedError(f"{said(element)} has {steps:g} steps; up to {MOST_RUNS:,} are done.")
    return _SPACES[kind](first, last, int(steps) + 1).tolist()
