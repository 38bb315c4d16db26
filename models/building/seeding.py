"""Starting amounts: so many nM of a molecule, free, in its compartment."""

from __future__ import annotations

from pysb import Annotation, Expression, Initial, Model, Monomer, Observable

from ..numbers.evidence import identify
from ..numbers.metadata import UNIT
from ..numbers.parameters import Rates
from .drafting import drafting


def add_seeded(
    model: Model,
    rates: Rates,
    name: str,
    sites: list[str],
    states: dict[str, list[str]] | None = None,
    compartment: str = "cell",
) -> Monomer:
    """Add a monomer with its identity, its starting amount and the observable of its total.

    All of it starts unbound, each modified site in its first state. The parameter ``<name>_0``
    (nM) sets the amount; ``<name>_total`` observes every molecule, wherever and however bound.

    Returns
    -------
    Monomer
        The new monomer, for use in patterns.
    """
    states = states or {}
    with drafting(model):
        monomer = Monomer(name, sites, states)
        identify(monomer)
        room = model.compartments[compartment]
        amount = Expression(f"{name}_seed", rates.parameter(f"{name}_0") * room.size)
        Annotation(amount, "zmol", UNIT)
        free = {site: states[site][0] if site in states else None for site in sites}
        Initial(monomer(**free) ** room, amount)
        Observable(f"{name}_total", monomer())
    return monomer
