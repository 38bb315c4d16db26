"""AMICI through pyPESTO as a peer of gradients.py, in the environment of `make interop`.

It is called with the YAML file of a PEtab problem (version 1), a folder to compile into, both
tolerances, and how often to repeat; it prints one object as JSON.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from importlib import import_module
from typing import Any


def main(path: str, folder: str, relative: str, absolute: str, repeats: str) -> None:
    """Measure it."""
    amici: Any = import_module("amici.sim.sundials")
    begun = time.process_time() + children()
    problem = import_module("petab.v1").Problem.from_yaml(path)
    importer = import_module("pypesto.petab").PetabImporter(
        problem, output_folder=folder, model_name="compiled"
    )
    objective = importer.create_objective_creator().create_objective()
    solver, model = objective.amici_solver, objective.amici_model
    solver.set_relative_tolerance(float(relative))
    solver.set_absolute_tolerance(float(absolute))
    solver.set_max_steps(1_000_000)
    # The fastest of its ways to rest, tried on `complexes`.
    model.set_steady_state_computation_mode(amici.SteadyStateComputationMode.integrateIfNewtonFails)
    model.set_steady_state_sensitivity_mode(amici.SteadyStateSensitivityMode.integrationOnly)
    point = problem.x_nominal_free_scaled
    passed: dict[str, float] = {}
    ready = math.nan
    for name in ("forward", "adjoint"):
        method = getattr(amici.SensitivityMethod, name)
        solver.set_sensitivity_method(method)
        solver.set_sensitivity_method_pre_equilibration(method)
        _, gradient = objective(point, sensi_orders=(0, 1))
        if not passed:
            ready = time.process_time() + children() - begun
        start = time.process_time()
        for number in range(int(repeats)):
            moved = [each + 1e-4 * (number + 1) for each in point]
            objective(moved, sensi_orders=(0, 1))
        passed[f"{name}_s"] = (time.process_time() - start) / int(repeats)
    scales = problem.parameter_df["parameterScale"]
    # With the natural logarithm of each parameter.
    slopes = {
        id: float(slope) / (math.log(10) if scales[id] == "log10" else 1.0)
        for id, slope in zip(problem.x_free_ids, gradient, strict=True)
        if scales[id] != "lin"
    }
    print(json.dumps({"ready_s": ready, **passed, "gradient": slopes}))


def children() -> float:
    """Return the processor time of programs that have ended, such as compilers."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
