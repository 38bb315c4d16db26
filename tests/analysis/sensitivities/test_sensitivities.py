"""Sensitivities against closed forms, and against differences with another engine."""

import shutil
from collections.abc import Callable

import numpy as np
import pytest
from mtorules.analysis.global_sensitivity import question as global_sensitivity
from mtorules.analysis.sensitivities import differences, forward
from mtorules.analysis.sensitivities.question import Question, SensitivityError, independent
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.experiments.experiments import Dose
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.sbml.model import UnknownNameError
from mtorules.simulation.simulator import SimulationError
from numpy.testing import assert_allclose

needs_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="bngsim needs a C compiler")
Ruled = Callable[..., Loaded]

TIGHT = Tolerances(1e-10)
WAYS = [
    pytest.param(forward.forward, marks=needs_compiler, id="forward"),
    pytest.param(differences.differences, id="differences"),
]


@pytest.mark.parametrize("way", WAYS)
def test_decay(way, ruled: Ruled) -> None:
    loaded = ruled("d: A() -> 0 k DeleteMolecules", "A(b)@cell A_0", "k 0.3\nA_0 20")
    found = way(
        Question(loaded, ["A"], ["k", "A_0"], [0.0, 2.0, 5.0], equilibrated=False, tolerances=TIGHT)
    )
    times = np.array([0.0, 2.0, 5.0])
    assert_allclose(found.value.sel(observable="A"), 20 * np.exp(-0.3 * times), rtol=1e-7)
    relative = found.relative.sel(observable="A")
    assert_allclose(relative.sel(parameter="k"), -0.3 * times, rtol=1e-5, atol=1e-9)
    assert_allclose(relative.sel(parameter="A_0"), 1.0, rtol=1e-6)


# A falls away, and B, which does not know of it, is made and lost.
APART = (
    "d: A() -> 0 k DeleteMolecules\nm: 0 -> B(a)@cell s\nl: B() -> 0 l DeleteMolecules",
    "A(b)@cell A_0\nB(a)@cell B_0",
    "k 0.01\nA_0 100\nB_0 1\ns 1\nl 0.001",
)


@pytest.mark.parametrize("way", WAYS)
def test_what_has_become_as_small_as_errors_has_no_shares(way, ruled: Ruled) -> None:
    """Those that are told are -k t and nothing by what A does not depend on."""
    loaded = ruled(*APART)
    times = np.array([1000.0, 2000.0, 2500.0, 3000.0, 4000.0, 86400.0])
    found = way(Question(loaded, ["A"], ["k", "l"], times.tolist(), equilibrated=False))
    relative = found.relative.sel(observable="A")
    told = np.isfinite(relative.sel(parameter="k").to_numpy())
    assert told[0]
    assert not told[-2:].any()
    assert_allclose(relative.sel(parameter="k")[told], -0.01 * times[told], rtol=0.02)
    assert_allclose(relative.sel(parameter="l")[told], 0.0, atol=0.05)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_gone_at_rest_is_no_total(way, ruled: Ruled) -> None:
    """Of A nothing is left however much there was, though no reaction runs where it is nothing."""
    loaded = ruled(*APART)
    found = way(Question(loaded, ["A", "B"], ["A_0", "s"], [0.0], equilibrated=True))
    assert_allclose(found.sensitivity.sel(observable="A"), 0.0, atol=1e-6)
    of_b = found.relative.sel(observable="B", time=0.0)
    assert_allclose(of_b, [0.0, 1.0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_an_expression_and_a_rate_that_follows_it(way, ruled: Ruled) -> None:
    # A decays at k * (1 + A / K), and is looked at through the rate constant itself.
    loaded = ruled(
        "d: A() -> 0 rate() DeleteMolecules",
        "A(b)@cell A_0",
        "k 0.3\nK 5\nA_0 20",
        "rate() k*(1+A/K)",
    )
    times = np.array([0.5, 2.0])

    def exact(k: float, K: float, a: float) -> np.ndarray:
        """Return the logistic decay and its rate constant."""
        share = a / (a + K) * np.exp(-k * times)
        left = K * share / (1 - share)
        return np.column_stack([left, k * (1 + left / K)])

    found = way(
        Question(
            loaded,
            ["A", "rate"],
            ["k", "K", "A_0"],
            times.tolist(),
            equilibrated=False,
            tolerances=TIGHT,
        )
    )
    own = np.array([0.3, 5.0, 20.0])
    assert_allclose(found.value, exact(*own), rtol=1e-7)
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-5 * own[place]
        slope = (exact(*(own + step)) - exact(*(own - step))) / (2 * step[place])
        assert_allclose(found.sensitivity[..., place], slope, rtol=1e-5)


@pytest.mark.parametrize("way", WAYS)
def test_rest_moves_with_constants_totals_and_volume(way, ruled: Ruled) -> None:
    loaded = ruled(
        "b: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr",
        "A(b)@cell A_0\nB(a)@cell B_0",
        "kf 0.05\nkr K*kf\nK 3\nA_0 20\nB_0 14",
    )

    def bound(dissociation: float, a: float, b: float, volume: float) -> float:
        total = a + b + dissociation * volume
        return (total - np.sqrt(total**2 - 4 * a * b)) / 2

    names, own = ["K", "A_0", "B_0", "V"], np.array([3.0, 20.0, 14.0, 2.0])
    found = way(Question(loaded, ["AB"], [*names, "kf"], [0.0, 60.0], tolerances=TIGHT))
    for place, name in enumerate(names):
        step = np.zeros(4)
        step[place] = 1e-5 * own[place]
        slope = (bound(*(own + step)) - bound(*(own - step))) / (2 * step[place])
        assert_allclose(found.sensitivity.sel(parameter=name), slope, rtol=1e-5)
    # How fast it binds does not matter at rest.
    assert_allclose(found.relative.sel(parameter="kf"), 0.0, atol=1e-7)


@needs_compiler
def test_forward_agrees_with_differences_of_libroadrunner_on_complexes() -> None:
    names = ["kr_MTOR_binds_RPTOR", "FKBP1A_0", "MTOR_0", "V_cell", "V_medium"]
    question = Question(
        load("complexes"),
        ["MTORC1", "MTORC2", "RAPA_MTOR"],
        names,
        [3600.0, 86400.0],
        doses=[Dose("RAPA@medium", 10.0)],
        tolerances=TIGHT,
    )
    integrated = forward.forward(question)
    divided = differences.differences(question)
    assert_allclose(integrated.value, divided.value, rtol=1e-7)
    assert_allclose(integrated.relative, divided.relative, rtol=1e-4, atol=2e-5)


def test_what_cannot_be_differentiated_is_told(ruled: Ruled) -> None:
    loaded = ruled("d: A() -> 0 k DeleteMolecules", "A(b)@cell A_0", "k 0.3\nA_0 20\nnone 0")
    with pytest.raises(UnknownNameError, match="'A_0'"):
        Question(loaded, ["A"], ["A_1"], [1.0])
    with pytest.raises(SensitivityError, match="'none' is zero"):
        Question(loaded, ["A"], ["none"], [1.0])
    with pytest.raises(SensitivityError, match="later than the last"):
        Question(loaded, ["A"], ["k"], [2.0, 1.0])
    dosed = [Dose("none", 1.0)]
    with pytest.raises(SimulationError, match="only a species can be given"):
        question = Question(loaded, ["A"], ["k"], [1.0], doses=dosed, equilibrated=False)
        differences.differences(question)


def test_what_events_and_rate_rules_move_is_varied_where_it_begins(
    antimony_sbml: Callable[[str], str],
) -> None:
    """From 8 at a rate of 1/2 w for 2 s, and at none after the event: 8 exp(-w); y grows alike."""
    text = antimony_sbml(
        "model m; species A; A = 8; k = 0.5; w = 1.5; y = 3; r = 0.25; y' = r*y; off = 1e-9;"
        "J: A -> ; k*w*A; at (time > 2): w = off; end"
    )
    loaded = from_sbml(text)
    names = independent(loaded)
    assert set(names) >= {"k", "w", "y", "r", "off"}
    asked = Question(loaded, ["A", "y"], names, [4.0], equilibrated=False)
    relative = differences.differences(asked, engine="roadrunner").relative.sel(time=4.0)
    expected = {"A": {"w": -1.5, "k": -1.5, "y": 0}, "y": {"y": 1, "r": 1, "w": 0}}
    for name, slopes in expected.items():
        for parameter, slope in slopes.items():
            found = float(relative.sel(observable=name, parameter=parameter))
            assert found == pytest.approx(slope, rel=1e-3, abs=1e-4)
    ranges = global_sensitivity.ranges(loaded, [], 2.0)
    assert {"k", "w", "y", "r"} <= ranges.keys()
