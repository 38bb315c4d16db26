"""The objective of a problem is the same in pyPESTO and AMICI, which `make interop` sets up."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from mtorules.analysis.comparing.task import NotInstalledError
from mtorules.analysis.comparing.tools import amici
from mtorules.analysis.petab import estimating, writing
from mtorules.analysis.petab.objective import objective
from mtorules.analysis.petab.problem import VERSIONS, Prior
from mtorules.simulation.engines import Loaded

from .conftest import Build

WORKER = Path(__file__).with_name("elsewhere.py")
# Rest, doses, wash-outs, a changed constant, a blot in two batches, noise of two sorts.
TABLE = """\
experiment,observable,time,value,unit,batch,spread,pre_equilibrate,dose,washout,set
one,AB,1 h,45,,,2,yes,A_free=20 @ 0 s,,
one,AB,1 h,5,a.u.,first,,yes,A_free=20 @ 0 s,,
two,AB,30 s,3,a.u.,first,,yes,A_free=30; AB=3 @ 50 s,AB=50 % @ 70 s; AB @ 20 s,kf=2e-3
two,AB,60 s,4,a.u.,first,,yes,A_free=30; AB=3 @ 50 s,AB=50 % @ 70 s; AB @ 20 s,kf=2e-3
two,AB,100 s,7,a.u.,first,,yes,A_free=30; AB=3 @ 50 s,AB=50 % @ 70 s; AB @ 20 s,kf=2e-3
two,AB / A_free,100 s,0.3,,,0.3 log2,yes,A_free=30; AB=3 @ 50 s,AB=50 % @ 70 s; AB @ 20 s,kf=2e-3
"""


def environment() -> Path | None:
    """Return the Python that has both, if there is one."""
    try:
        python = amici.python()
    except NotInstalledError:
        return None
    tried = [str(python), "-c", "import pypesto.petab, petab.v2"]
    return (
        python if not subprocess.run(tried, capture_output=True, check=False).returncode else None
    )


@pytest.mark.slow
@pytest.mark.parametrize("format_", list(VERSIONS))
def test_the_objective_is_the_same_elsewhere(
    build: Build, binding: Loaded, tmp_path: Path, format_: str
) -> None:
    python = environment()
    if python is None:
        pytest.skip("'make interop' has not set pyPESTO and AMICI up")
    problem = estimating.estimated(build(TABLE, formulas_set=format_ == "petab"), binding)
    writing.write(problem, tmp_path / "problem", VERSIONS[format_])
    # Away from where the table begins, so that what follows from parameters counts.
    point = {each.id: each.value * 1.1 + 1e-4 for each in problem.estimated}
    done = subprocess.run(
        [
            *(python, "-I", WORKER, tmp_path / "problem" / "problem.yaml"),
            *(tmp_path / "compiled", json.dumps(point)),
        ],
        capture_output=True,
        text=True,
        env=amici.environment(python),
        cwd=tmp_path,
        timeout=amici.PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    likelihood, whole = json.loads(done.stdout.splitlines()[-1])
    # pyPESTO does not divide a prior by what bounds leave of it, and knows none of the others.
    parameters = [
        replace(each, prior=_open(each.prior)) if each.prior else replace(each, low=0.0, high=1.0)
        for each in problem.parameters
    ]
    ours = objective(replace(problem, parameters=parameters), point)
    assert likelihood == pytest.approx(-ours.likelihood, rel=1e-4)
    assert whole == pytest.approx(ours.objective, rel=1e-4)


def _open(prior: Prior) -> Prior:
    return replace(prior, truncated=False)
