"""MNK, on eIF4G and roused by ERK, phosphorylates eIF4E on S209.

MNK sits on eIF4G and so meets only eIF4E that eIF4G holds (Pyronnet 1999); ERK switches it on
(Waskiewicz 1997; its other master, p38, is in no model here). S209 favours messengers of survival,
MCL1 above all (Wendel 2007), and rises under rapamycin wherever ERK does (Sun 2005). MNK answers
within minutes and is lumped into the rate.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_mnk(model: Model, rates: Rates) -> None:
    """Let ERK mark eIF4E on eIF4G; observables ``pEIF4E_s209`` and ``EIF4E_s209_EIF4G1``."""
    eif4e, eif4g = model.monomers["EIF4E"], model.monomers["EIF4G1"]
    with drafting(model):
        catalysed(
            rates,
            "ERK_MNK_phosphorylates_EIF4E_s209",
            eif4e(face=1, s209="u") % eif4g(eif4e=1),
            eif4e(face=1, s209="p") % eif4g(eif4e=1),
            known(model, "ERK_active_nM"),
            "MNK_EIF4G",
            "MNK_ERK",
        )
        spontaneous(rates, "EIF4E_s209_dephosphorylation", eif4e(s209="p"), eif4e(s209="u"))
        observe(model, "pEIF4E_s209", eif4e(s209="p"))
        observe(model, "EIF4E_s209_EIF4G1", eif4e(face=1, s209="p") % eif4g(eif4e=1))
