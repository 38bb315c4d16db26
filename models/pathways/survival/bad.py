"""BAD is disarmed by AKT and S6K (S99) and by RSK (S75).

Numbers are human: S99 is S136 of the mouse, S75 its S112 (Datta 1997; Shimamura 2000). S6K1 keeps
BAD disarmed where AKT is low and mTORC1 is on (Harada 2001).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_bad(model: Model, rates: Rates) -> None:
    """Add BAD; observables ``pBAD_s99``, ``pBAD_s75`` and ``BAD_armed`` (neither)."""
    both = ["u", "p"]
    bad = add_seeded(model, rates, "BAD", ["s75", "s99"], {"s75": both, "s99": both})
    with drafting(model):
        for kinase, site, enzyme, source in (
            ("AKT", "s99", acting_on(model, rates, "BAD"), "BAD_AKT"),
            ("S6K", "s99", known(model, "S6K_active_nM"), "BAD_S6K"),
            ("RSK", "s75", known(model, "RSK_active_nM"), "BAD_RSK"),
        ):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_BAD_{site}",
                bad(**{site: "u"}),
                bad(**{site: "p"}),
                enzyme,
                source,
            )
        for site in ("s99", "s75"):
            spontaneous(
                rates, f"BAD_{site}_dephosphorylation", bad(**{site: "p"}), bad(**{site: "u"})
            )
            observe(model, f"pBAD_{site}", bad(**{site: "p"}))
        observe(model, "BAD_armed", bad(s75="u", s99="u"))
