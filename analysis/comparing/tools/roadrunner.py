"""libRoadRunner on the SBML document, from the start values it works out by itself."""

from __future__ import annotations

from ....simulation.engines import Tolerances
from ....simulation.engines.roadrunner import RoadRunnerEngine
from ....simulation.sbml.model import SbmlError
from ..task import Course, CourseError, Task, Vector, answer


class _Plain(RoadRunnerEngine):
    """One that returns what it finds: a share of nothing is not a number in other tools either."""

    def checked(self, found: Vector, times: Vector) -> Vector:
        """Return outputs as they are."""
        return found


def course(task: Task) -> Course:
    """Run the model."""
    tolerances = Tolerances(task.relative, task.absolute, task.steps)
    try:
        # Not started with our values, so that it begins with those of the document.
        engine = _Plain(task.loaded, task.outputs, tolerances)
        return answer(engine.integrate(task.times), task, engine.version)
    except (RuntimeError, SbmlError) as error:
        raise CourseError(str(error)) from None
