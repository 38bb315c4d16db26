"""Dividing, dying, and what is left of the two, in cells an hour for each cell there is.

Entry into S phase needs CDK4 and CDK2, which phosphorylate RB together, so that their effect is
steep; a cell that enters it also needs protein and lipid, and ATP to make both. Of the drive to
divide, ``weight_mTORC1_proliferation`` runs through protein synthesis and the rest through ERK,
which is what lets RAS and RAF mutants divide under rapalogs. Cells die for want of AKT, S6K and
RSK (BAD, steep too, as many of it have to be armed before mitochondria give way), for FOXO in the
nucleus, for lesions carried into S phase, for too much autophagy, and for making protein where ATP
is short (Choo 2010); moderate autophagy protects them, and MCL1, which holds what FOXO and BAD set
free. The scale is that of a growing cell line: the fed cell
doubles in a day and few of its cells die.
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
        cdk2 = known(model, "CDK2_active_nM") / rates.parameter("K_G1_CDK2")
        cdk4 = known(model, "CDK4_CCND1_nM") / rates.parameter("K_G1_CDK4")
        weighed = rates.parameter("weight_CDK2_G1")
        kinase = weighed * cdk2 + (1 - weighed) * cdk4
        gate = derived(
            "G1_S_drive",
            _half(rates, kinase, "G1", rates.parameter("hill_G1")),
            "dimensionless",
        )
        weight = rates.parameter("weight_mTORC1_proliferation")
        mitogens = _half(rates, known(model, "ERK_active_nM"), "proliferation_ERK")
        fat = rates.parameter("weight_lipogenesis_proliferation")
        growing = weight * known(model, "protein_synthesis") + (1 - weight) * mitogens
        lipid = 1 - fat + fat * known(model, "lipogenesis")
        # An hour, so that the proxies count events an hour and yet have no unit.
        hour = rates.parameter("proxy_hour")
        top = rates.parameter("k_proliferation") * hour
        # AMP tells how much ATP is missing; it kills, more steeply, where much is.
        empty = known(model, "AMP_occupancy")
        fuel = 1 - rates.parameter("weight_AMP_proliferation") * empty
        divides = top * gate * growing * lipid * fuel
        proliferation = derived("proliferation", divides, "dimensionless")

        armed = share(model, "BAD_armed", "BAD")
        bad = _half(rates, armed, "death_BAD", rates.parameter("hill_death_BAD"))
        foxo = share(model, "FOXO4_nuclear", "FOXO4")
        lesions = _half(rates, known(model, "LESION_nM"), "death_LESION")
        # Who enters S phase more readily, carries more of them there.
        entering = _half(rates, known(model, "CDK2_active_nM"), "death_CDK2")
        guard = 1 + known(model, "MCL1_nM") / rates.parameter("K_death_MCL1")
        power = rates.parameter("hill_death_autophagy")
        flux = known(model, "autophagy")
        excess = _half(rates, flux, "death_autophagy", power)
        need = 1 - known(model, "RRAG_share") / (1 + empty)
        relief = 1 + rates.parameter("gain_survival_autophagy") * flux * need
        # p53 kills on its own only where this switch is turned up (off by default).
        p53 = known(model, "pTP53_s15_nM") / rates.parameter("K_death_TP53")
        # What holds back BIM, which FOXO makes, and leaves BCL-XL to BAD.
        mitochondria = (
            rates.parameter("k_death_BAD") * bad + rates.parameter("k_death_FOXO") * foxo
        ) / guard
        spent = rates.parameter("k_basal_death") + rates.parameter("k_death_starvation") * need
        rate = (
            (mitochondria + spent) / relief
            + rates.parameter("k_death_LESION") * lesions * entering / guard
            + rates.parameter("k_death_TP53") * p53 / (1 + p53)
            + rates.parameter("k_death_autophagy") * excess
            + rates.parameter("k_death_AMP") * empty**2 * known(model, "protein_synthesis")
        )
        death = derived("death", hour * rate, "dimensionless")
        derived("net_growth", proliferation - death, "dimensionless")


def add_spread(model: Model, rates: Rates) -> None:
    """Add ``motility`` and ``angiogenesis``, which VEGF raises.

    A cell moves where ROCK1 does not hold it and actin pushes its edge, for which mTORC2 needs PKC
    alpha (Sarbassov 2004; Jacinto 2004).
    """
    with drafting(model):
        rock1 = known(model, "ROCK1_active_nM")
        half = rates.parameter("K_motility_ROCK1")
        pkc = share(model, "pPRKCA_s657", "PRKCA")
        left = rates.parameter("residual_motility_PRKCA_s657_u")
        actin = derived("actin_protrusion", left + (1 - left) * pkc, "dimensionless")
        derived("motility", actin * half / (half + rock1), "dimensionless")
        vegf = known(model, "VEGFA_nM") * uninhibited(model, "VEGFA")
        derived("angiogenesis", _half(rates, vegf, "angiogenesis_VEGFA"), "dimensionless")
