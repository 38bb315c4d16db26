"""Numbers that any simulator has to give again, and whether a file gives those recorded of it.

What FROG reports are for models of constraints, this is for kinetic ones: objectives to be had
again with another program. They are in the file's own units, as libRoadRunner, COPASI and others
show them: species as amounts, and time in the file's unit.

===================  ==========================================================================
``metadata.json``    which file, by its digest, which program, how exactly, over which span
``initial.csv``      how everything starts: parameters and compartments, and amounts of species
``course.csv``       each output at equal steps of time, without anything done to the model
``steady.csv``       what it comes to rest at, where it does
``sensitivity.csv``  relative change of each output at the end by that of a parameter,
                     ``(f(1.01 p) - f(0.99 p)) / (0.02 f(p))``
===================  ==========================================================================
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import roadrunner

from ...network.files import replacing
from ...simulation.engines import Loaded, Tolerances, engine_named
from ...simulation.engines.base import EngineError, UnsupportedError, Vector
from ...simulation.resting import CellsAtRest
from ...simulation.sbml.model import SbmlError
from ...simulation.steady_state import NoSteadyStateError
from ...simulation.times import ModelTimes
from .report import Mark, mark

POINTS: Final = 8
_STEP: Final = 0.01
_STEPS: Final = 10
_CLOSE: Final = 1e-4  # to what is recorded, relative to the largest value of the output
_TOLERANCES: Final = Tolerances(relative=1e-9)


class ReproductionError(RuntimeError):
    """Nothing can be recorded, or what was recorded cannot be read; the message says why."""


@dataclass(frozen=True)
class Numbers:
    """What a model gives by itself, in its own units.

    Attributes
    ----------
    initial : mapping
        Value of each parameter, compartment and species by id.
    times, course : array
        Times, and values of shape (times, outputs).
    outputs : tuple of str
        What is looked at: all that varies, and what rules define.
    steady : array or None
        Outputs at rest; None where it never comes to rest.
    """

    initial: Mapping[str, float]
    outputs: tuple[str, ...]
    times: Vector
    course: Vector
    steady: Vector | None


class Reproduction:
    """Runs a file as it is.

    Parameters
    ----------
    loaded : Loaded
        The file.
    span : float
        How long, in its unit of time.
    """

    def __init__(self, loaded: Loaded, span: float) -> None:
        model = loaded.model
        self.loaded, self.span = loaded, span
        self.outputs = tuple(dict.fromkeys((*model.outputs, *model.varying)))
        if not self.outputs:
            raise ReproductionError(f"Nothing in model {model.id!r} varies.")
        try:
            self._engine = engine_named("roadrunner")(loaded, self.outputs, _TOLERANCES)
            self._settable, self._state = model.initial({})
        except (EngineError, UnsupportedError, SbmlError) as error:
            raise ReproductionError(str(error)) from None

    def numbers(self) -> Numbers:
        """Return what the model gives by itself.

        Raises
        ------
        ReproductionError
            If it does not run, or a number has no value.
        """
        times = np.linspace(0.0, self.span, _STEPS + 1)
        course = self._ran({}, times)
        if not np.isfinite(course).all():
            bad = self.outputs[int(np.argwhere(~np.isfinite(course))[0][1])]
            raise ReproductionError(f"{bad!r} has no value at some time.")
        return Numbers(
            {**self._settable, **self._state},
            self.outputs,
            times,
            course,
            self._steady(),
        )

    def sensitivities(
        self, end: Vector, progress: Callable[[int, int], None] | None = None
    ) -> list[tuple[str, str, float]]:
        """Return parameter, output and relative sensitivity of it, where that has a value."""
        last = np.array([self.span])
        constants = [
            id
            for id, value in self._settable.items()
            if value and math.isfinite(value) and not self.loaded.model.parameters[id].compartment
        ]
        found: list[tuple[str, str, float]] = []
        for place, id in enumerate(constants):
            value = self._settable[id]
            up, down = (self._ran({id: value * (1 + s)}, last)[0] for s in (_STEP, -_STEP))
            for column, output in enumerate(self.outputs):
                if end[column]:
                    slope = (up[column] - down[column]) / (2 * _STEP * end[column])
                    found.append((id, output, float(slope)))
            if progress is not None:
                progress(place + 1, len(constants))
        return found

    def _ran(self, changed: Mapping[str, float], times: Vector) -> Vector:
        try:
            settable, state = self.loaded.model.initial(changed)
            self._engine.start(settable, np.array(list(state.values())), 0.0)
            return self._engine.integrate(times)
        except (EngineError, UnsupportedError, SbmlError) as error:
            raise ReproductionError(str(error)) from None

    def _steady(self) -> Vector | None:
        second = ModelTimes(self.loaded.model, own=True).second
        state = np.array(list(self._state.values()))
        try:
            rest = CellsAtRest(self._engine, second, cache=False).find(self._settable, state)
            self._engine.start(self._settable, rest.state, 0.0)
            return self._engine.integrate(np.zeros(1))[0]
        except (NoSteadyStateError, EngineError):
            return None


def usual_span(loaded: Loaded) -> float:
    """Return for how long a file is run: an hour, or 100 where it has no unit of time."""
    model = loaded.model
    return 3600.0 * ModelTimes(model, own=True).second if model.time_unit else 100.0


def judged(loaded: Loaded, recorded: Path | None = None) -> tuple[Mark, Numbers | None]:
    """Return the mark for giving results again, and what the file gives.

    Parameters
    ----------
    loaded : Loaded
        The file.
    recorded : Path, optional
        A folder that :func:`write` wrote; without one, the file has to run.

    Raises
    ------
    ReproductionError
        If the folder does not hold what was written.
    """
    told = None if recorded is None else _read(recorded)
    asked: list[tuple[str, bool]] = []
    found = None
    try:
        span = usual_span(loaded) if told is None else told.times[-1]
        found = Reproduction(loaded, float(span)).numbers()
        asked.append(("it runs", True))
    except ReproductionError as error:
        asked.append((f"it does not run: {error}", False))
    if told is not None:
        asked += _compared(told, found)
    title = "It runs" if told is None else "It gives the results that are recorded of it"
    return mark("result", "MIRIAM", POINTS, title, asked), found


def _compared(told: Numbers, found: Numbers | None) -> Iterable[tuple[str, bool]]:
    columns = {} if found is None else {id: i for i, id in enumerate(found.outputs)}
    for id, value in told.initial.items():
        mine = math.nan if found is None else found.initial.get(id, math.nan)
        yield f"start of {id}", math.isclose(value, mine, rel_tol=_CLOSE)
    for column, id in enumerate(told.outputs):
        size = float(np.abs(told.course[:, column]).max())
        if found is None or id not in columns:
            yield f"course of {id}", False
            continue
        mine = found.course[:, columns[id]]
        yield f"course of {id}", _near(told.course[:, column], mine, size)
        if told.steady is not None:
            rest = None if found.steady is None else found.steady[columns[id]]
            close = rest is not None and _near(told.steady[column], rest, size)
            yield f"rest of {id}", close


def _near(one: Any, other: Any, size: float) -> bool:
    return bool(np.allclose(one, other, rtol=_CLOSE, atol=_CLOSE * size))


# -- as files -------------------------------------------------------------------------------------


def write(
    folder: Path,
    file: str,
    loaded: Loaded,
    found: Numbers,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write what a file gives into a folder, sensitivities included.

    Raises
    ------
    ReproductionError
        If it does not run with a parameter changed by a hundredth.
    OSError
        If it cannot be written.
    """
    span = float(found.times[-1])
    slopes = Reproduction(loaded, span).sensitivities(found.course[-1], progress)
    metadata = {
        "model": loaded.model.id,
        "file": Path(file).name,
        "sha256": loaded.model.sha256,
        "simulator": f"libRoadRunner {roadrunner.__version__}",
        "relative tolerance": _TOLERANCES.relative,
        "span": span,
        "unit of time": loaded.model.time_unit_id,
        "species": "amounts",
        "sensitivity": "(f(1.01 p) - f(0.99 p)) / (0.02 f(p)) at the end of the span",
        "steady state": found.steady is not None,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "initial.csv", ("id", "value"), found.initial.items())
    rows = ((t, *row) for t, row in zip(found.times, found.course, strict=True))
    _table(folder / "course.csv", ("time", *found.outputs), rows)
    if found.steady is None:
        (folder / "steady.csv").unlink(missing_ok=True)
    else:
        rest = zip(found.outputs, found.steady, strict=True)
        _table(folder / "steady.csv", ("id", "value"), rest)
    _table(folder / "sensitivity.csv", ("parameter", "output", "sensitivity"), slopes)
    with replacing(folder / "metadata.json") as scratch:
        scratch.write_text(json.dumps(metadata, indent=2) + "\n", encoding="utf-8")


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with replacing(path) as scratch, scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([each if isinstance(each, str) else repr(float(each)) for each in row])


def _read(folder: Path) -> Numbers:
    """Return what was recorded, sensitivities apart."""
    try:
        initial = dict(_rows(folder / "initial.csv"))
        (_, *outputs), *rows = _lines(folder / "course.csv")
        course = np.array([[float(each) for each in row] for row in rows])
        steady = None
        if (folder / "steady.csv").exists():
            rest = dict(_rows(folder / "steady.csv"))
            steady = np.array([rest[id] for id in outputs])
        return Numbers(initial, tuple(outputs), course[:, 0], course[:, 1:], steady)
    except FileNotFoundError as error:
        raise ReproductionError(
            f"'{folder}' has no {Path(error.filename).name}; expected is a folder that "
            "'mtorules check --biomodels --output FOLDER' wrote."
        ) from None
    except (OSError, UnicodeDecodeError, ValueError, KeyError, IndexError) as error:
        raise ReproductionError(
            f"What is recorded in '{folder}' cannot be read: {error}."
        ) from None


def _rows(path: Path) -> list[tuple[str, float]]:
    return [(id, float(value)) for id, value in _lines(path)[1:]]


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))
