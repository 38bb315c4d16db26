"""Which drugs a model can be given, one of each class, at the dose that is usual in dishes."""

from __future__ import annotations

from collections.abc import Collection

from ...models.perturbations import compounds, conditions
from ...simulation.sbml.model import SbmlModel, UnknownNameError


def usual(model: SbmlModel, classes: Collection[str] = ()) -> dict[str, str]:
    """Return the first compound of each class that a model holds, by class, with its usual dose.

    Parameters
    ----------
    model : SbmlModel
        The model.
    classes : collection of str, optional
        Which classes, in which order; otherwise all of the tables.

    Returns
    -------
    dict
        As ``--drug`` takes it: ``{"rapalog": "rapamycin=20 nM"}``.
    """
    found: dict[str, str] = {}
    for compound in compounds.table().values():
        if compound.drug_class in found or not compound.usual_dose or not compound.species:
            continue
        if classes and compound.drug_class not in classes:
            continue
        values = conditions.find(compound.name).values
        try:
            (_,) = model.species_of(compound.medium)
        except (UnknownNameError, ValueError):
            continue
        if values.keys() <= model.parameters.keys():
            found[compound.drug_class] = f"{compound.name}={compound.usual_dose:g} nM"
    order = classes or found
    return {each: found[each] for each in order if each in found}
