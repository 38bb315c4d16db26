"""LKB1 phosphorylates AMPK when AMP says so.

LKB1 (STK11 with STRAD and MO25) is always active; AMP bound to AMPK makes T172 a better substrate
and keeps phosphatases off (Hawley 2003; Shaw 2004; Gowans 2013). ERK (S325) and RSK (S428)
phosphorylate LKB1, which then binds AMPK poorly (Zheng 2009). Sestrin raises AMPK's activity,
partly without LKB1 (Budanov and Karin 2008).
"""

from __future__ import annotations

from itertools import product

import sympy
from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, step
from ...numbers.parameters import Rates


def add_lkb1_ampk(model: Model, rates: Rates) -> None:
    """Add LKB1 and AMPK; observables ``pAMPK_t172``, ``STK11_AMPK``, ``AMPK_active_nM``."""
    both = ["u", "p"]
    lkb1 = add_seeded(model, rates, "STK11", ["ampk", "s325", "s428"], {"s325": both, "s428": both})
    ampk = add_seeded(model, rates, "AMPK", ["lkb1", "t172"], {"t172": both})
    with drafting(model):
        kf = rates.parameter("kf_STK11_binds_AMPK")
        kr = rates.parameter("kr_STK11_binds_AMPK")
        loose = rates.parameter("loosening_STK11_s325_s428")
        # Each of the two phosphates loosens the pair by the same factor.
        for s325, s428 in product("up", repeat=2):
            marks = {"s325": s325, "s428": s428}
            phosphorylated = [site for site, state in marks.items() if state == "p"]
            name = "_".join(("STK11_binds_AMPK", *phosphorylated))
            off = kr
            if phosphorylated:
                share = sympy.Rational(len(phosphorylated), 2)
                off = derived(f"kr_{name}", kr * loose**share, "1/s")
            step(
                name,
                lkb1(ampk=None, **marks) + ampk(lkb1=None),
                lkb1(ampk=1, **marks) % ampk(lkb1=1),
                kf,
                "LKB1_AMPK_HAWLEY",
                "LKB1_BRAF",
            )
            step(
                f"{name}_release",
                lkb1(ampk=1, **marks) % ampk(lkb1=1),
                lkb1(ampk=None, **marks) + ampk(lkb1=None),
                off,
                "LKB1_BRAF",
            )
        amp = known(model, "AMP_nM")
        bound = derived(
            "AMP_occupancy", amp / (amp + rates.parameter("K_AMP_AMPK")), "dimensionless"
        )
        name = "STK11_phosphorylates_AMPK_t172"
        bare, marked = ampk(t172="u"), ampk(t172="p")
        step(
            name,
            lkb1(ampk=1) % ampk(lkb1=1, t172="u"),
            lkb1(ampk=1) % ampk(lkb1=1, t172="p"),
            derived(
                f"rate_{name}",
                rates.parameter(f"kcat_{name}")
                * (rates.parameter("basal_AMPK_phosphorylation") + bound),
                "1/s",
            ),
            "LKB1_AMPK_HAWLEY",
            "LKB1_AMPK_SHAW",
            "AMP_AMPK",
        )
        name = "AMPK_t172_dephosphorylation"
        step(
            name,
            marked,
            bare,
            derived(
                f"rate_{name}",
                rates.parameter(f"k_{name}")
                * (1 - rates.parameter("protection_AMPK_t172") * bound),
                "1/s",
            ),
            "AMP_AMPK",
        )
        observe(model, "STK11_AMPK", lkb1(ampk=ANY))
        derived("AMPK_active_nM", observe(model, "pAMPK_t172", marked), "nM")


def add_lkb1_brakes(model: Model, rates: Rates) -> None:
    """Let ERK and RSK phosphorylate LKB1; observables ``pSTK11_s325`` and ``pSTK11_s428``."""
    lkb1 = model.monomers["STK11"]
    with drafting(model):
        for kinase, site in (("ERK", "s325"), ("RSK", "s428")):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_STK11_{site}",
                lkb1(**{site: "u"}),
                lkb1(**{site: "p"}),
                known(model, f"{kinase}_active_nM"),
                "LKB1_BRAF",
            )
            spontaneous(
                rates,
                f"STK11_{site}_dephosphorylation",
                lkb1(**{site: "p"}),
                lkb1(**{site: "u"}),
            )
            observe(model, f"pSTK11_{site}", lkb1(**{site: "p"}))


def add_sestrin_on_ampk(model: Model, rates: Rates) -> None:
    """Let sestrin raise AMPK: by helping LKB1, and by itself."""
    lkb1, ampk = model.monomers["STK11"], model.monomers["AMPK"]
    with drafting(model):
        sestrin = known(model, "SESN2_nM")
        catalysed(
            rates,
            "SESN2_STK11_phosphorylates_AMPK_t172",
            lkb1(ampk=1) % ampk(lkb1=1, t172="u"),
            lkb1(ampk=1) % ampk(lkb1=1, t172="p"),
            sestrin,
            "SESN_AMPK",
        )
        catalysed(
            rates,
            "SESN2_activates_AMPK",
            ampk(t172="u"),
            ampk(t172="p"),
            sestrin,
            "SESN_AMPK",
        )
