"""From experiments on a model to what an archive says of them: changes, handles and courses.

Not every tool computes start values anew when SED-ML changes what they rest on, and tellurium
loses other changes once it changes an amount. So parameters that follow from a change are changed
too, and have no formula any more in the model that an experiment runs on; amounts and volumes stand
in that model as they start.

Pre-equilibration becomes a long stretch before the first output. How long is found by trying: the
shortest after which this package's own engine stands within :data:`NEAR` of rest. Time begins with
that stretch, since tools that load a model at time 0 would have done by then what comes after.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ...export.archive import handles
from ...export.archive.description import ArchiveError, Course, Described, Readout, Series
from ...export.archive.handles import Happening
from ...network.units.quantities import NANOMOLAR
from ..courses import Course as Ran
from ..courses import Outputs
from ..engines import Loaded, Tolerances
from ..engines.base import Vector
from ..experiments.experiments import EQUILIBRATION, Experiment, Period
from ..periods import Preparation, concentration_unit
from ..results import overview
from ..simulator import Simulator
from ..times import ModelTimes

NEAR: Final = 1e-8
"""How near, relative to the largest value of each readout, pre-equilibration comes to rest."""
# The first stretch that is tried, in seconds, and how many, each ten times as long as the last.
_FIRST: Final = 1e6
_STRETCHES: Final = 4
_RELATIVE: Final = 1e-10
# What is less than this share of the largest readout is rounding.
_NOTHING: Final = 1e-12


@dataclass(frozen=True)
class Asked:
    """An experiment to share.

    Parameters
    ----------
    name : str
        An SId.
    title : str
        What it is, in a line.
    experiment : Experiment
        With output times that are equally far apart.
    series : tuple of float, optional
        Doses, in nM, that are given one after the other instead of the experiment's only one, which
        is the last of them.
    readouts : sequence of str, optional
        What to look at; by default what the model shows.
    """

    name: str
    title: str
    experiment: Experiment
    series: tuple[float, ...] = ()
    readouts: Sequence[str] | None = None


@dataclass(frozen=True)
class Shared:
    """Experiments as an archive takes them.

    Attributes
    ----------
    experiments : tuple of Described
        In the order in which they were asked for.
    models : dict
        SBML by the path that experiments name, the model as it is among them.
    courses : tuple of Course
        What this package's own engine gives for each; of a series for its last dose.
    """

    experiments: tuple[Described, ...]
    models: Mapping[str, str]
    courses: tuple[Ran, ...]


def share(loaded: Loaded, asked: Sequence[Asked], name: str, own_path: str, place: str) -> Shared:
    """Describe experiments on one model.

    Parameters
    ----------
    loaded : Loaded
        The model.
    asked : sequence of Asked
        The experiments.
    name : str
        Of the model, as the user wrote it.
    own_path : str
        Path of the model as it is.
    place : str
        What the paths of models with handles begin with; a number and ``.xml`` follow.

    Raises
    ------
    ArchiveError
        If an experiment does something that cannot be shared; the message says what would do.
    SimulationError, NoSteadyStateError, EngineError
        If the model cannot undergo one.
    """
    plans = [_Plan(loaded, each) for each in asked]
    own, _ = loaded.model.initial({})
    free = {id: own[id] for plan in plans for id in plan.changes if id in own}
    amounts = {species: id for plan in plans for species, id in plan.amounts.items()}
    # Where nothing happens but doses, an experiment without any may have the same model.
    dosed = [
        p.happenings for p in plans if p.happenings and all(h.only_doses for h in p.happenings)
    ]
    paths = {loaded.sbml: own_path}
    described = []
    for plan in plans:
        happenings = plan.happenings or (dosed[0] if dosed else ())
        text = handles.with_handles(loaded.sbml, happenings, free | plan.starts, amounts)
        path = paths.setdefault(text, f"{place}{len(paths)}.xml")
        described.append(plan.described(name, path))
    return Shared(
        tuple(described),
        {path: text for text, path in paths.items()},
        tuple(plan.course for plan in plans),
    )


class _Plan:
    """An experiment in the model's own units and time."""

    def __init__(self, loaded: Loaded, asked: Asked) -> None:
        self.loaded, self.model, self.asked = loaded, loaded.model, asked
        self._simulator = Simulator(loaded, asked.readouts, tolerances=Tolerances(_RELATIVE))
        self._preparation = Preparation(self.model)
        self._times = ModelTimes(self.model, own=not self.model.nanomolar)
        self._looked = _uniform(self._times.looked(asked.experiment), asked.name)
        self.course = self._simulator.course(asked.experiment)
        self._rest = self._before() if self._equilibrated else 0.0
        self._shift = self._rest - self._looked.start if self._equilibrated else 0.0
        self.changes: dict[str, float] = {}
        self.starts: dict[str, float] = {}
        self.amounts: dict[str, str] = {}
        found = tuple(self._periods(list(asked.experiment.periods)))
        self.happenings = tuple(each for each in found if each)
        self._series = self._varied() if asked.series else None
        self._readouts = tuple(self._shown())

    def described(self, name: str, path: str) -> Described:
        """Return the experiment as an archive says it."""
        chosen = set(overview.main(self.course, name))
        looked = self._looked
        absolute = max(_RELATIVE * 1e-4 * self.loaded.scale, 1e-300)
        return Described(
            name=self.asked.name,
            title=self.asked.title,
            model=path,
            course=replace(
                looked,
                begin=0.0 if self._equilibrated else looked.start,
                start=looked.start + self._shift,
                end=looked.end + self._shift,
            ),
            readouts=self._readouts,
            drawn=tuple(one.id for one in self._readouts if one.label in chosen),
            changes=self.changes,
            series=self._series,
            zero=self._shift,
            time_unit=self._simulator.time_unit,
            relative=_RELATIVE,
            absolute=float(f"{absolute:.1e}"),
        )

    @property
    def _equilibrated(self) -> bool:
        return self.asked.experiment.periods[0].start == EQUILIBRATION

    # -- before and while it runs -----------------------------------------------------------------

    def _before(self) -> float:
        """Return how long cells have to be left alone to rest, in steps of the course."""
        experiment = self.asked.experiment
        if self.model.timed or self.model.events:
            raise ArchiveError(
                f"Experiment {self.asked.name!r} lets cells rest first, which no time course says "
                "of a model with events or with formulas of time; share it without "
                "pre-equilibration."
            )
        first, *later = experiment.periods
        if first.doses or first.washouts:
            raise ArchiveError(
                "What is given before cells rest cannot be shared; give it at a time."
            )
        start = replace(experiment, times=experiment.times[:1])
        wanted = self._simulator.values(start)
        step = (self._looked.end - self._looked.start) / self._looked.steps
        largest = np.abs(self.course.values).max(axis=0)
        largest = np.maximum(largest, _NOTHING * largest.max(initial=0.0) or 1.0)
        second = self._times.second
        found = math.inf
        for power in range(_STRETCHES):
            span = math.ceil(_FIRST * 10**power * second / step) * step
            begin = self._looked.start - span
            begun = begin / second if self._simulator.time_unit == "s" else begin
            slow = replace(start, periods=(replace(first, start=begun), *later))
            gap = np.abs(self._simulator.values(slow) - wanted) / largest
            found = float(gap.max(initial=0.0))
            if found <= NEAR:
                return span
        raise ArchiveError(
            f"Cells of experiment {self.asked.name!r} are still {found:.1g} of a value away from "
            f"rest after {_FIRST * 10 ** (_STRETCHES - 1):.0e} s; share it without "
            "pre-equilibration."
        )

    def _periods(self, periods: list[Period]) -> Iterator[Happening]:
        """Yield what happens in each period, and keep what is changed before the first."""
        own, own_state = self._preparation.begin({})
        given = self._preparation.started(periods[0], {})
        values, state = self._preparation.begin(given)
        if not self._equilibrated:  # nothing that happens at the start is an event to every tool
            state = self._preparation.changed(periods[0], values, state)
        for id, value in values.items():
            if value != own[id]:
                volume = self.model.parameters[id].compartment
                (self.starts if volume else self.changes)[id] = value
        self.starts |= {
            id: float(amount)
            for id, amount, before in zip(self.model.state_ids, state, own_state, strict=True)
            if amount != before
        }
        for number, period in enumerate(periods):
            if period.start == EQUILIBRATION or (not number and not self._equilibrated):
                continue
            settings: dict[str, float] = {}
            if number:
                given = self._preparation.given(period, given)
                before, (values, _) = values, self._preparation.begin(given)
                settings = {id: v for id, v in values.items() if v != before[id]}
                nowhere = np.full(len(self.model.state_ids), math.nan)
                settings |= self._moved(self._preparation.placed(period, values, nowhere), math.nan)
            yield self._happening(period, number, settings, values)

    def _moved(self, state: Vector, otherwise: float) -> dict[str, float]:
        """Return the parts of a state that are other than a value."""
        parts = zip(self.model.state_ids, state.tolist(), strict=True)
        return {id: part for id, part in parts if part != otherwise and not math.isnan(part)}

    def _happening(
        self,
        period: Period,
        number: int,
        settings: Mapping[str, float],
        values: Mapping[str, float],
    ) -> Happening:
        count = len(self.model.state_ids)
        alone = Period(0.0, washouts=period.washouts)
        washouts = self._moved(self._preparation.changed(alone, values, np.ones(count)), 1.0)
        alone = Period(0.0, doses=period.doses)
        doses: dict[str, str] = {}
        for id, amount in self._moved(
            self._preparation.changed(alone, values, np.zeros(count)), 0.0
        ).items():
            size = values.get(self.model.species[id].compartment)
            if size is None:
                raise ArchiveError(
                    f"The compartment of {id!r} changes its size, so that a dose of it cannot be "
                    "shared."
                )
            doses[id] = handles.unused(f"dose_{id}_{number}", self.loaded.sbml)
            self.changes[doses[id]] = amount / size
        moment = self._times.moment(period.start) + self._shift
        return Happening(
            self._simulator.engine.eve(moment),
            tuple(settings.items()),
            tuple((id, 1.0 - left) for id, left in washouts.items()),
            tuple(doses.items()),
        )

    def _varied(self) -> Series:
        """Let the one dose there is take one value after the other."""
        given = [dose for each in self.happenings for dose in each.doses]
        if len(given) != 1:
            raise ArchiveError(
                f"A series varies one dose that is given while cells are watched, and experiment "
                f"{self.asked.name!r} gives {len(given)}."
            )
        ((species, dose),) = given
        last = self.changes.pop(dose) / self.asked.series[-1]
        values = tuple(float(f"{each * last:.12g}") for each in self.asked.series)
        return Series(dose, values, f"{len(values)} doses of {species}")

    # -- what is looked at ------------------------------------------------------------------------

    def _shown(self) -> Iterator[Readout]:
        """Yield what is looked at; an amount gets a parameter that holds it."""
        nanomolar = self.model.nanomolar
        ids = {name: self.model.output(name) for name in self._simulator.observables}
        outputs = Outputs(self.model, ids, nanomolar=nanomolar)
        values, state = self._preparation.begin(
            self._preparation.started(self.asked.experiment.periods[0], {})
        )
        scales = outputs.scales(values, dict(zip(self.model.state_ids, state, strict=True)))
        for (label, id), scale in zip(ids.items(), scales.tolist(), strict=True):
            unit = outputs.about(label).get("units", "")
            if id in self.model.parameters:
                kind = "compartment" if self.model.parameters[id].compartment else "parameter"
                yield Readout(id, kind, label, unit, scale)
            elif id not in self.model.species:
                raise ArchiveError(
                    f"{label!r} is no species, parameter or compartment, which a report holds; "
                    "name other observables."
                )
            elif self.model.species[id].amounts:
                self.amounts[id] = handles.unused(f"amount_{id}", self.loaded.sbml)
                yield Readout(self.amounts[id], "parameter", label, unit, scale)
            else:  # the symbol is the concentration already
                own = concentration_unit(self.model, id) if nanomolar else None
                yield Readout(id, "species", label, unit, own.factor_to(NANOMOLAR) if own else 1.0)


def _uniform(looked: Vector, name: str) -> Course:
    """Return times as a course, if all steps are equal."""
    steps = len(looked) - 1
    if steps < 1 or not np.isfinite(looked).all():
        raise ArchiveError(f"Experiment {name!r} needs at least two times, all of them finite.")
    even = np.linspace(looked[0], looked[-1], steps + 1)
    if np.abs(looked - even).max() > 1e-9 * abs(looked[-1]):
        raise ArchiveError(
            f"The times of experiment {name!r} are not equally far apart, as those of a uniform "
            "time course are."
        )
    return Course(float(looked[0]), float(looked[0]), float(looked[-1]), steps)
