"""RHEB, the small GTPase that the TSC complex switches off.

RHEB hydrolyses GTP slowly by itself and 50 times faster with TSC2 (Marshall 2009; Inoki 2003; Tee
2003). No exchange factor is established; one effective rate of exchange stands for whatever does
it. RHEB works from membranes to which farnesyl ties it (Basso 2005); a farnesyl transferase
inhibitor lowers the share that does.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates


def add_rheb(model: Model, rates: Rates) -> None:
    """Add RHEB and its cycle; observable ``RHEB_GTP``, expression ``RHEB_GTP_membrane_nM``."""
    rheb = add_seeded(model, rates, "RHEB", ["nucleotide"], {"nucleotide": ["gdp", "gtp"]})
    off, on = rheb(nucleotide="gdp"), rheb(nucleotide="gtp")
    with drafting(model):
        spontaneous(rates, "RHEB_exchange", off, on, "RHEB_GAP_FOLD")
        spontaneous(rates, "RHEB_hydrolysis", on, off, "RHEB_GAP_FOLD")
        catalysed(
            rates,
            "TSC_stimulates_RHEB_hydrolysis",
            on,
            off,
            known(model, "TSC_GAP_nM"),
            "RHEB_INOKI",
            "RHEB_TEE",
        )
        loaded = observe(model, "RHEB_GTP", on)
        derived("RHEB_GTP_membrane_nM", loaded * uninhibited(model, "RHEB_farnesylation"), "nM")
