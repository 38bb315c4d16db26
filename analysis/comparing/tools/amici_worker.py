"""What runs in AMICI's own environment: compile a model unless it is compiled, and run it.

It is called with two files: the task as JSON, and where the course goes. It may import nothing of
ours, whose requirements AMICI's environment does not meet.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any


def main(wanted: str, given: str) -> None:
    """Do the task and write the course, or what went wrong."""
    task = json.loads(Path(wanted).read_text(encoding="utf-8"))
    try:
        found = run(task)
    except Exception as error:  # whatever it is, the user of the other environment is told
        text = " ".join(str(error).split()) or type(error).__name__
        found = {"error": text[:500]}
    Path(given).write_text(json.dumps(found), encoding="utf-8")


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Return the course."""
    amici: Any = import_module("amici")
    sundials: Any = import_module("amici.sim.sundials")

    # Compiled code depends on the version of AMICI.
    folder = Path(task["folder"]) / amici.__version__ / task["name"]
    if not (folder / "done").exists():
        compile_into(folder, task)
    model = amici.import_model_module(task["name"], folder).get_model()
    model.set_timepoints(task["times"])
    solver = model.create_solver()
    solver.set_relative_tolerance(task["relative"])
    solver.set_absolute_tolerance(task["absolute"])
    solver.set_max_steps(task["steps"])
    result = sundials.run_simulation(model, solver)
    if result.status != sundials.AMICI_SUCCESS:
        why = sundials.simulation_status_to_str(result.status)
        return {"error": f"integration ended with {why}"}
    return {"version": amici.__version__, "numbers": result.y.tolist()}


def compile_into(folder: Path, task: dict[str, Any]) -> None:
    """Compile the model beside its place and move it there when it is whole."""
    amici: Any = import_module("amici")

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".compiling-") as scratch:
        made = Path(scratch) / "model"
        importer = amici.SbmlImporter(task["sbml"], from_file=False)
        importer.sbml2amici(
            task["name"],
            made,
            observation_model=[
                amici.MeasurementChannel(id_=f"output_{place}", name=id, formula=formula)
                for place, (id, formula) in enumerate(task["formulas"].items())
            ],
            compute_conservation_laws=False,
            generate_sensitivity_code=False,
            # Nothing is gained by it here, and it takes most of the time.
            simplify=None,
        )
        (made / "done").touch()
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
