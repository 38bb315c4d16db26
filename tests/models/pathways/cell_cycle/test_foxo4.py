from typing import Any

import numpy as np
import pytest

Reading = dict[str, float]


def test_foxo4_rests_where_its_four_states_balance(whole: Any, fed: Reading) -> None:
    """A chain of four states: bare and marked, in the nucleus and out of it."""
    mark = whole["keff_AKT_phosphorylates_FOXO4_t32"] * fed["AKT_on_FOXO4_nM"]
    unmark = whole["k_FOXO4_t32_dephosphorylation"]
    leave, enter = whole["k_FOXO4_export"], whole["k_FOXO4_import"]
    flow = np.zeros((4, 4))  # states: u in, p in, p out, u out
    for start, end, rate in (
        *((0, 1, mark), (1, 0, unmark), (1, 2, leave)),
        *((2, 3, unmark), (3, 2, mark), (3, 0, enter)),
    ):
        flow[end, start] += rate
        flow[start, start] -= rate
    rest = np.linalg.lstsq(np.vstack([flow, np.ones(4)]), [0, 0, 0, 0, 1], rcond=None)[0]
    assert fed["FOXO4_nuclear_nM"] / fed["FOXO4_total"] == pytest.approx(rest[0] + rest[1], 1e-4)


def test_gsk3_follows_akt_s6k_and_rsk(whole: Any, fed: Reading) -> None:
    gain = whole["k_GSK3B_s9_phosphorylation"]
    for kinase in ("AKT_on_GSK3B", "S6K_active", "RSK_active"):
        efficiency = whole[f"keff_{kinase.partition('_')[0]}_phosphorylates_GSK3B_s9"]
        gain += efficiency * fed[f"{kinase}_nM"]
    loss = whole["k_GSK3B_s9_dephosphorylation"]
    assert fed["pGSK3B_s9_nM"] / fed["GSK3B_total"] == pytest.approx(gain / (gain + loss), 1e-4)


def test_cdk4_and_cyclin_d_hold_each_other(whole: Any, fed: Reading) -> None:
    """Cyclin is scarce and short-lived, so that its loss from the pair counts as release."""
    assert fed["CDK4_CCND1_nM"] < fed["CCND1_total"] < fed["CDK4_total"]
    assert fed["CDK4_CCND1_nM"] > 0.9 * fed["CCND1_total"]


def test_a_messenger_follows_its_drive(whole: Any, fed: Reading) -> None:
    drive = whole["basal_CCND1_transcription"]
    for name, level in (
        ("AKT", fed["AKT_full_active_nM"]),
        ("RSK", fed["RSK_active_nM"]),
        ("ESR1", fed["ESR1_active_nM"]),
    ):
        half = whole[f"K_{name}_CCND1_transcription"]
        drive += whole[f"weight_{name}_CCND1_transcription"] * level / (level + half)
    erk, half = fed["ERK_active_nM"], whole["K_ERK_CCND1_transcription"]
    drive += whole["weight_ERK_CCND1_transcription"] * erk**2 / (erk**2 + half**2)
    ratio = whole["k_CCND1_mRNA_synthesis"] / whole["k_CCND1_mRNA_decay"]
    assert fed["CCND1_mRNA_total"] == pytest.approx(whole["CCND1_mRNA_0"] * ratio * drive, rel=1e-4)


def test_without_akt_and_sgk1_p27_goes_to_the_nucleus_and_holds_cdk2(
    whole: Any, fed: Reading
) -> None:
    torki = whole.after(24, {"TORKI_0": 250.0}, PTEN_0=0.0)
    inside = torki["CDKN1B_nuclear_nM"] / torki["CDKN1B_total"]
    assert inside[-1] > inside[0] + 0.1
    assert torki["CDK2_CDKN1B_nM"][-1] > torki["CDK2_CDKN1B_nM"][0]
    bound = whole.rest(keff_RSK_phosphorylates_CDKN1B_t198=0.0)["CDKN1B_RHOA_nM"]
    assert bound < fed["CDKN1B_RHOA_nM"]


def test_p27_on_cdk2_is_not_on_rhoa(whole: Any) -> None:
    for species in whole.network.species:
        if "CDKN1B(" in species.pattern:
            assert not ("CDK2(" in species.pattern and "RHOA(" in species.pattern)


def test_damage_stops_cdk2_through_p53_and_p21(whole: Any) -> None:
    hit = whole.after(24, {"DNA_damage": 1.0})["CDK2_active_nM"]
    lost = whole.after(24, {"DNA_damage": 1.0}, TP53_0=0.0)["CDK2_active_nM"]
    assert hit[-1] < 0.8 * hit[0]
    assert lost[-1] > hit[-1]
