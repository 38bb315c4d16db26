"""Receptor tyrosine kinases: IGF1R, INSR, EGFR, ERBB2 and MET.

A ligand pairs its receptors, which phosphorylate each other; the active ones are dephosphorylated
where they are, or taken in, where they fall silent and are degraded or sent back (Sorkin 2009).
EGFR is taken in within minutes, which ends much of its signal, ERBB2 hardly at all. Without ligand,
receptors still meet by chance: that share grows with the square of their number, which is why
amplification makes them independent of ligand. ERBB2 has no ligand and is switched on by EGFR with
EGF and by its own abundance (Lemmon and Schlessinger 2010; Yarden and Sliwkowski 2001).
Trastuzumab keeps from it what it does without a ligand, and leaves what a ligand of its partners
makes it do (Agus 2002; Junttila 2009). That an endosome still signals to ERK is left out.
"""

from __future__ import annotations

from typing import Any

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

_SOURCES = ("RTK_MECHANISM",)


def _receptor(model: Model, rates: Rates, name: str, occupancy: Any, sites: list[str]) -> None:
    """Add one receptor that ``occupancy`` (0 to 1) of its ligand site switches on."""
    receptor = add_seeded(
        model,
        rates,
        name,
        ["y", "place", *sites],
        {"y": ["u", "p"], "place": ["surface", "endosome"]},
    )
    off, on = receptor(y="u", place="surface"), receptor(y="p", place="surface")
    loose = dict.fromkeys(sites)
    inside = receptor(y="u", place="endosome", **loose)
    with drafting(model):
        observe(model, f"p{name}", on)
        share = uninhibited(model, name)
        name_on = f"{name}_activation"
        step(
            name_on,
            off,
            on,
            derived(f"rate_{name_on}", rates.parameter(f"k_{name_on}") * occupancy * share, "1/s"),
            *_SOURCES,
        )
        catalysed(
            rates,
            f"{name}_phosphorylates_{name}",
            off,
            on,
            share
            * uninhibited(model, f"{name}_unliganded")
            * observe(model, f"{name}_surface", receptor(place="surface")),
            *_SOURCES,
        )
        spontaneous(rates, f"{name}_dephosphorylation", on(**loose), off(**loose))
        renewal(model, rates, name, off(**loose), off, *_SOURCES)
        spontaneous(rates, f"{name}_endocytosis", on(**loose), inside, "RTK_DOWNREGULATION")
        spontaneous(rates, f"{name}_recycling", inside, off(**loose), "RTK_DOWNREGULATION")
        spontaneous(rates, f"{name}_degradation", inside, None, "RTK_DOWNREGULATION")
        observe(model, f"{name}_endosomal", inside)


def add_insulin_receptors(model: Model, rates: Rates) -> None:
    """Add IGF1R and INSR, each with both ligands; observables ``pIGF1R`` and ``pINSR``."""
    for name in ("IGF1R", "INSR"):
        with drafting(model):
            bound = known(model, "IGF1_nM") / rates.parameter(f"Kd_{name}_IGF1") + known(
                model, "INS_nM"
            ) / rates.parameter(f"Kd_{name}_INS")
            occupancy = derived(f"{name}_occupancy", bound / (1 + bound), "dimensionless")
        _receptor(model, rates, name, occupancy, [])


def add_egf_receptors(model: Model, rates: Rates) -> None:
    """Add EGFR and ERBB2, which EGFR draws in; observables ``pEGFR`` and ``pERBB2``."""
    with drafting(model):
        egf = known(model, "EGF_nM")
        occupancy = derived(
            "EGFR_occupancy", egf / (egf + rates.parameter("Kd_EGFR_EGF")), "dimensionless"
        )
    _receptor(model, rates, "EGFR", occupancy, ["pi3k"])
    with drafting(model):
        partner = known(model, "pEGFR_nM")
        drawn = derived(
            "ERBB2_occupancy",
            partner / (partner + rates.parameter("K_ERBB2_EGFR")),
            "dimensionless",
        )
    _receptor(model, rates, "ERBB2", drawn, [])


def add_met(model: Model, rates: Rates) -> None:
    """Add MET; observable ``pMET``."""
    with drafting(model):
        hgf = known(model, "HGF_nM")
        occupancy = derived(
            "MET_occupancy", hgf / (hgf + rates.parameter("Kd_MET_HGF")), "dimensionless"
        )
    _receptor(model, rates, "MET", occupancy, ["pi3k"])
