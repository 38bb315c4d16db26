"""Events across the stretches and periods of a run: when each happens, and that nothing crashes."""

import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.experiments.experiments import Condition, Experiment, Period
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
