"""The kinases that act on the TSC complex, and the phosphatases that undo it, one function each.

AKT: Inoki 2002, Manning 2002. ERK: Ma 2005. RSK: Roux 2004. AMPK: Inoki 2003. They act on TSC2 in
the complex, where 14-3-3 shields the phosphate that it holds; what each phosphate does is in
``tsc.py``.
"""

from __future__ import annotations

from typing import Any

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.steps import catalysed, known, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def _arm(model: Model, rates: Rates, kinase: str, site: str, enzyme: Any, *sources: str) -> None:
    tsc2 = model.monomers["TSC2"]
    shield = {"ywha": None} if site == "s939" else {}
    spontaneous(
        rates,
        f"TSC2_{site}_dephosphorylation",
        tsc2(tsc1=ANY, **shield, **{site: "p"}),
        tsc2(tsc1=ANY, **shield, **{site: "u"}),
    )
    catalysed(
        rates,
        f"{kinase}_phosphorylates_TSC2_{site}",
        tsc2(tsc1=ANY, **{site: "u"}),
        tsc2(tsc1=ANY, **{site: "p"}),
        enzyme,
        *sources,
    )


def add_akt_arm(model: Model, rates: Rates) -> None:
    """Let AKT phosphorylate TSC2."""
    with drafting(model):
        enzyme = acting_on(model, rates, "TSC2")
        _arm(model, rates, "AKT", "s939", enzyme, "TSC2_AKT", "TSC2_AKT_MANNING")


def add_erk_arm(model: Model, rates: Rates) -> None:
    """Let ERK phosphorylate TSC2."""
    with drafting(model):
        _arm(model, rates, "ERK", "s664", known(model, "ERK_active_nM"), "TSC2_ERK")


def add_rsk_arm(model: Model, rates: Rates) -> None:
    """Let RSK phosphorylate TSC2."""
    with drafting(model):
        _arm(model, rates, "RSK", "s1798", known(model, "RSK_active_nM"), "TSC2_RSK")


def add_ampk_arm(model: Model, rates: Rates) -> None:
    """Let AMPK phosphorylate TSC2."""
    with drafting(model):
        _arm(model, rates, "AMPK", "s1387", known(model, "AMPK_active_nM"), "TSC2_AMPK")
