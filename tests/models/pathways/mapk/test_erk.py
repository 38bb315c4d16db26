from typing import Any

import pytest

Reading = dict[str, float]


@pytest.mark.parametrize(
    ("site", "step", "enzyme"),
    [
        ("MEK_s218", "BRAF_phosphorylates_MEK_s218", "RAF_active_nM"),
        ("ERK_y204", "MEK_phosphorylates_ERK_y204", "pMEK_s218_nM"),
    ],
)
def test_a_cycle_rests_where_kinase_and_phosphatase_balance(
    site: str, step: str, enzyme: str, whole: Any, fed: Reading
) -> None:
    gain = whole[f"keff_{step}"] * fed[enzyme]
    loss = whole[f"k_{site}_dephosphorylation"]
    if site == "ERK_y204":
        loss += whole["keff_DUSP_dephosphorylates_ERK_y204"] * fed["DUSP_all_nM"]
    share = fed[f"p{site}_nM"] / fed[f"{site.split('_')[0]}_total"]
    assert share == pytest.approx(gain / (gain + loss), rel=1e-4)


def test_rsk_s221_follows_s380_and_pdpk1(whole: Any, fed: Reading) -> None:
    full, primed = fed["pRSK_s221_nM"], fed["pRSK_s380_nM"] - fed["pRSK_s221_nM"]
    gain = whole["keff_PDPK1_phosphorylates_RSK_s221"] * fed["PDPK1_all_nM"]
    assert full / primed == pytest.approx(gain / whole["k_RSK_s380_dephosphorylation"], rel=1e-4)


def test_nf1_cannot_unload_the_mutant(whole: Any) -> None:
    """All of KRAS is G12V: the load it carries does not mind whether NF1 is there."""
    mutant = {"KRAS_0": 0.0, "KRAS_G12V_0": whole["KRAS_0"], "k_SOS1_s1132_dephosphorylation": 1e3}
    cut = {"keff_RAS_PI3K_phosphorylates_PIP2": 0.0, "keff_BRAF_phosphorylates_MEK_s218": 0.0}
    with_nf1 = whole.rest(**mutant, **cut)["KRAS_GTP_nM"]
    without = whole.rest(**mutant, **cut, NF1_0=0.0)["KRAS_GTP_nM"]
    assert without == pytest.approx(with_nf1, rel=1e-4)


def test_v600e_needs_no_ras(whole: Any) -> None:
    off = {"KRAS_0": 0.0}
    assert whole.rest(**off)["pERK_y204_nM"] == pytest.approx(0, abs=1e-6)
    mutant = whole.rest(BRAF_V600E_0=10.0, **off)
    working = whole["activity_BRAF_V600E"] * 10.0
    assert mutant["RAF_active_nM"] == pytest.approx(working, rel=1e-6)
    assert mutant["pERK_y204_nM"] > 100


def test_pi3k_passes_the_relief_of_feedback_on_to_erk(whole: Any) -> None:
    alone = whole.after(24, {"RAPA_0": 20.0})["pERK_y204_nM"]
    blocked = whole.after(24, {"RAPA_0": 20.0}, gain_PI3K_SOS1_loads_KRAS=0.0)["pERK_y204_nM"]
    rise, rest = (course[-1] / course[0] - 1 for course in (alone, blocked))
    assert rise > 0.15
    assert rest < rise  # what is left goes through IRS1 and GRB10
