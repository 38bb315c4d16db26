"""ERK restrains itself, with the numbers of the tables alone."""

from typing import Any

import numpy as np
import pytest
from mtorules.models.perturbations import conditions

STARVED = conditions.values("GF0")
EGF = conditions.values("EGF_STIM")
CUT = conditions.values("L5_cut")


def share_of_erk(course: dict[str, np.ndarray]) -> np.ndarray:
    return course["pERK_y204_nM"] / course["ERK_total"]


def test_erk_adapts_to_egf(tables: Any) -> None:
    """Tens of per cent within minutes, less than half of that after two hours (Lake 2016)."""
    minutes = [1, 2, 3, 5, 10, 20, 60, 120]
    erk = share_of_erk(tables.after([each / 60 for each in minutes], EGF, **STARVED))
    peak = erk.max()
    assert 0.2 < peak < 0.8
    assert erk.argmax() in range(1, 6)
    assert erk[-1] < 0.5 * peak
    serum = tables.rest()
    assert 0.02 < serum["pERK_y204_nM"] / serum["ERK_total"] < 0.15


def test_without_its_feedback_erk_stays_on(tables: Any) -> None:
    erk = share_of_erk(tables.after([5 / 60, 1, 2], EGF, **STARVED, **CUT))
    assert erk[-1] > 0.9 * erk.max()


@pytest.mark.parametrize(
    "kept",
    ["keff_ERK_phosphorylates_BRAF_t753", "k_DUSP_synthesis", "k_SPRY_synthesis"],
)
def test_each_arm_restrains_erk_by_itself(kept: str, tables: Any) -> None:
    others = {name: value for name, value in CUT.items() if name != kept}
    alone = tables.rest(**others)["pERK_y204_nM"]
    assert alone < 0.9 * tables.rest(**CUT)["pERK_y204_nM"]


def test_induced_proteins_rest_where_making_and_losing_balance(tables: Any) -> None:
    fed = tables.rest()
    for name in ("DUSP", "SPRY"):
        basal, erk = tables[f"basal_{name}_synthesis"], fed["ERK_active_nM"]
        drive = basal + (1 - basal) * erk / (erk + tables[f"K_{name}_ERK"])
        level = tables[f"{name}_0"] * drive
        level *= tables[f"k_{name}_synthesis"] / tables[f"k_{name}_decay"]
        assert fed[f"{name}_total"] == pytest.approx(level, rel=1e-4)


def test_pip3_loads_ras_only_where_receptors_hold_sos(tables: Any) -> None:
    """Loss of PTEN floods the cell with PIP3; without receptors RAS hardly notices."""
    off = {f"keff_{name}_SOS1_loads_KRAS": 0.0 for name in ("EGFR", "ERBB2", "MET", "IRS1")}
    bare, flooded = tables.rest(**off), tables.rest(PTEN_0=0.0, **off)
    assert flooded["PIP3_nM"] > 3 * bare["PIP3_nM"]
    assert flooded["KRAS_GTP_nM"] == pytest.approx(bare["KRAS_GTP_nM"], rel=1e-6)
    assert tables.rest(PTEN_0=0.0)["KRAS_GTP_nM"] > 1.3 * tables.rest()["KRAS_GTP_nM"]


def test_pi3k_inhibitors_take_wild_type_ras_down_at_once(tables: Any) -> None:
    """Will 2014: within minutes, and it comes back in part."""
    ras = tables.after([10 / 60], {"PI3KI_0": 1000.0})["KRAS_GTP_nM"]
    assert ras[-1] < 0.8 * ras[0]


def test_akt_holds_raf_back(tables: Any) -> None:
    fed = tables.rest()
    gain = tables["keff_AKT_phosphorylates_BRAF_s365"] * fed["AKT_on_BRAF_nM"]
    loss = tables["k_BRAF_s365_dephosphorylation"]
    idle = fed["BRAF_total"] - fed["BRAF_active_nM"]
    assert fed["pBRAF_s365_nM"] / idle == pytest.approx(gain / (gain + loss), rel=1e-3)
    freed = tables.rest(keff_AKT_phosphorylates_BRAF_s365=0.0)
    assert freed["pERK_y204_nM"] > fed["pERK_y204_nM"]


@pytest.mark.parametrize(("dose", "least", "most"), [(100, 1.2, 4), (1000, 1.1, 4), (1e5, 0, 0.6)])
def test_a_raf_inhibitor_raises_wild_type_erk_before_it_lowers_it(
    dose: float, least: float, most: float, tables: Any
) -> None:
    """Poulikakos 2010: a vemurafenib that fills one seat of the pair switches the other on."""
    erk = tables.after([1], {"RAFI_0": dose})["pERK_y204_nM"]
    assert least <= erk[-1] / erk[0] <= most


def test_a_raf_inhibitor_lowers_erk_of_v600e_at_doses_that_raise_the_wild_type(tables: Any) -> None:
    erk = tables.after([1], {"RAFI_0": 1000.0}, BRAF_V600E_0=10.0)["pERK_y204_nM"]
    assert erk[-1] < 0.5 * erk[0]


def test_some_mek_inhibitors_keep_mek_from_being_phosphorylated(tables: Any) -> None:
    """Gilmartin 2011: trametinib does; under others phosphorylated MEK piles up."""
    reach = "residual_MEKI_MEK_s218"
    trametinib = tables.after([1], {"MEKI_0": 60.0})
    other = tables.after([1], {"MEKI_0": 60.0}, **{reach: 1.0})
    for course in (trametinib, other):
        assert course["pERK_y204_nM"][-1] < 0.1 * course["pERK_y204_nM"][0]
    assert trametinib["pMEK_s218_nM"][-1] < 0.6 * trametinib["pMEK_s218_nM"][0]
    assert other["pMEK_s218_nM"][-1] > 1.3 * other["pMEK_s218_nM"][0]


def test_mek_of_v600e_loses_phosphate_under_inhibitors_that_spare_it_elsewhere(
    tables: Any,
) -> None:
    """Hatzivassiliou 2013: wild-type RAF phosphorylates it; Frohlich 2023: A375 keep a fifth."""
    cobimetinib = {"residual_MEKI_MEK_s218": 1.0, "residual_MEKI_MEK_s218_V600E": 0.2}
    ras, raf = (
        tables.after([24], {"MEKI_0": 600.0}, **conditions.values(genotype), **cobimetinib)
        for genotype in ("KRAS_G12V", "BRAF_V600E")
    )
    assert ras["pMEK_s218_nM"][-1] > ras["pMEK_s218_nM"][0]
    assert raf["pMEK_s218_nM"][-1] < 0.6 * raf["pMEK_s218_nM"][0]
    for course in (ras, raf):
        assert course["pERK_y204_nM"][-1] < 0.15 * course["pERK_y204_nM"][0]
