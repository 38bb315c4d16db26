"""Drugs by name: what a compound sets, and the species of the medium that it is given as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...models.perturbations import compounds, conditions
from ...models.perturbations.compounds import CompoundError
from ...models.perturbations.conditions import ConditionError
from ..sbml.model import SbmlModel, UnknownNameError


def check_apart(drugs: Iterable[str], others: Iterable[str]) -> None:
    """Raise ``CompoundError`` if a drug shares its species with another, or a condition.

    Parameters
    ----------
    drugs : iterable of str
        Compounds that are given.
    others : iterable of str
        Conditions that hold at any time, compounds among them.
    """
    given = list(drugs)
    for other in others:
        compounds.check_apart([*given, conditions.find(other).name])
    compounds.check_apart(given)


class Treatment(NamedTuple):
    """What a drug sets, and how much of it goes where; what takes no dose has no species."""

    name: str
    values: Mapping[str, float]
    species: str
    concentration: float | str | None


def treatments(
    drugs: Mapping[str, float | str | None], others: Iterable[str] = ()
) -> list[Treatment]:
    """Return what giving drugs comes to.

    Parameters
    ----------
    drugs : mapping
        Concentration by compound; None for what takes no dose.
    others : iterable of str
        What else holds; two compounds of one class are refused.
    """
    found = []
    for name, concentration in drugs.items():
        compound = compounds.find(name)
        compound.check_dose(concentration is not None)
        values = conditions.values(compound.name)
        found.append(Treatment(compound.name, values, compound.medium, concentration))
    known = [name for name in others if compounds.plain(name) in compounds.spellings()]
    check_apart([each.name for each in found if each.species], known)
    return found


def idle(names: Iterable[str], added: Iterable[str], model: SbmlModel) -> Iterator[str]:
    """Yield a remark on each compound whose constants are set, but of which nothing is added.

    Parameters
    ----------
    names : iterable of str
        Conditions; those that are no compounds are passed over.
    added : iterable of str
        Species, observables and parameters that doses and settings name.
    model : SbmlModel
        What the names mean.
    """
    added = set(added)
    touched = {id for name in added for id in _species(name, model)}
    for name in dict.fromkeys(names):
        try:
            compound = compounds.table().get(conditions.find(name).name)
        except (ConditionError, CompoundError):
            continue
        if compound is None or not compound.species:
            continue
        start = f"{compound.species}_0"
        entry = model.parameters.get(start)
        if (
            start not in added
            and not (entry is not None and entry.value)
            and touched.isdisjoint(_species(compound.medium, model))
        ):
            usual = f"{compound.usual_dose:g} nM" if compound.usual_dose else "10 nM"
            yield (
                f"{compound.name} is set but nothing of it is added; "
                f"--drug '{compound.name}={usual}' does both."
            )


def _species(name: str, model: SbmlModel) -> tuple[str, ...]:
    try:
        return model.species_of(name)
    except UnknownNameError:
        return ()
