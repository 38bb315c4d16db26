"""``mtorules analyse steady-states`` on a small model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_files_and_json(mtorules: Callable[..., Any], binding: Path, tmp_path: Path) -> None:
    done = mtorules(
        *("analyse", "steady-states", binding, "--vary", "B_0=10..200", "--starts", "1"),
        *("--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0
    found = json.loads(done.out)
    assert found["settings"]["varied"] == "B_0"
    assert found["table"] == []
    assert (tmp_path / "out" / "steady_states.svg").exists()


def test_without_words_a_parameter_is_chosen(mtorules: Callable[..., Any], binding: Path) -> None:
    done = mtorules("analyse", "steady-states", binding, "--starts", "0", "--json")
    assert json.loads(done.out)["settings"]["varied"] in ("kf", "kr")


@pytest.mark.parametrize(
    ("words", "said"), [("B0=1..2", "Did you mean 'B_0'"), ("B_0=2..1", "has to rise")]
)
def test_wrong_words_are_said(
    mtorules: Callable[..., Any], binding: Path, words: str, said: str
) -> None:
    done = mtorules("analyse", "steady-states", binding, "--vary", words)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
