"""4EBP1 holds eIF4E back until mTORC1 has phosphorylated it throughout.

4EBP1 and eIF4G bind the same face of eIF4E (Mader 1995). mTORC1 phosphorylates T37/T46 first, then
S65/T70 (Gingras 1999, 2001); only the fully phosphorylated form lets go of eIF4E. T37/T46 are good
sites that work on under rapamycin, S65/T70 less so (Kang 2013); T37/T46 alone loosens the grip a
little.
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, observe, spontaneous
from ...numbers.parameters import Rates
from ..mtorc1.groove import add_docking, add_phosphorylation


def add_ebp(model: Model, rates: Rates) -> None:
    """Add 4EBP1, eIF4E and eIF4G.

    Observables ``pEIF4EBP1_t37``, ``pEIF4EBP1_s65`` (fully phosphorylated), ``EIF4E_EIF4EBP1``,
    ``EIF4E_EIF4G1`` and ``EIF4EBP1_docked``.
    """
    both = ["u", "p"]
    ebp = add_seeded(
        model, rates, "EIF4EBP1", ["tos", "eif4e", "t37", "s65"], {"t37": both, "s65": both}
    )
    eif4e = add_seeded(model, rates, "EIF4E", ["face"])
    eif4g = add_seeded(model, rates, "EIF4G1", ["eif4e"])
    with drafting(model):
        # While eIF4E covers it, 4EBP1 does not dock; it leaves eIF4E every minute or two.
        add_docking(model, rates, ebp, eif4e=None, s65="u")
        add_phosphorylation(
            model, rates, ebp, "t37", "EBP_PRIMING", "EBP_ORDER", others={"s65": "u"}
        )
        add_phosphorylation(model, rates, ebp, "s65", "EBP_ORDER", others={"t37": "p"})
        spontaneous(
            rates, "EIF4EBP1_s65_dephosphorylation", ebp(t37="p", s65="p"), ebp(t37="p", s65="u")
        )
        spontaneous(
            rates,
            "EIF4EBP1_t37_dephosphorylation",
            ebp(tos=None, t37="p", s65="u"),
            ebp(tos=None, t37="u", s65="u"),
        )
        for name, marks in (
            ("EIF4EBP1", {"t37": "u", "s65": "u"}),
            ("EIF4EBP1_t37", {"t37": "p", "s65": "u"}),
            ("EIF4EBP1_s65", {"t37": "p", "s65": "p"}),
        ):
            binding(
                rates,
                f"EIF4E_binds_{name}",
                eif4e(face=None) + ebp(eif4e=None, tos=None, **marks),
                eif4e(face=1) % ebp(eif4e=1, tos=None, **marks),
                "EBP_BLOCKS_4G",
                "KD_4EBP1_EIF4E",
            )
        binding(
            rates,
            "EIF4E_binds_EIF4G1",
            eif4e(face=None) + eif4g(eif4e=None),
            eif4e(face=1) % eif4g(eif4e=1),
            "EBP_BLOCKS_4G",
        )
        observe(model, "pEIF4EBP1_t37", ebp(t37="p"))
        observe(model, "pEIF4EBP1_s65", ebp(s65="p"))
        observe(model, "EIF4EBP1_docked", ebp(tos=ANY))
        observe(model, "EIF4E_EIF4EBP1", eif4e(face=1) % ebp(eif4e=1))
        observe(model, "EIF4E_EIF4G1", eif4e(face=1) % eif4g(eif4e=1))
