"""ERBB3 as ERBB2's way to PI3K, with the numbers of the tables alone."""

from typing import Any

from mtorules.models.perturbations import conditions

HEREGULIN = conditions.values("NRG1_STIM")
STARVED = conditions.values("GF0")


def test_heregulin_reaches_akt_through_erbb3_and_erbb2(tables: Any) -> None:
    akt = tables.after([10 / 60], HEREGULIN, **STARVED)["pAKT_t308_nM"]
    assert akt[-1] > 3 * akt[0]
    for lost in ("ERBB3_0", "ERBB2_0"):
        without = tables.after([10 / 60], HEREGULIN, **STARVED, **{lost: 0.0})["pAKT_t308_nM"]
        assert without[-1] < 1.1 * without[0]


def test_the_kinase_of_the_pair_is_erbb2s(tables: Any) -> None:
    """Lapatinib, which takes ERBB2, keeps heregulin from ERBB3."""
    free = tables.after([10 / 60], HEREGULIN, **STARVED)["pERBB3_nM"]
    blocked = tables.after([10 / 60], {**HEREGULIN, "HER2I_0": 3000.0}, **STARVED)["pERBB3_nM"]
    assert blocked[-1] < 0.1 * free[-1]


def test_amplified_erbb2_needs_erbb3_for_pip3(tables: Any) -> None:
    amplified = conditions.values("ERBB2_amp")
    gain = tables.rest(**amplified)["PIP3_nM"] / tables.rest()["PIP3_nM"]
    bare = tables.rest(ERBB3_0=0.0)["PIP3_nM"]
    without = tables.rest(ERBB3_0=0.0, **amplified)["PIP3_nM"] / bare
    assert gain > 1.3
    assert without < 1 + 0.5 * (gain - 1)


def test_trastuzumab_spares_what_heregulin_does(tables: Any) -> None:
    """It parts ERBB2 and ERBB3 that pair without a ligand only (Junttila 2009; Agus 2002)."""
    antibody = {"TRASTUZUMAB_0": 100.0}
    free = tables.after([10 / 60], HEREGULIN, **STARVED)["pERBB3_nM"]
    under = tables.after([10 / 60], {**HEREGULIN, **antibody}, **STARVED)["pERBB3_nM"]
    assert under[-1] > 0.8 * free[-1]
    amplified = tables.after([1.0], antibody, **conditions.values("ERBB2_amp"))
    assert amplified["pERBB3_nM"][-1] < 0.2 * amplified["pERBB3_nM"][0]
    assert amplified["pAKT_t308_nM"][-1] < 0.8 * amplified["pAKT_t308_nM"][0]
