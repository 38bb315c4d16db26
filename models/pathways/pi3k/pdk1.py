"""PDPK1 (PDK1), always active, comes to its substrates.

PDPK1 phosphorylates itself on S241 and needs no activation; its PH domain brings it to PIP3, where
it meets AKT (Alessi 1997; Stokoe 1997). SGK1, RSK and S6K it finds without the lipid, by docking on
their phosphorylated hydrophobic motifs (Biondi 2001).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, holds, observe
from ...numbers.parameters import Rates


def add_pdk1(model: Model, rates: Rates) -> None:
    """Add PDPK1; observables ``PDPK1_PIP3``, ``PDPK1_cytosolic`` and ``PDPK1_all``."""
    pdk1 = add_seeded(model, rates, "PDPK1", ["ph"])
    with drafting(model):
        observe(model, "PDPK1_all", pdk1())
        if not holds(model, "PIP"):
            return
        lipid = model.monomers["PIP"]
        binding(
            rates,
            "PDPK1_binds_PIP3",
            pdk1(ph=None) + lipid(ph=None, head="pip3"),
            pdk1(ph=1) % lipid(ph=1, head="pip3"),
            "PDK1_AKT",
            "PDK1_PIP3",
        )
        observe(model, "PDPK1_PIP3", pdk1(ph=1) % lipid(ph=1))
        observe(model, "PDPK1_cytosolic", pdk1(ph=None))
