"""From the experiments of a claim to plans: every name in them becomes one of the model's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ...models.perturbations import compounds, conditions
from ...network.units.quantities import QuantityError, plain
from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import ExperimentError
from ...simulation.periods import unitless
from ...simulation.sbml.model import SbmlModel, UnknownNameError
from .plans import Plan
from .schema import Claim, Run

BATH: Final = "boundless_medium"
USUAL: Final = "usual"
"""The dose at which cells are usually treated with a compound."""
# A dose as a multiple of the concentration that halves the target's activity in cells.
IC50: Final = re.compile(r"(\S+?)\s*IC50")


class Runs:
    """Reads what claims tell of experiments, whatever model is asked."""

    def run(self, claim: Claim, name: str) -> Run:
        """Return an experiment with all that it adds to."""
        chain: dict[str, Run] = {}
        while name or not chain:
            if name not in claim.experiments:
                near = difflib.get_close_matches(name, claim.experiments, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise UnknownNameError(f"there is no experiment {name!r}{hint}")
            if name in chain:
                raise ExperimentError(f"the experiments {', '.join(chain)} are like each other")
            chain[name] = claim.experiments[name]
            name = chain[name].like
        base, *others = reversed(chain.values())
        for run in others:
            new = (each for each in run.conditions if each not in base.conditions)
            base = Run(
                conditions=(*base.conditions, *new),
                set={**base.set, **run.set},
                doses={**base.doses, **run.doses},
                washouts=(*base.washouts, *run.washouts),
                bath=run.bath or base.bath,
            )
        return base

    def series(self, run: Run) -> list[Run]:
        """Return the members of a series, in its order."""
        long = [
            (part, name, levels)
            for part in ("set", "doses")
            for name, levels in getattr(run, part).items()
            if len(levels) > 1
        ]
        if len(long) != 1:
            raise ExperimentError("a series needs one value, and only one, with several levels")
        part, name, levels = long[0]
        return [
            run.model_copy(update={part: {**getattr(run, part), name: (level,)}})
            for level in levels
        ]


class Planner(Runs):
    """Turns experiments as claims tell them into plans for a model.

    Parameters
    ----------
    model : SbmlModel
        Whose names are meant.
    base : mapping, optional
        Values of the reference cell, where they are other than the model's.
    """

    def __init__(self, model: SbmlModel, base: Mapping[str, float] | None = None) -> None:
        self.model = model
        self.base = dict(base or {})
        self._counted = unitless(model)
        self._has_bath = BATH in conditions.table() and set(conditions.table()[BATH].values) <= set(
            model.parameters
        )

    def check(self, run: Run) -> None:
        """Raise :class:`UnknownNameError` if a condition sets what the model lacks."""
        for condition in run.conditions:
            for parameter in conditions.values(condition.partition("@")[0].strip()):
                if parameter not in self.model.parameters:
                    raise UnknownNameError(
                        f"the condition {condition!r} sets {parameter!r}, which the model lacks"
                    )

    def plan(
        self, run: Run, cell: Sequence[str] = (), values: Mapping[str, float] | None = None
    ) -> Plan:
        """Return the plan of an experiment without series, in some cell."""
        series = [k for k, v in (*run.set.items(), *run.doses.items()) if len(v) > 1]
        if series:
            raise ExperimentError(f"{series[0]!r} has several levels; only 'monotone' takes those")
        held = [c for c in (*run.conditions, *cell) if c]
        if run.bath != "finite" and self._has_bath:
            held.append(BATH)
        settings: dict[str, str] = {}
        doses: list[str] = []
        for name, (dose,) in run.doses.items():
            given, condition = self._dosed(name, str(dose))
            doses += given
            held += condition
        washouts = []
        for word in run.washouts:
            name, _, rest = word.partition("@")
            name, _, share = name.partition("=")
            what = f"{self._species(name.strip())}={share.strip() or '100 %'}"
            washouts.append(f"{what} @{rest}")
        plain = self.held(c for c in held if "@" not in c)
        for name, (value,) in run.set.items():
            settings[name] = self._setting(name, str(value), plain)
        words = from_text.Words(
            doses=tuple(doses),
            washouts=tuple(washouts),
            settings=tuple(settings.values()),
            conditions=tuple(dict.fromkeys(held)),
            equilibrated=True,
        )
        return Plan(words, dict(values or {}), self.base, counted=self._counted)

    def _dosed(self, name: str, dose: str) -> tuple[list[str], list[str]]:
        """Return a dose in the model's words, and the condition that a compound brings along."""
        amount, at, time = (part.strip() for part in dose.partition("@"))
        when = f" @ {time}" if at else ""
        if name not in compounds.table():
            return [f"{self._species(name)}={amount}{when}"], []
        compound = compounds.table()[name]
        compound.check_target()
        if not compound.species:  # it sets an input of the network, from the time of the dose on
            if amount != USUAL:
                raise compounds.CompoundError(f"{name} takes no dose; write '{USUAL}'")
            return [], [f"{name} @ {time or '0 s'}"]
        if compound.usual_dose is not None and amount == USUAL:
            amount = f"{compound.usual_dose!r} nM"
        elif compound.usual_dose is not None and amount.startswith("x "):
            amount = f"{plain(amount[2:]) * compound.usual_dose!r} nM"
        elif match := IC50.fullmatch(amount):
            own = {id: self.own(id) or 0.0 for id in self.model.settable}
            amount = f"{plain(match[1]) * compound.ic50(own)!r} nM"
        # Its constants matter from the dose on; before, cells rest as those without it do.
        return [f"{self._species(name)}={amount}{when}"], [f"{name} @ {time or '0 s'}"]

    def _species(self, name: str) -> str:
        """Return the one species of the medium that a drug's or ligand's name stands for."""
        said = name
        if name in compounds.table():
            name = compounds.table()[name].species
        for written in (f"{name}_medium", name, f"{name}@medium"):
            try:
                if len(self.model.species_of(written)) == 1:
                    return written
            except UnknownNameError:
                continue
        if name != said:
            raise UnknownNameError(
                f"{said} is given as {name}, which model {self.model.id!r} does not have"
            )
        near = difflib.get_close_matches(name, [*compounds.table(), *self.model.sums], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownNameError(f"there is no compound or species {name!r}{hint}")

    def _setting(self, name: str, value: str, held: Mapping[str, float]) -> str:
        amount, at, time = value.partition("@")
        amount = amount.strip()
        entry = self.model.parameters.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self.model.settable, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnknownNameError(f"there is no parameter {name!r}{hint}")
        if amount.startswith("x "):
            base = held.get(name, self.own(name))
            if base is None:
                raise QuantityError(f"{name!r} has no value of its own to be multiplied")
            amount = repr(plain(amount[2:]) * base)
        return f"{name}={amount}" + (f" @ {time.strip()}" if at else "")

    def held(self, names: Iterable[str]) -> dict[str, float]:
        """Return what conditions together set, on the reference cell."""
        return conditions.values(*names, base=self.base)

    def own(self, name: str) -> float | None:
        """Return the value of a parameter in the reference cell."""
        return self.base.get(name, self.model.parameters[name].value)
