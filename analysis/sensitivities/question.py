"""What is differentiated, and how the answer is laid out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from ...network.units.quantities import SECOND
from ...simulation import steady_state
from ...simulation.engines import (
    Engine,
    Loaded,
    Tolerances,
)
from ...simulation.engines.base import Vector
from ...simulation.experiments.experiments import Dose, Period
from ...simulation.periods import Preparation
from ...simulation.sbml.model import UnknownNameError, near

# How many times larger than its error a value is of which shares are told, to a per cent.
_KNOWN: Final = 100.0
# Rest is looked for as in `simulate`, in seconds.
_FIRST, _LAST = 3600.0, 1e9


class SensitivityError(ValueError):
    """Sensitivities that cannot be had; the message says why and what can."""


@dataclass(frozen=True)
class Question:
    """What is differentiated: a run from rest, or from the model's start, after doses at time 0.

    Parameters
    ----------
    loaded : Loaded
        The model.
    observables : sequence of str
        Observables, expressions or species.
    parameters : sequence of str
        Which parameters; those derived from them follow. None of them may be zero.
    times : sequence of float
        When to look, in seconds.
    doses : sequence of Dose
        What is added at time 0.
    values : mapping
        Values of parameters other than the model's own, in its units.
    equilibrated : bool
        Whether the cells rest first.
    inputs : mapping
        Values of parameters that are set at time 0, after rest.
    tolerances : Tolerances
        How exactly to integrate.
    """

    loaded: Loaded
    observables: Sequence[str]
    parameters: Sequence[str]
    times: Sequence[float]
    doses: Sequence[Dose] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    equilibrated: bool = True
    inputs: Mapping[str, float] = field(default_factory=dict)
    tolerances: Tolerances = field(default_factory=Tolerances)

    def __post_init__(self) -> None:
        model = self.loaded.model
        for names, known in (
            (self.parameters, model.startable),
            ((*self.values, *self.inputs), model.settable),
        ):
            for name in names:
                if name not in known:
                    species = " It is a species." if name in model.species else ""
                    raise UnknownNameError(
                        f"Model {model.id!r} has no parameter {name!r} that can be set."
                        f"{species or near(name, known)}"
                    )
        for name in self.parameters:
            if not self.own[name]:
                raise SensitivityError(
                    f"{name!r} is zero, so that no relative change of it exists; give it a value."
                )
        if not len(self.times) or min(self.times) < 0 or (np.diff(self.times) <= 0).any():
            raise SensitivityError("Times are not negative, and each is later than the last.")

    @property
    def outputs(self) -> list[str]:
        """Ids of the observables."""
        return [self.loaded.model.output(name) for name in self.observables]

    @property
    def seconds(self) -> float:
        """How many units of the model's time make a second."""
        unit = self.loaded.model.time_unit
        return SECOND.factor_to(unit) if unit else 1.0

    def settled(self, changes: Mapping[str, float]) -> tuple[dict[str, float], Vector]:
        """Return all values and the start state, with changes."""
        values, state = self.loaded.model.initial({**self.values, **changes})
        return values, np.array(list(state.values()))

    @cached_property
    def own(self) -> dict[str, float]:
        """Values of all parameters; of what events or rate rules move, those it begins with."""
        values, state = self.loaded.model.initial(self.values)
        return {**state, **values}

    def treated(self, changes: Mapping[str, float]) -> dict[str, float]:
        """Return all values from time 0 on, with changes."""
        return self.loaded.model.initial({**self.values, **changes, **self.inputs})[0]

    def errors(self, engine: Engine) -> Vector:
        """Return what errors of the state may come to in each observable that is a sum."""
        places = {id: index for index, id in enumerate(self.loaded.model.state_ids)}
        found = np.zeros(len(self.outputs))
        for row, id in enumerate(self.outputs):
            for part, weight in self.loaded.model.sums.get(id, {id: 1.0}).items():
                if part in places:
                    found[row] = max(found[row], abs(weight) * engine.absolute)
        return found

    def added(self, values: Mapping[str, float]) -> Vector:
        """Return what the doses add to the state."""
        model = self.loaded.model
        nothing = np.zeros(len(model.state_ids))
        return Preparation(model).changed(Period(0.0, doses=self.doses), values, nothing)

    def rest(self, engine: Engine, values: Mapping[str, float], state: Vector) -> Vector:
        """Return the state at time 0 before the doses."""
        if not self.equilibrated:
            return state
        first, last = _FIRST * self.seconds, _LAST * self.seconds
        return steady_state.find(engine, values, state, first=first, last=last).state


Progress = Callable[[int, int], None]
"""Told how many parameters are done, of how many."""


def independent(loaded: Loaded) -> list[str]:
    """Return the parameters that no other determines and that are not zero.

    Of what events or rate rules move, the value that it begins with is such a parameter.
    """
    model = loaded.model
    values, state = model.initial({})
    own = {**state, **values}
    derived = {start.target for start in model.starts if start.names}
    return [id for id in model.startable if id not in derived and own[id]]


def ranked(data: xr.Dataset, count: int) -> pd.DataFrame:
    """Return the parameters that matter most for each observable at each time.

    Parameters
    ----------
    data : xarray.Dataset
        What :func:`forward` or :func:`differences` returned.
    count : int
        How many for each.

    Returns
    -------
    pandas.DataFrame
        Columns ``observable``, ``time`` in seconds, ``parameter`` and ``relative``.
    """
    rows = []
    for observable in data.observable.to_numpy():
        for time in data.time.to_numpy():
            found = data.relative.sel(observable=observable, time=time).dropna("parameter")
            order = np.argsort(-np.abs(found.to_numpy()), kind="stable")[:count]
            rows += [
                (str(observable), float(time), str(found.parameter[i].item()), float(found[i]))
                for i in order
            ]
    return pd.DataFrame(rows, columns=["observable", "time", "parameter", "relative"])


def told(
    question: Question, middle: Vector, slopes: Vector, how: str, errors: Vector
) -> xr.Dataset:
    """Return results as tables.

    Parameters
    ----------
    question : Question
        What was differentiated.
    middle : array of shape (n_times, n_observables)
        The values.
    slopes : array of shape (n_times, n_observables, n_parameters)
        Their derivatives.
    how : str
        In words.
    errors : array of shape (n_observables,)
        How large the integrator's own errors of the values are, times what they are divided by:
        what is hardly larger has no relative sensitivity.
    """
    own = question.own
    sizes = np.array([own[name] for name in question.parameters])
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = slopes * sizes / middle[..., None]
    relative[np.abs(middle) < _KNOWN * errors] = np.nan
    return xr.Dataset(
        {
            "value": (("time", "observable"), middle),
            "sensitivity": (("time", "observable", "parameter"), slopes),
            # Of what is zero, or no more than errors, there is no share.
            "relative": (
                ("time", "observable", "parameter"),
                np.where(np.isfinite(relative), relative, np.nan),
            ),
        },
        coords={
            "time": ("time", np.array(question.times, dtype=float), {"units": "s"}),
            "observable": list(question.observables),
            "parameter": list(question.parameters),
        },
        attrs={"model": question.loaded.model.id, "method": how},
    )
