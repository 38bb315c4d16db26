"""Parameter sets from files, as commands take them, in the units of the model that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

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
            where = f"'{path}'" if path else "The fitted set"
            raise ParameterError(f"{where} holds no parameter of model {model.id!r}.")
    return known, conditions.unfitted(found, model.settable)


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
        elif entry.rule:
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
