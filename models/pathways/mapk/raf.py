"""BRAF: RAS-GTP switches the wild type on; V600E is on by itself.

RAS-GTP recruits RAF, which pairs and becomes active; V600E works as a monomer without RAS (Davies
2002). RAF1 is pooled with wild-type BRAF. AKT phosphorylates S365 (S259 of RAF1), to which 14-3-3
binds, and keeps RAF off RAS (Zimmermann 1999); ERK's site ``t753`` does so too (``feedback.py``).

A type-I inhibitor takes V600E much better than the pairs of the wild type: on one partner it
switches the other on, and keeps it from taking a second molecule (Poulikakos 2010; Hatzivassiliou
2010). Half-occupied pairs work ``gain_RAFI_pair`` times as well as empty ones, so that a dose that
fills one seat raises wild-type RAF and only one that fills both takes it down.
"""

from __future__ import annotations

from typing import Any

from pysb import Initial, Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    catalysed,
    derived,
    holds,
    known,
    observe,
    spontaneous,
    uninhibited,
)
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_raf(model: Model, rates: Rates) -> None:
    """Add RAF, wild type and V600E.

    Expressions ``RAF_pairs_active_nM``, ``BRAF_V600E_active_nM`` and ``RAF_active_nM``, their sum.
    """
    cell = model.compartments["cell"]
    raf = add_seeded(
        model,
        rates,
        "BRAF",
        ["activity", "allele", "s365", "t753"],
        {
            "activity": ["off", "on"],
            "allele": ["wt", "V600E"],
            "s365": ["u", "p"],
            "t753": ["u", "p"],
        },
    )
    with drafting(model):
        mutant = rates.parameter("BRAF_V600E_0")
        Initial(
            raf(activity="on", allele="V600E", s365="u", t753="u") ** cell,
            derived("BRAF_V600E_seed", mutant * cell.size, "zmol"),
        )
        bare = {"allele": "wt", "s365": "u", "t753": "u"}
        idle, working = raf(activity="off", **bare), raf(activity="on", **bare)
        catalysed(
            rates, "KRAS_activates_BRAF", idle, working, known(model, "RAS_active_nM"), "RAF_RAS"
        )
        spontaneous(rates, "BRAF_inactivation", working, idle)
        catalysed(
            rates,
            "AKT_phosphorylates_BRAF_s365",
            raf(activity="off", allele="wt", s365="u"),
            raf(activity="off", allele="wt", s365="p"),
            acting_on(model, rates, "BRAF"),
            "RAF_AKT",
        )
        spontaneous(rates, "BRAF_s365_dephosphorylation", raf(s365="p"), raf(s365="u"))
        observe(model, "pBRAF_s365", raf(s365="p"))
        observe(model, "pBRAF_t753", raf(t753="p"))
        pair: Any = 1
        if holds(model, "uninhibited_BRAF"):
            first = 1 / known(model, "uninhibited_BRAF_V600E") - 1
            second = 1 / known(model, "uninhibited_BRAF") - 1
            pair = derived(
                "RAF_pair_share",
                (1 + 2 * rates.parameter("gain_RAFI_pair") * first)
                / (1 + 2 * first + first * second),
                "dimensionless",
            )
        wild = observe(model, "BRAF_active", working)
        v600e = observe(model, "BRAF_V600E", raf(activity="on", allele="V600E"))
        alone = uninhibited(model, "BRAF_V600E") * rates.parameter("activity_BRAF_V600E")
        pairs = derived("RAF_pairs_active_nM", wild * pair, "nM")
        mutant_active = derived("BRAF_V600E_active_nM", v600e * alone, "nM")
        derived("RAF_active_nM", pairs + mutant_active, "nM")
