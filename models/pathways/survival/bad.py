"""BAD is disarmed by AKT (S99) and RSK (S75); numbers are human (Datta 1997; Shimamura 2000)."""

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
            spontaneous(
                rates, f"BAD_{site}_dephosphorylation", bad(**{site: "p"}), bad(**{site: "u"})
            )
            observe(model, f"pBAD_{site}", bad(**{site: "p"}))
        observe(model, "BAD_armed", bad(s75="u", s99="u"))
