"""Parameter sets from files, as commands take them, in the units of the model that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import blaming

if TYPE_CHECKING:
    from ..models.numbers.fitted import Fitted
    from ..simulation.sbml.model import SbmlModel


def parameter_set(
    path: Path | None, model: SbmlModel, option: str = "--parameters"
) -> tuple[dict[str, float], dict[str, float]]:
    """Return a parameter set, and at what the model has to stand besides.

    The set is the package's own, or that of a file, which stands instead of it: what only the
    package's set holds then goes back to the tables. Both hold what the model has, in its units.
    """
    from ..models.numbers import fitted
    from ..models.numbers.parameters import ParameterError
    from ..models.perturbations import conditions

    with blaming(option, ParameterError):
        found = fitted.read(path) if path else fitted.table()
        known = _suited(found, model)
        if not known:
            raise ParameterError(
                f"'{path}' holds no parameter of model {model.id!r}."
                if path
                else f"The package's fitted set, which is taken unless a file is named, holds no "
                f"parameter of model {model.id!r}; name a file."
            )
    return known, conditions.unfitted(found, model.settable)


SHIPPED = "shipped"
"""The word for the package's own parameter sets."""


class Ensemble(click.ParamType):
    """A file of parameter sets, or the word for those of the package."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with what would do."""
        from ..models.numbers import ensemble

        path = ensemble.FILE if value == SHIPPED else Path(value)
        return click.Path(exists=True, dir_okay=False, path_type=Path).convert(path, param, ctx)


ensemble_option = click.option(
    "--ensemble",
    type=Ensemble(),
    metavar="FILE",
    help="Ask every parameter set of this CSV file, as 'mtorules uncertainty sets' writes it, or "
    "with a column a parameter and a row a set; 'shipped' names those of the package.",
)


def parameter_sets(path: Path, model: SbmlModel) -> list[dict[str, float]]:
    """Return the parameter sets of a file, in the units of the model that is asked.

    Each stands on top of the parameter set that holds without it.
    """
    from ..analysis.asking import ensembles
    from ..analysis.asking.grid import AnalysisError
    from ..models.numbers import ensemble
    from ..models.numbers.parameters import ParameterError

    with blaming("--ensemble", ParameterError, AnalysisError):
        if not ensemble.is_one(path):
            return ensembles.read(path, model)
        found = ensemble.read(path)
        units = _suited(found.ones, model)
        if not units:
            raise ParameterError(f"'{path}' holds no parameter of model {model.id!r}.")
        return [
            {name: number * units[name] for name, number in each.items() if name in units}
            for each in found.numbers
        ]


def _suited(found: Mapping[str, Fitted], model: SbmlModel) -> dict[str, float]:
    """Return what a model has of a parameter set, in the model's units; others may have the rest.

    Raises
    ------
    ParameterError
        If no model of ours has a name, or a unit does not fit; the message lists all of them.
    """
    from ..models.numbers.parameters import ParameterError
    from ..models.perturbations import conditions
    from ..network.units.quantities import QuantityError, convert
    from ..simulation.sbml.model import near

    known: dict[str, float] = {}
    faults: list[str] = []
    for name, each in found.items():
        entry = model.parameters.get(name)
        if entry is None:
            if name not in conditions.tables():
                hint = near(name, model.settable)
                faults.append(f"{each.where}: no model has a parameter {name!r}.{hint}")
        elif entry.rule == "assignment":
            faults.append(f"{each.where}: {name!r} follows from a rule of model {model.id!r}.")
        elif entry.unit is None and each.unit:
            faults.append(
                f"{each.where}: {name!r} is in {each.unit}, but model {model.id!r} says no unit of "
                "it that this can be turned into; leave the unit empty and give the model's number."
            )
        elif entry.unit is not None and not each.unit:
            unit = f", such as {entry.unit_id}" if entry.unit_id else ""
            faults.append(f"{each.where}: {name!r} has no unit{unit}.")
        else:
            try:
                text = f"{each.value!r} {each.unit}"
                known[name] = each.value if entry.unit is None else convert(text, entry.unit)
            except QuantityError as error:
                faults.append(f"{each.where}: {name!r} does not fit model {model.id!r}: {error}")
    if faults:
        raise ParameterError("\n".join(faults))
    return known
