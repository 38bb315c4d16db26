"""Simulation: what every engine and its peers need for the same work, in one table.

    python benchmarks/simulation.py [--quick] [--models NAME ...] [--json FILE]

Each peer runs in a process of its own, on files that were made before: SBML, BioNetGen's .net or a
PySB model, as its manual advises. All integrate with the same tolerances. Measured are

* load: from the file to a simulator that is ready, and the same again when a cache is warm;
* course: one day, 25 points, the best of three;
* points: a scan of dose and genotype, one process, points a second. Each point sets the genotype,
  lets the cells rest (peers: 30 days of simulation), gives the dose, and looks at 1, 4 and 24 h.
  Peers do that in a plain loop that keeps one simulator; ours goes through ``Simulator``, which
  keeps cells at rest and looks for them anew for each genotype. The scan stops when its time is
  up; scaffolds have none.
* memory: the most that the process held.

Times are processor time, which other work on the machine disturbs least, with that of programs a
peer starts; load is wall time. The last column compares the first points with libRoadRunner's.
A scan of 1,000 points on one and on two processes follows, timed by the clock.
"""

# The peers' methods do what those of Peer say.
# ruff: noqa: D101, D102

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
from mtorules.analysis.engines import Loaded, Tolerances, engine_named
from mtorules.analysis.experiments import Condition, exposure
from mtorules.analysis.loading import load
from mtorules.analysis.scan import Addition, Axis, Scan
from mtorules.analysis.simulate import Simulator
from mtorules.export import net
from mtorules.export.generate import cache_folder
from mtorules.export.network import Group, Network, Parameter, RateLaw, Reaction, Species

TOLERANCES: Final = Tolerances(1e-8)
DAY: Final = 86400.0
COURSE: Final = np.linspace(0.0, DAY, 25)
LOOKS: Final = np.array([3600.0, 14400.0, DAY])
REST: Final = 30 * DAY
GENOTYPES, DOSES = 20, 50


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
    """Something that simulates; numbers come as rows of times and columns of observables."""

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
    from mtorules.models.drafting import drafting
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


PEERS: Final[dict[str, type[Peer]]] = {
    "libRoadRunner, plain loop": RoadRunner,
    "ours on libRoadRunner": OursRoadRunner,
    "ours on bngsim": OursBngsim,
    "bngsim, plain loop": Bngsim,
    "run_network": RunNetwork,
    "COPASI": Copasi,
    "SciPy through PySB": PySB,
}


# -- measuring one peer, in a process of its own --------------------------------------------------


def spent() -> float:
    """Return processor time so far, with that of programs that were started and have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(peer: Peer, budget: float, scan: bool) -> dict[str, Any]:
    """Return everything measured of a peer, and its first numbers."""
    _ = peer.task.loaded, peer.task.network  # not its work
    if not peer.task.sites:
        _ = peer.task.medium, peer.task.drug
    begun = time.perf_counter()
    peer.load()
    found: dict[str, Any] = {"load_s": time.perf_counter() - begun}
    courses: list[float] = []
    course = np.empty(0)
    for _ in range(3):
        begun = spent()
        course = peer.course()
        courses.append(spent() - begun)
        if courses[-1] > 10:
            break
    found["course_s"] = min(courses)
    found["relative_course"] = (course[-12:] / course[-1]).tolist()
    if scan:
        begun, done = spent(), 0
        values: list[Any] = []
        for number, genotype, dose in peer.task.points():
            point = peer.point(number, genotype, dose)
            done += 1
            if done <= 3:
                values.append((point / point[0]).tolist())
            if spent() - begun > budget:
                break
        found |= {"points": done, "points_per_s": done / (spent() - begun)}
        found["relative_points"] = values
    usage = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    found["memory_MiB"] = usage / 1024
    return found


def child(name: str, model: str, folder: Path, budget: float, scan: bool) -> None:
    """Measure one peer and print what was found."""
    warnings.simplefilter("ignore")
    peer = PEERS[name](Task(model), folder)
    print(json.dumps(measure(peer, budget, scan)))


def fresh(folder: Path) -> dict[str, str]:
    """Return an environment in which networks are kept, and nothing that was compiled."""
    networks = folder / "cache" / "networks"
    if not networks.is_symlink():
        networks.parent.mkdir(parents=True)
        networks.symlink_to(cache_folder() / "networks")
    return {
        "MTORULES_CACHE": str(folder / "cache"),
        "BNGSIM_CODEGEN_CACHE_DIR": str(folder / "bngsim"),
    }


def measured(
    name: str, model: str, folder: Path, budget: float, limit: float, scan: bool
) -> dict[str, Any]:
    """Measure a peer in a process of its own; what fails or takes too long is told."""
    arguments = ["--peer", name, "--model", model, "--folder", str(folder)]
    arguments += ["--budget", str(budget), *(["--scan"] if scan else [])]
    try:
        done = subprocess.run(
            [sys.executable, __file__, *arguments],
            capture_output=True,
            timeout=limit,
            check=False,
            text=True,
            env={**os.environ, **fresh(folder)},
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"over {limit:g} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["it died"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


# -- the scan on one and two processes ------------------------------------------------------------


def scanned(model: str, workers: int, folder: Path) -> dict[str, float]:
    """Run the whole scan of 1,000 points as ``mtorules scan`` does; return points a second."""
    from mtorules.analysis import store, sweep, sweeping

    task = Task(model)
    scan = Scan(
        model,
        outputs=task.observables,
        times=[float(time) for time in LOOKS],
        axes=(
            Axis("cell", [f"cells {n}" for n in range(GENOTYPES)]),
            Axis("dose", np.geomspace(0.01, 1000, DOSES).tolist(), "nM"),
        ),
        cells={"cell": {f"cells {n}": task.genotype(n) for n in range(GENOTYPES)}},
        doses=(Addition(task.drug, "dose"),),
    )
    ready, facts = sweeping.prepared(task.loaded, scan, TOLERANCES)
    target = folder / f"{model}-{workers}.zarr"
    with store.opened(target, scan, facts) as kept, sweep.cluster(workers) as client:
        client.wait_for_workers(workers)
        begun = time.perf_counter()
        done = sweep.run(scan, ready, kept, client)
        spent = time.perf_counter() - begun
    return {"points_per_s": done.done / spent, "failed": done.failed, "wall_s": spent}


# -- the table ------------------------------------------------------------------------------------


@dataclass
class Row:
    """A line of the table."""

    model: str
    peer: str
    found: dict[str, Any]
    reference: dict[str, Any] = field(default_factory=dict)

    def deviation(self) -> float | None:
        """Return how far numbers are from the reference's, at most, relatively."""
        worst = [0.0]
        for key in ("relative_course", "relative_points"):
            if key in self.found and key in self.reference:
                ours, theirs = np.array(self.found[key]), np.array(self.reference[key])
                count = min(len(ours), len(theirs))
                worst.append(float(np.abs(ours[:count] / theirs[:count] - 1).max()))
        return max(worst) if self.reference else None

    def __str__(self) -> str:
        head = f"{self.model:11} {self.peer:26}"
        if "failed" in self.found:
            return f"{head} {self.found['failed'][:70]}"
        again = self.found.get("load_again_s")
        rate = self.found.get("points_per_s")
        away = self.deviation()
        return (
            f"{head} {self.found['load_s']:7.2f} {'' if again is None else f'{again:.2f}':>6}"
            f" {1e3 * self.found['course_s']:10.1f} {'' if rate is None else f'{rate:.1f}':>9}"
            f" {self.found['memory_MiB']:8.0f} {'' if away is None else f'{away:.0e}':>9}"
        )


HEAD: Final = (
    f"{'model':11} {'peer':26} {'load s':>7} {'again':>6} {'course ms':>10} {'points/s':>9}"
    f" {'MiB':>8} {'deviation':>9}"
)


def compare(model: str, budget: float, limit: float, gone: set[str]) -> Iterator[Row]:
    """Measure every peer on a model; those in ``gone`` are left out, those too slow join them."""
    task = Task(model)
    scan = not task.sites
    reference: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.xml").write_text(task.loaded.sbml, encoding="utf-8")
        net.write(task.network, folder / "model.net")
        for peer in PEERS:
            if peer in gone:
                continue
            found = measured(peer, model, folder, budget, limit, scan)
            if "failed" in found:
                gone.add(peer)
            elif peer.startswith("ours"):
                again = measured(peer, model, folder, 0.0, limit, False)
                found["load_again_s"] = again.get("load_s")
            reference = reference or ({} if "failed" in found else found)
            yield Row(model, peer, found, reference)


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
    parser.add_argument("--json", type=Path, default=Path("build/benchmarks/simulation.json"))
    for name in ("--peer", "--model"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--budget", type=float, default=8.0, help="seconds for each peer's scan")
    parser.add_argument("--limit", type=float, default=90.0, help="seconds for each peer in all")
    parser.add_argument("--scan", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peer:
        child(given.peer, given.model, given.folder, given.budget, given.scan)
        return
    scaffolds = [4, 5] if given.quick else range(4, 11)
    models = given.models or [
        "complexes",
        *([] if given.quick else ["signalling"]),
        *(f"scaffold{sites}" for sites in scaffolds),
    ]
    rows: list[Row] = []
    scans: dict[str, dict[str, Any]] = {}
    print(HEAD)
    gone: set[str] = set()
    for model in models:
        budget = 2.0 if given.quick else given.budget
        whole = "scaffold" not in model
        for row in compare(model, budget, given.limit, set() if whole else gone):
            rows.append(row)
            print(row, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for model in (model for model in models if model == "complexes"):
            for workers in (1, 2):
                told = scanned(model, workers, Path(folder))
                scans[f"{model}, {workers}"] = told
                print(
                    f"{model:11} 1,000 points, {workers} process{'es'[: 2 * (workers > 1)]}: "
                    f"{told['points_per_s']:.1f} points/s",
                    flush=True,
                )
    given.json.parent.mkdir(parents=True, exist_ok=True)
    told = [{"model": r.model, "peer": r.peer, **r.found, "deviation": r.deviation()} for r in rows]
    text = json.dumps({"machine": machine(), "peers": told, "scans": scans}, indent=1)
    given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
