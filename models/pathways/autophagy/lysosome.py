"""TFEB makes lysosomes, which digest what autophagy brings and feed the cell that starves.

mTORC1 phosphorylates TFEB on S211 and S142 (here ``s211``) and keeps it in the cytosol; Torin 1
sends it to the nucleus, rapamycin hardly (Settembre 2012; Roczniak-Ferguson 2012). There it
transcribes the genes of lysosomes (Sardiello 2009). Amino acids set free in them switch mTORC1 on
again hours into starvation (Yu 2010), which in turn slows autophagy.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, renewal, spontaneous, step
from ...numbers.parameters import Rates
from ..mtorc1.activity import acting


def add_lysosome(model: Model, rates: Rates) -> None:
    """Add TFEB, lysosomes and digestion; observables ``TFEB_nuclear`` and ``pTFEB_s211``."""
    tfeb = add_seeded(
        model,
        rates,
        "TFEB",
        ["s211", "place"],
        {"s211": ["u", "p"], "place": ["nucleus", "cytosol"]},
    )
    lysosome = add_seeded(model, rates, "LYSOSOME", [])
    cell = model.compartments["cell"]
    with drafting(model):
        catalysed(
            rates,
            "MTORC1_phosphorylates_TFEB_s211",
            tfeb(s211="u"),
            tfeb(s211="p"),
            acting(model, rates, "TFEB"),
            "TFEB_MTORC1",
        )
        spontaneous(rates, "TFEB_s211_dephosphorylation", tfeb(s211="p"), tfeb(s211="u"))
        for name, mark, start, end in (
            ("export", "p", "nucleus", "cytosol"),
            ("import", "u", "cytosol", "nucleus"),
        ):
            spontaneous(
                rates,
                f"TFEB_{name}",
                tfeb(s211=mark, place=start),
                tfeb(s211=mark, place=end),
                "TFEB_MTORC1",
            )
        observe(model, "pTFEB_s211", tfeb(s211="p"))
        nuclear = observe(model, "TFEB_nuclear", tfeb(place="nucleus"))
        made = rates.parameter("basal_LYSOSOME") + nuclear / (
            nuclear + rates.parameter("K_LYSOSOME_TFEB")
        )
        renewal(model, rates, "LYSOSOME", lysosome(), lysosome(), "TFEB_CLEAR", factor=made)
        digesting = model.observables["LYSOSOME_total"] / cell.size
        rate = derived(
            "rate_autophagy_AMINO_ACIDS_supply",
            rates.parameter("k_autophagy_AMINO_ACIDS_supply")
            * known(model, "autophagy")
            * digesting,
            "nM/s",
        )
        pool = model.monomers["AMINO_ACIDS"]
        step("autophagy_AMINO_ACIDS_supply", None, pool() ** cell, rate, "MTOR_REACTIVATION")
