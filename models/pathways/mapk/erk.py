"""MEK and ERK, each with its two activating phosphates as one state.

RAF phosphorylates MEK on S218/S222, MEK ERK on T202/Y204 (Roskoski 2012). Allosteric MEK inhibitors
lower what active MEK does.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates


def add_erk(model: Model, rates: Rates) -> None:
    """Add MEK and ERK; observables ``pMEK_s218``, ``pERK_y204``; expression ``ERK_active_nM``."""
    mek = add_seeded(model, rates, "MEK", ["s218"], {"s218": ["u", "p"]})
    erk = add_seeded(model, rates, "ERK", ["y204"], {"y204": ["u", "p"]})
    with drafting(model):
        catalysed(
            rates,
            "BRAF_phosphorylates_MEK_s218",
            mek(s218="u"),
            mek(s218="p"),
            known(model, "RAF_active_nM"),
            "MEK_ERK",
        )
        spontaneous(rates, "MEK_s218_dephosphorylation", mek(s218="p"), mek(s218="u"))
        working = observe(model, "pMEK_s218", mek(s218="p"))
        catalysed(
            rates,
            "MEK_phosphorylates_ERK_y204",
            erk(y204="u"),
            erk(y204="p"),
            working * uninhibited(model, "MEK"),
            "MEK_ERK",
        )
        spontaneous(rates, "ERK_y204_dephosphorylation", erk(y204="p"), erk(y204="u"))
        derived("ERK_active_nM", observe(model, "pERK_y204", erk(y204="p")), "nM")
