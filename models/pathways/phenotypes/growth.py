"""Dividing, dying, and what is left of the two.

Entry into S phase needs CDK4 and CDK2; a cell that enters it also needs protein and lipid. Of the
drive to divide, ``weight_mTORC1_proliferation`` runs through protein synthesis and the rest through
ERK, which is what lets RAS and RAF mutants divide under rapalogs. Cells die for want of AKT and RSK
(BAD), for FOXO in the nucleus, for lesions carried into S phase, and for too much autophagy;
moderate autophagy and MCL1 protect them.
"""

from __future__ import annotations

from typing import Any

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived, known, share, uninhibited
from ...numbers.parameters import Rates


def _half(rates: Rates, level: Any, name: str, power: Any = 1) -> Any:
    """Return a saturating function of ``level``, one half at the parameter ``K_<name>``."""
    half = rates.parameter(f"K_{name}")
    return level**power / (half**power + level**power)


def add_autophagy(model: Model, rates: Rates) -> None:
    """Add ``autophagy``, the flux that ULK1 starts."""
    with drafting(model):
        flux = _half(rates, known(model, "ULK1_active_nM"), "autophagy_ULK1")
        derived("autophagy", flux, "dimensionless")


def add_growth(model: Model, rates: Rates) -> None:
    """Add ``G1_S_drive``, ``proliferation``, ``death`` and ``net_growth``."""
    with drafting(model):
        cdk2 = _half(rates, known(model, "CDK2_active_nM"), "G1_CDK2")
        cdk4 = _half(rates, known(model, "CDK4_CCND1_nM"), "G1_CDK4")
        weighed = rates.parameter("weight_CDK2_G1")
        gate = derived("G1_S_drive", weighed * cdk2 + (1 - weighed) * cdk4, "dimensionless")
        weight = rates.parameter("weight_mTORC1_proliferation")
        mitogens = _half(rates, known(model, "ERK_active_nM"), "proliferation_ERK")
        fat = rates.parameter("weight_lipogenesis_proliferation")
        growing = weight * known(model, "protein_synthesis") + (1 - weight) * mitogens
        lipid = 1 - fat + fat * known(model, "lipogenesis")
        proliferation = derived("proliferation", gate * growing * lipid, "dimensionless")

        bad = share(model, "BAD_armed", "BAD")
        foxo = share(model, "FOXO4_nuclear", "FOXO4")
        lesions = _half(rates, known(model, "LESION_nM"), "death_LESION")
        # Who enters S phase more readily, carries more of them there.
        entering = _half(rates, known(model, "CDK2_active_nM"), "death_CDK2")
        guard = 1 + known(model, "MCL1_nM") / rates.parameter("K_death_MCL1")
        power = rates.parameter("hill_death_autophagy")
        flux = known(model, "autophagy")
        excess = _half(rates, flux, "death_autophagy", power)
        need = 1 - known(model, "RRAG_share") / (1 + known(model, "AMP_occupancy"))
        relief = 1 + rates.parameter("gain_survival_autophagy") * flux * need
        # p53 kills on its own only where this switch is turned up (off by default).
        p53 = known(model, "pTP53_s15_nM") / rates.parameter("K_death_TP53")
        death = derived(
            "death",
            (
                rates.parameter("basal_death")
                + rates.parameter("weight_death_BAD") * bad
                + rates.parameter("weight_death_FOXO") * foxo
                + rates.parameter("weight_death_starvation") * need
            )
            / relief
            + rates.parameter("weight_death_LESION") * lesions * entering / guard
            + rates.parameter("weight_death_TP53") * p53 / (1 + p53)
            + rates.parameter("weight_death_autophagy") * excess,
            "dimensionless",
        )
        derived("net_growth", proliferation - death, "dimensionless")


def add_spread(model: Model, rates: Rates) -> None:
    """Add ``motility``, which ROCK1 lowers, and ``angiogenesis``, which VEGF raises."""
    with drafting(model):
        rock1 = known(model, "ROCK1_active_nM")
        half = rates.parameter("K_motility_ROCK1")
        derived("motility", half / (half + rock1), "dimensionless")
        vegf = known(model, "VEGFA_nM") * uninhibited(model, "VEGFA")
        derived("angiogenesis", _half(rates, vegf, "angiogenesis_VEGFA"), "dimensionless")
