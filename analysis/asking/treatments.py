"""Treatments: what is dosed, alone or together, each treatment a point of one scan.

An :class:`Agent` is a compound, a species that is added to, or a parameter that is set. A treatment
gives some agents a level each, and leaves the others at what they are without it. All treatments
lie on one dimension, ``treatment``, so that compounds that share a species, doses of different
ranges and pairs of agents are one scan with the cells and whatever else the user varies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ...models.perturbations import compounds
from ...models.perturbations.compounds import Compound, CompoundError
from ...network.units.quantities import nanomolar
from ...simulation.columns import columns
from ...simulation.sbml.model import SbmlModel, UnknownNameError
from ...simulation.scans import from_text, sampling
from ...simulation.scans.from_text import REFERENCE, Words
from ...simulation.scans.parts import DOSE, RESERVED, Addition, Axis, Setting
from ...simulation.scans.sampling import Range, SamplingError
from ...simulation.scans.scan import Scan
from .grid import AnalysisError

TREATMENT: Final = "treatment"
"""The dimension of treatments."""
COMPOUND: Final = "compound"
"""The axis of compounds that share a species, and thus cannot all be set at once."""
Treatment = Mapping[str, float]
"""Level by name of the agent; empty: nothing is given."""

# The usual dose times these ends is where curves are looked for unless the user says.
_LOW, _HIGH, _COUNT = 1e-4, 10.0, 11
# Around what, in nM, where no usual dose is known.
_USUAL: Final = 1000.0


@dataclass(frozen=True)
class Agent:
    """What is given in different amounts.

    Parameters
    ----------
    name : str
        As the user calls it.
    kind : {"compound", "dose", "setting"}
        A compound, a species that is added to, or a parameter that is set.
    target : str
        The species, or the parameter.
    levels : tuple of float
        Which amounts, upwards; without zero where that is no treatment.
    unit : str
        Of the levels; of compounds ``nM``, and of doses too unless the model has no units.
    without : float
        What it is where the agent is not given.
    """

    name: str
    kind: Literal["compound", "dose", "setting"]
    target: str
    levels: tuple[float, ...]
    unit: str = "nM"
    without: float = 0.0

    @property
    def axis(self) -> str:
        """What its levels are called in the results."""
        called = self.target if self.kind == "setting" else f"given_{self.target}"
        return columns([called], RESERVED | {"cell", COMPOUND, TREATMENT})[called]


def usable(model: SbmlModel) -> list[Compound]:
    """Return the compounds that take a dose and act on something that a model holds."""
    return [each for each in compounds.table().values() if not _lacking(each, model)]


def compound(model: SbmlModel, text: str) -> Agent:
    """Return a compound as an agent from ``NAME`` or ``NAME=DOSES``.

    Raises
    ------
    AnalysisError
        If there is none of that name, it acts on nothing in the model or takes no dose, or the
        doses cannot be read.
    """
    name, equals, doses = (part.strip() for part in text.partition("="))
    try:
        found = compounds.find(name)
        found.check_dose(True)
    except CompoundError as error:
        raise AnalysisError(str(error)) from None
    if lacking := _lacking(found, model):
        there = ", ".join(each.name for each in usable(model))
        those = f"It has those of {there}." if there else "It has none of any compound."
        raise AnalysisError(f"Model {model.id!r} has no target of {found.name}: {lacking}. {those}")
    usual = found.usual_dose or _USUAL
    levels = _levels(found.name, doses) if equals else geometric(usual)
    return Agent(found.name, "compound", found.medium, levels)


def geometric(usual: float) -> tuple[float, ...]:
    """Return doses around a usual one, most of them below it."""
    return Range(usual * _LOW, usual * _HIGH, "log").levels(_COUNT)


def _lacking(compound: Compound, model: SbmlModel) -> str:
    """Return what a model lacks for a compound; empty if nothing."""
    if not compound.species:
        return f"{compound.name} takes no dose"
    lacking = [c.parameter for c in compound.constants if c.parameter not in model.parameters]
    if lacking or not compound.constants:
        return f"there is no {', '.join(map(repr, lacking)) or 'such target'}"
    try:
        count = len(model.species_of(compound.medium))
    except UnknownNameError:
        count = 0
    return "" if count == 1 else f"{compound.medium!r} is {count} species"


def _levels(name: str, text: str) -> tuple[float, ...]:
    try:
        levels = sampling.read(text, nanomolar)
    except SamplingError as error:
        raise AnalysisError(f"The doses of {name} cannot be read: {error}") from None
    if isinstance(levels, Range):
        raise AnalysisError(
            f"The doses of {name} have no number of values; add one, as in '{text} log 15'."
        )
    if min(levels) < 0:
        raise AnalysisError(f"A dose of {name} is negative.")
    return _given(name, levels)


def _given(name: str, levels: Sequence[float]) -> tuple[float, ...]:
    above = tuple(sorted(level for level in levels if level > 0))
    if not above:
        raise AnalysisError(f"No dose of {name} is above zero; there is nothing to see.")
    return above


def of_words(model: SbmlModel, words: Words, fixed: Mapping[str, float]) -> list[Agent]:
    """Return what words vary by amount, as agents: drugs, doses and settings with several values.

    Raises
    ------
    ScanError
        If the words make no sense for the model.
    """
    planned = from_text.scan(model, model.id, _alone(words), fixed)
    return list(_varied(model, planned, fixed))


def _varied(model: SbmlModel, planned: Scan, fixed: Mapping[str, float]) -> Iterator[Agent]:
    axes = {axis.name: axis for axis in planned.axes if axis.dimension == axis.name}
    for dose in planned.doses:
        if axis := axes.get(str(dose.concentration)):
            name = axis.name.removeprefix(DOSE)
            levels = _given(name, [float(each) for each in axis.values])
            yield Agent(name, "dose", dose.species, levels, axis.unit)
    for setting in planned.settings:
        if axis := axes.get(str(setting.value)):
            own = fixed.get(setting.target, model.parameters[setting.target].value)
            if own is None:
                raise AnalysisError(f"{setting.target!r} has no value of its own to begin with.")
            levels = tuple(sorted(float(each) for each in axis.values))
            if levels[0] < 0:
                raise AnalysisError(
                    f"{setting.target!r} is varied from {levels[0]:g}, and doses are not below "
                    "zero; 'mtorules scan' and 'analyse time-course' take such values."
                )
            levels = levels if own else _given(setting.target, levels)
            yield Agent(setting.target, "setting", setting.target, levels, axis.unit, own)


def _alone(words: Words) -> Words:
    # A scan varies something; where cells are not asked for side by side, it is this.
    return words if words.cells else replace(words, cells=(f"cell={REFERENCE}",))


def plan(
    model: SbmlModel,
    words: Words,
    agents: Sequence[Agent],
    treatments: Sequence[Treatment],
    fixed: Mapping[str, float],
) -> Scan:
    """Return the scan that gives each treatment to all that words describe.

    Parameters
    ----------
    model : SbmlModel
        Whose names are meant.
    words : Words
        The experiment; the agents that it varies (:func:`of_words`) are among ``agents``.
    agents : sequence of Agent
        What treatments give.
    treatments : sequence of mapping
        Level by name of the agent.
    fixed : mapping
        A parameter set, in the model's units.

    Raises
    ------
    ScanError
        If a compound contradicts the experiment, or a treatment holds two of one class.
    """
    drugs = [agent for agent in agents if agent.kind == "compound"]
    sharing = Counter(agent.target for agent in drugs)
    labelled = {agent.name for agent in drugs if sharing[agent.target] > 1}
    alone = [agent.name for agent in drugs if agent.name not in labelled]
    labels = [
        "+".join(name for name in treatment if name in labelled) or REFERENCE
        for treatment in treatments
    ]
    asked = replace(_alone(words), conditions=(*words.conditions, *alone))
    if labelled:
        cell = f"{COMPOUND}={', '.join(dict.fromkeys(labels))}"
        asked = replace(asked, cells=(*asked.cells, cell))
    base = from_text.scan(model, model.id, asked, fixed)
    varied = {agent.axis: agent for agent in agents}
    axes = {axis: [agent.without] * len(treatments) for axis, agent in varied.items()}
    by_name = {agent.name: agent for agent in agents}
    for row, treatment in enumerate(treatments):
        for name, level in treatment.items():
            axes[by_name[name].axis][row] = level
    moved = {a.name for a in base.axes if a.name in (COMPOUND, *_named(base, agents))}
    own = [
        Axis(name, tuple(values), varied[name].unit, TREATMENT, f"what is given of {name}")
        for name, values in axes.items()
    ]
    if labelled:
        own.insert(0, Axis(COMPOUND, tuple(labels), "", TREATMENT, "compounds"))
    settings = {agent.target: agent.axis for agent in agents if agent.kind == "setting"}
    dosed = dict.fromkeys(agent.axis for agent in agents if agent.kind != "setting")
    targets = {agent.axis: agent.target for agent in agents}
    return replace(
        base,
        axes=(*(axis for axis in base.axes if axis.name not in moved), *own),
        doses=_doses(base, agents, dosed, targets),
        settings=[
            replace(each, value=settings[each.target]) if each.target in settings else each
            for each in base.settings
        ]
        + [
            Setting(target, axis)
            for target, axis in settings.items()
            if target not in {each.target for each in base.settings}
        ],
    )


def _named(base: Scan, agents: Sequence[Agent]) -> set[str]:
    """Return the axes that words had made of agents before they became treatments."""
    doses = {agent.target for agent in agents if agent.kind == "dose"}
    settings = {agent.target for agent in agents if agent.kind == "setting"}
    return {str(d.concentration) for d in base.doses if d.species in doses} | {
        str(s.value) for s in base.settings if s.target in settings
    }


def _doses(
    base: Scan,
    agents: Sequence[Agent],
    dosed: Mapping[str, None],
    targets: Mapping[str, str],
) -> list[Addition]:
    """Return the doses of a scan, those that are treatments with their axis."""
    by_words = {agent.target: agent.axis for agent in agents if agent.kind == "dose"}
    kept: list[Addition] = []
    placed: set[str] = set()
    for each in base.doses:
        axis = by_words.get(each.species)
        if axis is not None and isinstance(each.concentration, str) and axis not in placed:
            kept.append(replace(each, concentration=axis))
            placed.add(axis)
        else:
            kept.append(each)
    return kept + [Addition(targets[axis], axis) for axis in dosed if axis not in placed]
