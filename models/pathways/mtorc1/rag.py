"""Amino acids bring mTORC1 to RHEB through the Rag GTPases.

With amino acids RRAGA holds GTP and, with RRAGC, binds Raptor on the lysosome where RHEB is (Sancak
2008; Kim 2008). ``amino_acids`` is their level, 1 in full medium. Sensors and regulators are lumped
into the rate at which the Rags switch on.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, observe, share, spontaneous, step
from ...numbers.parameters import Rates


def add_rag(model: Model, rates: Rates) -> None:
    """Add the Rag switch; observable ``RRAG_on``, expression ``RRAG_share`` (0 to 1)."""
    rag = add_seeded(model, rates, "RRAGA", ["nucleotide"], {"nucleotide": ["gdp", "gtp"]})
    off, on = rag(nucleotide="gdp"), rag(nucleotide="gtp")
    with drafting(model):
        level = rates.parameter("amino_acids")
        half = rates.parameter("K_amino_acids")
        drive = rates.parameter("basal_RRAGA_activation") + level / (level + half)
        rate = derived(
            "rate_RRAGA_activation", rates.parameter("k_RRAGA_activation") * drive, "1/s"
        )
        step("RRAGA_activation", off, on, rate, "RAG_SANCAK", "RAG_KIM")
        spontaneous(rates, "RRAGA_inactivation", on, off, "RAG_SANCAK")
        observe(model, "RRAG_on", on)
        derived("RRAG_share", share(model, "RRAG_on", "RRAGA"), "dimensionless")
