"""A second opinion on every model: PySB's own network reader and SciPy, not our exporter."""

import copy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import bngsim
import numpy as np
import pytest
from mtorules.models import catalogue
from mtorules.models.perturbations import conditions
from mtorules.network import generate
from mtorules.network.bionetgen import net
from pysb import Model
from pysb.simulator import ScipyOdeSimulator

Course = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def integrate() -> Callable[..., Course]:
    """Return a function that gives the observables of a model in nM of the cell."""

    def run(model: Model, times: Sequence[float], **values: float) -> Course:
        parameters = {parameter.name: parameter.value for parameter in model.parameters} | values
        simulator = ScipyOdeSimulator(
            model,
            compiler="python",
            integrator="lsoda",
            integrator_options={"rtol": 1e-10, "atol": 1e-12, "mxstep": 100_000},
        )
        result = simulator.run(tspan=np.asarray(times, dtype=float), param_values=parameters)
        cell = parameters["V_cell"]
        return {each.name: result.observables[each.name] / cell for each in model.observables}

    return run


class Bench:
    """One named model at rest and after a change, on bngsim, which reads BioNetGen's own file.

    Readings are concentrations: everything that an observable counts, in nM of the cell, and every
    named expression in its own unit.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.model = catalogue.build(name)
        self.network = generate.from_pysb(self.model)
        net.write(self.network, folder / f"{name}.net")
        self._engine = bngsim.Model.from_net(str(folder / f"{name}.net"))
        self._species = list(self._engine.species_names)
        self._default = {
            each: self._engine.get_param(each) for each in self._engine.primary_param_names
        }
        self._rests: dict[tuple[tuple[str, float], ...], tuple[np.ndarray, Course]] = {}

    def __getitem__(self, parameter: str) -> float:
        return self._default[parameter]

    def unfitted(self) -> "Bench":
        """Return the same model at the values of the tables, whatever was fitted."""
        other = copy.copy(self)
        table = {name: entry.value for name, entry in conditions.tables().items()}
        other._default = {name: table.get(name, value) for name, value in self._default.items()}
        other._rests = {}
        return other

    def rest(self, **values: float) -> dict[str, float]:
        """Return what is read after forty days with ``values``."""
        return {name: float(course[-1]) for name, course in self._settled(values)[1].items()}

    def amounts(self, **values: float) -> dict[str, float]:
        """Return the amount of every species, by its pattern, after forty days."""
        state = self._settled(values)[0]
        patterns = [species.pattern for species in self.network.species]
        return dict(zip(patterns, state.tolist(), strict=True))

    def after(
        self,
        hours: Sequence[float] | float,
        change: Mapping[str, float] | None = None,
        **values: float,
    ) -> Course:
        """Rest with ``values``, then ``change`` and wait; return readings at ``hours`` (and at 0).

        A ``change`` of ``<drug>_0`` doses the medium; any other sets a parameter.
        """
        state, _ = self._settled(values)
        doses = {
            name: value
            for name, value in (change or {}).items()
            if name.endswith("_0") and self._in_medium(name.removesuffix("_0"))
        }
        # Parameters first: setting what a start depends on would move the state.
        self._prepare({**values, **(change or {})})
        self._engine.set_state(state)
        for name, value in doses.items():
            species = self._in_medium(name.removesuffix("_0"))[0]
            self._engine.set_concentration(species, value * self._default["V_medium"])
        ends = [hours] if isinstance(hours, int | float) else list(hours)
        return self._run([0.0, *ends])[1]

    def supplied(self, ligand: str, level: float, hours: Sequence[float]) -> np.ndarray:
        """Supply a ligand at ``level`` from rest on, and return what the medium holds."""
        state, _ = self._settled({})
        self._prepare({f"{ligand}_0": level})
        self._engine.set_state(state)
        return self._run([0.0, *hours])[1][f"{ligand}_nM"][1:]

    def start(self, hours: Sequence[float], **values: float) -> Course:
        """Return readings from the very start, where nothing is bound or modified."""
        self._prepare(values)
        return self._run([0.0, *hours])[1]

    def _in_medium(self, monomer: str) -> list[str]:
        start = f"@medium::{monomer}("
        return [each for each in self._species if each.startswith(start) and "." not in each]

    def _settled(self, values: Mapping[str, float]) -> tuple[np.ndarray, Course]:
        key = tuple(sorted(values.items()))
        if key not in self._rests:
            self._prepare(values)
            self._rests[key] = self._run([0.0, 40 * 24.0])
        return self._rests[key]

    def _prepare(self, values: Mapping[str, float]) -> None:
        for name, value in {**self._default, **values}.items():
            self._set(name, value)
        self._engine.reset()

    def _set(self, name: str, value: float) -> None:
        assert name in self._default, name
        self._engine.set_param(name, float(value))

    def _run(self, hours: Sequence[float]) -> tuple[np.ndarray, Course]:
        simulator = bngsim.Simulator(self._engine, method="ode")
        result = simulator.run(
            sample_times=[each * 3600 for each in hours], rtol=1e-8, atol=1e-9, timeout=60
        )
        observables = np.asarray(result.observables) / self._default["V_cell"]
        course: Course = dict(zip(result.observable_names, observables.T, strict=True))
        expressions = np.asarray(result.expressions).T
        course.update(zip(result.expression_names, expressions, strict=True))
        return np.asarray(result.species)[-1], course


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bench]:
    """Return a function that gives the bench of a named model, each made once."""
    made: dict[str, Bench] = {}
    folder = tmp_path_factory.mktemp("bench")

    def of(name: str) -> Bench:
        if name not in made:
            made[name] = Bench(name, folder)
        return made[name]

    return of


@pytest.fixture(scope="session")
def whole(bench: Callable[[str], Bench]) -> Bench:
    """The whole network."""
    return bench("signalling")


@pytest.fixture(scope="session")
def tables(whole: Bench) -> Bench:
    """The whole network at the values of the tables, without the fit."""
    return whole.unfitted()


@pytest.fixture(scope="session")
def fed(whole: Bench) -> dict[str, float]:
    """What is read in the fed cell at rest."""
    return whole.rest()
