"""S6K: T389 by mTORC1, then T229 by PDPK1.

S6K docks on Raptor by its TOS motif and gets T389 (Burnett 1998; Schalm 2002), a poor site that
rapamycin blocks altogether (Kang 2013). PDPK1 docks on phosphorylated T389 and adds T229 (Alessi
1998; Biondi 2001); activity needs both, and T229 goes when T389 goes. Numbering is that of p70
S6K1.
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous, step
from ...numbers.parameters import Rates
from .groove import add_docking, add_phosphorylation


def add_s6k(model: Model, rates: Rates) -> None:
    """Add S6K; observables ``pS6K_t389``, ``pS6K_t229``, ``S6K_active`` and ``MTORC1_S6K``."""
    s6k = add_seeded(
        model, rates, "S6K", ["tos", "t389", "t229"], {"t389": ["u", "p"], "t229": ["u", "p"]}
    )
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
    bare, primed = s6k(tos=None, t389="u", t229="u"), s6k(tos=None, t389="p", t229="u")
    full = s6k(tos=None, t389="p", t229="p")
    with drafting(model):
        add_docking(model, rates, s6k, t389="u")
        add_phosphorylation(model, rates, s6k, "t389", "S6K_MTOR", "S6K_TOS")
        catalysed(
            rates,
            "PDPK1_phosphorylates_S6K_t229",
            primed,
            full,
            known(model, "PDPK1_all_nM"),
            "PDK1_S6K",
            "PDK1_DOCKING",
        )
        rule = spontaneous(rates, "S6K_t389_dephosphorylation", primed, bare)
        step("S6K_t389_and_t229_dephosphorylation", full, bare, rule.rate_forward)
        observe(model, "pS6K_t389", s6k(t389="p"))
        observe(model, "pS6K_t229", s6k(t229="p"))
        observe(model, "S6K_active", full)
        observe(model, "S6K_docked", s6k(tos=ANY))
        observe(model, "MTORC1_S6K", mtor(scaf=1) % rptor(mtor=1, tos=2) % s6k(tos=2))
