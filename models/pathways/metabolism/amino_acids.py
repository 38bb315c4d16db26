"""Amino acids in the cell: taken up from the medium, used, and given back by autophagy.

``amino_acids`` is their level in the medium, 1 where it is full; the pool in the cell follows it
within a minute or two, and the Rags feel the pool. What autophagy gives back is added in
``autophagy/lysosome.py``.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, spontaneous, step
from ...numbers.parameters import Rates


def add_amino_acids(model: Model, rates: Rates) -> None:
    """Add the pool; expression ``amino_acids_inside``, 1 in full medium."""
    pool = add_seeded(model, rates, "AMINO_ACIDS", [])
    cell = model.compartments["cell"]
    with drafting(model):
        unit = rates.parameter("unit_AMINO_ACIDS")
        use = spontaneous(rates, "AMINO_ACIDS_removal", pool(), None)
        rate = derived(
            "rate_AMINO_ACIDS_supply",
            use.rate_forward * unit * rates.parameter("amino_acids"),
            "nM/s",
        )
        step("AMINO_ACIDS_supply", None, pool() ** cell, rate, "RAG_SANCAK")
        level = model.observables["AMINO_ACIDS_total"] / cell.size / unit
        derived("amino_acids_inside", level, "dimensionless")
