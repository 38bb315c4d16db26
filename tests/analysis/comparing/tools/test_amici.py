from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.comparing.task import CourseError, NotInstalledError, Task
from mtorules.analysis.comparing.tools import amici


def installed() -> bool:
    try:
        amici.python()
    except NotInstalledError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="'make interop' has not set AMICI up")
def test_the_course_is_the_one_in_closed_form(task: Task, expected: Callable) -> None:
    fresh, kept = amici.course(task), amici.course(task)
    np.testing.assert_allclose(fresh.numbers, expected(task.times, task.outputs), rtol=1e-7)
    np.testing.assert_array_equal(fresh.numbers, kept.numbers)
    assert fresh.version[0].isdigit()


def test_without_its_environment_it_says_how_to_get_it(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_INTEROP", str(tmp_path))
    with pytest.raises(NotInstalledError, match="'make interop' makes one"):
        amici.course(task)


def environment(folder: Path, program: str) -> None:
    """Make what looks like an environment, whose Python is this shell script."""
    (folder / "bin").mkdir()
    (folder / ".ready").touch()
    (folder / "bin" / "python").write_text(f"#!/bin/sh\n{program}\n")
    (folder / "bin" / "python").chmod(0o755)


def test_an_environment_that_is_broken_says_so(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_INTEROP", str(tmp_path))
    environment(tmp_path, "echo first; echo last words >&2; exit 3")
    with pytest.raises(CourseError, match=r"^last words$"):
        amici.course(task)
    (tmp_path / "bin" / "python").chmod(0o644)
    with pytest.raises(NotInstalledError, match="cannot be run"):
        amici.course(task)


def test_a_run_without_end_is_given_up(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_INTEROP", str(tmp_path))
    monkeypatch.setattr(amici, "PATIENCE", 0.2)
    environment(tmp_path, "exec sleep 60")
    with pytest.raises(CourseError, match="given up"):
        amici.course(task)
