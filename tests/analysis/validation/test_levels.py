"""Levels: each looked at once, and followed to what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from mtorules.analysis.validation.comparing import compare
from mtorules.analysis.validation.levels import Levels
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded


@dataclass
class Course:
    values: dict[str, np.ndarray] = field(default_factory=dict)
    error: str = ""


def test_levels_are_read_once_and_followed_by_the_quotient_rule(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    asked = [
        target(stimulus=f"s={s}", reference="before", readout=readout, time_h=1.0)
        for s in (0.02, 0.03)
        for readout in ("A_level", "A_level / B_level")
    ]
    compared = compare(asked, turnover.model)
    levels = Levels(compared)
    assert levels.outputs == ("A_level", "B_level")
    # Both stimuli are compared with the same cells before.
    assert len(levels.looks) == 6
    times = {key: sorted({0.0, 7.0, *each}) for key, each in compared.times.items()}
    seen = {
        key: Course({"A_level": np.arange(1.0, 1 + len(each)), "B_level": np.full(len(each), 4.0)})
        for key, each in times.items()
    }
    found = levels.values(seen, times)
    for number, (look, formula) in enumerate(levels.looks):
        place = times[look.experiment].index(look.time)
        a = 1.0 + place
        whole = formula.text == "A_level"
        assert found[number] == pytest.approx(a if whole else a / 4)
        slopes = {each.output: each.slope for each in levels.slopes(number, seen, times)}
        expected = {"A_level": 1.0} if whole else {"A_level": 1 / 4, "B_level": -a / 16}
        assert slopes == pytest.approx(expected, rel=1e-5)
        assert {each.place for each in levels.slopes(number, seen, times)} == {place}


def test_what_failed_has_no_level_and_no_slope(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    compared = compare([target(stimulus="s=0.02", reference="before")], turnover.model)
    levels = Levels(compared)
    seen = {key: Course(error="It took too long.") for key in compared.times}
    times = {key: sorted(each) for key, each in compared.times.items()}
    assert np.isnan(levels.values(seen, times)).all()
    assert not list(levels.slopes(0, seen, times))
