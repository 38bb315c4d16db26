"""Scales, backgrounds and noise beside what a search finds."""

import numpy as np
import pytest
from mtorules.analysis.petab.estimating import estimated
from mtorules.simulation.engines import Loaded
from scipy import optimize

from .conftest import BLOTS, Build

pytest.importorskip("petab.v1")


def test_no_search_finds_better_ones(build: Build, binding: Loaded) -> None:
    from mtorules.analysis.petab.objective import Evaluator

    built = build(BLOTS)
    problem = estimated(built, binding)
    evaluator = Evaluator(problem, binding)
    ids = [
        *("scale_AB_first", "background_AB_first", "scale_A_free"),
        *("scale_AB_second", "background_AB_second", "noise_AB_second"),
    ]
    start = np.array([each.value for each in problem.parameters if each.id in ids])
    order = [each.id for each in problem.parameters if each.id in ids]
    here = evaluator().likelihood

    def cost(values: np.ndarray) -> float:
        return -evaluator(dict(zip(order, values.tolist(), strict=True))).likelihood

    bounds = [(1e-9, None)] * len(order)
    found = optimize.minimize(
        cost, start * 1.05 + 1e-3, bounds=bounds, method="L-BFGS-B", options={"maxiter": 5}
    )
    assert here >= -found.fun - 1e-3
    for each in problem.parameters:
        assert each.low <= each.value <= each.high


def test_what_falls_where_the_model_rises_keeps_a_scale(build: Build, binding: Loaded) -> None:
    text = "observable,time,value,unit\nAB,10 s,9,a.u.\nAB,100 s,5,a.u.\nAB,900 s,1,a.u.\n"
    problem = estimated(build(text), binding)
    values = {each.id: each.value for each in problem.parameters}
    assert values["scale_AB"] > 0
    assert values["noise_AB"] > 1
