import json
import math
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtorules.simulation.experiments.experiments import EQUILIBRATION
from mtorules.simulation.scans.parts import Addition, Axis, Removal, ScanError, Setting
from mtorules.simulation.scans.scan import Scan


def scan_of(*axes: Axis, **more: Any) -> Scan:
    """Return a scan in which every axis that nothing else uses is a parameter."""
    used = {dose.concentration for dose in more.get("doses", ())} | {*more.get("cells", ())}
    used |= {dose.at for dose in more.get("doses", ())} | {"replicate"}
    told = {
        "outputs": ("X",),
        "times": (0.0, 60.0),
        "settings": [Setting(axis.name, axis.name) for axis in axes if axis.name not in used],
        **more,
    }
    return Scan("tiny", axes=axes, **told)


def test_axes_form_a_grid_with_the_last_one_fastest() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0)), Axis("b", (3.0, 4.0, 5.0)))
    assert (scan.shape, scan.size) == ((2, 3), 6)
    met = [tuple(scan.point(number).values()) for number in range(6)]
    assert met == list(product((1.0, 2.0), (3.0, 4.0, 5.0)))


def test_axes_of_one_dimension_vary_together() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0), dimension="s"), Axis("b", (3.0, 4.0), dimension="s"))
    assert scan.dimensions == {"s": 2}
    assert [dict(scan.point(number)) for number in (0, 1)] == [
        {"a": 1.0, "b": 3.0},
        {"a": 2.0, "b": 4.0},
    ]


def test_a_point_becomes_an_experiment_in_the_order_of_time() -> None:
    scan = scan_of(
        Axis("cell", ("wild", "null")),
        Axis("dose", (0.0, 20.0), "nM"),
        cells={"cell": {"wild": {}, "null": {"A_0": 0.0}}},
        fixed={"k": 2.0},
        settings=[Setting("b", 3.0), Setting("b", 4.0, at=30.0)],
        doses=[Addition("D", "dose", at=10.0)],
        washouts=[Removal("D", 0.9, at=20.0)],
        times=("1 min", "inf"),
    )
    last = scan.experiment(scan.point(3))
    assert [period.start for period in last.periods] == [EQUILIBRATION, 0.0, 10.0, 20.0, 30.0]
    assert last.periods[0].values == {"k": 2.0, "A_0": 0.0, "b": 3.0}
    assert [(d.species, d.concentration) for d in last.periods[2].doses] == [("D", 20.0)]
    assert [(w.species, w.fraction) for w in last.periods[3].washouts] == [("D", 0.9)]
    assert last.periods[4].values == {"b": 4.0}
    assert last.times == (60.0, math.inf)
    first = scan.experiment(scan.point(0))
    assert first.periods[0].values == {"k": 2.0, "b": 3.0}


def test_cells_that_do_not_rest_start_with_what_is_set() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0)), equilibrated=False)
    assert [p.start for p in scan.experiment(scan.point(0)).periods] == [0.0]
    assert scan.experiment(scan.point(1)).periods[0].values == {"a": 2.0}


shapes = st.lists(st.integers(1, 40), min_size=1, max_size=4).filter(lambda s: math.prod(s) < 20000)


@given(shapes, st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_blocks_hold_every_point_once_and_none_is_large(shape: list[int], times: int) -> None:
    axes = [Axis(f"a{i}", tuple(map(float, range(n)))) for i, n in enumerate(shape)]
    scan = scan_of(*axes, times=tuple(map(float, range(times))))
    blocks = list(scan.blocks())
    assert sorted(p for block in blocks for p in scan.points(block)) == list(range(scan.size))
    assert max(len(scan.points(block)) for block in blocks) <= 200
    assert all(8 * times * len(scan.points(b)) <= max(8 * 2**20, 8 * times) for b in blocks)


def test_a_block_is_what_a_slice_of_the_results_is() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0, 3.0)), Axis("b", tuple(map(float, range(50)))))
    numbers = np.arange(scan.size).reshape(scan.shape)
    for block in scan.blocks():
        assert scan.points(block) == numbers[block].ravel().tolist()


def test_a_thousand_points_keep_two_workers_busy() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0, 3.0, 4.0)), Axis("b", tuple(map(float, range(250)))))
    sizes = [len(scan.points(block)) for block in scan.blocks()]
    assert 20 <= len(sizes) <= 60
    assert max(sizes) < 2 * min(sizes)


def test_few_points_of_many_outputs_fill_few_files() -> None:
    scan = replace(
        scan_of(Axis("a", tuple(map(float, range(9))))), outputs=[f"x{i}" for i in range(325)]
    )
    assert [len(scan.points(block)) for block in scan.blocks()] == [3, 3, 3]


def test_every_point_has_its_own_seed_and_keeps_it() -> None:
    scan = scan_of(Axis("a", (1.0,)), Axis("replicate", tuple(map(float, range(2000)))))
    seeds = [scan.random_seed(number) for number in range(scan.size)]
    assert len(set(seeds)) == scan.size
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seeds == [replace(scan).random_seed(number) for number in range(scan.size)]
    assert seeds != [replace(scan, seed=1).random_seed(number) for number in range(scan.size)]
    # Neighbours are not alike: half of their bits differ.
    differing = [(one ^ other).bit_count() for one, other in pairwise(seeds)]
    assert np.mean(differing) == pytest.approx(31 / 2, abs=0.3)


def test_what_is_told_of_a_scan_is_json_and_tells_scans_apart() -> None:
    scan = scan_of(Axis("a", (1.0, 2.0)), times=(0.0, math.inf))
    told = json.dumps(scan.described(), allow_nan=False)
    others = [
        replace(scan, times=(0.0, 60.0)),
        replace(scan, outputs=("Y",)),
        replace(scan, seed=1),
        replace(scan, fixed={"k": 1.0}),
        replace(scan, equilibrated=False),
        replace(scan, axes=(Axis("a", (1.0, 2.5)),)),
        replace(scan, engine="roadrunner"),
    ]
    assert told not in {json.dumps(other.described()) for other in others}


def test_long_axes_are_told_by_their_digest() -> None:
    values = tuple(map(float, range(5000)))
    told = json.dumps(scan_of(Axis("a", values)).described())
    assert len(told) < 2000
    changed = (*values[:-1], 4999.5)
    assert json.dumps(scan_of(Axis("a", changed)).described()) != told


@pytest.mark.parametrize(
    ("axes", "more", "words"),
    [
        ((), {}, "Nothing is varied"),
        ((Axis("a", (1.0,)), Axis("a", (2.0,))), {}, "Two axes are called 'a'"),
        ((Axis("time", (1.0,)),), {}, "cannot be called 'time'"),
        ((Axis("a/b", (1.0,)),), {}, "results are kept in folders"),
        ((Axis("..", (1.0,)),), {}, "results are kept in folders"),
        (
            tuple(Axis(name, tuple(map(float, range(20_000)))) for name in ("a", "b")),
            {},
            "400,000,000 points",
        ),
        ((Axis("a", (1.0,), dimension="time"),), {}, "cannot be called 'time'"),
        ((Axis("a", (1.0,)),), {"settings": ()}, "'a' changes nothing"),
        ((Axis("a", (1.0,)),), {"outputs": ()}, "nothing to record"),
        ((Axis("a", (1.0,)),), {"outputs": ("X", "X")}, "named twice"),
        ((Axis("a", (1.0,)),), {"times": ()}, "no output times"),
        ((Axis("a", (1.0,)),), {"times": (60.0, 0.0)}, "do not increase"),
        ((Axis("a", (1.0,)),), {"times": (-1.0,)}, "negative"),
        ((Axis("a", (1.0,)),), {"times": (math.nan,)}, "not a finite number"),
        ((Axis("a", (1.0,)),), {"settings": [Setting("k", "aa")]}, "Did you mean 'a'"),
        ((Axis("a", (1.0,)),), {"settings": [Setting("k", math.nan)]}, "'k' is set to nan"),
        ((Axis("d", (1.0, -1.0)),), {"doses": [Addition("D", "d")]}, "'d' holds -1.0; doses"),
        ((Axis("t", (-1.0, 1.0)),), {"settings": [Setting("k", 1.0, "t")]}, "'t' holds -1.0; do"),
        ((Axis("a", (1.0,)),), {"doses": [Addition("D", -1.0)]}, "'D' is no dose"),
        ((Axis("c", ("x",)),), {"cells": {"c": {"y": {}}}}, "'x' on 'c'"),
        ((Axis("a", (1.0,)),), {"cells": {"c": {"y": {}}}}, "no axis 'c'"),
        (
            (Axis("a", (1.0, 2.0), dimension="s"), Axis("b", (1.0,), dimension="s")),
            {},
            "vary together, but 'a' has 2, 'b' has 1",
        ),
        (
            (Axis("c", ("x",)),),
            {"cells": {"c": {"x": {"k": 1.0}}}, "fixed": {"k": 2.0}},
            "set 'k', to different",
        ),
        ((Axis("k", (1.0, 2.0)),), {"fixed": {"k": 2.0}}, "set 'k', to different"),
    ],
)
def test_a_scan_that_makes_no_sense_is_refused(
    axes: tuple[Axis, ...], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ScanError, match=words):
        scan_of(*axes, **more)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_an_axis_holds_no_value_that_cannot_be(value: float) -> None:
    with pytest.raises(ScanError, match="'a' holds"):
        Axis("a", (1.0, value))


def test_an_empty_axis_is_refused() -> None:
    with pytest.raises(ScanError, match="'a' has no values"):
        Axis("a", ())
