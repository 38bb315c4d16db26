from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.cli.commands import draw
from mtorules.export.drawing import pictures

Call = Callable[..., Any]


def test_what_is_offered_is_what_there_is() -> None:
    assert tuple(pictures.KINDS) == draw.KINDS
    assert pictures.SUFFIXES == draw.SUFFIXES
    assert pictures.WAYS == draw.WAYS


@pytest.mark.parametrize("kind", draw.KINDS)
def test_a_model_is_drawn(mtorules: Call, kind: str, tmp_path: Path) -> None:
    output = tmp_path / "picture.svg"
    done = mtorules("draw", "rapamycin", "--kind", kind, "--output", str(output))
    assert (done.status, done.out) == (0, "")
    assert f"Wrote {output}: " in done.err
    assert "FKBP1A" in output.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["picture.svg"]


@pytest.mark.parametrize("suffix", pictures.DRAWN)
def test_a_page_can_be_asked_for(mtorules: Call, suffix: str, tmp_path: Path) -> None:
    output = tmp_path / f"page{suffix}"
    done = mtorules("draw", "rapamycin", "--layout", "page", "--output", str(output))
    assert done.status == 0
    assert output.stat().st_size > 3000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rapamycin", "-o", "picture.jpeg"], "'picture.jpeg' does not end in .svg or"),
        (["rapamycin"], "Missing option '-o' / '--output'"),
        (["rapamycine", "-o", "picture.svg"], "Did you mean 'rapamycin'"),
        (
            ["rapamycin", "--layout", "page", "--kind", "influence", "-o", "picture.svg"],
            "--layout page draws contact maps",
        ),
        (["rapamycin", "--layout", "page", "-o", "picture.graphml"], "this is contact as .graphml"),
        (["rapamycin", "--kind", "contacts", "-o", "picture.svg"], "'contacts' is not one of"),
    ],
)
def test_wrong_usage_gets_one_message(mtorules: Call, arguments: list[str], message: str) -> None:
    done = mtorules("draw", *arguments)
    assert done.status == 2
    assert message in done.err
    assert not Path("picture.svg").exists()
