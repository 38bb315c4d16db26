"""mTORC2 at work: complete, free of DEPTOR, its ATP pocket empty of drug.

Without SIN1 mTORC2 does not phosphorylate AKT (Frias 2006; Jacinto 2006). DEPTOR leaves a fraction
of the activity (Peterson 2009; Heimhalt 2021), and Rictor phosphorylated on T1135 a somewhat larger
one (Julien 2010; Dibble 2009). The PH domain of SIN1 lies over the kinase until PIP3 takes it away
(Liu 2015). A share works without, since part of mTORC2 does not mind PI3K (Ebner 2017).
"""

from __future__ import annotations

from itertools import product

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.steps import (
    binding,
    catalysed,
    derived,
    holds,
    known,
    observe,
    spontaneous,
    uninhibited,
)
from ...numbers.parameters import Rates


def add_mtorc2_activity(model: Model, rates: Rates) -> None:
    """Let SIN1 bind PIP3; add the expression ``MTORC2_active_nM``."""
    mtor, rictor = model.monomers["MTOR"], model.monomers["RICTOR"]
    sin1, lipid = model.monomers["MAPKAP1"], model.monomers["PIP"]

    def complete(deptor: object, ph: object, t86: str, **marks: str) -> object:
        return (
            mtor(scaf=1, deptor=deptor)
            % rictor(mtor=1, sin1=2, **marks)
            % sin1(rictor=2, ph=ph, t86=t86)
        )

    with drafting(model):
        binding(
            rates,
            "MAPKAP1_binds_PIP3",
            sin1(ph=None) + lipid(ph=None, head="pip3"),
            sin1(ph=1) % lipid(ph=1, head="pip3"),
            "SIN1_PIP3",
        )
        effect = rates.parameter("activity_MAPKAP1_t86")
        slowed = rates.parameter("activity_RICTOR_t1135")
        brake = rates.parameter("residual_DEPTOR_MTORC2") if holds(model, "DEPTOR") else None
        basal = rates.parameter("basal_MTORC2_PIP3")
        working = 0
        for (t86, marked), (ph, relieved) in product(
            (("u", 1), ("p", effect)), ((ANY, 1), (None, basal))
        ):
            label = f"{'_t86' if t86 == 'p' else ''}{'' if ph is ANY else '_shut'}"
            free = observe(
                model, f"MTORC2_open{label}", complete(None, ph, t86, t1135="u")
            ) + slowed * observe(
                model, f"MTORC2_open_t1135{label}", complete(None, ph, t86, t1135="p")
            )
            if brake is not None:
                free += brake * observe(model, f"MTORC2_braked{label}", complete(ANY, ph, t86))
            working += marked * relieved * free
        pocket = uninhibited(model, "MTORC2") * uninhibited(model, "MTORC2_rapalog")
        kinase = known(model, "kinase_MTOR")
        derived("MTORC2_active_nM", working * kinase * pocket, "nM")


def add_rictor_feedback(model: Model, rates: Rates) -> None:
    """Let S6K phosphorylate Rictor on T1135: feedback loop L2; observable ``pRICTOR_t1135``."""
    rictor = model.monomers["RICTOR"]
    with drafting(model):
        catalysed(
            rates,
            "S6K_phosphorylates_RICTOR_t1135",
            rictor(t1135="u"),
            rictor(t1135="p"),
            known(model, "S6K_active_nM"),
            "RICTOR_S6K",
            "RICTOR_S6K_DIBBLE",
        )
        spontaneous(rates, "RICTOR_t1135_dephosphorylation", rictor(t1135="p"), rictor(t1135="u"))
        observe(model, "pRICTOR_t1135", rictor(t1135="p"))
