"""Claims with courses of closed form: MTORC1 falls as exp(-t / 1 h) where a drug was given."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.claims import binding, evaluation, reading
from mtorules.analysis.claims.evaluation import Judge, Verdict
from mtorules.analysis.claims.running import Course
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

Judged = Callable[..., tuple[Verdict, Judge]]

FILE = """
panels:
  three: {{low: [], middle: [closed_system], high: [FKBP1A_null]}}
claims:
  - id: a-claim
    statement: It is so & stays <so>.
    review: A
    kind: dynamics
    {fails}
    experiments:
      vehicle: []
      drug: {{doses: {{RAPA: 2 nM}}}}
      series: {{doses: {{RAPA: [0 nM, 1 nM, 2 nM, 3 nM]}}}}
    checks:
      - {checks}
"""


@pytest.fixture(scope="session")
def rapamycin() -> Loaded:
    return load("rapamycin")


@pytest.fixture
def judged(tmp_path: Path, rapamycin: Loaded) -> Judged:
    """Return the verdict on a claim with some checks; at time 0 a readout is 8, less the dose."""

    def judge(*checks: str, error: str = "", fails: str = "") -> tuple[Verdict, Judge]:
        path = tmp_path / "claims.yaml"
        told = "\n      - ".join(check.replace("X", "MTORC1") for check in checks)
        path.write_text(FILE.format(checks=told, fails=f"fails: {fails}" if fails else ""))
        bound = binding.bind(reading.read([path]), rapamycin.model)
        courses = {}
        for key, plan in bound.plans.items():
            times = np.array(sorted(bound.times[key]))
            doses = (text.partition("=")[2].removesuffix(" nM") for text in plan.words.doses)
            start = 8.0 - sum(map(float, doses)) - 2.0 * ("FKBP1A_null" in plan.words.conditions)
            values = start * (np.exp(-times / 3600) if plan.timed else np.ones_like(times))
            failed = error if plan.timed else ""
            courses[key] = Course(times, {} if failed else {"MTORC1": values}, failed)
        (verdict,) = evaluation.judge(bound, courses, rapamycin.network)
        return verdict, Judge(bound, courses, rapamycin.network)

    return judge
