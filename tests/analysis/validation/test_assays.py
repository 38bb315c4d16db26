"""Backgrounds of assays: found again where they were put in, and told by other data sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from mtorules.analysis.validation import assays, scores

RANDOM = np.random.default_rng(3)


def batch(count: int, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels above and below, and log2 ratios with a background, none of them off."""
    above, below = np.exp(RANDOM.normal(0, 2, (2, count)))
    level = np.exp(np.mean(np.log([above, below])))
    return above, below, np.log2((above + share * level) / (below + share * level))


@pytest.mark.parametrize("share", [0.02, 0.3, 2.0])
def test_a_background_is_found_again_where_the_data_tell_it(share: float) -> None:
    above, below, measured = batch(200, share)
    found = assays.fitted(above, below, measured, np.full(200, 0.05))
    assert found == pytest.approx(share, rel=0.01)


def test_without_changes_a_background_is_the_usual_one() -> None:
    level = np.full(4, 3.0)
    found = assays.fitted(level, level, np.zeros(4), np.full(4, 0.3))
    assert found == pytest.approx(assays.USUAL, rel=1e-3)


def test_what_vanishes_falls_to_the_background() -> None:
    found = assays.seen(np.array([0.0]), np.array([3.0]), 1.0)
    assert found == pytest.approx([-2.0], abs=1e-5)


def test_a_data_set_is_seen_with_the_background_of_others_and_never_its_own() -> None:
    """Where two have one background, the usual one and that of the other are averaged."""
    rows = []
    for dataset in ("one", "two"):
        for a, b, m in zip(*batch(150, 0.9), strict=True):
            rows.append((dataset, "pERK", a, b, m, 0.02))
    columns = ["dataset", "readout", "above", "below", "log2", "spread"]
    frame = pd.DataFrame(rows, columns=columns)
    found = assays.elsewhere(frame)
    first = frame[:150]
    above, below = first["above"].to_numpy(), first["below"].to_numpy()
    background = np.sqrt(0.9 * assays.USUAL) * np.exp(np.mean(np.log([above, below])))
    expected = np.log2((above + background) / (below + background))
    np.testing.assert_allclose(found[:150], expected, atol=0.02)
    # What was measured in a data set changes nothing of how it is seen.
    other = frame.assign(log2=np.where(frame.index < 150, -frame["log2"], frame["log2"]))
    np.testing.assert_array_equal(assays.elsewhere(other)[:150], found[:150])
    assert (
        scores.score(first["log2"], found[:150]).rmse
        < scores.score(first["log2"], np.log2(above / below)).rmse
    )
