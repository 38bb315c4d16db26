"""The messenger between a gene and its protein, which is the time that induction takes.

At rest there is as much of it as the gene is driven; after a change it follows within its own
life, and what is translated from it within that of the protein.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pysb import Expression, Model, Parameter

from ..numbers import parameters
from ..numbers.parameters import Rates
from .drafting import drafting
from .seeding import add_seeded
from .steps import derived, holds, step

TABLE: Final = Path(__file__).with_suffix(".csv")


def transcribed(model: Model, rates: Rates, name: str, drive: Any, *sources: str) -> Expression:
    """Add the messenger of ``name`` and return how much there is of it; ``drive`` at rest.

    The monomer ``<name>_mRNA`` is made at ``k_<name>_mRNA_decay * <name>_mRNA_0 * drive`` and
    decays with that constant; ``<name>_mRNA_0`` is the arbitrary unit it is counted in, or so many
    of it where a cell has more of the gene.
    """
    label = f"{name}_mRNA"
    messenger = add_seeded(model, rates, label, [])
    cell, copies = model.compartments["cell"], model.parameters[f"{label}_0"]
    with drafting(model):
        decay, unit = rates.parameter(f"k_{label}_decay"), messenger_unit(model)
        rate = derived(f"rate_{label}_synthesis", decay * copies * drive, "nM/s")
        step(f"{label}_synthesis", None, messenger() ** cell, rate, *sources)
        step(f"{label}_decay", messenger(), None, decay)
        total = model.observables[f"{label}_total"]
        return derived(f"{label}_level", total / (cell.size * unit), "dimensionless")


def messenger_unit(model: Model) -> Parameter:
    """Return the unit that all messengers are counted in. Call it in :func:`.drafting.drafting`."""
    if not holds(model, "unit_mRNA"):
        parameters.read(TABLE).parameter("unit_mRNA")
    return model.parameters["unit_mRNA"]
