from typing import Any

from mtorules.models.perturbations import conditions


def test_rapamycin_takes_skp2_and_spares_p27(tables: Any) -> None:
    """As in T cells and breast cancer cells (Nourse 1994; Shapira 2005)."""
    course = tables.after(48, {"RAPA_0": 20.0})
    assert course["SKP2_total"][-1] < 0.6 * course["SKP2_total"][0]
    cut = tables.after(48, {"RAPA_0": 20.0}, keff_CDK2_SKP2_degrades_CDKN1B=0.0)
    with_arm, without = (
        each["CDKN1B_total"][-1] / each["CDKN1B_total"][0] for each in (course, cut)
    )
    assert with_arm > 1.05 * without


def test_cdk2_has_its_inhibitor_destroyed(tables: Any) -> None:
    assert tables.rest(CDK2_0=0.0)["CDKN1B_nuclear"] > 1.15 * tables.rest()["CDKN1B_nuclear"]


def test_p27_piles_up_where_mek_is_inhibited_in_melanoma(tables: Any) -> None:
    """Kortylewski 2001: in A375 p27 lives longer under a MEK inhibitor, and holds more of CDK2."""
    v600e = conditions.values("BRAF_V600E")
    course = tables.after(24, {"MEKI_0": 60.0}, **v600e)
    assert course["CDKN1B_total"][-1] > 1.3 * course["CDKN1B_total"][0]
    held = course["CDK2_CDKN1B"] / (course["CDK2_CDKN1B"] + course["CDK2_active"])
    assert held[-1] > 1.1 * held[0]
    cut = tables.after(24, {"MEKI_0": 60.0}, **v600e, keff_ERK_degrades_CDKN1B=0.0)
    with_arm, without = (
        each["CDKN1B_total"][-1] / each["CDKN1B_total"][0] for each in (course, cut)
    )
    assert with_arm > 1.15 * without


def test_cyclin_e_comes_after_cyclin_d(tables: Any) -> None:
    """E2F transcribes it (Ohtani 1995)."""
    fed, lacking = tables.rest(), tables.rest(CDK4_0=0.0)
    assert lacking["CCNE1_total"] < 0.8 * fed["CCNE1_total"]
    cut = {"basal_CCNE1_transcription": 1.0}
    assert tables.rest(CDK4_0=0.0, **cut)["CCNE1_total"] > 0.95 * tables.rest(**cut)["CCNE1_total"]


def test_t198_moves_cells_that_are_rich_in_p27(tables: Any) -> None:
    """Larrea 2009: p27 that binds RHOA by T198 raises motility; little p27 holds little of it."""
    rich, bare = conditions.values("p27_rich"), conditions.values("CDKN1B_T198A")
    lost = {
        name: tables.rest(**cell, **bare)["motility"] / tables.rest(**cell)["motility"]
        for name, cell in (("rich", rich), ("usual", {}))
    }
    assert lost["rich"] < 0.9
    assert lost["rich"] < lost["usual"] - 0.03
