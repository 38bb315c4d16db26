import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from mtorules.cli.options import ModelName, blaming
from mtorules.models import catalogue

Call = Callable[..., Any]


@pytest.mark.parametrize("name", [name for name in catalogue.names() if "_" in name])
def test_a_name_may_have_hyphens(name: str) -> None:
    assert ModelName().convert(name.replace("_", "-"), None, None) == name


@pytest.mark.parametrize("name", ["my-model.py", "some-folder/my_model.bngl", "no-such-model"])
def test_hyphens_elsewhere_stay(name: str) -> None:
    assert ModelName().convert(name, None, None) == name


def test_what_a_model_file_prints_is_no_result(mtorules: Call, in_python: Path) -> None:
    in_python.write_text(
        "print('hello')\n" + in_python.read_text(encoding="utf-8"), encoding="utf-8"
    )
    done = mtorules("network", in_python, "--json")
    assert done.status == 0
    assert json.loads(done.out)["species"] == 1
    assert done.err == "hello\n"


def test_modules_are_found_in_the_present_folder(in_python: Path) -> None:
    """In a process of its own, started as the installed command is: from elsewhere."""
    code = "import sys; sys.path.remove(''); from mtorules.cli.main import main; sys.exit(main())"
    package = in_python.parent / "mine"
    package.mkdir()
    in_python.rename(package / "decay.py")
    done = subprocess.run(
        [sys.executable, "-c", code, "network", "mine.decay", "--json"],
        cwd=package.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["species"] == 1


def test_blaming_names_the_argument_and_passes_other_errors() -> None:
    with pytest.raises(click.BadParameter) as caught, blaming("DOSE", LookupError):
        raise LookupError("no such drug")
    assert caught.value.format_message() == "Invalid value for 'DOSE': no such drug"
    with pytest.raises(ZeroDivisionError), blaming("DOSE", LookupError):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("simulate complexes --engine bngsm", "Did you mean 'bngsim'?"),
        ("draw complexes --kind contct -o x.svg", "Did you mean 'contact'?"),
        ("conditions --kind compounds", "Did you mean 'compound'?"),
        ("export complexes --level 9", "'9' is not one of '3.2', '3.1', '2.5', '2.4'. See"),
        ("simulate complexes --drugg x", "Did you mean '--drug'?"),
    ],
)
def test_wrong_words_get_the_nearest(mtorules: Call, line: str, said: str) -> None:
    done = mtorules(*line.split())
    assert (done.status, said in done.err) == (2, True)


@pytest.mark.parametrize(
    ("command", "when", "late"),
    [
        (("simulate",), "101 s", True),
        (("simulate",), "100 s", False),
        (("analyse", "time-course"), "101 s, 2 h", True),
        (("analyse", "time-course"), "50 s, 2 h", False),
    ],
)
def test_what_is_done_after_the_last_look_is_told(
    mtorules: Call, binding: Path, command: tuple[str, ...], when: str, late: bool
) -> None:
    dose = f"A(b)=5 @ {when}"
    done = mtorules(*command, binding, "--dose", dose, "--times", "0 s, 100 s")
    assert done.status == 0
    told = f"{dose!r} comes after the last look and changes nothing that is shown.\n"
    assert done.err == (told if late else "")
