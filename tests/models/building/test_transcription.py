"""A gene that is switched, its messenger and its protein, as the two sums of exponentials."""

from typing import Any

import numpy as np
import pytest

HOURS = np.array([0.25, 0.5, 1.0, 2.0, 4.0])


def test_messenger_and_protein_follow_one_after_the_other(bench: Any) -> None:
    its = bench("energy_stress")
    rest = its.rest()
    before, more = rest["DDIT4_mRNA_level"], 0.05
    course = its.after(HOURS, {"basal_DDIT4": its["basal_DDIT4"] + more})
    slow, fast = its["k_DDIT4_mRNA_decay"], its["k_DDIT4_decay"]
    time = 3600 * HOURS
    fading = np.exp(-slow * time)
    assert course["DDIT4_mRNA_level"][1:] == pytest.approx(before + more * (1 - fading), rel=1e-5)
    gain = its["k_DDIT4_synthesis"] * its["DDIT4_0"]
    protein = gain / fast * (before + more)
    protein -= gain * more / (fast - slow) * (fading - slow / fast * np.exp(-fast * time))
    assert course["DDIT4_total"][1:] == pytest.approx(protein, rel=1e-5)


@pytest.mark.parametrize("oxygen", [21.0, 1.0])
def test_there_is_as_much_of_it_as_the_gene_is_driven(oxygen: float, bench: Any) -> None:
    its = bench("energy_stress")
    rest = its.rest(oxygen=oxygen)
    drive = its["basal_DDIT4"]
    hif, p53 = rest["HIF1A_nM"], rest["pTP53_s15_nM"]
    drive += hif / (hif + its["K_DDIT4_HIF1A"])
    drive += its["gain_DDIT4_TP53"] * p53 / (p53 + its["K_DDIT4_TP53"])
    assert rest["DDIT4_mRNA_level"] == pytest.approx(drive, rel=1e-5)
    assert rest["DDIT4_mRNA_total"] == pytest.approx(drive * its["DDIT4_mRNA_0"], rel=1e-5)


def test_hypoxia_raises_redd1_in_tens_of_minutes(whole: Any) -> None:
    """The messenger and HIF both take their time; the protein alone would need minutes."""
    course = whole.after([0.1, 2, 6], {"oxygen": 1.0})["DDIT4_total"]
    assert course[1] < 1.2 * course[0]
    assert course[3] > 2 * course[0]
