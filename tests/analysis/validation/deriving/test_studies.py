"""From rows of studies to ratios, on rows made for it."""

import math
from typing import Any

import pandas as pd
import pytest
from mtorules.analysis.validation import targets
from mtorules.analysis.validation.deriving import studies

COLUMNS = (
    *("cell_line", "stimulus", "stim_dose", "drug", "dose_nM", "time_h"),
    *("readout", "value", "sd", "n", "note", "uncertainty"),
)


def drawn(name: str, *rows: dict[str, Any]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return targets of rows, and what became of these."""
    frame = pd.DataFrame([{column: str(row.get(column, "")) for column in COLUMNS} for row in rows])
    made, counts = studies.STUDIES[name](frame, targets.datasets()[name]).targets()
    return made, {str(why): int(count) for why, count in counts.items()}


def test_a_floor_and_the_units_of_pairs_of_drugs() -> None:
    usual = {"cell_line": "MCF10A", "time_h": 2.0, "readout": "BioAkt", "sd": 0.4, "n": 2}
    made, counts = drawn(
        "bosdriesz2022",
        {**usual, "drug": "AKTi 1uM + mTORi 0.01uM", "value": -7.9},
        {**usual, "drug": "IGF1Ri 3uM + mTORi 0.01 uM", "value": -1.0},
        {**usual, "drug": "ERKi 0.02uM + AKTi 1uM", "value": -1.0},
        {**usual, "drug": "DMSO", "value": 0.0},
    )
    assert made["drug"].to_list() == [
        "MK2206=1000 nM + AZD8055=10 nM",
        "linsitinib=3000 nM + AZD8055=10 nM",
    ]
    assert made["log2"].to_list() == [-4, -1]
    # One more measurement than one, with the usual spread counted twice; both are 0.4.
    assert made["spread"].to_list() == pytest.approx([0.4, 0.4])
    assert counts["used"] == 2
    assert sum(counts.values()) == 4


def test_doses_of_two_drugs_are_micromolar() -> None:
    usual = {"cell_line": "SK-MEL-133", "time_h": 24.0, "readout": "S6pS240", "value": -1}
    made, _ = drawn(
        "korkut2015",
        {**usual, "drug": "ZSTK474(PI3Ki)@1.2"},
        {**usual, "drug": "AKTi-1/2(AKTi)@10"},
        {**usual, "drug": "temsirolimus(mTORi)@0.6"},
    )
    assert sorted(made["drug"]) == [
        *("AKTi-1/2=10000 nM", "ZSTK474=1200 nM", "temsirolimus=0.6 nM"),
    ]


def test_a_ligand_is_held_against_the_mock_of_its_time_and_an_inhibitor_against_dmso() -> None:
    usual = {"cell_line": "MCF7", "readout": "AKT_pS473"}
    made, counts = drawn(
        "hpn_dream",
        {**usual, "drug": "DMSO", "stimulus": "", "time_h": 0.0, "value": 99.0},
        {**usual, "drug": "DMSO", "stimulus": "PBS", "time_h": 0.25, "value": 2.0},
        {**usual, "drug": "DMSO", "stimulus": "PBS", "time_h": 1.0, "value": 99.0},
        {**usual, "drug": "DMSO", "stimulus": "EGF", "time_h": 0.25, "value": 8.0},
        {**usual, "drug": "DMSO", "stimulus": "EGF", "time_h": 1.0, "value": 16.0},
        {**usual, "drug": "GSK690693", "stimulus": "EGF", "time_h": 1.0, "value": 4.0},
        {**usual, "drug": "GSK690693", "stimulus": "", "time_h": 0.0, "value": 4.0},
        {**usual, "drug": "GSK690693", "stimulus": "PBS", "time_h": 1.0, "value": 9.0},
    )
    found = made.set_index("reference")
    assert found["log2"].to_dict() == {"unstimulated": 3 - 1, "vehicle": 2 - 4}
    assert found["lead_h"].to_dict() == {"unstimulated": 0, "vehicle": 2}
    assert counts["used as a reference"] == 2
    assert counts["cut: before anything was given"] == 2
    assert counts["cut: looks like a swap of samples"] == 1
    assert sum(counts.values()) == 8


def test_a_ligand_without_a_mock_of_its_time_is_no_target() -> None:
    usual = {"cell_line": "MCF7", "readout": "AKT_pS473", "drug": "DMSO"}
    made, counts = drawn(
        "hpn_dream",
        {**usual, "stimulus": "PBS", "time_h": 2.0, "value": 2.0},
        {**usual, "stimulus": "EGF", "time_h": 0.25, "value": 8.0},
    )
    assert made.empty
    assert counts["no number, or no signal above background"] == 1


def test_centred_logarithms_are_subtracted_at_the_same_time() -> None:
    usual = {"cell_line": "SKBR3", "stimulus": "full serum medium", "readout": "S6_pS240"}
    made, _ = drawn(
        "korkola2015",
        {**usual, "drug": "DMSO", "time_h": 24.0, "value": 0.5},
        {**usual, "drug": "DMSO", "time_h": 1.0, "value": 0.25},
        {**usual, "drug": "Lap+AKTi", "time_h": 24.0, "value": -1.0},
        {**usual, "drug": "Lap+AKTi", "time_h": 4.0, "value": -9.0},
    )
    (row,) = made.to_dict("records")
    assert row["log2"] == -1.5
    assert row["drug"] == "lapatinib=250 nM + GSK690693=250 nM"


def test_files_have_references_of_their_own_and_zeros_are_left_out() -> None:
    usual = {"cell_line": "ACHN", "readout": "pERK", "stimulus": "EGF", "stim_dose": "10.0"}
    made, counts = drawn(
        "hass2017",
        {**usual, "note": "one", "time_h": 0.0, "value": 1.0},
        {**usual, "note": "two", "time_h": 0.0, "value": 100.0},
        {**usual, "note": "one", "time_h": 0.5, "value": 2.0},
        {**usual, "note": "two", "time_h": 0.5, "value": 800.0},
        {**usual, "note": "two", "time_h": 2.0, "value": 0.0},
        {**usual, "note": "two", "time_h": 0.5, "stimulus": "HRG", "value": 400.0},
        {**usual, "note": "two", "time_h": 0.5, "stimulus": "EGF+HRG", "value": 400.0},
    )
    found = made.set_index("stimulus")
    assert found["log2"].to_dict() == pytest.approx({"EGF=10 nM": (1 + 3) / 2, "NRG1=10 nM": 2})
    assert found["n"].to_dict() == {"EGF=10 nM": 2, "NRG1=10 nM": 1}
    # Standard deviation of 1 and 3 once, and twice the usual 0.4.
    assert found["spread"]["EGF=10 nM"] == pytest.approx(math.sqrt((2 * 0.16 + 2) / 3))
    assert counts["no number, or no signal above background"] == 1


def test_a_reference_that_is_mostly_below_detection_is_none() -> None:
    usual = {"cell_line": "ACHN", "stimulus": "EGF", "stim_dose": "10.0", "note": "one"}
    made, counts = drawn(
        "hass2017",
        {**usual, "readout": "pErbB3", "time_h": 0.0, "value": 0.0},
        {**usual, "readout": "pErbB3", "time_h": 0.0, "value": 129.0},
        {**usual, "readout": "pErbB3", "time_h": 0.5, "value": 33.0},
        {**usual, "readout": "pEGFR", "time_h": 0.0, "value": 0.0},
        {**usual, "readout": "pEGFR", "time_h": 0.0, "value": 100.0},
        {**usual, "readout": "pEGFR", "time_h": 0.0, "value": 100.0},
        {**usual, "readout": "pEGFR", "time_h": 0.5, "value": 400.0},
    )
    (row,) = made.to_dict("records")
    assert row["readout"] == "pEGFR_Y"
    assert row["log2"] == pytest.approx(2)
    assert counts["no number, or no signal above background"] == 1
    assert counts["used as a reference"] == 5


def test_where_there_is_no_time_zero_cells_that_nothing_was_given_stand_for_it() -> None:
    usual = {"cell_line": "ACHN", "readout": "pMet", "note": "one"}
    nothing = {**usual, "stimulus": "none", "stim_dose": "0"}
    made, counts = drawn(
        "hass2017",
        *({**nothing, "time_h": time, "value": 100.0} for time in (0.0667, 0.5, 2.0)),
        {**nothing, "time_h": 0.5, "value": 6400.0},  # of another plate
        {**usual, "stimulus": "HGF", "stim_dose": "9.0", "time_h": 0.5, "value": 800.0},
    )
    (row,) = made.to_dict("records")
    assert (row["stimulus"], row["reference"]) == ("HGF=9 nM", "before")
    assert row["log2"] == pytest.approx(3)
    assert counts["used as a reference"] == 4


def test_doses_of_both_ligands_are_in_one_text() -> None:
    usual = {"cell_line": "MCF10A", "readout": "AKT_pS473", "time_h": 0.5, "n": 3}
    made, counts = drawn(
        "bouhaddou2018",
        {**usual, "stimulus": "E+I", "stim_dose": "0.01/1721", "value": 4.0, "sd": 1.0},
        {**usual, "stimulus": "SS", "value": 1.0},
    )
    (row,) = made.to_dict("records")
    assert row["stimulus"] == "EGF=0.01 nM + INS=1721 nM"
    assert row["log2"] == 2
    sd = 0.25 / math.log(2)
    assert row["spread"] == pytest.approx(math.sqrt((2 * 0.16 + 2 * sd**2) / 4))
    assert counts["stimulus none: a control lane"] == 1


def test_decimal_logarithms_and_mass_doses_are_converted() -> None:
    usual = {"cell_line": "SK-BR-3", "readout": "ERK_pT202Y204", "drug": "none"}
    usual |= {"cell_line": "MCF7", "stim_dose": "100"}
    made, counts = drawn(
        "niepel2014",
        {**usual, "stimulus": "EGF", "time_h": 0.166667, "value": 1.0},
        {**usual, "stimulus": "HRG", "time_h": 0.166667, "value": 0.0},
        {**usual, "stimulus": "HRG", "time_h": 1.5, "value": 0.0},
        {**usual, "stimulus": "EGF", "time_h": 0.5, "value": 1.0},
        {**usual, "stimulus": "VEGF165", "time_h": 1.5, "value": 1.0},
    )
    (row,) = made.to_dict("records")
    assert row["stimulus"] == "EGF=16.1 nM"
    assert row["log2"] == pytest.approx(math.log2(10))
    assert sum(counts.values()) == 5


def test_the_value_that_all_below_detection_were_given_is_no_measurement() -> None:
    usual = {"stimulus": "EGF", "readout": "AKT_pS473", "drug": "none", "time_h": 1.5}
    made, counts = drawn(
        "niepel2014",
        {**usual, "cell_line": "MCF7", "stim_dose": "1", "value": -0.163429},
        {**usual, "cell_line": "MCF7", "stim_dose": "100", "value": -0.163429},
        {**usual, "cell_line": "MCF7", "stim_dose": "10", "value": 0.5},
        {**usual, "cell_line": "T47D", "stim_dose": "1", "value": -0.2},
        {**usual, "cell_line": "T47D", "stim_dose": "10", "value": 0.5},
        {**usual, "cell_line": "T47D", "stim_dose": "100", "value": 0.5},
    )
    # A value that stands alone is one, and so is one that stands twice above the smallest.
    assert sorted(made["log2"] / math.log2(10)) == pytest.approx([-0.2, 0.5, 0.5, 0.5])
    assert counts["no number, or no signal above background"] == 2


def test_repeats_have_their_own_time_zero() -> None:
    usual = {"cell_line": "MCF7", "readout": "pAkt", "stimulus": "HRG"}
    made, _ = drawn(
        "imoto2022",
        {**usual, "note": "replicate 1", "time_h": 0.0, "value": 1.0},
        {**usual, "note": "replicate 2", "time_h": 0.0, "value": 8.0},
        {**usual, "note": "replicate 1", "time_h": 0.5, "value": 2.0},
        {**usual, "note": "replicate 2", "time_h": 0.5, "value": 64.0},
    )
    (row,) = made.to_dict("records")
    assert (row["log2"], row["n"]) == (2, 2)


def test_ranges_of_medians_become_spreads() -> None:
    made, _ = drawn(
        "mesistrat",
        {
            "cell_line": "MCF7",
            "readout": "S6KpT389",
            "time_h": 1.0,
            "value": 4.0,
            "uncertainty": "range 2.00-16.00, n=8",
        },
    )
    (row,) = made.to_dict("records")
    assert row["log2"] == 2
    assert row["n"] == 8
    sd = 3 / 2.847  # the mean range of eight draws of a normal distribution
    assert row["spread"] == pytest.approx(math.sqrt((2 * 0.25 + 7 * sd**2) / 9))


def test_series_of_doses_are_kept_for_two_readouts_alone() -> None:
    usual = {"cell_line": "C32", "drug": "PLX-4720", "time_h": 24.0, "value": -1}
    made, counts = drawn(
        "hms20218",
        {**usual, "readout": "pERK(T202/Y204)", "dose_nM": 31.6},
        {**usual, "readout": "p-AKT(S473)", "dose_nM": 31.6},
        {**usual, "readout": "p-AKT(S473)", "dose_nM": 1000.0},
        {**usual, "readout": "cPARP", "dose_nM": 1000.0},
    )
    assert set(made["readout"]) == {"pERK", "pAKT_S473"}
    assert counts["cut: other times or doses are kept"] == 1


def test_cells_with_a_ligand_whose_reference_is_not_told_are_left_out() -> None:
    usual = {"cell_line": "A375", "drug": "Vemurafenib", "time_h": 24.0, "readout": "pERK"}
    made, counts = drawn(
        "froehlich2023",
        {**usual, "stim_dose": "0", "dose_nM": "21.0819", "value": 0.5},
        {**usual, "stim_dose": "100", "dose_nM": "21.0819", "value": 0.5},
    )
    (row,) = made.to_dict("records")
    assert (row["drug"], row["log2"]) == ("vemurafenib=21.08 nM", -1)
    assert counts["used"] == 1


def test_what_does_not_ship_is_drawn_as_well() -> None:
    usual = {"cell_line": "CCK81", "readout": "AKT", "time_h": 0.5}
    made, counts = drawn(
        "eduati2017",
        {**usual, "stimulus": "none", "drug": "none", "value": 0.5},
        {**usual, "stimulus": "EGF", "drug": "none", "value": 2.5},
        {**usual, "stimulus": "EGF", "drug": "mTORi", "value": -1.0},
    )
    assert made.set_index("reference")["log2"].to_dict() == {"before": 2, "vehicle": -3.5}
    assert counts["used as a reference"] == 1
