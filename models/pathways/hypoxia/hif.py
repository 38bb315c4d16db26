"""HIF1A and HIF2A (EPAS1): made with mTOR's help, marked by oxygen, destroyed by VHL.

With oxygen, EGLN1 hydroxylates two prolines (P402, P564 of HIF1A; here ``oh``), VHL binds the mark
and the protein is gone in minutes (Maxwell 1999; Ivan 2001). Acid hides VHL in the nucleolus
(Mekhail 2004). Translation of HIF1A needs cap-dependent initiation, hence mTORC1 (Hudson 2002);
that of HIF2A also needs mTORC2 and AKT (Toschi 2008). ``oxygen`` is in percent, 21 in room air.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, renewal, step
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_hif(model: Model, rates: Rates) -> None:
    """Add VHL and both HIFs; observables ``HIF1A_oh``, ``EPAS1_oh`` and the totals."""
    vhl = add_seeded(model, rates, "VHL", [])
    with drafting(model):
        oxygen = rates.parameter("oxygen")
        breathing = oxygen / (oxygen + rates.parameter("K_EGLN1_oxygen"))
        nucleolar = 1 + rates.parameter("acidosis") * rates.parameter("hiding_VHL_acidosis")
        seeker = derived("VHL_free_nM", observe(model, "VHL_all", vhl()) / nucleolar, "nM")
        # Half-effect of cap complexes, and of AKT on HIF2A, relative to the fed cell.
        cap = known(model, "EIF4E_EIF4G1_nM")
        initiation = cap / (cap + rates.parameter("K_HIF_cap"))
        akt = acting_on(model, rates, "EPAS1")
        support = akt / (akt + rates.parameter("K_EPAS1_AKT"))
    for name, drive in (
        ("HIF1A", initiation),
        ("EPAS1", initiation * support),
    ):
        hif = add_seeded(model, rates, name, ["oh"], {"oh": ["no", "yes"]})
        bare, marked = hif(oh="no"), hif(oh="yes")
        with drafting(model):
            renewal(model, rates, name, bare, hif(), "HIF_MTOR", "HIF2_MTORC2", factor=drive)
            label = f"{name}_hydroxylation"
            step(
                label,
                bare,
                marked,
                derived(f"rate_{label}", rates.parameter(f"k_{label}") * breathing, "1/s"),
                "HIF_OXYGEN",
            )
            catalysed(rates, f"VHL_degrades_{name}", marked, None, seeker, "HIF_VHL")
            observe(model, f"{name}_oh", marked)
            derived(
                f"{name}_nM",
                model.observables[f"{name}_total"] / model.compartments["cell"].size,
                "nM",
            )
