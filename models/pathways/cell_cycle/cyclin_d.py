"""Cyclin D1: transcribed for mitogens, translated for mTORC1, destroyed for GSK3.

AKT, RSK (through immediate-early genes), ERK that lasts (Lavoie 1996), which needs to be high, and
the estrogen receptor drive transcription; translation
follows cap complexes that eIF4B helps, so that it needs S6K or RSK and not eIF4E alone
(Hashemolhosseini 1998); GSK3 phosphorylates T286 and the protein is gone in half an hour
(Diehl 1998). CDK4, in excess, binds it.
"""

from __future__ import annotations

from typing import Any

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, catalysed, known, observe, renewal, spontaneous
from ...building.transcription import messenger_unit
from ...numbers.parameters import Rates


def add_cyclin_d(model: Model, rates: Rates) -> None:
    """Add the messenger and the protein; observables ``CCND1_mRNA_total``, ``CDK4_CCND1``."""
    messenger = add_seeded(model, rates, "CCND1_mRNA", [])
    cyclin = add_seeded(model, rates, "CCND1", ["cdk4", "t286"], {"t286": ["u", "p"]})
    cdk4 = add_seeded(model, rates, "CDK4", ["cyclin"])
    with drafting(model):
        drive: Any = rates.parameter("basal_CCND1_transcription")
        for name, enzyme in (
            ("AKT", "AKT_full_active_nM"),
            ("RSK", "RSK_active_nM"),
            ("ESR1", "ESR1_active_nM"),
        ):
            level = known(model, enzyme)
            drive += (
                rates.parameter(f"weight_{name}_CCND1_transcription")
                * level
                / (level + rates.parameter(f"K_{name}_CCND1_transcription"))
            )
        erk, half = known(model, "ERK_active_nM"), rates.parameter("K_ERK_CCND1_transcription")
        weight = rates.parameter("weight_ERK_CCND1_transcription")
        drive += weight * erk**2 / (half**2 + erk**2)
        renewal(
            model,
            rates,
            "CCND1_mRNA",
            messenger(),
            messenger(),
            "CCND1_TRANSCRIPTION",
            "CCND1_ERK",
            factor=drive,
        )
        cap = known(model, "EIF4E_EIF4G1_helped_nM")
        count = model.observables["CCND1_mRNA_total"] / model.compartments["cell"].size
        # One messenger in the reference cell is 1 nM, so the factor is about 1 there.
        translation = count * cap / (cap + rates.parameter("K_CCND1_cap"))
        renewal(
            model,
            rates,
            "CCND1",
            cyclin(cdk4=None, t286="u"),
            cyclin(t286="u"),
            "CCND1_TRANSLATION",
            "RAPA_CCND1",
            factor=translation / messenger_unit(model),
        )
        catalysed(
            rates,
            "GSK3B_phosphorylates_CCND1_t286",
            cyclin(t286="u"),
            cyclin(t286="p"),
            known(model, "GSK3B_active_nM"),
            "CCND1_GSK3",
        )
        spontaneous(rates, "CCND1_t286_degradation", cyclin(t286="p"), None, "CCND1_GSK3")
        binding(
            rates,
            "CDK4_binds_CCND1",
            cdk4(cyclin=None) + cyclin(cdk4=None),
            cdk4(cyclin=1) % cyclin(cdk4=1),
            "CDK4_CYCLIN_D",
        )
        observe(model, "CDK4_CCND1", cdk4(cyclin=1) % cyclin(cdk4=1))
        observe(model, "pCCND1_t286", cyclin(t286="p"))
