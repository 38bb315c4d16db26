"""mTORC2 at work: complete, free of DEPTOR, its ATP pocket empty of drug.

Without SIN1 mTORC2 does not phosphorylate AKT (Frias 2006; Jacinto 2006). DEPTOR leaves a fraction
of the activity (Peterson 2009; Heimhalt 2021), and Rictor phosphorylated on T1135 a somewhat larger
one (Julien 2010; Dibble 2009).
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.steps import catalysed, derived, holds, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates


def add_mtorc2_activity(model: Model, rates: Rates) -> None:
    """Add the expression ``MTORC2_active_nM``."""
    mtor, rictor = model.monomers["MTOR"], model.monomers["RICTOR"]
    sin1 = model.monomers["MAPKAP1"]

    def complete(deptor: object, mark: str | None = None) -> object:
        marks = {} if mark is None else {"t1135": mark}
        return mtor(scaf=1, deptor=deptor) % rictor(mtor=1, sin1=2, **marks) % sin1(rictor=2)

    with drafting(model):
        working = observe(model, "MTORC2_open", complete(None, "u")) + observe(
            model, "MTORC2_open_t1135", complete(None, "p")
        ) * rates.parameter("activity_RICTOR_t1135")
        if holds(model, "DEPTOR"):
            working += observe(model, "MTORC2_braked", complete(ANY)) * rates.parameter(
                "residual_DEPTOR_MTORC2"
            )
        derived(
            "MTORC2_active_nM",
            working * known(model, "kinase_MTOR") * uninhibited(model, "MTORC2"),
            "nM",
        )


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
