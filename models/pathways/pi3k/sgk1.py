"""SGK1 is activated in two steps, like S6K: the hydrophobic motif first, then the loop.

Both mTOR complexes have been reported to phosphorylate S422 (Hong 2008: mTORC1; Garcia-Martinez and
Alessi 2008: mTORC2); both are here, mTORC2 doing most. PDPK1 docks on phosphorylated S422 and
phosphorylates T256 (Biondi 2001); when S422 is lost, T256 goes with it. SGK1 lives half an hour.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, renewal, spontaneous, step
from ...numbers.parameters import Rates
from ..mtorc1.activity import acting


def add_sgk1(model: Model, rates: Rates) -> None:
    """Add SGK1; observables ``pSGK1_s422``, ``pSGK1_t256`` and ``SGK1_active``."""
    sgk1 = add_seeded(
        model, rates, "SGK1", ["t256", "s422"], {"t256": ["u", "p"], "s422": ["u", "p"]}
    )
    bare, primed, full = (
        sgk1(s422="u", t256="u"),
        sgk1(s422="p", t256="u"),
        sgk1(s422="p", t256="p"),
    )
    with drafting(model):
        catalysed(
            rates,
            "MTORC1_phosphorylates_SGK1_s422",
            bare,
            primed,
            acting(model, rates, "SGK1"),
            "SGK1_MTORC1",
        )
        catalysed(
            rates,
            "MTORC2_phosphorylates_SGK1_s422",
            bare,
            primed,
            known(model, "MTORC2_active_nM"),
            "SGK1_MTORC2",
        )
        catalysed(
            rates,
            "PDPK1_phosphorylates_SGK1_t256",
            primed,
            full,
            known(model, "PDPK1_all_nM"),
            "PDK1_DOCKING",
        )
        rule = spontaneous(rates, "SGK1_s422_dephosphorylation", primed, bare)
        step("SGK1_s422_and_t256_dephosphorylation", full, bare, rule.rate_forward)
        renewal(model, rates, "SGK1", bare, sgk1(), "HL_SGK1")
        observe(model, "pSGK1_s422", sgk1(s422="p"))
        observe(model, "pSGK1_t256", sgk1(t256="p"))
        observe(model, "SGK1_active", full)
