"""mTOR marks DEPTOR for destruction.

With growth factors mTOR phosphorylates DEPTOR on a degron (S286, S287, S291) that SCF-betaTrCP
reads (Duan 2011; Gao 2011; Zhao 2011). Both complexes do it to the DEPTOR they carry, which then
leaves.
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.steps import derived, known, observe, spontaneous, step
from ...numbers.parameters import Rates


def add_deptor_degron(model: Model, rates: Rates) -> None:
    """Add phosphorylation of bound DEPTOR, and its decay; observable ``pDEPTOR_s286``."""
    mtor, deptor = model.monomers["MTOR"], model.monomers["DEPTOR"]
    with drafting(model):
        name = "MTOR_phosphorylates_DEPTOR_s286"
        step(
            name,
            mtor(scaf=ANY, frb=None, deptor=1) % deptor(mtor=1, s286="u"),
            mtor(scaf=ANY, frb=None, deptor=None) + deptor(mtor=None, s286="p"),
            derived(
                f"rate_{name}",
                rates.parameter(f"kcat_{name}") * known(model, "MTORC1_drive"),
                "1/s",
            ),
            "DEPTOR_DEGRON_DUAN",
            "DEPTOR_DEGRON_GAO",
            "DEPTOR_DEGRON_ZHAO",
        )
        spontaneous(rates, "DEPTOR_s286_degradation", deptor(s286="p"), None, "DEPTOR_DEGRON_GAO")
        observe(model, "pDEPTOR_s286", deptor(s286="p"))
