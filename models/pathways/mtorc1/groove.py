"""The docking groove of Raptor, for which the substrates of mTORC1 compete.

S6K and 4EBP1 carry a TOS motif that Raptor holds (Nojima 2003; Schalm 2003), and so does PRAS40:
one groove, one guest. Once docked, a substrate is phosphorylated at the speed of the complex that
holds it, and leaves. FKBP12-rapamycin hinders docking and slows the kinase on poor sites (Kang
2013).
"""

from __future__ import annotations

from itertools import product
from typing import Any

from pysb import Model, Monomer, Rule
from pysb.core import ANY

from ...building.steps import derived, holds, known, step
from ...numbers.evidence import cite
from ...numbers.parameters import Rates

_SOURCES = ("TOS_NOJIMA", "TOS_SCHALM")


def add_docking(model: Model, rates: Rates, substrate: Monomer, **marks: Any) -> None:
    """Let ``substrate`` in the states ``marks`` enter and leave the groove of assembled mTORC1."""
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
    name = substrate.name
    kf, kr = rates.parameter(f"kf_RPTOR_docks_{name}"), rates.parameter(f"kr_RPTOR_docks_{name}")
    approaches = [("RPTOR", None, kf)]
    if holds(model, "RAPA"):
        hindered = derived(
            f"kf_RPTOR_RAPA_docks_{name}",
            kf / rates.parameter(f"hindrance_RAPA_{name}"),
            "1/(nM*s)",
        )
        approaches.append(("RPTOR_RAPA", ANY, hindered))
    for who, frb, rate in approaches:
        rule = Rule(
            f"{who}_docks_{name}",
            mtor(scaf=1, frb=frb) % rptor(mtor=1, tos=None, s792="u") + substrate(tos=None, **marks)
            >> mtor(scaf=1, frb=frb) % rptor(mtor=1, tos=2, s792="u") % substrate(tos=2, **marks),
            rate,
        )
        cite(rule, *_SOURCES, *(("RAPA_SITE_QUALITY",) if frb else ()))
    rule = Rule(
        f"RPTOR_releases_{name}",
        rptor(tos=1) % substrate(tos=1) >> rptor(tos=None) + substrate(tos=None),
        kr,
    )
    cite(rule, *_SOURCES)


def add_phosphorylation(
    model: Model,
    rates: Rates,
    substrate: Monomer,
    site: str,
    *sources: str,
    others: dict[str, str] | None = None,
) -> None:
    """Let mTORC1 phosphorylate ``site`` of the substrate docked on it, and let it go.

    One rule for each kind of complex: with the drug or not, with DEPTOR or not, with Raptor
    phosphorylated on S721 or not.
    """
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
    others = others or {}
    label = f"{substrate.name}_{site}"
    rule_name = f"phosphorylates_{label}"
    full = rates.parameter(f"kcat_MTORC1_{rule_name}") * known(model, "MTORC1_drive")
    drugged: list[tuple[str, Any, Any]] = [("", None, 1)]
    if holds(model, "RAPA"):
        drugged.append(("_RAPA", ANY, rates.parameter(f"residual_RAPA_{label}")))
    braked: list[tuple[str, dict[str, Any], Any]] = [("", {}, 1)]
    if holds(model, "DEPTOR"):
        braked = [
            ("", {"deptor": None}, 1),
            ("_DEPTOR", {"deptor": ANY}, known(model, "residual_DEPTOR_MTORC1")),
        ]
    marked: list[tuple[str, dict[str, str], Any]] = [("", {}, 1)]
    if holds(model, "RSK_phosphorylates_RPTOR_s721"):
        marked = [
            ("", {"s721": "u"}, 1),
            ("_ps721", {"s721": "p"}, known(model, "boost_RPTOR_s721")),
        ]
    for (drug, frb, rest), (deptor, brake, left), (mark, marks, boost) in product(
        drugged, braked, marked
    ):
        name = f"MTORC1{drug}{deptor}{mark}_{rule_name}"
        holder = mtor(scaf=1, frb=frb, **brake)
        step(
            name,
            holder % rptor(mtor=1, tos=2, **marks) % substrate(tos=2, **{site: "u"}, **others),
            holder % rptor(mtor=1, tos=None, **marks)
            + substrate(tos=None, **{site: "p"}, **others),
            derived(f"rate_{name}", full * rest * left * boost, "1/s"),
            *sources,
        )
