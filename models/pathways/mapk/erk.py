"""MEK and ERK, each with its two activating phosphates as one state.

RAF phosphorylates MEK on S218/S222, MEK ERK on T202/Y204 (Roskoski 2012); the numbers are those of
ERK1, T185/Y187 in ERK2. DUSP, which ERK has made, takes ERK's phosphates, and so do others.
Allosteric MEK inhibitors lower what active MEK does; some of them, such as trametinib, also keep
RAF from phosphorylating it (Gilmartin 2011), so that MEK does not pile up in waiting. Others do not
mind the pairs of wild-type RAF (Hatzivassiliou 2013), and yet MEK of V600E cells loses phosphate
under them, in which no feedback makes up for it (Frohlich 2023).
"""

from __future__ import annotations

from typing import Any

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, holds, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates


def add_erk(model: Model, rates: Rates) -> None:
    """Add MEK and ERK; observables ``pMEK_s218``, ``pERK_y204``; expression ``ERK_active_nM``."""
    mek = add_seeded(model, rates, "MEK", ["s218"], {"s218": ["u", "p"]})
    erk = add_seeded(model, rates, "ERK", ["y204"], {"y204": ["u", "p"]})
    with drafting(model):
        free = uninhibited(model, "MEK")
        raf: Any = known(model, "RAF_active_nM")
        if holds(model, "uninhibited_MEK"):
            residual = rates.parameter("residual_MEKI_MEK_s218") * known(
                model, "RAF_pairs_active_nM"
            ) + rates.parameter("residual_MEKI_MEK_s218_V600E") * known(
                model, "BRAF_V600E_active_nM"
            )
            raf = free * raf + (1 - free) * residual
        catalysed(
            rates,
            "BRAF_phosphorylates_MEK_s218",
            mek(s218="u"),
            mek(s218="p"),
            raf,
            "MEK_ERK",
        )
        spontaneous(rates, "MEK_s218_dephosphorylation", mek(s218="p"), mek(s218="u"))
        working = observe(model, "pMEK_s218", mek(s218="p"))
        catalysed(
            rates,
            "MEK_phosphorylates_ERK_y204",
            erk(y204="u"),
            erk(y204="p"),
            working * free,
            "MEK_ERK",
        )
        spontaneous(rates, "ERK_y204_dephosphorylation", erk(y204="p"), erk(y204="u"))
        catalysed(
            rates,
            "DUSP_dephosphorylates_ERK_y204",
            erk(y204="p"),
            erk(y204="u"),
            known(model, "DUSP_all_nM"),
            "ERK_FEEDBACK",
        )
        derived("ERK_active_nM", observe(model, "pERK_y204", erk(y204="p")), "nM")
