"""Simulation: what every engine and its peers need for the same work, in one table.

    python benchmarks/simulation.py [--quick] [--models NAME ...] [--json FILE]

Each peer runs in a process of its own, as its manual advises, as many at a time as there are cores.
All integrate with the same tolerances. Measured are

* network and SBML: from a PySB model to its network, and from that to SBML. BNG2.pl gets the BNGL
  that was written of the model;
* load: from SBML, BioNetGen's .net or a PySB model to a simulator that is ready, and the same again
  where something was kept. libRoadRunner, COPASI and AMICI get the same SBML;
* course: one day, 25 points, the best of three;
* points: a scan of dose and genotype in one process, points a second. Each point sets the genotype,
  lets the cells rest (peers: 30 days of simulation), gives the dose, and looks at 1, 4 and 24 h.
  Peers do that in a plain loop that keeps one simulator; ours goes through ``Simulator``, which
  keeps cells at rest and looks for them anew for each genotype. The scan stops when its time is
  up; scaffolds have none;
* memory: the most that the process held.

Times are processor time, which other work on the machine disturbs least, with that of programs a
peer starts. The last column compares the first numbers with libRoadRunner's. Who is not ready in
time is stopped, and so much is shown as was done; a scaffold at which somebody was stopped is the
last that it gets.

Then the scan of 1,000 points runs as ``mtorules scan`` does it, on one process and on two, and
beside it the plain loop of libRoadRunner and the fastest peer, one after the other, by the clock.
"""

# The peers' methods do what those of Peer say.
# ruff: noqa: D101, D102

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
from measuring import COURSE, LOOKS, REST, measure, spent, tell
from mtorules.network.bionetgen import net
from mtorules.network.cache import cache_folder
from mtorules.network.network import Group, Network, Parameter, RateLaw, Reaction, Species
from mtorules.simulation.engines import Loaded, Tolerances, engine_named
from mtorules.simulation.experiments.experiments import Condition, exposure
from mtorules.simulation.load import load
from mtorules.simulation.scans.parts import Addition, Axis
from mtorules.simulation.scans.scan import Scan
from mtorules.simulation.simulator import Simulator

TOLERANCES: Final = Tolerances(1e-8)
GENOTYPES, DOSES = 20, 50
RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "simulation.json"


# -- models and scans -----------------------------------------------------------------------------


def scaffold(sites: int) -> Network:
    """Return the network of a scaffold whose sites bind a ligand, each for itself.

    It has ``2**sites + 1`` species; written down here, since BNG2.pl needs minutes for ten sites.
    """
    patterns = [
        "S("
        + ",".join(f"a{i}!{i + 1}" if mask >> i & 1 else f"a{i}" for i in range(sites))
        + ")"
        + "".join(f".L(s!{i + 1})" for i in range(sites) if mask >> i & 1)
        for mask in range(2**sites)
    ]
    ligand = len(patterns)
    parameters = [("S_0", 100.0), ("L_0", 60.0 * sites)]
    for i in range(sites):
        parameters += [(f"kf{i}", 1e-6 * (1 + i)), (f"kr{i}", 1e-4)]
    reactions = []
    for mask in range(2**sites):
        for i in (i for i in range(sites) if not mask >> i & 1):
            free, bound = (mask, ligand), (mask | 1 << i,)
            reactions += [
                Reaction(free, bound, RateLaw("elementary", (f"kf{i}",)), f"bind{i}"),
                Reaction(bound, free, RateLaw("elementary", (f"kr{i}",)), f"bind{i}", reverse=True),
            ]
    groups = [
        Group("Bound", tuple((float(m.bit_count()), m) for m in range(1, 2**sites))),
        Group("Full", ((1.0, 2**sites - 1),)),
    ]
    starts = ["S_0", *["0"] * (2**sites - 1), "L_0"]
    return Network(
        f"scaffold{sites}",
        tuple(Parameter(name, repr(value), value) for name, value in parameters),
        (),
        (),
        tuple(Species(p, s) for p, s in zip([*patterns, "L(s)"], starts, strict=True)),
        tuple(reactions),
        tuple(groups),
    )


@dataclass
class Task:
    """One model, and what is to be scanned on it."""

    name: str

    @property
    def sites(self) -> int:
        """How many sites a scaffold has; other models have none."""
        return int(self.name.removeprefix("scaffold") if "scaffold" in self.name else 0)

    @cached_property
    def loaded(self) -> Loaded:
        """The model as our engines take it."""
        return load(scaffold(self.sites) if self.sites else self.name)

    @cached_property
    def network(self) -> Network:
        """Its network."""
        assert self.loaded.network is not None
        return self.loaded.network

    @property
    def observables(self) -> tuple[str, str]:
        """What is looked at."""
        return ("Bound", "Full") if self.sites else ("MTORC1", "MTORC2")

    @cached_property
    def drug(self) -> str:
        """The id of the species that is dosed."""
        return self.loaded.model.species_of("RAPA@medium")[0]

    @cached_property
    def drug_place(self) -> int:
        """Where it stands among the network's species."""
        assert self.loaded.report is not None
        return self.loaded.report.species.index(self.drug)

    @cached_property
    def medium(self) -> float:
        """Volume of the medium: what turns a dose in nM into an amount."""
        return self.loaded.model.initial({})[0]["medium"]

    def genotype(self, number: int) -> dict[str, float]:
        """Return what a sort of cells has of its own: two rate constants."""
        fold = 10 ** (number / GENOTYPES - 0.5)
        changed = {"kr_MTOR_binds_RPTOR": fold, "kr_MTOR_binds_RICTOR": 1 / fold}
        values = {p.name: p.value for p in self.network.parameters}
        return {name: values[name] * factor for name, factor in changed.items()}

    def points(self) -> Iterator[tuple[int, dict[str, float], float]]:
        """Yield number, genotype and dose in nM of every point, doses fastest."""
        for number in range(GENOTYPES):
            for dose in np.geomspace(0.01, 1000, DOSES):
                yield number, self.genotype(number), float(dose)


# -- peers: each loads, runs a course, and a point of the scan ------------------------------------


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
        from mtorules.models import catalogue
        from pysb.simulator import ScipyOdeSimulator

        task = self.task
        self.model = pysb_scaffold(task.sites) if task.sites else catalogue.build(task.name)
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


def pysb_scaffold(sites: int) -> Any:
    """Return the scaffold as a PySB model."""
    from mtorules.models.building.drafting import drafting
    from pysb import Initial, Model, Monomer, Observable, Parameter, Rule

    model = Model(f"scaffold{sites}")
    values = {p.name: p.value for p in scaffold(sites).parameters}
    with drafting(model):
        names = [f"a{i}" for i in range(sites)]
        held, ligand = Monomer("S", names), Monomer("L", ["s"])
        for i, name in enumerate(names):
            Rule(
                f"bind{i}",
                held(**{name: None}) + ligand(s=None) | held(**{name: 1}) % ligand(s=1),
                *(Parameter(f"{kind}{i}", values[f"{kind}{i}"]) for kind in ("kf", "kr")),
            )
        Initial(held(**dict.fromkeys(names)), Parameter("S_0", values["S_0"]))
        Initial(ligand(s=None), Parameter("L_0", values["L_0"]))
        from pysb import ANY

        Observable("Bound", ligand(s=ANY))
        Observable("Full", held(**dict.fromkeys(names, ANY)))
    return model


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


def pysb_model(task: Task) -> Any:
    """Return a model that PySB knows nothing of yet."""
    from mtorules.models import catalogue

    return pysb_scaffold(task.sites) if task.sites else catalogue.build(task.name)


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


# -- measuring one peer, in a process of its own --------------------------------------------------


def child(name: str, model: str, folder: Path, budget: float) -> None:
    """Measure one peer and print what was found."""
    warnings.simplefilter("ignore")
    task = Task(model)
    if name in MAKERS:
        MAKERS[name](task)
        return
    peer = PEERS[name](task, folder)
    _ = task.loaded, task.network  # not its work
    if not task.sites:
        _ = task.medium, task.drug
    measure(peer, () if task.sites else task.points(), budget)


def amici(task: Task, folder: Path, budget: float) -> list[str]:
    """Return the command that measures AMICI, in its own environment."""
    from mtorules.analysis.comparing.tools import amici as other

    told = {
        "sbml": task.loaded.sbml,
        "name": f"bench_{task.name}",
        "folder": str(folder / "amici"),
        "formulas": {name: name for name in task.observables},
        "relative": TOLERANCES.relative,
        "absolute": TOLERANCES.relative * 1e-4 * task.loaded.scale,
        "drug": "" if task.sites else task.drug,
        "medium": 0.0 if task.sites else task.medium,
        "points": [] if task.sites else list(task.points()),
        "budget": budget,
    }
    path = folder / "amici.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return [str(other.python()), str(Path(__file__).with_name("amici_peer.py")), str(path)]


def fresh(folder: Path, name: str) -> dict[str, str]:
    """Return an environment in which networks are kept, and nothing that was compiled."""
    own = folder / "".join(filter(str.isalnum, name))
    networks = own / "networks"
    if not networks.is_symlink():
        own.mkdir(parents=True)
        networks.symlink_to(cache_folder() / "networks")
    return {
        "MTORULES_CACHE": str(own),
        "BNGSIM_CODEGEN_CACHE_DIR": str(own / "bngsim"),
        # They are compared one by one; threads would be counted as work, and disturb the others.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


def measured(name: str, task: Task, folder: Path, budget: float, limit: float) -> dict[str, Any]:
    """Measure a peer in a process of its own; what fails or takes too long is told."""
    environment = {**os.environ, **fresh(folder, name)}
    if name == AMICI:
        try:
            command = amici(task, folder, budget)
        except RuntimeError as error:  # it is not set up
            return {"failed": str(error)}
        environment["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environment['PATH']}"
    else:
        arguments = ["--peer", name, "--model", task.name, "--folder", str(folder)]
        command = [sys.executable, __file__, *arguments, "--budget", str(budget)]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            command, stdout=said, stderr=complaints, env=environment, start_new_session=True
        )
        try:
            process.wait(limit)
            wrong = "" if process.returncode == 0 else "it died"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the programs that it started
            process.wait()
            wrong = f"> {limit:g} s"
        for stream in (said, complaints):
            stream.seek(0)
        found = next((json.loads(x) for x in reversed([*said]) if x.startswith("{")), {})
        if wrong == "it died":
            wrong = (complaints.read().strip().splitlines() or [wrong])[-1]
    return {**found, "failed": wrong} if wrong else found


# -- the whole scan, by the clock -----------------------------------------------------------------


def scanned(task: Task, workers: int, folder: Path) -> dict[str, float]:
    """Run the whole scan of 1,000 points as ``mtorules scan`` does; return points a second."""
    from mtorules.simulation.scans import scanning, store

    children = _children()
    scan = Scan(
        task.name,
        outputs=task.observables,
        times=[float(time) for time in LOOKS],
        axes=(
            Axis("cell", [f"cells {n}" for n in range(GENOTYPES)]),
            Axis("dose", np.geomspace(0.01, 1000, DOSES).tolist(), "nM"),
        ),
        cells={"cell": {f"cells {n}": task.genotype(n) for n in range(GENOTYPES)}},
        doses=(Addition(task.drug, "dose"),),
    )
    with (
        _cache(folder / f"cache {workers}"),
        scanning.prepared(task.loaded, scan, TOLERANCES, workers=workers) as ready,
        store.opened(folder / f"{task.name}-{workers}.zarr", scan, ready.facts) as kept,
    ):
        ready.attempt()
        before = time.process_time()
        begun = time.perf_counter()
        done = ready.complete(kept)
        passed = time.perf_counter() - begun
        busy = time.process_time() - before
    # Processes that ended are counted once they have been waited for, their start included.
    busy += _children() - children
    return {
        "points_per_s": done.done / passed,
        "failed": done.failed,
        "processor_ms_per_point": 1e3 * busy / done.done,
    }


def _children() -> float:
    """Return the processor time of processes that were started here and have ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


@contextmanager
def _cache(folder: Path) -> Iterator[None]:
    """Let nothing be known of cells at rest; networks and compiled models are."""
    folder.mkdir()
    for name in ("networks", "catalogue", "compiled", "declared"):
        (folder / name).symlink_to(cache_folder() / name)
    before = os.environ.get("MTORULES_CACHE")
    os.environ["MTORULES_CACHE"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("MTORULES_CACHE")
        if before is not None:
            os.environ["MTORULES_CACHE"] = before


def ratios(model: str, peers: Mapping[str, dict[str, Any]], settings: Any) -> dict[str, Any]:
    """Measure plain loop, fastest peer and scans one after the other; print and return rates."""
    task = Task(model)
    rates = {
        name: found["points_per_s"]
        for name, found in peers.items()
        if not name.startswith("ours") and "points_per_s" in found
    }
    fastest = max(rates, key=lambda name: rates[name], default=PLAIN)
    found: dict[str, Any] = {}
    with prepared(task) as folder:
        for name in dict.fromkeys((PLAIN, fastest)):
            one = measured(name, task, folder, settings.budget, 3 * settings.limit)
            found[name] = {
                "points_per_s": one.get("points_per_s_by_the_clock", math.nan),
                "processor_ms_per_point": 1e3 / one.get("points_per_s", math.nan),
            }
        for workers in (1, 2):
            found[f"ours, {workers} process{'es' * (workers > 1)}"] = scanned(task, workers, folder)
    for name, one in found.items():
        print(
            f"{model:11} {name:26} {one['points_per_s']:10.1f} points/s by the clock,"
            f" {one['processor_ms_per_point']:8.2f} ms of processor a point",
            flush=True,
        )
    one, two = (found[name] for name in ("ours, 1 process", "ours, 2 processes"))
    told = {
        "two processes / plain loop": two["points_per_s"] / found[PLAIN]["points_per_s"],
        "two processes / one": two["points_per_s"] / one["points_per_s"],
        "fastest peer / one process": found[fastest]["points_per_s"] / one["points_per_s"],
        "the last by processor time": (
            one["processor_ms_per_point"] / found[fastest]["processor_ms_per_point"]
        ),
        "plain loop / one process by processor time": (
            found[PLAIN]["processor_ms_per_point"] / one["processor_ms_per_point"]
        ),
    }
    for name, value in told.items():
        print(f"{model:11} {name:44} {value:6.2f}", flush=True)
    return {"fastest": fastest, "rates": found, "ratios": told}


# -- the table ------------------------------------------------------------------------------------

# What is shown of each peer: key, factor, head, and format.
COLUMNS: Final = (
    ("network_s", 1.0, "network s", "9.2f"),
    ("sbml_s", 1.0, "SBML s", "7.2f"),
    ("load_s", 1.0, "load s", "7.2f"),
    ("load_again_s", 1.0, "again", "6.2f"),
    ("course_s", 1e3, "course ms", "10.1f"),
    ("points_per_s", 1.0, "points/s", "9.1f"),
    ("memory_MiB", 1.0, "MiB", "6.0f"),
    ("deviation", 1.0, "deviation", "9.0e"),
)


def _cell(value: float | None, form: str) -> str:
    width = int(form.partition(".")[0])
    return " " * width if value is None else f"{value:{form}}"


HEAD: Final = f"{'model':11} {'peer':26} " + " ".join(
    f"{head:>{int(form.partition('.')[0])}}" for _, _, head, form in COLUMNS
)


def line(model: str, peer: str, found: Mapping[str, Any]) -> str:
    """Return a line of the table."""
    cells = (
        _cell(None if key not in found else factor * found[key], form)
        for key, factor, _, form in COLUMNS
    )
    return f"{model:11} {peer:26} {' '.join(cells)} {found.get('failed', '')[:60]}".rstrip()


def deviation(found: Mapping[str, Any], reference: Mapping[str, Any]) -> float | None:
    """Return how far numbers are from the reference's, at most, relatively."""
    worst = []
    for key in ("relative_course", "relative_points"):
        if found.get(key) and reference.get(key):
            ours, theirs = np.array(found[key]), np.array(reference[key])
            count = min(len(ours), len(theirs))
            worst.append(float(np.abs(ours[:count] / theirs[:count] - 1).max()))
    return max(worst, default=None)


@contextmanager
def prepared(task: Task) -> Iterator[Path]:
    """Give a folder with the model's SBML and .net, which is no peer's work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.xml").write_text(task.loaded.sbml, encoding="utf-8")
        net.write(task.network, folder / "model.net")
        yield folder


def compare(model: str, settings: Any, gone: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure every peer on a model; those in ``gone`` are left out, those too slow join them."""
    task = Task(model)
    names = [name for name in (*MAKERS, *PEERS, AMICI) if name not in gone]

    def one(name: str) -> dict[str, Any]:
        limit = settings.limit * (_COMPILING if name == AMICI and not task.sites else 1.0)
        found = measured(name, task, folder, settings.budget, limit)
        if name.startswith("ours on") and "failed" not in found:
            again = measured(name, task, folder, 0.0, settings.limit)
            found["load_again_s"] = again.get("load_s")
        return found

    reference: dict[str, Any] = {}
    with prepared(task) as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        # Whoever compiles longest begins first.
        futures = {name: pool.submit(one, name) for name in sorted(names, key=AMICI.__ne__)}
        for name in names:
            found = futures[name].result()
            if "failed" in found:
                gone.add(name)
            if name == PLAIN:
                reference = found
            away = deviation(found, reference)
            yield name, found if away is None else {**found, "deviation": away}


# AMICI compiles C++ for each model, for which it gets so many times the limit of the others.
_COMPILING: Final = 2.5


def machine() -> dict[str, Any]:
    """Return what the numbers depend on."""
    cpu = platform.processor()
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    found: dict[str, Any] = {
        "processor": cpu,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    packages = ("mtorules", "libroadrunner", "bngsim", "copasi-basico", "python-copasi", "pysb")
    for package in (*packages, "bionetgen", "scipy", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    found["amici"] = next(
        (
            x.parent.name
            for x in Path("build/interop").glob("lib/python*/site-packages/amici-*/METADATA")
        ),
        None,
    )
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def main() -> None:
    """Measure everything, print the table and write the numbers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", nargs="+", help="these alone")
    parser.add_argument("--quick", action="store_true", help="a minute's worth, less exact")
    parser.add_argument("--json", type=Path, default=RESULTS)
    for name in ("--peer", "--model"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--budget", type=float, help="seconds for each peer's scan")
    parser.add_argument("--limit", type=float, help="seconds for each peer in all")
    given = parser.parse_args()
    given.budget = given.budget or (2.0 if given.quick else 6.0)
    given.limit = given.limit or (20.0 if given.quick else 60.0)
    if given.peer:
        child(given.peer, given.model, given.folder, given.budget)
        return
    scaffolds = [4, 5] if given.quick else range(4, 11)
    models = given.models or [
        "complexes",
        *([] if given.quick else ["signalling"]),
        *(f"scaffold{sites}" for sites in scaffolds),
    ]
    rows: list[dict[str, Any]] = []
    peers: dict[str, dict[str, dict[str, Any]]] = {}
    print(HEAD)
    gone: set[str] = set()
    for model in models:
        whole = "scaffold" not in model
        settings = given if whole else argparse.Namespace(budget=given.budget, limit=_SCAFFOLD)
        for peer, found in compare(model, settings, set() if whole else gone):
            rows.append({"model": model, "peer": peer, **found})
            peers.setdefault(model, {})[peer] = found
            print(line(model, peer, found), flush=True)
    print()
    scans = {m: ratios(m, peers[m], given) for m in models if "scaffold" not in m}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "peers": rows, "scans": scans}, indent=1)
    given.json.write_text(text + "\n", encoding="utf-8")
    print(f"Figures in {given.json}")


# Seconds for each peer on a scaffold.
_SCAFFOLD: Final = 20.0


if __name__ == "__main__":
    main()
