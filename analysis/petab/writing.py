"""A problem as the files of PEtab, version 2 or 1, checked by PEtab's own library.

Version 1 knows nothing of what happens while an experiment goes on. There it becomes events of the
model, at times that are parameters which the condition of the experiment sets.
"""

from __future__ import annotations

import csv
import io
import logging
import math
import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from ...network.files import replacing
from . import mathematics, switched
from .problem import VERSIONS, Observable, Parameter, PetabError, Problem, Trial

MODEL: Final = "model.xml"
PROBLEM: Final = "problem.yaml"
_DISTRIBUTIONS: Final = {"lin": "", "log": "log-"}


def files(problem: Problem, version: str) -> dict[str, str]:
    """Return the files of a problem by name.

    Parameters
    ----------
    problem : Problem
        The problem.
    version : str
        One of the values of :data:`.problem.VERSIONS`.

    Raises
    ------
    PetabError
        If the version has no words for something; the message names the experiment.
    """
    return _second(problem) if version.startswith("2") else _first(problem)


def write(problem: Problem, folder: Path, version: str) -> list[str]:
    """Write a problem into a folder, all of it or nothing, and return what files there are.

    Raises
    ------
    PetabError
        If the version has no words for something, or PEtab's library finds fault.
    MissingSoftwareError
        If PEtab's library is not installed.
    OSError
        If a file cannot be written.
    """
    made = files(problem, version)
    with tempfile.TemporaryDirectory(prefix="mtorules-") as scratch:
        for name, text in made.items():
            Path(scratch, name).write_text(text, encoding="utf-8", newline="")
        faults = lint(Path(scratch, PROBLEM))
    if faults:
        raise PetabError("PEtab's library finds fault: " + "; ".join(faults))
    folder.mkdir(exist_ok=True)
    for name, text in made.items():
        with replacing(folder / name) as path:
            path.write_text(text, encoding="utf-8", newline="")
    return list(made)


def lint(path: Path) -> list[str]:
    """Return the errors that PEtab's library finds in a problem of version 1 or 2."""
    petab = mathematics.library()
    first = str(yaml.safe_load(path.read_text(encoding="utf-8"))["format_version"])[0] == "1"
    with warnings.catch_warnings(), _heard("petab") as heard:
        warnings.simplefilter("ignore")
        if first:
            wrong = petab.v1.lint_problem(petab.v1.Problem.from_yaml(str(path)))
            return (heard or ["the problem is not valid"]) if wrong else []
        found = petab.v2.lint_problem(str(path))
    worst = petab.v2.lint.ValidationIssueSeverity.ERROR
    return [" ".join(each.message.split()) for each in found if each.level >= worst]


@contextmanager
def _heard(name: str) -> Iterator[list[str]]:
    """Collect the errors that a library logs, instead of printing them."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(" ".join(record.getMessage().split()))

    logger, ear = logging.getLogger(name), Ear(logging.ERROR)
    kept, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
        logger.propagate = kept


# -- version 2 -------------------------------------------------------------------------------------


def _second(problem: Problem) -> dict[str, str]:
    conditions: dict[tuple[tuple[str, str], ...], str] = {}
    periods: list[tuple[str, str, str]] = []
    for trial in problem.trials:
        for number, stage in enumerate(trial.stages):
            changes = tuple(sorted(stage.changes.items()))
            name = f"{trial.id}_{number + 1}" if len(trial.stages) > 1 else f"{trial.id}_condition"
            id = conditions.setdefault(changes, name) if changes else ""
            periods.append((trial.id, _time(stage.time), id))
    config = {
        "format_version": VERSIONS["petab"],
        "id": problem.id,
        "model_files": {problem.id: {"location": MODEL, "language": "sbml"}},
        "parameter_files": ["parameters.tsv"],
        "observable_files": ["observables.tsv"],
        "condition_files": ["conditions.tsv"],
        "experiment_files": ["experiments.tsv"],
        "measurement_files": ["measurements.tsv"],
    }
    return {
        PROBLEM: yaml.safe_dump(config, sort_keys=False),
        MODEL: problem.sbml,
        "parameters.tsv": _table(
            (
                *("parameterId", "parameterName", "lowerBound", "upperBound", "nominalValue"),
                *("estimate", "priorDistribution", "priorParameters"),
            ),
            [
                (
                    *(one.id, one.name, _number(one.low), _number(one.high), _number(one.value)),
                    *(str(one.estimated).lower(), *_prior(one)),
                )
                for one in problem.parameters
            ],
        ),
        "observables.tsv": _table(
            (
                *("observableId", "observableName", "observableFormula", "observablePlaceholders"),
                *("noiseFormula", "noisePlaceholders", "noiseDistribution"),
            ),
            [
                (
                    *(one.id, one.name, one.formula, ";".join(one.placeholders)),
                    *(one.noise, ";".join(one.noise_placeholders), _distribution(one)),
                )
                for one in problem.observables
            ],
        ),
        "conditions.tsv": _table(
            ("conditionId", "targetId", "targetValue"),
            [(id, *change) for changes, id in conditions.items() for change in changes],
        ),
        "experiments.tsv": _table(("experimentId", "time", "conditionId"), periods),
        "measurements.tsv": _table(
            (
                *("observableId", "experimentId", "measurement", "time", "observableParameters"),
                *("noiseParameters", "datasetId"),
            ),
            [
                (
                    *(one.observable, one.trial, _number(one.value), _time(one.time)),
                    *(";".join(one.parameters), ";".join(one.noise), one.batch),
                )
                for one in problem.measurements
            ],
        ),
    }


def _prior(parameter: Parameter) -> tuple[str, str]:
    if parameter.prior is None:
        return "", ""
    return parameter.prior.kind, ";".join(map(_number, parameter.prior.numbers))


def _distribution(observable: Observable) -> str:
    return _DISTRIBUTIONS[observable.scale] + observable.distribution


# -- version 1 -------------------------------------------------------------------------------------


def _first(problem: Problem) -> dict[str, str]:
    made = switched.problem(problem)
    targets: dict[str, None] = {}
    conditions: dict[str, Mapping[str, str]] = {}
    ran: dict[str, tuple[str, str]] = {}
    for trial in made.trials:
        before, at = _halves(trial)
        ran[trial.id] = (f"{trial.id}_rest" if before is not None else "", trial.id)
        conditions[trial.id] = at
        if before is not None:
            conditions[f"{trial.id}_rest"] = before
        targets |= dict.fromkeys((*at, *(before or ())))
    # What a condition leaves alone stands as it is in the model.
    own = _own_values(made.sbml, targets)
    rests = any(before for before, _ in ran.values())
    config = {
        "format_version": 1,
        "parameter_file": "parameters.tsv",
        "problems": [
            {
                "sbml_files": [MODEL],
                "condition_files": ["conditions.tsv"],
                "observable_files": ["observables.tsv"],
                "measurement_files": ["measurements.tsv"],
            }
        ],
    }
    return {
        PROBLEM: yaml.safe_dump(config, sort_keys=False),
        MODEL: made.sbml,
        "parameters.tsv": _table(
            (
                *("parameterId", "parameterName", "parameterScale", "lowerBound", "upperBound"),
                *("nominalValue", "estimate", "objectivePriorType", "objectivePriorParameters"),
            ),
            [
                (
                    *(one.id, one.name, "log10" if one.low > 0 else "lin"),
                    *(_number(one.low), _number(one.high), _number(one.value)),
                    *(str(int(one.estimated)), *_first_prior(one)),
                )
                for one in made.parameters
            ],
        ),
        "observables.tsv": _table(
            (
                *("observableId", "observableName", "observableFormula", "noiseFormula"),
                *("observableTransformation", "noiseDistribution"),
            ),
            [
                (*(one.id, one.name, one.formula, one.noise), one.scale, one.distribution)
                for one in map(_numbered, made.observables)
            ],
        ),
        "conditions.tsv": _table(
            ("conditionId", *targets),
            [
                (id, *(changes.get(target, own.get(target, "")) for target in targets))
                for id, changes in conditions.items()
            ],
        ),
        "measurements.tsv": _table(
            (
                *("observableId", *(["preequilibrationConditionId"] if rests else [])),
                *("simulationConditionId", "measurement", "time", "observableParameters"),
                *("noiseParameters", "datasetId"),
            ),
            [
                (
                    *(one.observable, *(ran[one.trial] if rests else ran[one.trial][1:])),
                    *(_number(one.value), _time(one.time)),
                    *(";".join(one.parameters), ";".join(one.noise), one.batch),
                )
                for one in made.measurements
            ],
        ),
    }


def _halves(trial: Trial) -> tuple[Mapping[str, str] | None, Mapping[str, str]]:
    """Return what is set before cells rest, if they do, and what is set at time 0."""
    rested = trial.stages[0].time == -math.inf
    before = trial.stages[0].changes if rested else None
    (at,) = trial.stages[1:] if rested else trial.stages
    if at.time != 0:
        raise PetabError(
            f"Experiment {trial.name or trial.id!r} begins at {at.time:g}; in PEtab 1 all begin "
            "at 0."
        )
    return before, {**(before or {}), **at.changes}


def _own_values(sbml: str, targets: Iterable[str]) -> dict[str, str]:
    from ...simulation.load import from_sbml

    values, _ = from_sbml(sbml).model.initial({})
    return {id: _number(values[id]) for id in targets if id in values}


def _first_prior(parameter: Parameter) -> tuple[str, str]:
    kind, numbers = _prior(parameter)
    names = {"log-normal": "logNormal", "log-laplace": "logLaplace"}
    return names.get(kind, kind), numbers


def _numbered(observable: Observable) -> Observable:
    """Return an observable whose placeholders are called as version 1 calls them."""
    formula, noise = observable.formula, observable.noise
    for number, name in enumerate(observable.placeholders, start=1):
        formula = _renamed(formula, name, f"observableParameter{number}_{observable.id}")
    for number, name in enumerate(observable.noise_placeholders, start=1):
        noise = _renamed(noise, name, f"noiseParameter{number}_{observable.id}")
    return replace(observable, formula=formula, noise=noise)


def _renamed(text: str, name: str, other: str) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", other, text)


# -- tables ----------------------------------------------------------------------------------------


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _number(value: float) -> str:
    return repr(float(value))


def _time(time: float) -> str:
    return _number(time) if math.isfinite(time) else "inf" if time > 0 else "-inf"
