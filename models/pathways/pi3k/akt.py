"""AKT on the membrane: T308 by PDPK1, S473 by mTORC2.

The PH domain brings AKT to PIP3, where PDPK1 phosphorylates T308 (Alessi 1997) and mTORC2 S473
(Sarbassov 2005). Phosphorylated S473 keeps T308 from its phosphatases. With T308 alone AKT works at
a fraction of its speed that depends on the substrate (Jacinto 2006; Guertin 2006). The mutant E17K,
and AKT tied to the membrane, bind the abundant PIP2 (Carpten 2007): ``kf_AKT_binds_PIP2``, 0 in
wild type.
"""

from __future__ import annotations

from typing import Any

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    binding,
    derived,
    holds,
    known,
    observe,
    spontaneous,
    step,
    uninhibited,
)
from ...numbers.parameters import Rates


def add_akt(model: Model, rates: Rates) -> None:
    """Add AKT; observables ``pAKT_t308``, ``pAKT_s473``, ``AKT_full`` and ``AKT_t308_only``."""
    akt = add_seeded(
        model, rates, "AKT", ["ph", "t308", "s473"], {"t308": ["u", "p"], "s473": ["u", "p"]}
    )
    lipid = model.monomers["PIP"]
    with drafting(model):
        for head, sources in (("pip3", ("AKT_PIP3",)), ("pip2", ("AKT_E17K",))):
            binding(
                rates,
                f"AKT_binds_{head.upper()}",
                akt(ph=None) + lipid(ph=None, head=head),
                akt(ph=1) % lipid(ph=1, head=head),
                *sources,
            )
        # An allosteric inhibitor folds the PH domain over the kinase, out of reach of both.
        reach = uninhibited(model, "AKT_fold")
        name = "PDPK1_phosphorylates_AKT_t308"
        meeting = rates.parameter(f"keff_{name}") * (
            known(model, "PDPK1_PIP3_nM")
            + rates.parameter("share_PDPK1_cytosolic") * known(model, "PDPK1_cytosolic_nM")
        )
        step(
            name,
            akt(ph=ANY, t308="u"),
            akt(ph=ANY, t308="p"),
            derived(f"rate_{name}", meeting * reach, "1/s"),
            "PDK1_AKT",
            "PDK1_PIP3",
        )
        name = "MTORC2_phosphorylates_AKT_s473"
        step(
            name,
            akt(ph=ANY, s473="u"),
            akt(ph=ANY, s473="p"),
            derived(
                f"rate_{name}",
                rates.parameter(f"keff_{name}") * known(model, "MTORC2_active_nM") * reach,
                "1/s",
            ),
            "MTORC2_AKT",
        )
        name = "AKT_t308_dephosphorylation"
        slow = spontaneous(rates, name, akt(t308="p", s473="p"), akt(t308="u", s473="p"))
        exposed = derived(
            f"rate_{name}_exposed", slow.rate_forward * rates.parameter("exposure_AKT_t308"), "1/s"
        )
        step(
            f"{name}_exposed",
            akt(t308="p", s473="u"),
            akt(t308="u", s473="u"),
            exposed,
            "AKT_S473_PROTECTS",
        )
        spontaneous(rates, "AKT_s473_dephosphorylation", akt(s473="p"), akt(s473="u"))

        observe(model, "pAKT_t308", akt(t308="p"))
        observe(model, "pAKT_s473", akt(s473="p"))
        free = uninhibited(model, "AKT")
        for name, pattern in (
            ("AKT_full", akt(t308="p", s473="p")),
            ("AKT_t308_only", akt(t308="p", s473="u")),
        ):
            derived(f"{name}_active_nM", observe(model, name, pattern) * free, "nM")


def acting_on(model: Model, rates: Rates, substrate: str) -> Any:
    """Return the concentration of AKT as ``substrate`` feels it.

    AKT with both phosphates counts in full, AKT with T308 alone by ``share_AKT_t308_<substrate>``.
    Call it inside :func:`.drafting.drafting`.
    """
    if not holds(model, "AKT_full_active_nM"):
        return known(model, "AKT_active_nM")  # held by a boundary
    return derived(
        f"AKT_on_{substrate}_nM",
        known(model, "AKT_full_active_nM")
        + rates.parameter(f"share_AKT_t308_{substrate}") * known(model, "AKT_t308_only_active_nM"),
        "nM",
    )
