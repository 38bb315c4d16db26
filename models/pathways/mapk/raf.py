"""BRAF: RAS-GTP switches the wild type on; V600E is on by itself.

RAS-GTP recruits RAF, which pairs and becomes active; V600E works as a monomer without RAS (Davies
2002). RAF1 is pooled with wild-type BRAF. A type-I inhibitor takes V600E much better than the pairs
of the wild type; its paradoxical activation of the latter is left out.
"""

from __future__ import annotations

from pysb import Initial, Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates


def add_raf(model: Model, rates: Rates) -> None:
    """Add RAF (wild type and V600E); expression ``RAF_active_nM``."""
    cell = model.compartments["cell"]
    raf = add_seeded(
        model,
        rates,
        "BRAF",
        ["activity", "allele"],
        {"activity": ["off", "on"], "allele": ["wt", "V600E"]},
    )
    with drafting(model):
        mutant = rates.parameter("BRAF_V600E_0")
        Initial(
            raf(activity="on", allele="V600E") ** cell,
            derived("BRAF_V600E_seed", mutant * cell.size, "zmol"),
        )
        idle, working = raf(activity="off", allele="wt"), raf(activity="on", allele="wt")
        catalysed(
            rates, "KRAS_activates_BRAF", idle, working, known(model, "RAS_active_nM"), "RAF_RAS"
        )
        spontaneous(rates, "BRAF_inactivation", working, idle)
        wild = observe(model, "BRAF_active", working)
        v600e = observe(model, "BRAF_V600E", raf(activity="on", allele="V600E"))
        derived(
            "RAF_active_nM",
            wild * uninhibited(model, "BRAF")
            + v600e * rates.parameter("activity_BRAF_V600E") * uninhibited(model, "BRAF_V600E"),
            "nM",
        )
