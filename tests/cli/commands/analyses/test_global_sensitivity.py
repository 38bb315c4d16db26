"""Global sensitivity as a user asks for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("method", "main"), [("prcc", "PRCC"), ("morris", "mu*"), ("sobol", "total")]
)
def test_what_makes_more_of_a_complex_is_told(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path, method: str, main: str
) -> None:
    """B is all bound, as A is in excess and holds it tightly: what B there is matters alone."""
    done = mtorules(
        *("analyse", "global-sensitivity", binding, "--method", method, "--readout", "AB"),
        *("--times", "1 h", "--vary", "A_0", "--vary", "B_0", "--vary", "kf", "--fold", "1.2"),
        *("--size", "32", "--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert found["table"][0]["parameter"] == "B_0"
    assert found["table"][0][main] > 0.9
    assert abs(found["table"][-1][main]) < 0.9
    assert (tmp_path / "out/global_sensitivity.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--vary", "C_0"), "no parameter 'C_0'"),
        (("--vary", "A_0"), "At least two"),
        (("--method", "sobol", "--size", "12"), "powers of two"),
        (("--fold", "1"), "fold"),
        (("--size", "3"), "at least"),
        (("--set", "A_0=1", "--vary", "A_0", "--vary", "B_0"), "A_0"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], binding: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "global-sensitivity", binding, *arguments)
    assert done.status == 2
    assert said in done.err
