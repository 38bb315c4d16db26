"""RSK: ERK first, then PDPK1.

ERK phosphorylates T573 and S363 and wakes the C-terminal kinase, which phosphorylates S380 (Dalby
1998); both are one step here. PDPK1 docks on phosphorylated S380 and phosphorylates S221 (Jensen
1999; Frodin 2000). Activity needs both; S221 goes when S380 goes. RSK spares PIP3: docking replaces
the lipid.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, step
from ...numbers.parameters import Rates


def add_rsk(model: Model, rates: Rates) -> None:
    """Add RSK; observables ``pRSK_s380`` and ``pRSK_s221``, expression ``RSK_active_nM``."""
    rsk = add_seeded(
        model, rates, "RSK", ["s221", "s380"], {"s221": ["u", "p"], "s380": ["u", "p"]}
    )
    bare, primed, full = rsk(s380="u", s221="u"), rsk(s380="p", s221="u"), rsk(s380="p", s221="p")
    with drafting(model):
        catalysed(
            rates,
            "ERK_phosphorylates_RSK_s380",
            bare,
            primed,
            known(model, "ERK_active_nM"),
            "RSK_ERK",
        )
        catalysed(
            rates,
            "PDPK1_phosphorylates_RSK_s221",
            primed,
            full,
            known(model, "PDPK1_all_nM"),
            "RSK_PDK1",
            "PDK1_DOCKING",
        )
        rule = spontaneous(rates, "RSK_s380_dephosphorylation", primed, bare)
        step("RSK_s380_and_s221_dephosphorylation", full, bare, rule.rate_forward)
        observe(model, "pRSK_s380", rsk(s380="p"))
        derived("RSK_active_nM", observe(model, "pRSK_s221", full), "nM")
