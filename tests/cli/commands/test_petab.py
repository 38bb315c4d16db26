"""Writing PEtab problems with `export`, and evaluating them with `petab`."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("petab.v2", reason="the extra 'petab' is not installed")

Call = Callable[..., Any]

TABLE = """\
observable,time,value,unit,batch,spread,dose
AB,100 s,25,,,2,
AB,300 s,40,,,2,A_free=30
AB,100 s,5,a.u.,blot,,
AB,300 s,8,a.u.,blot,,
AB,900 s,9,a.u.,blot,,
"""
ESTIMATE = ("--estimate", "kf=1e-4..1e-2", "--estimate", "A_0=50..200")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "blots.csv"
    path.write_text(TABLE)
    return path


@pytest.mark.parametrize("version", ["petab", "petab-v1"])
def test_what_is_exported_is_evaluated(
    mtorules: Call, binding: Path, table: Path, tmp_path: Path, version: str
) -> None:
    folder = tmp_path / "problem"
    options = ("--format", version, "--measurements", table, *ESTIMATE, "--output", folder)
    done = mtorules("export", binding, *options)
    assert done.status == 0, done.err
    assert "measurements  5" in done.out
    told = json.loads(mtorules("petab", folder / "problem.yaml", "--json").out)
    assert told["faults"] == []
    assert told["estimated"] == 5  # two constants; scale, background and noise of the blot
    assert told["objective"] == pytest.approx(-told["log_likelihood"] - told["log_prior"])
    # A(t) B(t) of 100 and 50 molecules with both constants 1e-3, in closed form
    sum_, root = 151.0, math.sqrt(151.0**2 - 4 * 5000)
    high, low = (sum_ + root) / 2, (sum_ - root) / 2
    bent = math.exp(-1e-3 * (high - low) * 100)
    bound = high * low * (1 - bent) / (high - low * bent)
    saved = tmp_path / "simulated.tsv"
    assert mtorules("petab", folder / "problem.yaml", "--output", saved).status == 0
    header, first, *_ = (line.split("\t") for line in saved.read_text().splitlines())
    assert float(first[header.index("simulation")]) == pytest.approx(bound, rel=1e-6)
    # Elsewhere in the space of parameters it is something else.
    moved = mtorules("petab", folder / "problem.yaml", "--set", "A_0=120", "--json")
    assert json.loads(moved.out)["chi2"] > told["chi2"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--output", "p"),
            "petab states what was measured; name it by --measurements, or by --targets.",
        ),
        (("--measurements", "T"), "petab is a folder of files, so it needs --output."),
        (("--measurements", "T", "-o", "T"), "is a file; name a folder"),
        (("--measurements", "none.csv", "-o", "p"), "'none.csv' does not exist"),
        (("--measurements", "T", "-o", "p", "--level", "2.4"), "--level is of other formats"),
        (("--measurements", "T", "-o", "p", "--estimate", "kff"), "Did you mean 'kf'?"),
    ],
)
def test_wrong_usage_is_told(
    mtorules: Call,
    binding: Path,
    table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [str(table) if each == "T" else each for each in options]
    done = mtorules("export", binding, *given, "--format", "petab")
    assert done.status == 2
    assert said in done.err
    assert not (tmp_path / "p").exists()


def test_options_of_petab_are_for_petab(mtorules: Call, binding: Path, table: Path) -> None:
    done = mtorules("export", binding, "--measurements", table)
    assert done.status == 2
    assert "--measurements is of petab and petab-v1; say --format petab." in done.err


def test_a_fault_of_the_table_is_told_with_its_line(
    mtorules: Call, binding: Path, table: Path, tmp_path: Path
) -> None:
    table.write_text(TABLE.replace("AB,300 s,40", "ABC,300 s,40"))
    options = ("--format", "petab", "--measurements", table, "--output", tmp_path / "p")
    done = mtorules("export", binding, *options)
    assert done.status == 2
    assert "blots.csv:3: Model 'binding' has no readout 'ABC'. Did you mean 'AB'?" in done.err
    assert not (tmp_path / "p").exists()


def test_formats_are_listed(mtorules: Call) -> None:
    listed = " ".join(mtorules("export", "--list").out.split())
    assert "petab-v1 a folder PEtab 1: " in listed


def test_sbml_of_others_is_exported_in_its_own_units(
    mtorules: Call, tmp_path: Path, antimony_sbml: Callable[[str], str]
) -> None:
    """S decays at 0.5 in a time of the file; ln(2) / 0.5 later half of it is left."""
    model = tmp_path / "decay.xml"
    decay = "compartment c = 2; species S in c; S = 3; k = 0.5; S -> ; k*S*c;"
    model.write_text(antimony_sbml(f"model decay\n{decay}\nend"))
    table = tmp_path / "blots.csv"
    table.write_text(f"observable,time,value,spread\nS,{2 * math.log(2)!r},1.5,0.1\n")
    folder = tmp_path / "problem"
    options = ("--measurements", table, "--estimate", "k=0.1..2", "--output", folder)
    done = mtorules("export", model, "--format", "petab", *options)
    assert done.status == 0, done.err
    told = json.loads(mtorules("petab", folder / "problem.yaml", "--json").out)
    assert told["chi2"] == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("--set", "kx=1"), "the problem has no parameter 'kx'"),
        (("--set", "kf"), "'kf' sets no value"),
        (("--set", "kf=high"), "'high' is not a number"),
        (("--output", "a.csv"), "does not end in .tsv"),
    ],
)
def test_petab_used_wrongly(
    mtorules: Call,
    binding: Path,
    table: Path,
    tmp_path: Path,
    settings: tuple[str, ...],
    said: str,
) -> None:
    folder = tmp_path / "problem"
    options = ("--format", "petab", "--measurements", table, *ESTIMATE, "--output", folder)
    mtorules("export", binding, *options)
    done = mtorules("petab", folder / "problem.yaml", *settings)
    assert done.status == 2
    assert said in done.err


def test_faults_that_the_library_finds_are_told(
    mtorules: Call, binding: Path, table: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "problem"
    options = ("--format", "petab", "--measurements", table, *ESTIMATE, "--output", folder)
    mtorules("export", binding, *options)
    with (folder / "parameters.tsv").open("a") as file:
        file.write("extra\t\t1.0\t2.0\t1.5\ttrue\t\t\n")
    done = mtorules("petab", folder / "problem.yaml")
    assert done.status == 1
    assert "PEtab's library finds fault: Extraneous parameter(s) in parameter table" in done.err
    assert "log-likelihood" in done.out
    done = mtorules("petab", table)
    assert done.status == 1
    assert "is no PEtab problem" in done.err


def test_without_the_library_it_says_how_to_get_it(table: Path) -> None:
    program = (
        "import sys; sys.modules['petab'] = None\n"
        "from mtorules.cli.main import main\n"
        f"sys.exit(main(['petab', {str(table)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'mtorules[petab]'" in done.stderr
