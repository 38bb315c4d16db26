"""The messenger between a gene and its protein, which is the time that induction takes.

At rest there is as much of it as the gene is driven; after a change it follows within its own
life, and what is translated from it within that of the protein.
"""

from __future__ import annotations

from typing import Any

from pysb import Expression, Model

from ..numbers.parameters import Rates
from .drafting import drafting
from .seeding import add_seeded
from .steps import derived, step


def transcribed(model: Model, rates: Rates, name: str, drive: Any, *sources: str) -> Expression:
    """Add the messenger of ``name`` and return how much there is of it; ``drive`` at rest.

    The monomer ``<name>_mRNA`` is counted in an arbitrary unit, ``<name>_mRNA_0``. It is made at
    ``k_<name>_mRNA_decay`` times ``drive`` of these and decays with that constant.
    """
    label = f"{name}_mRNA"
    messenger = add_seeded(model, rates, label, [])
    cell, unit = model.compartments["cell"], model.parameters[f"{label}_0"]
    with drafting(model):
        decay = rates.parameter(f"k_{label}_decay")
        rate = derived(f"rate_{label}_synthesis", decay * unit * drive, "nM/s")
        step(f"{label}_synthesis", None, messenger() ** cell, rate, *sources)
        step(f"{label}_decay", messenger(), None, decay)
        total = model.observables[f"{label}_total"]
        return derived(f"{label}_level", total / (cell.size * unit), "dimensionless")
