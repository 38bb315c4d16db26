"""NFsim: means of molecules against master equations, and everything that it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.network.bionetgen.limits import GenerationError
from mtorules.network.network import Metadata
from mtorules.simulation.engines import Tolerances, UnsupportedError
from mtorules.simulation.engines.nfsim import NfsimEngine, network_free
from mtorules.simulation.experiments.experiments import Condition, exposure
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator
from scipy.linalg import expm

RUNS = 40
BINDING = """begin model
begin parameters
kf 0.02
kr 3*kf
A_0 30
end parameters
begin molecule types
A(b)
B(a)
end molecule types
begin seed species
A(b) A_0
B(a) 12
end seed species
begin observables
Molecules AB A(b!1).B(a!1)
end observables
begin reaction rules
b: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
end reaction rules
end model
"""
# Chains without end: every network of them is cut somewhere.
CHAINS = """begin model
begin molecule types
A(l,r)
end molecule types
begin seed species
A(l,r) 200
end seed species
begin observables
Molecules Links A(r!1).A(l!1)
end observables
begin reaction rules
A(r) + A(l) <-> A(r!1).A(l!1) 0.01, 1
end reaction rules
end model
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "binding.bngl"
    target.write_text(BINDING)
    return target


def mean_bound(kf: float, kr: float, a: int, time: float) -> tuple[float, float]:
    """Return mean and variance of the number of pairs, from the master equation."""
    rates = np.zeros((13, 13))
    for n in range(13):
        if n < 12:
            rates[n + 1, n] += kf * (a - n) * (12 - n)
            rates[n, n] -= kf * (a - n) * (12 - n)
        if n:
            rates[n - 1, n] += kr * n
            rates[n, n] -= kr * n
    odds = expm(time * rates)[:, 0]
    counts = np.arange(13)
    return float(odds @ counts), float(odds @ counts**2 - (odds @ counts) ** 2)


@pytest.mark.parametrize("enumerated", [False, True])
def test_molecules_bind_as_their_master_equation_says(path: Path, enumerated: bool) -> None:
    loaded = load(path, irreversible=True) if enumerated else network_free(path)
    simulator = Simulator(loaded, ["AB"], engine="nfsim", method="ssa")
    # Half the constant: dissociation, derived from it, follows.
    slower = Condition("slower", {"kf": 0.01, "A_0": 20})
    for cells, kf, a in (([], 0.02, 30), ([slower], 0.01, 20)):
        experiment = exposure([0.0, 0.5, 1.5], conditions=cells, equilibrated=False)
        found = np.array([simulator.values(experiment, seed=seed)[:, 0] for seed in range(RUNS)])
        assert (found[:, 0] == 0).all()
        for column, time in ((1, 0.5), (2, 1.5)):
            mean, variance = mean_bound(kf, 3 * kf, a, time)
            assert abs(found[:, column].mean() - mean) < 4 * np.sqrt(variance / RUNS)


def test_chains_without_end(tmp_path: Path) -> None:
    target = tmp_path / "chains.bngl"
    target.write_text(CHAINS)
    simulator = Simulator(network_free(target), ["Links"], engine="nfsim", method="ssa")
    experiment = exposure(np.linspace(20, 60, 41), equilibrated=False)
    found = simulator.values(experiment, seed=3)
    # Ends bind ends as single molecules would: links solve 0.01 (200 - x)^2 = x, rings aside.
    links = (2 * 200 + 100 - np.sqrt((2 * 200 + 100) ** 2 - 4 * 200**2)) / 2
    assert found.mean() == pytest.approx(links, rel=0.05)


def test_a_seed_decides(path: Path) -> None:
    simulator = Simulator(network_free(path), ["AB"], engine="nfsim", method="ssa")
    experiment = exposure(np.linspace(0, 2, 21), equilibrated=False)
    first, second, third = (simulator.values(experiment, seed=seed) for seed in (1, 2, 1))
    assert (first == third).all()
    assert (first != second).any()


def started(path: Path) -> NfsimEngine:
    loaded = load(path, irreversible=True)
    engine = NfsimEngine(loaded, ["AB"], Tolerances())
    values, state = loaded.model.initial({})
    engine.start(values, np.array(list(state.values())), 0.0)
    return engine


def test_what_nfsim_cannot_do_is_told_with_who_can(path: Path) -> None:
    engine = started(path)
    values, state = engine.model.initial({})
    begun = np.array(list(state.values()))
    with pytest.raises(UnsupportedError, match=r"without doses.*'roadrunner', 'bngsim'"):
        engine.start(values, begun + 1, 0.0)
    with pytest.raises(UnsupportedError, match="change anything on the way"):
        engine.change(values, begun)
    with pytest.raises(UnsupportedError, match="amounts of species"):
        _ = engine.state
    with pytest.raises(UnsupportedError, match="rates of change"):
        engine.rates()
    with pytest.raises(UnsupportedError, match="equal intervals"):
        started(path).integrate(np.array([0.1234567, 3.0000001, np.pi]))
    engine.start(values, begun, 0.0)
    engine.integrate(np.array([1.0]))
    with pytest.raises(UnsupportedError, match="once from its start"):
        engine.integrate(np.array([2.0]))
    with pytest.raises(UnsupportedError, match="records observables, and 'kf'"):
        NfsimEngine(engine.loaded, ["kf"], Tolerances())
    with pytest.raises(UnsupportedError, match="'roadrunner' runs any SBML"):
        NfsimEngine(from_sbml(engine.loaded.sbml), ["AB"], Tolerances())
    with pytest.raises(UnsupportedError, match="cannot do 'ode'"):
        Simulator(engine.loaded, ["AB"], engine="nfsim")
    with pytest.raises(UnsupportedError, match="counts in moles"):
        assert engine.loaded.network is not None
        units = Metadata(substance_unit="zmol", volume_unit="pL", time_unit="s")
        moles = load(replace(engine.loaded.network, metadata=units), irreversible=True)
        NfsimEngine(moles, ["AB"], Tolerances())


def test_volumes_are_beyond_nfsim(tmp_path: Path) -> None:
    target = tmp_path / "roomy.bngl"
    room = "begin compartments\ncell 3 2\nend compartments\n"
    text = BINDING.replace("begin molecule types", f"{room}begin molecule types")
    text = text.replace("A(b) A_0", "A(b)@cell A_0").replace("B(a) 12", "B(a)@cell 12")
    target.write_text(text)
    with pytest.raises(UnsupportedError, match="knows no volumes"):
        NfsimEngine(network_free(target), ["AB"], Tolerances())


def test_rules_that_bionetgen_refuses(tmp_path: Path) -> None:
    target = tmp_path / "broken.bngl"
    target.write_text(BINDING.replace("b: A(b)", "b: C(b)"))
    with pytest.raises(GenerationError, match="refuses the model"):
        network_free(target)
