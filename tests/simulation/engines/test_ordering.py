"""A better order of elimination: it is used, changes no result, and is done without if need be."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.simulation.engines import ordering

pytest.importorskip("bngsim")

needs_compiler = pytest.mark.skipif(
    not shutil.which("cc") or not sys.platform.startswith("linux"),
    reason="a C compiler and the linker of Linux",
)

PROGRAM = """
import json, sys
from mtorules.simulation.engines import ordering
if sys.argv[1] == "other layout":
    ordering._DEFAULTS = (0, 0, 0)
if sys.argv[1] == "too late":
    import bngsim
from mtorules.simulation.simulator import Simulator, exposure
simulator = Simulator("complexes", engine="bngsim", cache=False)
values = simulator.values(exposure(["1 h", "48 h"], doses={"RAPA_medium": "2 nM"}))
shim = ordering.improve("bngsim")
print(json.dumps({"changed": shim and shim.mtorules_changed(), "values": values.tolist()}))
"""


def told(how: str, **environment: str) -> dict[str, Any]:
    """Run an experiment in a process of its own, since libraries are bound once in each."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


@needs_compiler
def test_the_order_is_another_and_the_results_are_the_same() -> None:
    ours, theirs = told("as it is"), told("too late")
    assert ours["changed"] > 0
    assert theirs["changed"] == 0  # bound before, KLU does as it did
    reference = np.array(theirs["values"])
    assert np.array(ours["values"]) == pytest.approx(reference, rel=1e-6, abs=1e-9)


@needs_compiler
def test_another_layout_is_left_alone() -> None:
    found = told("other layout")
    assert found["changed"] == 0
    assert np.isfinite(found["values"]).all()


def test_without_a_compiler_all_stays_as_it_was() -> None:
    found = told("as it is", BNGSIM_NO_CODEGEN="1")
    assert found["changed"] is None
    assert np.isfinite(found["values"]).all()


@needs_compiler
def test_where_nothing_can_be_kept_all_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = told("as it is", MTORULES_CACHE=str(tmp_path / "file"))
    assert found["changed"] is None


def test_a_package_without_a_library_has_no_order() -> None:
    assert ordering.improve("no_such_package") is None
    assert ordering.improve("json") is None
