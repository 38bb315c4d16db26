from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.network.mathematics.expressions import ExpressionError
from mtorules.network.mathematics.numerics import Values, parameter_values
from mtorules.network.network import Network, Parameter
from scipy.integrate import solve_ivp

# run_network is off by several percent where a rate depends on time itself.
TIMED = {"time_dependent.bngl", "oscillating.py"}


def courses(network: Network, times: np.ndarray) -> dict[str, np.ndarray]:
    start = Values(network)
    solution = solve_ivp(
        lambda time, amounts: start.at(amounts, time).changes(),
        (times[0], times[-1]),
        start.amounts,
        method="LSODA",
        t_eval=times,
        rtol=1e-9,
        atol=1e-12,
    )
    states = [start.at(amounts, t) for t, amounts in zip(times, solution.y.T, strict=True)]
    return {g.name: np.array([state[g.name] for state in states]) for g in network.groups}


def test_rates_give_the_courses_of_run_network(
    construct: Path,
    network_of: Callable[[Path], Network],
    run_network: Callable[[Path, float, int], dict[str, np.ndarray]],
) -> None:
    if construct.name in TIMED:
        pytest.skip("run_network is no judge of explicit time")
    expected = run_network(construct, 5, 10)
    times = expected.pop("time")
    found = courses(network_of(construct), times)
    assert found.keys() == expected.keys()
    for name, course in expected.items():
        # run_network prints 13 digits; what stays near zero is compared with its own size.
        assert found[name] == pytest.approx(course, rel=1e-6, abs=1e-7 * max(course)), name


def test_explicit_time_gives_the_closed_form(network_of: Callable[[str], Network]) -> None:
    times = np.linspace(0, 3, 7)
    k, period = 0.3, 8.0
    exponent = k * (times + period / (2 * np.pi) * (1 - np.cos(2 * np.pi * times / period)))
    found = courses(network_of("oscillating.py"), times)
    assert found["Ap"] == pytest.approx(10 * (1 - np.exp(-exponent)), rel=1e-7)


def test_derived_parameters_follow_changes_of_what_they_need() -> None:
    parameters = [
        Parameter("c", "b+a", 0.0),
        Parameter("b", "2*a", 0.0),
        Parameter("a", "3", 3.0),
    ]
    assert parameter_values(parameters) == {"a": 3, "b": 6, "c": 9}
    assert parameter_values(parameters, {"a": 1.0}) == {"a": 1, "b": 2, "c": 3}
    assert parameter_values(parameters, {"b": 1.0}) == {"a": 3, "b": 1, "c": 4}


def test_parameters_in_a_circle_are_named() -> None:
    circle = [Parameter("a", "b", 0.0), Parameter("b", "c+1", 0.0), Parameter("c", "a", 0.0)]
    with pytest.raises(ExpressionError, match="a -> b -> c -> a"):
        parameter_values(circle)


def test_sizes_and_fixed_species(network_of: Callable[[str], Network]) -> None:
    values = Values(network_of("compartment_sizes.py"), changes={"scale": 2.0})
    assert values.sizes() == pytest.approx({"EC": 40, "PM": 0.08, "CP": 1.5})
    fixed = Values(network_of("fixed_species.bngl"))
    assert fixed.changes()[0] == 0
    assert fixed.rates()[0] > 0
