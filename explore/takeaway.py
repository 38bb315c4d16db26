"""What one takes away: numbers, files, and the lines that give the same again."""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import libsbml

from ..models import catalogue
from ..simulation.archives import describing, packing
from ..simulation.archives.describing import Asked
from ..simulation.scans.from_text import Words
from . import answers, courses
from .opened import Opened
from .scenario import POINTS, Scenario, number


def csv(opened: Opened, scenario: Scenario) -> str:
    """Return the course as CSV: a line a time, a column a readout, units in the heads."""
    ran = courses.run(opened, scenario)
    data = courses.data(opened, scenario, ran)
    table = data.to_dataframe()
    heads = {name: courses.unit(str(data[name].attrs.get("units", ""))) for name in data.data_vars}
    table = table.rename(columns={n: f"{n} ({u})" if u else n for n, u in heads.items()})
    table.index.name = f"time ({ran.time_unit})" if ran.time_unit else "time"
    return table.to_csv(float_format="%.10g", lineterminator="\n")


def sbml(opened: Opened, scenario: Scenario) -> dict[str, str]:
    """Return the model as SBML that does what the scenario does when it is run, and how to run it.

    Doses and wash-outs are events, and cells that rest first are left alone until time ``zero``.
    """
    asked = _asked(opened, scenario)
    shared = describing.share(opened.loaded, [asked], opened.loaded.model.id, "model.xml", "model_")
    (told,) = shared.experiments
    document = libsbml.readSBMLFromString(shared.models[told.model])
    for id, value in told.changes.items():
        document.getModel().getParameter(id).setValue(value)
    unit = told.time_unit
    end = f"run it until {told.course.end:g} {unit}".strip()
    zero = f" Cells rest until {told.zero:g} {unit}, which is time 0 here." if told.zero else ""
    return {"text": libsbml.writeSBMLToString(document), "said": f"To see the same, {end}.{zero}"}


def archive(opened: Opened, scenario: Scenario) -> str:
    """Return a COMBINE archive of the model and the scenario, in base 64."""
    asked = _asked(opened, scenario)
    rules = None if scenario.uploaded else catalogue.build(scenario.model)
    packed = packing.pack(opened.loaded, [asked], opened.loaded.model.id, rules)
    return b64encode(packed.data).decode()


def _asked(opened: Opened, scenario: Scenario) -> Asked:
    outputs = opened.readouts(scenario.readouts or opened.default).outputs
    title = ", ".join([scenario.cell, *(drug.words for drug in scenario.drugs if drug.given)])
    experiment = courses.experiment(opened, scenario)
    return Asked("experiment", title, experiment, readouts=outputs)


def lines(opened: Opened, scenario: Scenario, file: str) -> dict[str, Any]:
    """Return the commands and the Python that give the same numbers.

    Parameters
    ----------
    opened : Opened
        The model.
    scenario : Scenario
        What was asked.
    file : str
        What the user called the file of an upload.
    """
    readouts = scenario.readouts or opened.default
    if scenario.uploaded:
        return {
            "commands": [_spelled(_simulate(opened, scenario, readouts, file))],
            "python": _python_of_file(opened, scenario, readouts, file),
        }
    commands = [["time-course", *_analysis(scenario, readouts, scenario.words())]]
    dosed = [drug.name for drug in scenario.drugs if drug.given and drug.dose is not None]
    for name in dosed:
        words = answers.curve(scenario, name)
        commands.append(["dose-response", *_analysis(scenario, readouts, words)])
    for both in pairwise(dosed):
        words = answers.surface(scenario, both)
        commands.append(["synergy", *_analysis(scenario, readouts, words)])
    return {
        "commands": [
            _spelled(["mtorules", "analyse", *each, "--output", f"results/{each[0]}"])
            for each in commands
        ],
        "python": _python(opened, scenario, readouts),
    }


def _analysis(scenario: Scenario, readouts: tuple[str, ...], words: Words) -> list[str]:
    said = [scenario.model]
    said += _options("--drug", words.drugs)
    said += _options("--washout", words.washouts)
    said += _options("--set", words.settings)
    if scenario.conditions:
        said += ["--cells", scenario.cell]
    said += ["--times", words.times]
    return said + _options("--readout", readouts)


def _simulate(
    opened: Opened, scenario: Scenario, readouts: tuple[str, ...], file: str
) -> list[str]:
    own = "" if not opened.loaded.model.nanomolar else " s"
    said = ["mtorules", "simulate", file, "--until", f"{number(scenario.until)}{own}"]
    said += ["--points", str(POINTS), "--engine", opened.engine]
    said += _options("--set", scenario.set_words)
    return [*said, *_options("--observable", readouts), "--wide"]


def _python(opened: Opened, scenario: Scenario, readouts: tuple[str, ...]) -> str:
    words = scenario.words()
    given = {
        "drugs": words.drugs,
        "washouts": words.washouts,
        "settings": words.settings,
        "cells": words.cells,
    }
    said = "".join(f"    {name}={list(value)!r},\n" for name, value in given.items() if value)
    return (
        "import mtorules as mt\n"
        "from mtorules.analysis.asking import readouts\n"
        "from mtorules.simulation.scans import from_text\n\n"
        f"loaded = mt.load({scenario.model!r})\n"
        f"asked = readouts.of(loaded.model, {list(readouts)!r})\n"
        f"words = from_text.Words(\n{said}    times={words.times!r},\n    equilibrated=True,\n"
        "    outputs=asked.outputs,\n)\n"
        "planned = from_text.scan(loaded.model, loaded.model.id, words)\n"
        f"simulator = mt.Simulator(loaded, asked.outputs, engine={opened.engine!r})\n"
        "course = asked.of(simulator.run(planned.experiment(planned.point(0))))\n"
        "print(course.to_dataframe())\n"
    )


def _python_of_file(
    opened: Opened, scenario: Scenario, readouts: tuple[str, ...], file: str
) -> str:
    conditions = "[]"
    if scenario.settings:
        conditions = f"[mt.Condition('settings', {dict(scenario.settings)!r})]"
    return (
        "import mtorules as mt\n\n"
        f"times = [{scenario.until!r} * step / {POINTS} for step in range({POINTS + 1})]\n"
        f"experiment = mt.Experiment('mine', [mt.Period(0.0, {conditions})], times)\n"
        f"simulator = mt.Simulator({file!r}, {list(readouts)!r}, engine={opened.engine!r})\n"
        "print(simulator.run(experiment).to_dataframe())\n"
    )


def _options(name: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (name, value)]


def _spelled(words: list[str]) -> str:
    return " ".join(map(shlex.quote, words))
