"""AMICI as a peer, in an environment of its own that holds nothing of ours; see measuring.py.

It is called with a file that holds the task as JSON.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np


def _module(path: Path) -> Any:
    """Import a file whose folder holds modules that are called like others."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_HERE = Path(__file__).parent
measuring = _module(_HERE / "measuring.py")
worker = _module(_HERE.parent / "analysis" / "comparing" / "tools" / "amici_worker.py")


class Amici:
    """AMICI: C++ from SBML, compiled, with CVODES and KLU."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task

    def load(self) -> None:
        """Turn the model into C++, compile and load it."""
        amici: Any = import_module("amici")
        self.sundials: Any = import_module("amici.sim.sundials")
        task = self.task
        folder = Path(task["folder"]) / task["name"]
        if not (folder / "done").exists():
            worker.compile_into(folder, task)
        self.model = amici.import_model_module(task["name"], folder).get_model()
        self.own = list(self.model.get_initial_state())
        self.solver = self.model.create_solver()
        self.solver.set_relative_tolerance(task["relative"])
        self.solver.set_absolute_tolerance(task["absolute"])
        self.solver.set_max_steps(10_000_000)
        ids = list(self.model.get_state_ids())
        self.drug = ids.index(task["drug"]) if task["drug"] else -1

    def _run(self, times: np.ndarray, state: list[float]) -> Any:
        self.model.set_timepoints(times.tolist())
        self.model.set_initial_state(state)
        result = self.sundials.run_simulation(self.model, self.solver)
        if result.status != self.sundials.AMICI_SUCCESS:
            raise RuntimeError(self.sundials.simulation_status_to_str(result.status))
        return result

    def course(self) -> np.ndarray:
        """Run the day."""
        return np.array(self._run(measuring.COURSE, self.own).y)

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        """Set the genotype, let the cells rest, give the dose and look."""
        for name, value in genotype.items():  # the same names in every genotype
            self.model.set_free_parameter_by_id(name, value)
        rest = self._run(np.array([0.0, measuring.REST]), self.own)
        state = np.array(rest.x)[-1]
        state[self.drug] += dose * self.task["medium"]
        return np.array(self._run(measuring.LOOKS, state.tolist()).y)


def main(path: str) -> None:
    """Measure it."""
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    points = [(number, genotype, dose) for number, genotype, dose in task["points"]]
    measuring.measure(Amici(task), points, task["budget"])


if __name__ == "__main__":
    main(sys.argv[1])
