"""Times of an experiment as a model counts them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..network.units.quantities import SECOND
from .engines.base import Vector
from .experiments.experiments import EQUILIBRATION, Experiment, Seconds
from .periods import SimulationError
from .sbml.model import SbmlModel


class ModelTimes:
    """Turns times into those of a model.

    Parameters
    ----------
    model : SbmlModel
        What counts them.
    own : bool
        Whether bare numbers are in the model's own unit, rather than in seconds.

    Attributes
    ----------
    second : float
        A second in the model's own unit; without one its numbers are taken for seconds.
    unit : str
        In what results are given; empty where the model names none.
    """

    def __init__(self, model: SbmlModel, *, own: bool) -> None:
        self._model = model
        self.second = SECOND.factor_to(model.time_unit) if model.time_unit else 1.0
        # Where a file counts in seconds, they are ours.
        self._own = own and model.time_unit != SECOND
        self.unit = model.time_unit_id if self._own else "s"

    def looked(self, experiment: Experiment) -> Vector:
        """Return when one looks, in the model's own time.

        Raises
        ------
        SimulationError
            If times with a unit and those without are not in order.
        """
        starts = [self.moment(p.start) for p in experiment.periods if p.start != EQUILIBRATION]
        times = [self.moment(time) for time in experiment.times]
        mixed = any(later <= earlier for row in (starts, times) for earlier, later in pairwise(row))
        if mixed or times[0] < starts[0]:
            raise SimulationError(
                f"Experiment {experiment.name!r}: times with a unit, turned into those of model "
                f"{self._model.id!r}, and times without one do not follow each other."
            )
        return np.array(times)

    def moment(self, time: float | str) -> float:
        """Return a time of an experiment in the model's own time."""
        said = isinstance(time, Seconds) or not self._own
        return float(time) * self.second if said else float(time)

    def shown(self, experiment: Experiment) -> Vector:
        """Return when one looks, in :attr:`unit`."""
        if self._own:
            return self.looked(experiment)
        return np.array(experiment.times, dtype=float)
