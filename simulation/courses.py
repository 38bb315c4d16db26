"""What comes out of an experiment: tables, and the unit of each observable."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..network.units.quantities import NANOMOLAR
from .columns import columns
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
        In seconds, or in :attr:`time_unit`; ``inf`` is rest.
    observables : dict
        Attributes of each observable, its unit above all.
    values : array of shape (times, observables)
        Numbers.
    about : dict
        Title, model, engine and method, and where cells came to rest first, how still they were.
    time_unit : str
        Empty where an SBML file of others names none.
    """

    times: Vector
    observables: Mapping[str, Mapping[str, str]]
    values: Vector
    about: Mapping[str, Any]
    time_unit: str = "s"

    @property
    def columns(self) -> dict[str, str]:
        """What each observable is called beside ``time``."""
        return columns(self.observables, {"time"})

    def dataset(self, places: Sequence[int] | None = None) -> xr.Dataset:
        """Return it as :meth:`Simulator.run` does, of all observables or those at ``places``."""
        import xarray as xr  # which takes longer to load than a small model to run

        units = {"units": self.time_unit} if self.time_unit else {}
        names = list(self.observables)
        called = self.columns
        chosen = range(len(names)) if places is None else places
        return xr.Dataset(
            {
                called[names[place]]: (
                    "time",
                    self.values[:, place],
                    dict(self.observables[names[place]]),
                )
                for place in chosen
            },
            coords={"time": ("time", self.times, {**units, "long_name": "time"})},
            attrs=dict(self.about),
        )

    def arrays(self, names: Sequence[str]) -> dict[str, xr.DataArray]:
        """Return observables over ``time``, each by its own name."""
        places = {name: place for place, name in enumerate(self.observables)}
        data = self.dataset([places[name] for name in names])
        return {name: data[self.columns[name]] for name in names}

    def _repr_html_(self) -> str:
        from .results.display import html  # only here: it reads the catalogue

        return html(self)


class Outputs:
    """What is recorded of a model, and in which unit it is given.

    Parameters
    ----------
    model : SbmlModel
        What it is recorded of.
    ids : dict
        For the name of each observable the id that the model gives it.
    nanomolar : bool
        Whether species are given in nM, rather than as the file itself counts them.
    """

    def __init__(self, model: SbmlModel, ids: Mapping[str, str], *, nanomolar: bool) -> None:
        self.model, self.ids, self._nanomolar = model, ids, nanomolar

    @property
    def recorded(self) -> list[str]:
        """Ids of all that an engine is to record: outputs, and sizes that divide them."""
        return [*self.ids.values(), *self._rooms]

    def scaled(self, found: Vector, settable: Mapping[str, float]) -> Vector:
        """Turn amounts, as an engine recorded them, into the concentrations that are given."""
        count = len(self.ids)
        scaled = found[:, :count].copy()
        for place, factor, compartment in self._factors:
            if compartment in self._rooms:
                size = found[:, count + self._rooms.index(compartment)]
            else:
                size = settable[compartment]
            scaled[:, place] *= factor / size
        return scaled

    def scales(self, settable: Mapping[str, float], state: Mapping[str, float]) -> Vector:
        """Return by what each output is multiplied where compartments are as large as given.

        It is NaN where a rule says how large one is.
        """
        sizes = [state.get(id, math.nan) for id in self._rooms]
        return self.scaled(np.array([[*[1.0] * len(self.ids), *sizes]]), settable)[0]

    @cached_property
    def _rooms(self) -> list[str]:
        """Compartments whose size varies with time, and which outputs are divided by."""
        rooms = dict.fromkeys(compartment for _, _, compartment in self._factors)
        return [id for id in rooms if id not in self.model.settable]

    @cached_property
    def _factors(self) -> list[tuple[int, float, str]]:
        """Which outputs are divided by the size of which compartment, and their units' factor."""
        factors = []
        for place, id in enumerate(self.ids.values()):
            species = self.dissolved(id) if self._nanomolar else self._concentration(id)
            if species is not None:
                factor = 1.0
                if self._nanomolar:
                    unit = concentration_unit(self.model, species)
                    assert unit is not None
                    factor = unit.factor_to(NANOMOLAR)
                factors.append((place, factor, self.model.species[species].compartment))
        return factors

    def _concentration(self, id: str) -> str | None:
        """Return the id if it is a species that its file gives as a concentration."""
        species = self.model.species.get(id)
        if species is None or species.amounts:
            return None
        return id if self.model.parameters[species.compartment].sized else None

    def dissolved(self, id: str) -> str | None:
        """Return a species that stands for an output's unit and volume, if it has one of each."""
        if self.model.compartment_of(id) is None:
            return None
        species = id if id in self.model.species else next(iter(self.model.sums[id]), None)
        if species is None:
            return None
        sized = self.model.parameters[self.model.species[species].compartment].sized
        unit = concentration_unit(self.model, species)
        fits = unit is not None and unit.dimension == NANOMOLAR.dimension
        return species if sized and fits else None

    def about(self, name: str) -> dict[str, str]:
        """Return the attributes of an observable: its unit, and its pattern if it is a species."""
        id = self.ids[name]
        about = {"long_name": name}
        unit = self._unit(id)
        if unit:
            about["units"] = unit
        if self._nanomolar and self.dissolved(id) is not None:
            about["compartment"] = self.model.compartment_of(id) or ""
        elif id in self.model.species:
            about["compartment"] = self.model.species[id].compartment
        if id in self.model.species:
            about["pattern"] = self.model.species[id].name
        return about

    def _unit(self, id: str) -> str:
        """Return the unit in which an output is given; empty where the file names none."""
        declared = self.model
        if self._nanomolar and self.dissolved(id) is not None:
            return "nM"
        if id in declared.species:
            species = declared.species[id]
            amount, size = species.unit_id, declared.parameters[species.compartment].unit_id
            if self._nanomolar or self._concentration(id) is None:
                return amount
            return f"{amount}/{size}" if amount and size else ""
        if id in declared.parameters:
            return declared.parameters[id].unit_id
        if id in declared.fluxes and declared.extent_unit_id and declared.time_unit_id:
            return f"{declared.extent_unit_id}/{declared.time_unit_id}"
        return ""
