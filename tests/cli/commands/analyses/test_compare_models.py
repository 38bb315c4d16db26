"""``mtorules analyse compare-models`` on models whose courses are known."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DECAY = """
begin model
begin parameters
  k {k}
end parameters
begin seed species
  A() 100
  B() 5
end seed species
begin observables
  Molecules A_left A()
  Molecules B_left B()
  {more}
end observables
begin reaction rules
  A() -> 0 k
  B() -> 0 1e-4
end reaction rules
end model
"""


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "slow.bngl", tmp_path / "fast.bngl"
    for path, k, more in zip(paths, (1e-4, 3e-4), ("Molecules own A()", ""), strict=True):
        path.write_text(DECAY.format(k=k, more=more), encoding="utf-8")
    return paths


def test_the_largest_fold_stands_first(
    mtorules: Callable[..., Any], two: tuple[Path, Path], tmp_path: Path
) -> None:
    done = mtorules(
        *("analyse", "compare-models", two[0], "--against", two[1], "--times", "0 h, 1 h"),
        *("--workers", "1"),
        *("--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0
    found = json.loads(done.out)
    first, *rest = found["table"]
    assert (first["readout"], first["time"]) == ("A_left", "1 h")
    assert first["fold"] == pytest.approx(math.exp(-2e-4 * 3600), rel=1e-5)
    assert [row["fold"] for row in rest] == pytest.approx([1, 1, 1], rel=1e-6)
    assert found["said"][-1] == "Only slow has own."
    assert (tmp_path / "out" / "compare_models.svg").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to compare with"),
        (("--against", "FAST", "--readout", "own"), "none of the readouts own"),
        (("--against", "nowhere"), "nowhere"),
        (("--against", "FAST", "--set", "k=1, 2 fold"), "'k' takes other values in fast"),
    ],
)
def test_what_cannot_be_compared_is_said(
    mtorules: Callable[..., Any], two: tuple[Path, Path], words: tuple[str, ...], said: str
) -> None:
    given = [two[1] if word == "FAST" else word for word in words]
    done = mtorules("analyse", "compare-models", two[0], *given)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
