"""The named networks beyond the complexes: a short table of contents each.

The whole network stays below 600 species and 6,000 reactions, because only what the claims need is
a bond: assembly of both complexes, the rapalog, the groove of Raptor, eIF4E, LKB1 on AMPK, TSC2
with 14-3-3, PI3K on its adaptors, CDK with cyclin and inhibitor, p27 on RHOA. Kinases act without a
stable complex with their substrate, ligands and inhibitors by occupancy, and 14-3-3 on Raptor and
PRAS40 is a state. Two fifths of the species hold mTOR or Raptor: subunits, drug and guests of the
groove combine there. Catalysis of a docked substrate ends its docking, the marks on Raptor and
DEPTOR act through rates, and what mTORC1 does without docking is counted from its open groove, all
of which keeps that share from growing with every substrate. A part holds what it lacks at the level
that the whole network has in fed cells (:mod:`.boundaries`).
"""

from __future__ import annotations

from pysb import Model

from .building.about import describe
from .building.boundaries import held
from .building.compartments import add_compartments
from .building.composing import compose
from .pathways.autophagy.lysosome import add_lysosome
from .pathways.autophagy.ulk1 import add_ulk1
from .pathways.autophagy.ulk1_feedback import add_ulk1_feedback
from .pathways.cell_cycle.cdk2 import add_cdk2, add_p21
from .pathways.cell_cycle.cyclin_d import add_cyclin_d
from .pathways.cell_cycle.foxo4 import add_foxo4
from .pathways.cell_cycle.gsk3 import add_gsk3
from .pathways.cell_cycle.p27 import add_p27
from .pathways.complexes.deptor import add_deptor
from .pathways.complexes.mlst8 import add_gripping_mlst8
from .pathways.complexes.mtor import add_mtor
from .pathways.complexes.mtorc1 import add_mtorc1
from .pathways.complexes.mtorc2 import add_mtorc2
from .pathways.complexes.pras40 import add_pras40
from .pathways.complexes.rapalog import add_rapalog
from .pathways.complexes.rapalog_fate import add_rapalog_fate
from .pathways.complexes.sin1 import add_sin1
from .pathways.complexes.turnover import add_turnover
from .pathways.complexes.uptake import add_uptake
from .pathways.energy.amp import add_amp
from .pathways.energy.lkb1_ampk import add_lkb1_ampk, add_lkb1_brakes, add_sestrin_on_ampk
from .pathways.energy.p53 import add_p53
from .pathways.hypoxia.hif import add_hif
from .pathways.hypoxia.receptor_supply import add_receptor_supply
from .pathways.hypoxia.redd1 import add_redd1
from .pathways.hypoxia.vegf import add_vegf
from .pathways.inhibitors.double_occupancy import add_double_occupancy
from .pathways.inhibitors.high_dose import add_high_dose
from .pathways.inhibitors.occupancy import add_inhibitors
from .pathways.mapk.erk import add_erk
from .pathways.mapk.feedback import add_erk_feedback, add_induced
from .pathways.mapk.raf import add_raf
from .pathways.mapk.ras import add_ras, add_ras_on_pi3k
from .pathways.mapk.rsk import add_rsk
from .pathways.metabolism.acc import add_acc
from .pathways.metabolism.amino_acids import add_amino_acids
from .pathways.metabolism.glucose import add_glucose
from .pathways.metabolism.lipids import add_lipids
from .pathways.mtorc1.activity import add_mtorc1_activity
from .pathways.mtorc1.deptor_degron import add_deptor_degron
from .pathways.mtorc1.pras40_release import add_pras40_release
from .pathways.mtorc1.rag import add_rag
from .pathways.mtorc1.raptor_sites import add_raptor_ampk, add_raptor_rsk
from .pathways.mtorc1.s6k import add_s6k
from .pathways.mtorc2.activity import add_mtorc2_activity, add_rictor_feedback
from .pathways.mtorc2.pkc import add_pkc
from .pathways.mtorc2.sin1_t86 import add_sin1_t86
from .pathways.phenotypes.growth import add_autophagy, add_growth, add_spread
from .pathways.phenotypes.metabolism import add_metabolism
from .pathways.phenotypes.synthesis import add_synthesis
from .pathways.pi3k.akt import add_akt
from .pathways.pi3k.pdk1 import add_pdk1
from .pathways.pi3k.pi3k import add_pi3k, add_recruitment
from .pathways.pi3k.pik3cd import add_pik3cd
from .pathways.pi3k.sgk1 import add_sgk1
from .pathways.receptors.erbb3 import add_erbb3
from .pathways.receptors.estrogen import add_estrogen_receptor, add_estrogen_signalling
from .pathways.receptors.foxo_supply import add_foxo_supply
from .pathways.receptors.grb10 import add_grb10
from .pathways.receptors.irs1 import add_irs1, add_irs1_feedback
from .pathways.receptors.kinases import add_egf_receptors, add_insulin_receptors, add_met
from .pathways.receptors.ligands import (
    add_egf,
    add_estradiol,
    add_heregulin,
    add_hgf,
    add_insulin_and_igf1,
)
from .pathways.survival.bad import add_bad
from .pathways.survival.mcl1 import add_mcl1
from .pathways.translation.ebp import add_ebp
from .pathways.translation.eif2b import add_eif2b
from .pathways.translation.eif4b import add_eif4b
from .pathways.translation.mnk import add_mnk
from .pathways.translation.s6 import add_s6, add_s6_rsk
from .pathways.tsc.arms import add_akt_arm, add_ampk_arm, add_erk_arm, add_rsk_arm
from .pathways.tsc.rheb import add_rheb
from .pathways.tsc.tsc import add_tsc

_COMPLEXES = (
    add_mtor,
    add_mtorc1,
    add_mtorc2,
    add_sin1,
    add_gripping_mlst8,
    add_deptor,
    add_pras40,
    add_rapalog,
    add_uptake,
)


def insulin_mtor() -> Model:
    """Build the way from the insulin receptors to both complexes, with the loops back to IRS1."""
    model = compose(
        "insulin_mtor",
        (
            add_compartments,
            held("ERK_active_nM", "RSK_active_nM", "AMPK_active_nM"),
            add_insulin_and_igf1,
            add_insulin_receptors,
            add_irs1,
            add_pi3k,
            add_recruitment,
            add_tsc,
            add_rheb,
            add_rag,
            *_COMPLEXES,
            add_mtorc1_activity,
            add_mtorc2_activity,
            add_pdk1,
            add_akt,
            add_akt_arm,
            add_erk_arm,
            add_rsk_arm,
            add_ampk_arm,
            add_pras40_release,
            add_deptor_degron,
            add_s6k,
            add_irs1_feedback,
            add_rictor_feedback,
            add_sin1_t86,
            add_grb10,
            add_turnover,
        ),
    )
    return describe(
        model,
        title="Insulin, IGF1 and the two mTOR complexes",
        text=(
            "From the receptors of insulin and IGF1 through IRS1, PI3K and AKT to the TSC "
            "complex, RHEB, mTORC1 and S6K, with amino acids, the rapalog, and the feedback from "
            "S6K to IRS1 and Rictor and from mTORC1 to GRB10. ERK, RSK and AMPK are held."
        ),
    )


def mapk_tsc() -> Model:
    """Build the way from EGF through RAS, ERK and RSK to the TSC complex and RHEB."""
    model = compose(
        "mapk_tsc",
        (
            add_compartments,
            held("PIP3_nM", "AKT_active_nM", "AMPK_active_nM"),
            add_egf,
            add_egf_receptors,
            add_induced,
            add_ras,
            add_raf,
            add_erk,
            add_erk_feedback,
            add_pdk1,
            add_rsk,
            add_tsc,
            add_akt_arm,
            add_erk_arm,
            add_rsk_arm,
            add_ampk_arm,
            add_rheb,
        ),
    )
    return describe(
        model,
        title="EGF, RAS, ERK, RSK and the TSC complex",
        text=(
            "From the EGF receptors through KRAS, BRAF, MEK, ERK and RSK to TSC2 and RHEB, with "
            "wild type and mutant KRAS and BRAF; PIP3, AKT and AMPK are held."
        ),
    )


def energy_stress() -> Model:
    """Build what lack of energy, oxygen or intact DNA does to the TSC complex and RHEB."""
    model = compose(
        "energy_stress",
        (
            add_compartments,
            held(
                "AKT_active_nM",
                "ERK_active_nM",
                "RSK_active_nM",
                "EIF4E_EIF4G1_nM",
            ),
            add_hif,
            add_amp,
            add_lkb1_ampk,
            add_lkb1_brakes,
            add_p53,
            add_sestrin_on_ampk,
            add_tsc,
            add_akt_arm,
            add_erk_arm,
            add_rsk_arm,
            add_ampk_arm,
            add_redd1,
            add_rheb,
        ),
    )
    return describe(
        model,
        title="Lack of energy, oxygen or intact DNA, and the TSC complex",
        text=(
            "AMP, LKB1 and AMPK; DNA damage, p53 and sestrin; HIF, VHL and REDD1: three stresses "
            "that meet on TSC2 and RHEB. AKT, ERK, RSK and cap-dependent initiation are held."
        ),
    )


def translation() -> Model:
    """Build what mTORC1 does to S6K, S6, 4EBP1 and the cap, with and without a rapalog."""
    model = compose(
        "translation",
        (
            add_compartments,
            held("RHEB_GTP_membrane_nM", "PDPK1_all_nM", "AKT_active_nM"),
            add_rag,
            add_mtor,
            add_mtorc1,
            add_mtorc2,
            add_pras40,
            add_rapalog,
            add_uptake,
            add_mtorc1_activity,
            add_pras40_release,
            add_s6k,
            add_s6,
            add_ebp,
            add_turnover,
        ),
    )
    return describe(
        model,
        title="mTORC1, S6K, 4EBP1 and the cap",
        text=(
            "S6K, 4EBP1 and PRAS40 compete for the groove of Raptor; 4EBP1 and eIF4G compete for "
            "eIF4E. RHEB-GTP, AKT and PDPK1 are held; amino acids and the rapalog are inputs."
        ),
    )


def signalling() -> Model:
    """Build the whole network."""
    model = compose(
        "signalling",
        (
            add_compartments,
            add_inhibitors,
            # Receptors, PI3K and the hub
            add_insulin_and_igf1,
            add_egf,
            add_heregulin,
            add_hgf,
            add_estradiol,
            add_insulin_receptors,
            add_egf_receptors,
            add_erbb3,
            add_met,
            add_estrogen_receptor,
            add_irs1,
            add_pi3k,
            add_pik3cd,
            add_recruitment,
            add_tsc,
            add_rheb,
            add_amino_acids,
            add_rag,
            # mTOR
            *_COMPLEXES,
            add_rapalog_fate,
            add_double_occupancy,
            add_high_dose,
            add_mtorc1_activity,
            add_mtorc2_activity,
            add_pkc,
            # AGC kinases and MAPK
            add_pdk1,
            add_akt,
            add_akt_arm,
            add_sgk1,
            add_induced,
            add_ras,
            add_raf,
            add_erk,
            add_erk_feedback,
            add_ras_on_pi3k,
            add_estrogen_signalling,
            add_rsk,
            add_erk_arm,
            add_rsk_arm,
            # What mTORC1 does
            add_raptor_rsk,
            add_pras40_release,
            add_deptor_degron,
            add_s6k,
            add_s6,
            add_s6_rsk,
            add_ebp,
            add_mnk,
            add_eif4b,
            # Feedback
            add_irs1_feedback,
            add_rictor_feedback,
            add_sin1_t86,
            add_grb10,
            # Stress
            add_hif,
            add_p53,
            add_redd1,
            add_receptor_supply,
            add_vegf,
            add_glucose,
            add_amp,
            add_lkb1_ampk,
            add_lkb1_brakes,
            add_sestrin_on_ampk,
            add_ampk_arm,
            add_raptor_ampk,
            add_ulk1,
            add_ulk1_feedback,
            add_autophagy,
            add_lysosome,
            # Cell cycle, metabolism, survival
            add_gsk3,
            add_eif2b,
            add_foxo4,
            add_foxo_supply,
            add_cyclin_d,
            add_cdk2,
            add_p21,
            add_p27,
            add_lipids,
            add_acc,
            add_bad,
            add_mcl1,
            # What the cell does about it
            add_synthesis,
            add_metabolism,
            add_growth,
            add_spread,
            add_turnover,
        ),
    )
    return describe(
        model,
        title="mTOR signalling and the drugs that target it",
        text=(
            "Receptors, PI3K, both mTOR complexes, MAPK, the TSC hub with its stresses, "
            "translation, autophagy, cell cycle, metabolism, every feedback between them, and "
            "inhibitors of each node; phenotypes as proxies."
        ),
    )
