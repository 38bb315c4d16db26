"""p27: an inhibitor of CDK2 in the nucleus, of RHOA in the cytosol.

AKT and SGK1 phosphorylate T157, which keeps p27 from import (Liang 2002; Shin 2002; Viglietto 2002;
Hong 2008); AKT, SGK1 and RSK phosphorylate T198 (Larrea 2009; Fujita 2002), which holds it in the
cytosol with 14-3-3 and makes it bind RHOA. RHOA with p27 cannot be loaded (Besson 2004), ROCK1
falls, and the cell moves. FOXO4 in the nucleus drives synthesis (Medema 2000). Active CDK2 marks
nuclear p27 on T187 for SKP2, and so has its own inhibitor destroyed (Sheaff 1997; Carrano 1999;
mark and loss in one step); SKP2 is made where S6K is on and lost under rapamycin (Shapira 2005), so
that p27 piles up on CDK2. ERK that is always on shortens the life of p27, which piles up under MEK
inhibitors (Kortylewski 2001); how is left open, so that it is one step. T198 spares p27 (Kossatz
2006).
"""

from __future__ import annotations

from typing import Any

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, renewal, spontaneous, step
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on
from .cdk2 import add_inhibition


def add_p27(model: Model, rates: Rates) -> None:
    """Add p27, RHOA and ROCK1.

    Observables ``CDKN1B_nuclear``, ``CDKN1B_cytosolic``, ``pCDKN1B_t157``, ``pCDKN1B_t198``,
    ``CDK2_CDKN1B``, ``CDKN1B_RHOA``, ``RHOA_GTP`` and ``ROCK1_active``.
    """
    both = ["u", "p"]
    p27 = add_seeded(
        model,
        rates,
        "CDKN1B",
        ["cdk2", "rhoa", "t157", "t198", "place"],
        {"t157": both, "t198": both, "place": ["nucleus", "cytosol"]},
    )
    rhoa = add_seeded(model, rates, "RHOA", ["p27", "nucleotide"], {"nucleotide": ["gdp", "gtp"]})
    rock1 = add_seeded(model, rates, "ROCK1", ["activity"], {"activity": ["off", "on"]})
    skp2 = add_seeded(model, rates, "SKP2", [])
    cdk2 = model.monomers["CDK2"]
    free: dict[str, Any] = {"cdk2": None, "rhoa": None}
    bare = {"t157": "u", "t198": "u"}
    with drafting(model):
        foxo4 = known(model, "FOXO4_nuclear_nM")
        drive = rates.parameter("basal_CDKN1B") + foxo4 / (
            foxo4 + rates.parameter("K_CDKN1B_FOXO4")
        )
        renewal(
            model,
            rates,
            "CDKN1B",
            p27(**free, **bare, place="cytosol"),
            p27(t198="u"),
            "FOXO4_P27",
            factor=drive,
        )
        spontaneous(rates, "CDKN1B_t198_decay", p27(t198="p"), None, "P27_T198_STABLE")
        s6k = known(model, "S6K_active_nM")
        made = rates.parameter("basal_SKP2") + s6k / (s6k + rates.parameter("K_SKP2_S6K"))
        renewal(model, rates, "SKP2", skp2(), skp2(), "SKP2_RAPA", "P27_SKP2", factor=made)
        ligase = observe(model, "SKP2_all", skp2())
        catalysed(
            rates,
            "CDK2_SKP2_degrades_CDKN1B",
            p27(place="nucleus"),
            None,
            known(model, "CDK2_active_nM") * ligase / (ligase + rates.parameter("K_CDKN1B_SKP2")),
            "P27_SKP2",
        )
        catalysed(
            rates,
            "ERK_degrades_CDKN1B",
            p27(t198="u"),
            None,
            known(model, "ERK_active_nM"),
            "P27_ERK",
        )
        akt = acting_on(model, rates, "CDKN1B")
        for kinase, site, enzyme, sources in (
            ("AKT", "t157", akt, ("P27_LIANG", "P27_SHIN", "P27_VIGLIETTO")),
            ("SGK1", "t157", known(model, "SGK1_active_nM"), ("SGK1_MTORC1",)),
            ("AKT", "t198", akt, ("P27_T198",)),
            ("SGK1", "t198", known(model, "SGK1_active_nM"), ("P27_LARREA",)),
            ("RSK", "t198", known(model, "RSK_active_nM"), ("P27_LARREA",)),
        ):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_CDKN1B_{site}",
                p27(**free, **{site: "u"}),
                p27(**free, **{site: "p"}),
                enzyme,
                *sources,
            )
        for site in ("t157", "t198"):
            spontaneous(
                rates,
                f"CDKN1B_{site}_dephosphorylation",
                p27(**free, **{site: "p"}),
                p27(**free, **{site: "u"}),
            )
            observe(model, f"pCDKN1B_{site}", p27(**{site: "p"}))
        # Either phosphate keeps p27 out of the nucleus and lets it leave.
        spontaneous(
            rates,
            "CDKN1B_import",
            p27(**free, **bare, place="cytosol"),
            p27(**free, **bare, place="nucleus"),
            "P27_LIANG",
        )
        leaving = spontaneous(
            rates,
            "CDKN1B_export",
            p27(**free, t198="p", place="nucleus"),
            p27(**free, t198="p", place="cytosol"),
            "P27_LIANG",
        )
        step(
            "CDKN1B_t157_export",
            p27(**free, t157="p", t198="u", place="nucleus"),
            p27(**free, t157="p", t198="u", place="cytosol"),
            leaving.rate_forward,
            "P27_LIANG",
        )
        inside = {"rhoa": None, **bare, "place": "nucleus"}
        add_inhibition(rates, cdk2, p27(cdk2=None, **inside), p27(cdk2=1, **inside), "P27_CDK2")
        observe(model, "CDK2_CDKN1B", cdk2(cdki=1) % p27(cdk2=1))
        observe(model, "CDKN1B_nuclear", p27(place="nucleus"))
        observe(model, "CDKN1B_cytosolic", p27(place="cytosol"))

        kr = rates.parameter("kr_CDKN1B_binds_RHOA")
        kf = rates.parameter("kf_CDKN1B_binds_RHOA")
        loose = derived(
            "kr_CDKN1B_binds_RHOA_bare", kr * rates.parameter("loosening_CDKN1B_t198_u"), "1/s"
        )
        idle = rhoa(p27=None, nucleotide="gdp")
        for name, state, off in (("CDKN1B_t198", "p", kr), ("CDKN1B", "u", loose)):
            apart = p27(**free, t198=state, place="cytosol")
            held = rhoa(p27=1, nucleotide="gdp") % p27(
                cdk2=None, rhoa=1, t198=state, place="cytosol"
            )
            step(f"{name}_binds_RHOA", apart + idle, held, kf, "P27_RHOA", "P27_LARREA")
            step(f"{name}_leaves_RHOA", held, apart + idle, off, "P27_RHOA", "P27_LARREA")
        observe(model, "CDKN1B_RHOA", p27(rhoa=ANY))
        loaded = rhoa(p27=None, nucleotide="gtp")
        spontaneous(rates, "RHOA_exchange", idle, loaded, "P27_RHOA")
        spontaneous(rates, "RHOA_hydrolysis", loaded, idle, "P27_RHOA")
        gtp = observe(model, "RHOA_GTP", loaded)
        off, on = rock1(activity="off"), rock1(activity="on")
        catalysed(rates, "RHOA_activates_ROCK1", off, on, gtp, "ROCK1_RHOA")
        spontaneous(rates, "ROCK1_inactivation", on, off)
        observe(model, "ROCK1_active", on)
