"""Events across the stretches and periods of a run: when each happens, and that nothing crashes."""

import gc
import math
import subprocess
import sys
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.experiments.experiments import Condition, Dose, Experiment, Period
from mtorules.simulation.simulator import Simulator

Simulate = Callable[..., Simulator]

# A switch in time, so that a run has three stretches, and what decays meanwhile.
STRETCHES = """
    tick := piecewise(1, time < 4, 2, time < 6, 3);
    species A; A = 8; k = 0.1; J: A -> ; k*A; unused = 1; other = 1; n = 0;
"""
TIMES = [0.0, 3.0, 4.0, 5.5, 6.1, 7.5, 9.0]
# How far sin(2 t) has come when it rises above a half.
RISES = [math.pi / 12 + turn * math.pi for turn in range(4)]


@pytest.mark.parametrize("second", [None, 1.0, 2.0])
@pytest.mark.parametrize(
    ("events", "right"),
    [
        ("at (time > 5): n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        ("at (A < 8*exp(-0.45)): n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        ("at (time < 3), t0=true: n = n + 1;", [0] * 7),
        ("at (time < 3), t0=false: n = n + 1;", [1] * 7),
        (
            "at (sin(2*time) > 0.5), t0=true: n = n + 1;",
            [sum(rise < time for rise in RISES) for time in TIMES],
        ),
        ("at (time == 5): n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        ("at (time > 4 && time == 1.7*ceil(time/1.7)): n = n + 1;", [0, 0, 0, 1, 1, 2, 3]),
        ("at (abs(time - 5) < 0.01), t0=true: n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        (
            "at (time >= 4): n = n + 1; at (time >= 6): n = n + 1; at (time >= 7): n = n + 1;",
            [0, 0, 1, 1, 2, 3, 3],
        ),
        (
            "at (time > 5), priority=1, fromTrigger=false: n = n*2;"
            "at (time > 5), priority=2: n = n + 1;",
            [0, 0, 0, 2, 2, 2, 2],
        ),
        ("at 3 after (time > 2): n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        ("at 3 after (time > 2), persistent=false: n = n + 1;", [0, 0, 0, 1, 1, 1, 1]),
        ("at 3 after (time >= 4), persistent=false: n = n + 1;", [0, 0, 0, 0, 0, 1, 1]),
        ("at 5.2 after (time > 2), persistent=false: n = n + 1;", [0, 0, 0, 0, 0, 1, 1]),
        ("at 3 after (time > 2 && time < 4.7), persistent=false: n = n + 1;", [0] * 7),
        ("at 3 after (time > 2): other = 2; at (time < 1), t0=true: n = n + 1;", [0] * 7),
        ("at 3 after (time > 2): other = 2; at (time < 4.2), t0=true: n = n + 1;", [0] * 7),
        (
            "at 3 after (time > 2): other = 2;"
            "at 3.5 after (time > 2.2), persistent=false: n = n + 1;",
            [0, 0, 0, 0, 1, 1, 1],
        ),
        # A delay is over right when something else begins to wait, or ceases to.
        (
            "at 2 after (time >= 4), persistent=false, fromTrigger=false: n = n + 1;"
            "at 1 after (time >= 6), persistent=false, fromTrigger=false: n = n + 1;",
            [0, 0, 0, 0, 1, 2, 2],
        ),
        (  # which is 1 by the values of 6, when both are 1 more than nothing
            "at 2 after (time >= 4), persistent=false: n = n + 1;"
            "at 1 after (time >= 6), persistent=false: n = n + 1;",
            [0, 0, 0, 0, 1, 1, 1],
        ),
        (
            "at 0.4 after (time >= 3.3): other = 2;"
            "at 0.4 after (time >= 3.7), persistent=false: n = n + 1;",
            [0, 0, 0, 1, 1, 1, 1],
        ),
        ("at 0.5 after (time >= 5): other = 2; at (other > 1 && time < 5.5): n = n + 1;", [0] * 7),
        (
            "at 0.5 after (time >= 5): other = 2; at (other > 1 && time <= 5.5): n = n + 1;",
            [0, 0, 0, 1, 1, 1, 1],
        ),
        ("at 0.5 after (time >= 5 && time < 5.5), persistent=false: n = n + 1;", [0] * 7),
        (
            "at 0.5 after (time >= 5), priority=2: n = n + 1;"
            "at (time >= 5.5), priority=1, fromTrigger=false: n = 2*n;",
            [0, 0, 0, 2, 2, 2, 2],
        ),
        (
            "at 0.5 after (time >= 5), priority=1, fromTrigger=false: n = n + 1;"
            "at 0.25 after (time >= 5.25), priority=2, fromTrigger=false: n = n + 3;"
            "at (n >= 4), priority=3: other = 2; at 1 after (other > 1): n = n + 10;",
            [0, 0, 0, 4, 4, 14, 14],
        ),
    ],
)
def test_each_event_happens_once_wherever_a_run_begins_anew(
    events: str, right: Sequence[int], second: float | None, simulate: Simulate
) -> None:
    """SBML L3V2 4.11: when a trigger becomes true, or so much later."""
    periods = [Period(0.0)]
    if second is not None:
        periods.append(Period(7.0, [Condition("set", {"unused": second})]))
    simulator = simulate(f"{STRETCHES} {events}", ["n", "A"], ours=False)
    for _ in range(2):  # and again in the next run
        found = simulator.values(Experiment("m", periods, TIMES))
        assert found[:, 0].tolist() == list(right)
        assert found[:, 1] == pytest.approx(8 * np.exp(-0.1 * np.array(TIMES)), rel=1e-6)


def test_a_run_with_events_and_stretches_does_not_crash(
    antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    """A dose a day from the tenth day on, as in BIOMD0000000822."""
    daily = "at (time >= 240 && time - 24*floor(time/24) == 0): dose = dose + 8;"
    path = tmp_path / "daily.xml"
    text = f"model daily\nspecies A; A = 8; J: A -> ; 0.01*A; dose = 0; {daily}\nend\n"
    path.write_text(antimony_sbml(text), encoding="utf-8")
    command = "import sys; from mtorules.cli.main import main; sys.exit(main())"
    asked = ["--times", "0,100,250,300", "--observable", "A", "--observable", "dose", "--wide"]
    done = subprocess.run(
        [sys.executable, "-c", command, "simulate", str(path), *asked],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split(",") for line in done.stdout.splitlines() if not line.startswith("#")]
    columns = {name.split(" ")[0]: place for place, name in enumerate(rows[0])}
    found = np.array([[float(row[columns[name]]) for name in ("A", "dose")] for row in rows[1:]])
    assert found[:, 1].tolist() == [0.0, 0.0, 8.0, 24.0]
    assert found[:, 0] == pytest.approx(8 * np.exp(-0.01 * np.array([0, 100, 250, 300])), rel=1e-6)


@pytest.mark.parametrize("events", ["", "at 0.4 after (time >= 3.7), persistent=false: n = n + 1;"])
@pytest.mark.parametrize("falling", ["x < 3.7", "x <= 3.7", "x > 3.7"])
def test_what_a_delay_ends_with_counts_beside_a_switch_of_the_state(
    events: str, falling: str, simulate: Simulate
) -> None:
    """A dose after a delay, at the instant of a dose of ours and of triggers of all kinds."""
    model = f"""species A; A = 8; J: A -> ; 0.1*A; x = 0; x' = 1; n = 0; m = 0; unused = 1;
        at 0.4 after (time >= 3.3), fromTrigger=false: A = A + 10;
        at ({falling}): m = m + 1; {events}"""
    periods = [Period(0.0), Period(3.7, doses=[Dose("A", count=5.0)])]
    times = np.array([0.0, 3.5, 3.8, 4.2, 6.0])
    found = simulate(model, ["A", "n", "m"], ours=False).values(
        Experiment("m", periods, times.tolist())
    )
    given = np.where(times > 3.7, 15.0 * np.exp(0.37), 0.0)
    assert found[:, 0] == pytest.approx((8 + given) * np.exp(-0.1 * times), rel=1e-6)
    assert found[:, 1].tolist() == [0, 0, 0, bool(events), bool(events)]
    assert found[:, 2].tolist() == ([0, 0, 1, 1, 1] if ">" in falling else [0] * 5)


def test_a_simulator_with_events_gives_its_memory_back(simulate: Simulate) -> None:
    """Callbacks that hold what holds them kept half a megabyte of each, and in the end crashed."""
    simulator = simulate(f"{STRETCHES} at 1 after (time > 5): n = n + 1;", ["n"], ours=False)
    engine = weakref.ref(simulator.engine)
    for _ in range(2):
        assert simulator.values(Experiment("m", [Period(0.0)], [7.0])).tolist() == [[1.0]]
    del simulator
    gc.collect()
    assert engine() is None
