"""CDK2 with cyclin E, and the inhibitor p21.

Cyclin E is transcribed by E2F, which CDK4 with cyclin D sets free of RB (Ohtani 1995), so that CDK2
comes after CDK4; its messenger is among those that follow eIF4E (Culjkovic 2006). GSK3
phosphorylates cyclin E on T395 (T380 of the short form) for FBXW7 (Welcker 2003); inhibitor-bound
CDK2 keeps it from GSK3, though not from every loss. p53 transcribes p21 (el-Deiry
1993), which blocks nuclear CDK2 with cyclin until AKT's phosphate on T145 sends it to the cytosol
(Zhou 2001).
"""

from __future__ import annotations

from typing import Any

from pysb import Model, Monomer
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, catalysed, known, observe, renewal, spontaneous, step
from ...building.transcription import transcribed
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on

_PLACES = ["nucleus", "cytosol"]


def add_cdk2(model: Model, rates: Rates) -> None:
    """Add CDK2 and cyclin E; observable ``CDK2_active`` (with cyclin, without inhibitor)."""
    cdk2 = add_seeded(model, rates, "CDK2", ["cyclin", "cdki"])
    cyclin = add_seeded(model, rates, "CCNE1", ["cdk2", "t395"], {"t395": ["u", "p"]})
    with drafting(model):
        binding(
            rates,
            "CDK2_binds_CCNE1",
            cdk2(cyclin=None, cdki=None) + cyclin(cdk2=None),
            cdk2(cyclin=1, cdki=None) % cyclin(cdk2=1),
            "CDK2_CYCLIN_E",
        )
        cap = known(model, "EIF4E_EIF4G1_nM")
        cdk4, half = known(model, "CDK4_CCND1_nM"), rates.parameter("K_CCNE1_CDK4")
        basal = rates.parameter("basal_CCNE1_transcription")
        e2f = basal + (1 - basal) * cdk4**2 / (half**2 + cdk4**2)
        messenger = transcribed(model, rates, "CCNE1", e2f, "CCNE1_E2F")
        renewal(
            model,
            rates,
            "CCNE1",
            cyclin(cdk2=None, t395="u"),
            cyclin(t395="u"),
            "CDK2_CYCLIN_E",
            "CCNE1_EIF4E",
            factor=messenger * cap / (cap + rates.parameter("K_CCNE1_cap")),
        )
        gsk3 = known(model, "GSK3B_active_nM")
        rule = catalysed(
            rates,
            "GSK3B_phosphorylates_CCNE1_t395",
            cyclin(cdk2=None, t395="u"),
            cyclin(cdk2=None, t395="p"),
            gsk3,
            "CCNE1_GSK3",
        )
        step(
            "GSK3B_phosphorylates_CDK2_CCNE1_t395",
            cdk2(cyclin=1, cdki=None) % cyclin(cdk2=1, t395="u"),
            cdk2(cyclin=1, cdki=None) % cyclin(cdk2=1, t395="p"),
            rule.rate_forward,
            "CCNE1_GSK3",
        )
        spontaneous(rates, "CCNE1_t395_degradation", cyclin(t395="p"), None, "CCNE1_GSK3")
        observe(model, "CDK2_active", cdk2(cyclin=ANY, cdki=None))
        observe(model, "pCCNE1_t395", cyclin(t395="p"))


def add_inhibition(rates: Rates, cdk2: Monomer, loose: Any, held: Any, *sources: str) -> None:
    """Let an inhibitor take CDK2 with its cyclin, and let go with or without it.

    The cyclin may be degraded while the inhibitor sits there. Call it inside
    :func:`.drafting.drafting`.
    """
    name = f"CDK2_binds_{loose.monomer.name}"
    step(
        name,
        cdk2(cyclin=ANY, cdki=None) + loose,
        cdk2(cyclin=ANY, cdki=1) % held,
        rates.parameter(f"kf_{name}"),
        *sources,
    )
    step(
        f"{name}_release",
        cdk2(cdki=1) % held,
        cdk2(cdki=None) + loose,
        rates.parameter(f"kr_{name}"),
        *sources,
    )


def add_p21(model: Model, rates: Rates) -> None:
    """Add p21; observables ``CDKN1A_nuclear``, ``CDK2_CDKN1A`` and ``pCDKN1A_t145``."""
    p21 = add_seeded(
        model,
        rates,
        "CDKN1A",
        ["cdk2", "t145", "place"],
        {"t145": ["u", "p"], "place": _PLACES},
    )
    cdk2 = model.monomers["CDK2"]
    with drafting(model):
        active = known(model, "pTP53_s15_nM")
        induction = 1 + rates.parameter("gain_CDKN1A_TP53") * active / (
            active + rates.parameter("K_CDKN1A_TP53")
        )
        renewal(
            model,
            rates,
            "CDKN1A",
            p21(cdk2=None, t145="u", place="nucleus"),
            p21(),
            "P21_P53",
            factor=transcribed(model, rates, "CDKN1A", induction, "P21_P53"),
        )
        catalysed(
            rates,
            "AKT_phosphorylates_CDKN1A_t145",
            p21(cdk2=None, t145="u"),
            p21(cdk2=None, t145="p"),
            acting_on(model, rates, "CDKN1A"),
            "P21_AKT",
        )
        spontaneous(rates, "CDKN1A_t145_dephosphorylation", p21(t145="p"), p21(t145="u"))
        spontaneous(
            rates,
            "CDKN1A_export",
            p21(t145="p", place="nucleus"),
            p21(t145="p", place="cytosol"),
            "P21_AKT",
        )
        spontaneous(
            rates,
            "CDKN1A_import",
            p21(t145="u", place="cytosol"),
            p21(t145="u", place="nucleus"),
            "P21_AKT",
        )
        inside = {"t145": "u", "place": "nucleus"}
        add_inhibition(rates, cdk2, p21(cdk2=None, **inside), p21(cdk2=1, **inside), "P21_AKT")
        observe(model, "CDKN1A_nuclear", p21(place="nucleus"))
        observe(model, "CDK2_CDKN1A", cdk2(cdki=1) % p21(cdk2=1))
        observe(model, "pCDKN1A_t145", p21(t145="p"))
