"""What ERK does against itself: fast by phosphates, within the hour by two proteins it has made.

ERK phosphorylates SOS1 (Corbalan-Garcia 1996) and RAF (Dougherty 2005; Brummer 2003), within
minutes. It has DUSP transcribed, which takes its own phosphates, and Sprouty, which keeps SOS from
the receptors (Lake 2016). Messengers and proteins are short-lived, so that ERK adapts over an
hour or two, and springs back when a MEK inhibitor is washed out.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, step
from ...building.transcription import transcribed
from ...numbers.parameters import Rates

_INDUCED = ("DUSP", "SPRY")


def add_induced(model: Model, rates: Rates) -> None:
    """Add DUSP and Sprouty, and what Sprouty leaves of SOS: ``SPRY_unbraked`` (0 to 1)."""
    with drafting(model):
        for name in _INDUCED:
            protein = add_seeded(model, rates, name, [])
            spontaneous(rates, f"{name}_decay", protein(), None, "ERK_FEEDBACK")
            observe(model, f"{name}_all", protein())
        half = rates.parameter("K_SPRY_SOS1")
        derived("SPRY_unbraked", half / (half + known(model, "SPRY_all_nM")), "dimensionless")


def add_erk_feedback(model: Model, rates: Rates) -> None:
    """Let ERK close SOS1, switch RAF off and have DUSP and Sprouty made."""
    cell = model.compartments["cell"]
    sos, raf = model.monomers["SOS1"], model.monomers["BRAF"]
    with drafting(model):
        erk = known(model, "ERK_active_nM")
        catalysed(
            rates,
            "ERK_phosphorylates_SOS1_s1132",
            sos(s1132="u"),
            sos(s1132="p"),
            erk,
            "SOS_ERK",
        )
        spontaneous(rates, "SOS1_s1132_dephosphorylation", sos(s1132="p"), sos(s1132="u"))
        marked = raf(allele="wt", activity="off", t753="p")
        rule = catalysed(
            rates,
            "ERK_phosphorylates_BRAF_t753",
            raf(allele="wt", activity="off", t753="u"),
            marked,
            erk,
            "RAF_ERK",
            "BRAF_ERK",
        )
        step(
            "ERK_switches_BRAF_off",
            raf(allele="wt", activity="on", t753="u"),
            marked,
            rule.rate_forward,
            "RAF_ERK",
            "BRAF_ERK",
        )
        spontaneous(rates, "BRAF_t753_dephosphorylation", raf(t753="p"), raf(t753="u"))
        for name in _INDUCED:
            protein = model.monomers[name]
            basal = rates.parameter(f"basal_{name}_synthesis")
            drive = basal + (1 - basal) * erk / (erk + rates.parameter(f"K_{name}_ERK"))
            level = transcribed(model, rates, name, drive, "ERK_FEEDBACK")
            step(
                f"{name}_synthesis",
                None,
                protein() ** cell,
                derived(
                    f"rate_{name}_synthesis",
                    rates.parameter(f"k_{name}_synthesis") * model.parameters[f"{name}_0"] * level,
                    "nM/s",
                ),
                "ERK_FEEDBACK",
            )
