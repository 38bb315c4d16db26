import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.analysis.comparing.outcomes import TOOLS
from mtorules.cli.commands import compare

Call = Callable[..., Any]

QUICK = ("--until", "10 s", "--tool", "roadrunner", "--tool", "bngsim", "--tool", "run_network")


def test_the_tools_offered_are_those_there_are() -> None:
    assert tuple(TOOLS) == compare.TOOLS


def test_tools_that_agree(mtorules: Call, binding: Path) -> None:
    done = mtorules("compare", binding, *QUICK)
    assert done.status == 0
    assert done.out.startswith("binding: 3 tools agree within")
    assert done.err == ""


def test_tools_that_deviate_set_the_status(mtorules: Call, binding: Path) -> None:
    done = mtorules("compare", binding, *QUICK, "--limit", "1e-18")
    assert done.status == 1
    assert "DEVIATES" in done.out


def test_one_tool_alone_is_no_comparison(mtorules: Call, binding: Path) -> None:
    done = mtorules("compare", binding, "--tool", "bngsim")
    assert done.status == 1
    assert "nothing was compared" in done.out


def test_json(mtorules: Call, binding: Path) -> None:
    done = mtorules("compare", binding, *QUICK, "--json")
    found = json.loads(done.out)
    assert found["agrees"] is True
    assert {tool["state"] for tool in found["tools"]} == {"ran"}
    assert found["observables"] == ["A_free", "AB"]


def test_quiet_leaves_the_status(mtorules: Call, binding: Path) -> None:
    done = mtorules("compare", binding, *QUICK, "--quiet")
    assert (done.status, done.out, done.err) == (0, "", "")


def test_an_sbml_file(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    path = tmp_path / "binding.xml"
    mtorules("export", binding, "--quiet", "--output", path)
    done = mtorules("compare", path, *QUICK)
    assert done.status == 0
    assert "2 tools agree" in done.out
    assert "not for it" in done.out


def test_the_plot(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    target = tmp_path / "worst.svg"
    assert mtorules("compare", binding, *QUICK, "--plot", target).status == 0
    assert "relative deviation" in target.read_text(encoding="utf-8")


def test_nothing_to_plot(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    target = tmp_path / "worst.svg"
    done = mtorules("compare", binding, "--tool", "bngsim", "--plot", target)
    assert done.status == 1
    assert "nothing to draw" in done.err
    assert not target.exists()


def test_amici_that_is_not_set_up_is_no_failure(
    mtorules: Call, binding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_INTEROP", str(tmp_path / "none"))
    done = mtorules("compare", binding, *QUICK, "--tool", "amici")
    assert done.status == 0
    assert "not installed" in done.out
    assert "make interop" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--until", "soon"), "--until"),
        (("--until", "0 s"), "it is after 0"),
        (("--observable", "A_fre"), "Did you mean 'A_free'"),
        (("--tool", "copas"), "copas"),
        (("--limit", "0"), "--limit"),
        (("--limit", "3 s"), "a time is given with --time-limit"),
        (("--time-limit", "0 s"), "--time-limit"),
        (("--time-limit", "3 nM"), "--time-limit"),
        (("--plot", "worst.pdf"), ".svg or .png"),
    ],
)
def test_what_is_asked_wrongly(
    mtorules: Call, binding: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = mtorules("compare", binding, *arguments)
    assert done.status == 2
    assert says in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_model_that_is_not_there(mtorules: Call, tmp_path: Path) -> None:
    for name in ("none.bngl", "none.xml"):
        done = mtorules("compare", tmp_path / name)
        assert done.status == 2
        assert name in done.err


def test_about_what_cannot_change_the_status_is_1(
    mtorules: Call, antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "input.xml"
    text = antimony_sbml("model m; species S; S = 10; J: S => ; S; input := 2; end")
    path.write_text(text, encoding="utf-8")
    tools = ("--tool", "roadrunner", "--tool", "bngsim", "--until", "1")
    done = mtorules("compare", path, *tools, "--observable", "input", "--json")
    assert done.status == 1
    assert json.loads(done.out)["agrees"] is False
    assert mtorules("compare", path, *tools).status == 0
