"""``mtorules analyse structure`` on a small model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_laws_and_files(mtorules: Callable[..., Any], binding: Path, tmp_path: Path) -> None:
    done = mtorules("analyse", "structure", binding, "--json", "--output", tmp_path / "out")
    assert done.status == 0
    found = json.loads(done.out)
    assert {law["law"]: law["total"] for law in found["tables"]["structure_laws"]} == {
        "A": 100,
        "B": 50,
    }
    assert (tmp_path / "out" / "structure.svg").exists()
    assert (tmp_path / "out" / "structure.nc").exists()


def test_several_experiments_are_refused(mtorules: Callable[..., Any], binding: Path) -> None:
    done = mtorules("analyse", "structure", binding, "--set", "kf=1e-3, 2e-3")
    assert done.status == 2
    assert "One experiment is asked for" in done.err
