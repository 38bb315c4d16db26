"""What pulls a parameter to an end of its range, against differences of the objective."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis.calibration import ends, priors
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.load import load

from .conftest import CHECK, CLAIM

SLOPES = np.array([[0.03, -0.04, 0.0], [-0.02, 0.03, 0.0]])


def target(readout: str) -> Target:
    return Target(
        "one", "reference", "full", "EGF=10 nM", "", 0.0, 1.0, readout, "before", 2.0, 0.1, 1
    )


@pytest.fixture(scope="module")
def measurer(tmp_path_factory: pytest.TempPathFactory) -> Measurer:
    file = tmp_path_factory.mktemp("claims") / "claims.yaml"
    claims = (CLAIM.format(name=name) + CHECK for name in ("lacks", "lacks-too"))
    file.write_text("claims:" + "".join(claims), encoding="utf-8")
    loaded = load("mapk_tsc")
    free = [one for one in priors.free(loaded.model) if one.spread > 0.5][:3]
    data = Data([target("pERK_y204_nM"), target("pMEK_s218_nM")], loaded.model)
    return Measurer(reading.read([file]), loaded, free, data=data)


def measured(measurer: Measurer, logs: np.ndarray) -> Measured:
    """Return checks and levels that follow the logarithms in straight lines."""
    way = logs - measurer.centre
    margins = np.array([-0.3, -0.2]) + SLOPES @ way
    by_level = np.array([[0.3, 0.0, 0.1], [0.1, 0.2, 0.0], [0.0, 0.5, 0.0], [0.2, 0.0, 0.0]])
    levels = np.array([3.0, 2.0, 4.0, 3.0]) + by_level @ way
    return Measured(logs, margins, margins, SLOPES, levels, by_level)


def test_pulls_are_what_the_objective_falls_by(measurer: Measurer) -> None:
    objective = Objective(measurer, np.ones(3, dtype=bool))
    logs = measurer.centre.copy()
    logs[0], logs[1] = measurer.high[0] - 1e-3, measurer.low[1]
    found = {one.name: one for one in ends.at_ends(objective, measured(measurer, logs))}
    assert list(found) == list(measurer.names[:2])
    first, second = found.values()
    assert (first.end, second.end) == ("upper", "lower")
    assert first.value == pytest.approx(np.exp(logs[0]))
    assert first.moved == pytest.approx((logs - measurer.centre)[0] / measurer.spread[0])
    assert set(first.pulls) <= {"lacks", "pERK_y204_nM of one", "pMEK_s218_nM of one"}
    assert "lacks-too" not in first.pulls  # it would have less of the parameter
    for place, sign in ((0, 1.0), (1, -1.0)):
        spread = measurer.spread[place]
        step = np.where(np.arange(3) == place, 1e-5 * spread, 0.0)
        up, down = (objective.costs(measured(measurer, logs + way * step)) for way in (sign, -sign))
        named = found[measurer.names[place]].pulls
        falls = {
            "claims": (down.claims - up.claims) / 2e-5,
            "data": (down.data - up.data) / 2e-5,
        }
        every = ends._pulling(objective, measured(measurer, logs))
        of_data = [name for name in every if " of " in name]
        for kind, total in falls.items():
            names = [name for name in every if (name in of_data) == (kind == "data")]
            pulls = {name: -sign * spread * every[name][place] for name in names}
            assert sum(pulls.values()) == pytest.approx(total, rel=1e-4)
            for name in set(names) & set(named):
                assert named[name] == pytest.approx(pulls[name])


def test_what_is_not_free_or_not_near_an_end_is_not_told(measurer: Measurer) -> None:
    middle = (measurer.low + measurer.high) / 2
    everything = np.ones(3, dtype=bool)
    assert ends.at_ends(Objective(measurer, everything), measured(measurer, middle)) == []
    end = replace(measured(measurer, measurer.high), logs=measurer.high)
    held = Objective(measurer, np.array([False, True, False]))
    assert [one.name for one in ends.at_ends(held, end)] == [measurer.names[1]]
