"""PRAS40's two sites, with the numbers of the tables alone."""

from typing import Any

from mtorules.models.perturbations import conditions

STARVED = conditions.values("GF0")
INSULIN = {"INS_0": conditions.values("INS_STIM")["INS_0"]}


def test_insulin_raises_s183_through_t246(tables: Any) -> None:
    """Wortmannin or T246A take it away, rapamycin a part (Nascimento 2010)."""

    def s183(change: dict[str, float], **cell: float) -> float:
        course = tables.after([0.5], change, **STARVED, **cell)["pAKT1S1_s183_nM"]
        return course[-1] / course[0]

    helped = s183(INSULIN)
    assert helped > 1.5
    assert s183({**INSULIN, "PI3KI_0": 1e4}) < 1.1
    assert s183({**INSULIN, "RAPA_0": 20.0}) < 0.7 * helped
    # The site that AKT marks is what the free form needs.
    unhelped = s183(INSULIN, keff_MTORC1_phosphorylates_AKT1S1_pt246_s183=0.0)
    assert unhelped < 1 + 0.5 * (helped - 1)
