"""Conditions, doses and times on a model of others, against closed formulas."""

import math
from collections.abc import Callable

import pytest
from mtorules.models.perturbations import compounds, conditions

from .conftest import DECAY, KOFF, KON, LIGAND, MAPPING

Value = Callable[..., float]
EVENTLESS = MAPPING + "without_events: staged\n"


def share(on: float = KON, ligand: float = LIGAND, off: float = KOFF) -> float:
    """Return the share of Sp at rest."""
    return on * ligand / (on * ligand + off)


def course(minutes: float, before: float, on: float, ligand: float = LIGAND, off: float = KOFF):
    """Return the share of Sp so long after it was at ``before``."""
    rate = on * ligand + off
    return share(on, ligand, off) + (before - share(on, ligand, off)) * math.exp(-rate * minutes)


@pytest.mark.parametrize(
    ("experiment", "expected"),
    [
        ("FED", share()),
        ("{}", share()),
        ("GF0", 0.0),
        ("GF10", share(ligand=0.5)),
        ("[GF_STIM, HYPOXIA]", share(ligand=8 * 0.5, off=3 * KOFF)),
        # A mutant of ours that sets what has a counterpart to nothing.
        ("[FED, RPS6KB1_T389A]", 0.0),
        # Twice the protein, of which the share is the same.
        ("{conditions: FED, set: {S6K_0: x 2}}", share()),
        ("{conditions: FED, set: {kcat_MTORC1_phosphorylates_S6K_t389: x 0.5}}", share(KON / 2)),
    ],
)
def test_cells_rest_as_the_formula_says(value: Value, experiment: str, expected: float) -> None:
    assert value(experiment) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_multiples_are_of_the_reference_dish_and_not_of_the_file(value: Value) -> None:
    mapping = EVENTLESS.replace("FED: {}", "FED: {set: {L: 20}}")
    assert value("FED", mapping=mapping) == pytest.approx(share(ligand=20), rel=1e-6)
    assert value("GF10", mapping=mapping) == pytest.approx(share(ligand=2), rel=1e-6)


def test_a_later_dish_replaces_the_earlier_and_leaves_the_cell(value: Value) -> None:
    """Half the constant stays, though the ligand is set again; koff goes back with the air."""
    half = KON / 2
    mutant = "set: {kcat_MTORC1_phosphorylates_S6K_t389: x 0.5}"
    found = value(f"{{conditions: [HYPOXIA, 'FED @ 1 min'], {mutant}}}", "3 min")
    before = share(half, LIGAND / 2, 3 * KOFF)
    assert found == pytest.approx(course(2, before, half), rel=1e-5)
    found = value(f"{{conditions: [GF0, 'GF_STIM @ 0 s'], {mutant}}}", "30 s")
    assert found == pytest.approx(course(0.5, 0.0, half, 8), rel=1e-5)


@pytest.mark.parametrize(
    ("dose", "nM"), [("2 nM", 2.0), ("usual", 20.0), ("x 0.05", 1.0), ("3 IC50", 6.0)]
)
def test_a_dose_takes_its_share_of_what_is_inhibited(value: Value, dose: str, nM: float) -> None:
    left = KON * (0.25 + 0.75 / (1 + nM / 2))
    found = value(f"{{conditions: FED, doses: {{rapamycin: {dose}}}}}", "90 s")
    assert found == pytest.approx(course(1.5, share(), left), rel=1e-5)


def test_an_ic50_that_no_mapping_says_is_that_of_our_tables(value: Value) -> None:
    own = {name: quantity.value for name, quantity in conditions.reference().items()}
    half = compounds.table()["Torin1"].ic50(own)
    one = value("{conditions: FED, doses: {Torin1: 1 IC50}}")
    assert one == pytest.approx(share(KON / 2), rel=1e-6)
    assert value(f"{{conditions: FED, doses: {{Torin1: {half!r} nM}}}}") == pytest.approx(one)


def test_a_washed_out_compound_lets_go(value: Value) -> None:
    held = KON * (0.25 + 0.75 / (1 + 6 / 2))
    half_gone = KON * (0.25 + 0.75 / (1 + 3 / 2))
    given = "{conditions: FED, doses: {rapamycin: 6 nM}, washouts: rapamycin=50 % @ 1 min}"
    at_one = course(1, share(), held)
    assert value(given, "3 min") == pytest.approx(course(2, at_one, half_gone), rel=1e-5)


def test_a_dose_may_set_a_constant_or_be_added_to_a_species(value: Value) -> None:
    found = value("{conditions: FED, doses: {trametinib: 20 nM @ 1 min}}", "2 min")
    assert found == pytest.approx(course(1, share(), KON, off=1.0), rel=1e-5)
    # 1 nM is 0.001 of its concentration, whatever the volume.
    given = "{conditions: FED, doses: {metformin: 500 nM @ 1 min}}"
    found = value(given, "4 min", "MTOR_free")
    assert found == pytest.approx(0.5 * math.exp(-3 * DECAY), rel=1e-5)
    found = value("{conditions: FED, doses: {carboplatin: usual}}", "1 min")
    assert found == pytest.approx(course(1, share(), KON, off=2 * KOFF), rel=1e-5)


def test_without_a_unit_for_time_the_file_counts_in_its_own(value: Value) -> None:
    """The file says nothing of time, which is taken for seconds."""
    mapping = EVENTLESS.replace("time: min\n", "")
    found = value("{conditions: [GF0, 'FED @ 0 s']}", "2 s", mapping=mapping)
    assert found == pytest.approx(course(2, 0.0, KON), rel=1e-5)


def test_cells_may_rest_for_a_set_time(value: Value) -> None:
    mapping = EVENTLESS.replace("until: steady", "until: 2 min")
    assert value("FED", mapping=mapping) == pytest.approx(course(2, 0.0, KON), rel=1e-5)
    # Rest after something happened is so long after it.
    given = "{conditions: [FED, 'GF0 @ 1 min']}"
    at_one = course(3, 0.0, KON)
    assert value(given, mapping=mapping) == pytest.approx(at_one * math.exp(-2 * KOFF), rel=1e-5)


@pytest.mark.parametrize("written", ["staged", "all"])
def test_events_of_the_file_can_be_left_out(value: Value, written: str) -> None:
    """The file takes the ligand away at its time 50."""
    mapping = MAPPING.replace("until: steady", "until: 40 min") + f"without_events: {written}\n"
    assert value("FED", "20 min", mapping=mapping) == pytest.approx(share(), rel=1e-5)
