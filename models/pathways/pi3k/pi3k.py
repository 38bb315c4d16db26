"""Class I PI3K makes PIP3 where adaptors hold it; PTEN takes the phosphate off again.

The SH2 domains of p85 bind phosphotyrosines on IRS1 (Myers 1992) and, through GAB1 and ERBB3, on
other receptors; binding brings PI3K to its lipid and relieves it. The kinase-domain mutant H1047R
needs them less (Samuels 2004). PTEN removes the 3-phosphate (Maehama 1998; Stambolic 1998); other
lipid phosphatases do the rest.
"""

from __future__ import annotations

from pysb import Initial, Model, Rule
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    binding,
    catalysed,
    derived,
    holds,
    observe,
    spontaneous,
    uninhibited,
)
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_pi3k(model: Model, rates: Rates) -> None:
    """Add PI3K (wild type and H1047R), PIP2, PIP3, PTEN; observables ``PIP3``, ``PI3K_bound``."""
    cell = model.compartments["cell"]
    pi3k = add_seeded(model, rates, "PIK3CA", ["sh2", "allele"], {"allele": ["wt", "H1047R"]})
    lipid = add_seeded(model, rates, "PIP", ["ph", "head"], {"head": ["pip2", "pip3"]})
    pten = add_seeded(model, rates, "PTEN", [])
    with drafting(model):
        mutant = rates.parameter("PIK3CA_H1047R_0")
        Initial(
            pi3k(sh2=None, allele="H1047R") ** cell,
            derived("PIK3CA_H1047R_seed", mutant * cell.size, "zmol"),
        )
        observe(model, "PI3K_bound", pi3k(sh2=ANY))
        working = sum(
            observe(model, name, pattern) * rates.parameter(f"activity_{name}")
            for name, pattern in (
                ("PI3K_wt_bound", pi3k(sh2=ANY, allele="wt")),
                ("PI3K_wt_free", pi3k(sh2=None, allele="wt")),
                ("PI3K_H1047R_bound", pi3k(sh2=ANY, allele="H1047R")),
                ("PI3K_H1047R_free", pi3k(sh2=None, allele="H1047R")),
            )
        )
        active = derived("PI3K_active_nM", working * uninhibited(model, "PI3K"), "nM")
        plain, phosphorylated = lipid(ph=None, head="pip2"), lipid(ph=None, head="pip3")
        observe(model, "PIP3", lipid(head="pip3"))
        catalysed(
            rates,
            "PI3K_phosphorylates_PIP2",
            plain,
            phosphorylated,
            active,
            "IRS1_PI3K",
            "PIK3CA_MUTATIONS",
        )
        loss = rates.parameter("keff_PTEN_dephosphorylates_PIP3")
        rule = Rule("PTEN_dephosphorylates_PIP3", pten() + phosphorylated >> pten() + plain, loss)
        cite(rule, "PTEN_LIPID", "PTEN_AKT")
        spontaneous(rates, "PIP3_dephosphorylation", phosphorylated, plain, "SHIP2")


def add_recruitment(model: Model, rates: Rates) -> None:
    """Let PI3K bind the phosphotyrosines of every adaptor and receptor there is."""
    pi3k = model.monomers["PIK3CA"]
    for name in ("IRS1", "EGFR", "ERBB2", "MET"):
        if not holds(model, name):
            continue
        site = model.monomers[name]
        # Serine phosphorylation keeps PI3K off IRS1.
        marks = {"y": "p", "s636": "u"} if name == "IRS1" else {"y": "p"}
        with drafting(model):
            binding(
                rates,
                f"{name}_binds_PIK3CA",
                site(pi3k=None, **marks) + pi3k(sh2=None),
                site(pi3k=1, **marks) % pi3k(sh2=1),
                "IRS1_PI3K" if name == "IRS1" else "RTK_PI3K",
            )
            observe(model, f"{name}_PIK3CA", site(pi3k=1) % pi3k(sh2=1))
