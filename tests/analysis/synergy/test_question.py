"""Surfaces of pairs whose readouts obey a law by construction."""

import numpy as np
import pytest
from mtorules.analysis.asking.treatments import Agent
from mtorules.analysis.dose_response.hill import Hill
from mtorules.analysis.synergy import answering, drawings
from mtorules.analysis.synergy.effects import effects
from mtorules.analysis.synergy.question import Pair, Surface, surface

ONE = Agent("a", "dose", "A", tuple(np.geomspace(0.1, 100, 7)))
OTHER = Agent("b", "dose", "B", tuple(np.geomspace(1, 1000, 6)))
SAME = Agent("c", "dose", "C", ONE.levels)
PAIR = Pair(ONE, OTHER, ())
LEFT = 1 - Hill(0.0, 0.9, 3.0, 1.4).at(PAIR.doses[0])
RIGHT = 1 - Hill(0.0, 0.7, 40.0, 0.9).at(PAIR.doses[1])


def of(values: np.ndarray, pair: Pair = PAIR, **more: bool) -> Surface:
    return surface(pair, "x", {"time": 3600.0}, values, **more)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (7 * LEFT[:, None] * RIGHT[None], "falls"),
        (7 / (LEFT[:, None] * RIGHT[None]), "rises"),
        (np.log2(LEFT)[:, None] / 3 + np.log2(RIGHT)[None] / 3 + 0.4, "rate"),
    ],
)
def test_drugs_that_multiply_are_additive_by_bliss_whichever_way_a_readout_goes(
    values: np.ndarray, kind: str
) -> None:
    found = of(values, rate=kind == "rate")
    assert found.kind == kind
    assert found.excess["Bliss"] == pytest.approx(0, abs=1e-9)
    assert found.excess["ZIP"] == pytest.approx(0, abs=1e-5)
    assert found.musyc is not None
    assert found.musyc.alpha12 == pytest.approx(1, rel=1e-2)


def test_a_drug_with_itself_is_additive_by_loewe_and_its_isobole_is_straight() -> None:
    doses = Pair(ONE, SAME, ()).doses
    values = 1 - Hill(0.0, 0.9, 3.0, 1.4).at(doses[0][:, None] + doses[1][None, :])
    found = of(values, Pair(ONE, SAME, ()))
    assert found.excess["Loewe"] == pytest.approx(0, abs=1e-6)
    assert found.scores["Bliss"] < -0.01
    assert answering.verdict(found.scores) == "Bliss antagonism, Loewe additive"
    level, x, y = drawings.isobole(found)
    assert level == pytest.approx(found.seen[-1, 0] / 2)
    assert x + y == pytest.approx(1, abs=0.06)  # between doses it is interpolated
    assert (x[0], y[-1]) == pytest.approx((0, 0))


@pytest.mark.parametrize("slope", [2.0, 3.0])
def test_beyond_what_drugs_were_seen_to_do_alone_loewe_says_nothing(slope: float) -> None:
    """A drug with itself, at doses of which none alone comes near the middle."""
    low = Agent("a", "dose", "A", tuple(np.geomspace(0.05, 0.5, 6)))
    pair = Pair(low, Agent("b", "dose", "B", low.levels), ())
    doses = pair.doses
    values = 1 - Hill(0.0, 1.0, 1.0, slope).at(doses[0][:, None] + doses[1][None, :])
    found = of(values, pair)
    known = found.excess["Loewe"][np.isfinite(found.excess["Loewe"])]
    assert known == pytest.approx(0, abs=0.01)
    assert np.isnan(found.excess["Loewe"][-1, -1])
    assert np.isfinite(found.excess["Loewe"][1, 1])
    indices = found.indices[np.isfinite(found.indices)]
    assert indices == pytest.approx(1, abs=0.05)
    assert found.musyc is None
    assert "synergy" not in answering.verdict(found.scores).partition("Loewe")[2]
    assert any("not seen to reach its plateau" in each for each in answering._said([found], False))


def test_of_what_is_all_gone_no_dose_is_told() -> None:
    """A drug with itself, of a readout that comes to zero well before its Hill curve does."""
    doses = Pair(ONE, SAME, ()).doses
    left = 1 - Hill(0.0, 1.0, 3.0, 1.4).at(doses[0][:, None] + doses[1][None, :])
    found = of(np.maximum(1.25 * left - 0.25, 0.0), Pair(ONE, SAME, ()))
    assert (found.seen == 1).sum() > found.seen.size / 4
    indices = found.indices[np.isfinite(found.indices)]
    assert indices.size
    assert indices == pytest.approx(1, abs=0.35)
    assert np.median(indices) == pytest.approx(1, abs=0.1)


def test_what_nothing_changes_has_no_synergy() -> None:
    found = of(np.ones((8, 7)))
    assert found.scores == {"Bliss": 0.0, "Loewe": 0.0, "HSA": 0.0}
    assert found.musyc is None
    assert np.isnan(drawings.isobole(found)[0])


def test_an_idle_partner_leaves_no_trace_by_loewe_whatever_the_curve() -> None:
    # A curve that no Hill curve follows.
    bumpy = np.array([1.0, 0.9, 0.4, 0.7, 0.6, 0.3, 0.35, 0.2])
    found = of(np.tile(bumpy[:, None], 7))
    assert found.excess["Loewe"] == pytest.approx(0, abs=1e-12)


def test_drugs_that_pull_apart_are_marked() -> None:
    assert of((1 / LEFT)[:, None] ** 0.2 * RIGHT[None]).opposed
    assert not of(LEFT[:, None] * RIGHT[None]).opposed


def test_what_is_zero_without_a_drug_is_measured_by_the_largest_value() -> None:
    seen, kind = effects(np.array([[0.0, 1.0], [2.0, 4.0]]))
    assert kind == "appears"
    assert seen.tolist() == [[0, 0.25], [0.5, 1]]


def test_what_sinks_further_below_zero_is_not_said_to_rise() -> None:
    seen, kind = effects(np.array([[-10.0, -20.0], [-40.0, -80.0]]))
    assert kind == "sinks"
    assert seen.tolist() == [[0, 0.5], [0.75, 0.875]]


def test_a_rate_that_falls_by_a_third_halves_the_cells_in_three_days() -> None:
    seen, _ = effects(np.array([[0.5, 0.5 - 1 / 3]]), rate=True)
    assert seen[0, 1] == pytest.approx(0.5)


def test_pairs_that_were_not_run_count_for_nothing() -> None:
    values = LEFT[:, None] * RIGHT[None]
    values[1:-2, 1:] = np.nan
    found = of(values)
    assert found.scores["Bliss"] == pytest.approx(0, abs=1e-9)
    assert "ZIP" not in found.scores
    assert found.musyc is None
    drawings.screen([found], answering.pd.DataFrame())
