"""What runs in the environment of `make interop`: a PEtab problem in pyPESTO, on AMICI.

It is called with the YAML file of a problem, a folder to compile into, and values by parameter as
JSON, and prints two numbers: the negative logarithm of the likelihood, which is AMICI's, and the
objective with priors, which is pyPESTO's.
"""

import json
import sys
from importlib import import_module
from pathlib import Path


def main(path: str, folder: str, values: str) -> None:
    """Evaluate a problem at some values."""
    importer_of = import_module("pypesto.petab").PetabImporter
    given = json.loads(values)
    if "format_version: 1" in Path(path).read_text(encoding="utf-8"):
        problem = import_module("petab.v1").Problem.from_yaml(path)
        table = problem.parameter_df
        free = list(problem.x_free_ids)
        scale = import_module("petab.v1.parameters").scale
        point = [scale(given[id], table.loc[id, "parameterScale"]) for id in free]
    else:
        problem = import_module("petab.v2").Problem.from_yaml(path)
        free = list(problem.x_free_ids)
        point = [given[id] for id in free]
    importer = importer_of(problem, output_folder=folder, model_name="compiled")
    creator = importer.create_objective_creator()
    objective = creator.create_objective()
    solver = objective.amici_solver
    solver.set_relative_tolerance(1e-10)
    solver.set_absolute_tolerance(1e-13)
    whole = importer.create_problem(objective)
    likelihood = whole.objective
    parts = getattr(likelihood, "_objectives", [likelihood])
    print(json.dumps([float(parts[0](point)), float(whole.objective(point))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
