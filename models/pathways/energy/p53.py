"""DNA damage stabilises p53, which makes sestrin.

ATM and CHK2 phosphorylate p53 on S15 and free it from MDM2 (Banin 1998); p53 transcribes SESN1 and
SESN2 (Budanov and Karin 2008). ``DNA_damage`` (0 to 1) is the rate of new lesions beside those of
replication, ``LESION`` their number, which falls as they are repaired.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, renewal, spontaneous, step
from ...building.transcription import transcribed
from ...numbers.parameters import Rates


def add_p53(model: Model, rates: Rates) -> None:
    """Add lesions, p53 and sestrin; observables ``pTP53_s15`` and the totals."""
    cell = model.compartments["cell"]
    lesion = add_seeded(model, rates, "LESION", [])
    p53 = add_seeded(model, rates, "TP53", ["s15"], {"s15": ["u", "p"]})
    sesn2 = add_seeded(model, rates, "SESN2", [])
    with drafting(model):
        rate = derived(
            "rate_LESION_formation",
            rates.parameter("k_LESION_formation")
            * (rates.parameter("basal_LESION_formation") + rates.parameter("DNA_damage")),
            "nM/s",
        )
        step("LESION_formation", None, lesion() ** cell, rate, "P53_ATM")
        spontaneous(rates, "LESION_repair", lesion(), None, "P53_ATM")
        damage = derived("LESION_nM", model.observables["LESION_total"] / cell.size, "nM")
        catalysed(
            rates, "LESION_phosphorylates_TP53_s15", p53(s15="u"), p53(s15="p"), damage, "P53_ATM"
        )
        spontaneous(rates, "TP53_s15_dephosphorylation", p53(s15="p"), p53(s15="u"))
        renewal(model, rates, "TP53", p53(s15="u"), p53(s15="u"), "HL_P53")
        spontaneous(rates, "TP53_s15_decay", p53(s15="p"), None, "HL_P53")
        observe(model, "pTP53_s15", p53(s15="p"))

        active = known(model, "pTP53_s15_nM")
        gain = rates.parameter("gain_SESN2_TP53")
        induction = 1 + gain * active / (active + rates.parameter("K_SESN2_TP53"))
        level = transcribed(model, rates, "SESN2", induction, "SESN_AMPK")
        renewal(model, rates, "SESN2", sesn2(), sesn2(), "SESN_AMPK", factor=level)
        derived("SESN2_nM", model.observables["SESN2_total"] / cell.size, "nM")
