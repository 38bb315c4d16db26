"""Estradiol and its receptor reach PI3K and RAS through SRC, and CCND1 through transcription.

Bound ESR1 associates with p85 and activates PI3K (Simoncini 2000), and through SRC the RAS pathway
(Migliaccio 1996). Antagonists compete with estradiol; a degrader also removes the receptor.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    catalysed,
    derived,
    known,
    observe,
    renewal,
    spontaneous,
    step,
    uninhibited,
)
from ...numbers.parameters import Rates


def add_estrogen_receptor(model: Model, rates: Rates) -> None:
    """Add ESR1; observable ``ESR1_on``."""
    esr1 = add_seeded(model, rates, "ESR1", ["activity"], {"activity": ["off", "on"]})
    off, on = esr1(activity="off"), esr1(activity="on")
    with drafting(model):
        estradiol = known(model, "E2_nM")
        occupancy = estradiol / (estradiol + rates.parameter("Kd_ESR1_E2"))
        name = "ESR1_activation"
        step(
            name,
            off,
            on,
            derived(
                f"rate_{name}",
                rates.parameter(f"k_{name}") * occupancy * uninhibited(model, "ESR1"),
                "1/s",
            ),
            "ESR1_PI3K",
        )
        spontaneous(rates, "ESR1_inactivation", on, off)
        renewal(model, rates, "ESR1", off, esr1(), "ESR1_TURNOVER")
        # A degrader works on the receptor that it occupies.
        name = "ESR1_forced_degradation"
        step(
            name,
            esr1(),
            None,
            derived(
                f"rate_{name}",
                rates.parameter(f"k_{name}") * (1 - uninhibited(model, "ESR1_stability")),
                "1/s",
            ),
            "ESR1_TURNOVER",
        )
        derived(
            "ESR1_active_nM",
            observe(model, "ESR1_on", on) * uninhibited(model, "SRC"),
            "nM",
        )


def add_estrogen_signalling(model: Model, rates: Rates) -> None:
    """Let active ESR1 raise PIP3 and load RAS."""
    lipid, kras = model.monomers["PIP"], model.monomers["KRAS"]
    with drafting(model):
        active = known(model, "ESR1_active_nM")
        catalysed(
            rates,
            "ESR1_PI3K_phosphorylates_PIP2",
            lipid(ph=None, head="pip2"),
            lipid(ph=None, head="pip3"),
            active * uninhibited(model, "PI3K"),
            "ESR1_PI3K",
        )
        catalysed(
            rates,
            "ESR1_SRC_loads_KRAS",
            kras(nucleotide="gdp"),
            kras(nucleotide="gtp"),
            active,
            "ESR1_RAS",
        )
