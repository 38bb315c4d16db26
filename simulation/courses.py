"""What comes out of an experiment: tables, and the unit of each observable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..network.units.quantities import NANOMOLAR
from .engines.base import Vector
from .periods import concentration_unit
from .sbml.model import SbmlModel

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Course:
    """What came out of an experiment.

    Attributes
    ----------
    times : array of shape (times,)
        In seconds; ``inf`` is rest.
    observables : dict
        Attributes of each observable, its unit above all.
    values : array of shape (times, observables)
        Numbers.
    about : dict
        Title, model, engine and method, and where cells came to rest first, how still they were.
    """

    times: Vector
    observables: Mapping[str, Mapping[str, str]]
    values: Vector
    about: Mapping[str, Any]

    def dataset(self, places: Sequence[int] | None = None) -> xr.Dataset:
        """Return it as :meth:`Simulator.run` does, of all observables or those at ``places``."""
        import xarray as xr  # which takes longer to load than a small model to run

        names = list(self.observables)
        chosen = range(len(names)) if places is None else places
        return xr.Dataset(
            {
                names[place]: ("time", self.values[:, place], dict(self.observables[names[place]]))
                for place in chosen
            },
            coords={"time": ("time", self.times, {"units": "s", "long_name": "time"})},
            attrs=dict(self.about),
        )


class Outputs:
    """What is recorded of a model, and in which unit it is given.

    Parameters
    ----------
    model : SbmlModel
        What it is recorded of.
    ids : dict
        For the name of each observable the id that the model gives it.
    """

    def __init__(self, model: SbmlModel, ids: Mapping[str, str]) -> None:
        self.model, self.ids = model, ids

    def scaled(self, found: Vector, settable: Mapping[str, float]) -> Vector:
        """Turn amounts into nM where they have one volume."""
        scaled = found.copy()
        for place, factor, compartment in self._factors:
            scaled[:, place] *= factor / settable[compartment]
        return scaled

    @cached_property
    def _factors(self) -> list[tuple[int, float, str]]:
        """Which outputs are divided by the volume of which compartment, and their units' factor."""
        factors = []
        for place, id in enumerate(self.ids.values()):
            species = self.dissolved(id)
            if species is not None:
                unit = concentration_unit(self.model, species)
                assert unit is not None
                factor = unit.factor_to(NANOMOLAR)
                factors.append((place, factor, self.model.species[species].compartment))
        return factors

    def dissolved(self, id: str) -> str | None:
        """Return a species that stands for an output's unit and volume, if it has one of each."""
        if self.model.compartment_of(id) is None:
            return None
        species = id if id in self.model.species else next(iter(self.model.sums[id]), None)
        if species is None:
            return None
        compartment = self.model.species[species].compartment
        settled = compartment in self.model.settable
        unit = concentration_unit(self.model, species)
        fits = unit is not None and unit.dimension == NANOMOLAR.dimension
        return species if settled and fits else None

    def about(self, name: str) -> dict[str, str]:
        """Return the attributes of an observable: its unit, and its pattern if it is a species."""
        id = self.ids[name]
        about = {"long_name": name}
        if self.dissolved(id) is not None:
            about["units"] = "nM"
            about["compartment"] = self.model.compartment_of(id) or ""
        elif id in self.model.parameters and self.model.parameters[id].unit_id:
            about["units"] = self.model.parameters[id].unit_id
        if id in self.model.species:
            about["pattern"] = self.model.species[id].name
        return about
