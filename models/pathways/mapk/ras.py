"""KRAS: SOS loads it, NF1 and its own hydrolysis unload it; G12V cannot be unloaded by NF1.

Active receptors and phosphorylated IRS1 bring SOS to RAS (Skolnik 1993); PI3K adds to it (Will
2014), which is how relief of the S6K feedback reaches ERK (Carracedo 2008). ERK phosphorylates SOS1
and closes the loop (Corbalan-Garcia 1996). NF1 is a GTPase-activating protein (Johannessen 2005).
RAS-GTP in turn binds and activates PI3K (Rodriguez-Viciana 1994). A farnesyl transferase inhibitor
takes RAS off the membrane.
"""

from __future__ import annotations

from pysb import Initial, Model, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    catalysed,
    derived,
    holds,
    known,
    observe,
    share,
    spontaneous,
    step,
    uninhibited,
)
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_ras(model: Model, rates: Rates) -> None:
    """Add KRAS (wild type and G12V), SOS1 and NF1; observable ``KRAS_GTP``."""
    cell = model.compartments["cell"]
    kras = add_seeded(
        model,
        rates,
        "KRAS",
        ["nucleotide", "allele"],
        {"nucleotide": ["gdp", "gtp"], "allele": ["wt", "G12V"]},
    )
    sos = add_seeded(model, rates, "SOS1", ["s1132"], {"s1132": ["u", "p"]})
    nf1 = add_seeded(model, rates, "NF1", [])
    off, on = kras(nucleotide="gdp"), kras(nucleotide="gtp")
    with drafting(model):
        mutant = rates.parameter("KRAS_G12V_0")
        Initial(
            kras(nucleotide="gdp", allele="G12V") ** cell,
            derived("KRAS_G12V_seed", mutant * cell.size, "zmol"),
        )
        loaded = observe(model, "KRAS_GTP", on)
        observe(model, "KRAS_G12V_total", kras(allele="G12V"))
        derived("RAS_active_nM", loaded * uninhibited(model, "KRAS_farnesylation"), "nM")
        observe(model, "SOS1_open", sos(s1132="u"))
        derived(
            "SOS1_share",
            share(model, "SOS1_open", "SOS1"),
            "dimensionless",
        )
        spontaneous(rates, "KRAS_exchange", off, on, "RAS_CYCLE")
        spontaneous(
            rates,
            "KRAS_hydrolysis",
            kras(nucleotide="gtp", allele="wt"),
            kras(nucleotide="gdp", allele="wt"),
            "RAS_CYCLE",
        )
        spontaneous(
            rates,
            "KRAS_G12V_hydrolysis",
            kras(nucleotide="gtp", allele="G12V"),
            kras(nucleotide="gdp", allele="G12V"),
            "RAS_CYCLE",
        )
        rule = Rule(
            "NF1_stimulates_KRAS_hydrolysis",
            nf1() + kras(nucleotide="gtp", allele="wt")
            >> nf1() + kras(nucleotide="gdp", allele="wt"),
            rates.parameter("keff_NF1_stimulates_KRAS_hydrolysis"),
        )
        cite(rule, "NF1_RAS")
        loading = known(model, "SOS1_share")
        for name, enzyme in (
            ("EGFR", "pEGFR_nM"),
            ("ERBB2", "pERBB2_nM"),
            ("MET", "pMET_nM"),
            ("IRS1", "pIRS1_y_nM"),
        ):
            if not holds(model, enzyme):
                continue
            catalysed(
                rates,
                f"{name}_SOS1_loads_KRAS",
                off,
                on,
                known(model, enzyme) * loading,
                "SOS_RECRUITMENT",
            )
        # L3: what PI3K adds; saturating, so that a flood of PIP3 does not drown the ligands.
        lipid = known(model, "PIP3_nM")
        name = "PI3K_SOS1_loads_KRAS"
        step(
            name,
            off,
            on,
            derived(
                f"rate_{name}",
                rates.parameter(f"k_{name}")
                * loading
                * lipid
                / (lipid + rates.parameter("K_PIP3_SOS1")),
                "1/s",
            ),
            "MTORC1_MAPK",
            "PI3K_WILD_TYPE_RAS",
        )


def add_ras_feedback(model: Model, rates: Rates) -> None:
    """Let ERK close SOS1."""
    sos = model.monomers["SOS1"]
    with drafting(model):
        catalysed(
            rates,
            "ERK_phosphorylates_SOS1_s1132",
            sos(s1132="u"),
            sos(s1132="p"),
            known(model, "ERK_active_nM"),
            "SOS_ERK",
        )
        spontaneous(rates, "SOS1_s1132_dephosphorylation", sos(s1132="p"), sos(s1132="u"))


def add_ras_on_pi3k(model: Model, rates: Rates) -> None:
    """Let RAS-GTP raise the output of PI3K."""
    lipid = model.monomers["PIP"]
    with drafting(model):
        catalysed(
            rates,
            "RAS_PI3K_phosphorylates_PIP2",
            lipid(ph=None, head="pip2"),
            lipid(ph=None, head="pip3"),
            known(model, "RAS_active_nM") * uninhibited(model, "PI3K"),
            "RAS_PI3K",
        )
