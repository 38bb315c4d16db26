"""The TSC complex, GTPase-activating protein of RHEB, with a site for each of its inputs.

TSC1 and TSC2 work as a complex (Tee 2002). AKT (S939, S981, T1462; here ``s939``) makes 14-3-3 take
TSC2 away from RHEB (Cai 2006); ERK (S540, S664; ``s664``) and RSK (``s1798``) lower its activity
(Ma 2005; Roux 2004), AMPK (T1271, S1387; ``s1387``) raises it (Inoki 2003). AKT's phosphate alone
changes nothing: REDD1, which takes 14-3-3 away, restores the activity (DeYoung 2008). The four
sites act as independent factors; only unphosphorylated TSC2 exchanges TSC1, which it does slowly
anyway. The kinases and their phosphatases are in ``arms.py``.
"""

from __future__ import annotations

from itertools import product

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, derived, observe
from ...numbers.parameters import Rates

_SITES = ("s939", "s664", "s1798", "s1387")


def add_tsc(model: Model, rates: Rates) -> None:
    """Add TSC1, TSC2 and 14-3-3; observables ``pTSC2_<site>``, ``TSC2_YWHAZ``; ``TSC_GAP_nM``."""
    both = ["u", "p"]
    tsc1 = add_seeded(model, rates, "TSC1", ["tsc2"])
    tsc2 = add_seeded(model, rates, "TSC2", ["tsc1", "ywha", *_SITES], dict.fromkeys(_SITES, both))
    ywha = add_seeded(model, rates, "YWHAZ", ["groove"])
    bare = dict.fromkeys(_SITES, "u")
    with drafting(model):
        binding(
            rates,
            "TSC1_binds_TSC2",
            tsc1(tsc2=None) + tsc2(tsc1=None, ywha=None, **bare),
            tsc1(tsc2=1) % tsc2(tsc1=1, ywha=None, **bare),
            "TSC_COMPLEX",
        )
        binding(
            rates,
            "YWHAZ_binds_TSC2",
            ywha(groove=None) + tsc2(tsc1=ANY, ywha=None, s939="p"),
            ywha(groove=1) % tsc2(tsc1=ANY, ywha=1, s939="p"),
            "TSC2_1433",
            "REDD1_1433",
        )
        observe(model, "TSC_complex", tsc2(tsc1=ANY))
        observe(model, "TSC2_YWHAZ", tsc2(ywha=ANY))
        for site in _SITES:
            observe(model, f"pTSC2_{site}", tsc2(**{site: "p"}))

        effect = {site: rates.parameter(f"activity_TSC2_{site}") for site in _SITES[1:]}
        working = observe(model, "TSC2_sequestered", tsc2(tsc1=ANY, ywha=ANY)) * rates.parameter(
            "activity_TSC2_YWHAZ"
        )
        for marks in product("up", repeat=3):
            state = dict(zip(_SITES[1:], marks, strict=True))
            phosphorylated = [site for site in state if state[site] == "p"]
            name = "_".join(("TSC2_free", *phosphorylated))
            share = observe(model, name, tsc2(tsc1=ANY, ywha=None, **state))
            for site in phosphorylated:
                share = share * effect[site]
            working += share
        derived("TSC_GAP_nM", working, "nM")
