"""Who is measured: each loads a model, runs a course, and a point of the scan."""

# The peers' methods do what those of Peer say.
# ruff: noqa: D101, D102

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from measuring import COURSE, LOOKS, REST, spent, tell
from mtorules.simulation.engines import engine_named
from mtorules.simulation.experiments.experiments import Condition, exposure
from mtorules.simulation.simulator import Simulator
from tasks import TOLERANCES, Task, pysb_model


class Peer:
    """Something that simulates; see :class:`measuring.Peer`."""

    def __init__(self, task: Task, folder: Path) -> None:
        self.task = task
        self.sbml, self.net = folder / "model.xml", folder / "model.net"

    def load(self) -> None:
        """Get ready."""
        raise NotImplementedError

    def course(self) -> np.ndarray:
        """Run the day from the model's own start."""
        raise NotImplementedError

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        """Run a point of the scan."""
        raise NotImplementedError


class Ours(Peer):
    """One of our engines behind Simulator."""

    engine = ""

    def load(self) -> None:
        self.simulator = Simulator(
            self.task.loaded,
            self.task.observables,
            engine=self.engine,
            tolerances=TOLERANCES,
            cache=False,
        )

    def course(self) -> np.ndarray:
        return self.simulator.values(exposure(COURSE, equilibrated=False))

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        cells = Condition(f"cells {number}", genotype)
        return self.simulator.values(
            exposure(LOOKS, doses={self.task.drug: dose}, conditions=[cells])
        )


class OursRoadRunner(Ours):
    engine = "roadrunner"


class OursBngsim(Ours):
    engine = "bngsim"


class RunNetwork(Peer):
    """BioNetGen's run_network, started by our engine for each stretch of time."""

    def load(self) -> None:
        make = engine_named("run_network")
        self.engine = make(self.task.loaded, self.task.observables, TOLERANCES)
        self.values, state = self.task.loaded.model.initial({})
        self.state = np.array(list(state.values()))

    def course(self) -> np.ndarray:
        self.engine.start(self.values, self.state, 0.0)
        return self.engine.integrate(COURSE)

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        values = {**self.values, **genotype}
        self.engine.start(values, self.state, 0.0)
        self.engine.advance(REST, TOLERANCES.steps)
        state = self.engine.state
        state[self.task.drug_place] += dose * self.task.medium
        self.engine.change(values, state)
        return self.engine.integrate(REST + LOOKS)


class RoadRunner(Peer):
    """libRoadRunner as its manual shows it."""

    def load(self) -> None:
        import roadrunner

        roadrunner.Logger.disableLogging()
        self.rr: Any = roadrunner.RoadRunner(str(self.sbml))
        integrator = self.rr.integrator
        integrator.relative_tolerance = TOLERANCES.relative
        count = self.rr.model.getNumFloatingSpecies()
        absolute = TOLERANCES.relative * 1e-4 * self.task.loaded.scale
        integrator.setValue("absolute_tolerance", [absolute] * count)
        self.rr.selections = list(self.task.observables)

    def course(self) -> np.ndarray:
        self.rr.reset()
        return np.array(self.rr.simulate(times=COURSE.tolist()))

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        rr = self.rr
        rr.reset()
        for name, value in genotype.items():
            rr[name] = value
        rr.simulate(-REST, 0.0, 2)
        rr[self.task.drug] = rr[self.task.drug] + dose * self.task.medium
        return np.array(rr.simulate(times=[0.0, *LOOKS]))[1:]


class Bngsim(Peer):
    """bngsim as its manual shows it."""

    def load(self) -> None:
        import bngsim

        self.model = bngsim.Model.from_net(self.net)
        self.simulator = bngsim.Simulator(self.model, "ode")
        absolute = TOLERANCES.relative * 1e-4 * self.task.loaded.scale
        self.simulator.set_tolerances(TOLERANCES.relative, absolute)

    def _observed(self, result: Any) -> np.ndarray:
        return np.column_stack([result.observables[name] for name in self.task.observables])

    def course(self) -> np.ndarray:
        self.model.reset()
        return self._observed(self.simulator.run(sample_times=COURSE.tolist()))

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        self.model.reset()
        for name, value in genotype.items():
            self.model.set_param(name, value)
        self.simulator.run(t_span=(-REST, 0.0), n_points=2)
        state = self.model.get_state()
        state[self.task.drug_place] += dose * self.task.medium
        self.model.set_state(state)
        return self._observed(self.simulator.run(sample_times=[0.0, *LOOKS]))[1:]


class Copasi(Peer):
    """COPASI through basico; an event gives the dose after the rest."""

    def load(self) -> None:
        import basico

        self.basico = basico
        self.model = basico.load_model(str(self.sbml))
        absolute = TOLERANCES.relative * 1e-4 * self.task.loaded.scale
        self.settings = {"r_tol": TOLERANCES.relative, "a_tol": absolute, "max_steps": 1_000_000}
        self.wanted = [f"Values[{name}]" for name in self.task.observables]
        if not self.task.sites:
            drug = f"[{self.task.loaded.model.species[self.task.drug].name}]"
            basico.add_parameter("given", initial_value=0.0)
            basico.add_event("dosing", f"Time > {REST}", [(drug, f"{drug} + Values[given]")])

    def course(self) -> np.ndarray:
        return self._run(COURSE)

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        for name, value in {**genotype, "given": dose}.items():
            self.basico.set_parameters(name, exact=True, initial_value=value)
        return self._run(np.array([0.0, *(REST + LOOKS)]))[1:]

    def _run(self, times: np.ndarray) -> np.ndarray:
        frame = self.basico.run_time_course_with_output(
            self.wanted, values=times.tolist(), start_time=0, use_numbers=False, **self.settings
        )
        return frame[self.wanted].to_numpy()


class PySB(Peer):
    """SciPy through PySB, which generates the network itself when it loads."""

    def load(self) -> None:
        from pysb.simulator import ScipyOdeSimulator

        task = self.task
        self.model = pysb_model(task)
        absolute = TOLERANCES.relative * 1e-4 * task.loaded.scale
        options = {"rtol": TOLERANCES.relative, "atol": absolute, "mxstep": 1_000_000}
        self.simulator = ScipyOdeSimulator(
            self.model, COURSE, integrator="lsoda", integrator_options=options
        )
        if not task.sites:
            (self.drug,) = (
                index
                for index, species in enumerate(self.model.species)
                if str(species) == "RAPA(fkbp=None, frb=None) ** medium"
            )

    def course(self) -> np.ndarray:
        return self._observed(self.simulator.run())

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        rest = self.simulator.run(tspan=[0.0, REST], param_values=genotype)
        start = np.array(rest.species[-1])
        start[self.drug] += dose * self.task.medium
        return self._observed(
            self.simulator.run(tspan=[0.0, *LOOKS], param_values=genotype, initials=start)
        )[1:]

    def _observed(self, result: Any) -> np.ndarray:
        return np.column_stack([result.observables[name] for name in self.task.observables])


PLAIN: Final = "libRoadRunner, plain loop"
PEERS: Final[dict[str, type[Peer]]] = {
    PLAIN: RoadRunner,
    "ours on libRoadRunner": OursRoadRunner,
    "ours on bngsim": OursBngsim,
    "bngsim, plain loop": Bngsim,
    "run_network": RunNetwork,
    "COPASI": Copasi,
    "SciPy through PySB": PySB,
}
AMICI: Final = "AMICI"


# -- making networks and SBML ---------------------------------------------------------------------


def made_by_bng2(task: Task) -> None:
    """Let BNG2.pl alone generate the network."""
    from mtorules.network.bionetgen import bng2
    from mtorules.network.sources import pysb_bngl

    text = pysb_bngl.write(pysb_model(task)).text
    perl, script = bng2.find()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "alone.bngl").write_text(text + "\ngenerate_network({overwrite=>1})\n")
        begun = spent()
        subprocess.run([perl, script, "alone.bngl"], cwd=folder, check=True, capture_output=True)
        tell({"network_s": spent() - begun})


def made_by_pysb(task: Task) -> None:
    """Let PySB generate the network and write SBML."""
    from pysb.bng import generate_equations
    from pysb.export import export

    model = pysb_model(task)
    begun = spent()
    generate_equations(model)
    found = {"network_s": spent() - begun}
    tell(found)
    begun = spent()
    export(model, "sbml")
    tell({**found, "sbml_s": spent() - begun})


def made_by_us(task: Task) -> None:
    """Let this package do both."""
    from mtorules.export.sbml import writer
    from mtorules.network import generate

    model = pysb_model(task)
    begun = spent()
    network = generate.network(model, cache=False)
    found = {"network_s": spent() - begun}
    tell(found)
    begun = spent()
    writer.document(network)
    tell({**found, "sbml_s": spent() - begun})


MAKERS: Final[dict[str, Callable[[Task], None]]] = {
    "BNG2.pl": made_by_bng2,
    "PySB": made_by_pysb,
    "ours": made_by_us,
}
