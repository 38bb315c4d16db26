"""The Makefile: its list, its models, what it builds anew, and what it says when it cannot."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mtorules.models import catalogue

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is missing")


def make(*arguments: str, at: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=at,
        env=inherited | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def variable(name: str) -> list[str]:
    (line,) = re.findall(rf"^{name} *:= *(.*)$", TEXT, re.MULTILINE)
    return line.split()


# -- what it says ----------------------------------------------------------------------------------


def test_make_alone_lists_every_target_with_a_line() -> None:
    (phony,) = re.findall(r"^\.PHONY: *(.*)$", TEXT, re.MULTILINE)
    shown = dict(line.strip().split(maxsplit=1) for line in make().stdout.splitlines())
    assert list(shown) == phony.split()
    assert make("help").stdout == make().stdout
    assert {"setup", "run", "test", "lint", "types", "models", "network", "sbml"} <= set(shown)
    assert {"simulate", "analyse", "figures", "bench", "clean"} <= set(shown)


def test_every_target_can_be_made() -> None:
    """As a dry run; a rule or a source that is missing would stop it."""
    for line in make().stdout.splitlines():
        done = make("--dry-run", "--always-make", line.split()[0])
        assert done.returncode == 0, done.stderr


def test_perl_and_python_are_asked_for(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "find", "make"):
        (tools / name).symlink_to(str(shutil.which(name)))
    venv = f"VENV={tmp_path / 'venv'}"
    done = make("setup", venv, PATH=str(tools))
    assert done.returncode == 2
    assert "make: perl is missing; BioNetGen needs it" in done.stderr
    done = make("setup", venv, "PYTHON=false")
    assert done.returncode == 2
    assert "make: false is missing or older than 3.11" in done.stderr
    assert not (tmp_path / "venv").exists()


# -- its models ------------------------------------------------------------------------------------


def test_the_models_are_those_of_the_catalogue() -> None:
    assert variable("MODELS") == list(catalogue.names())


def test_the_undosed_models_are_those_without_the_drug() -> None:
    monomers = {
        name: {monomer.name for monomer in catalogue.build(name).monomers}
        for name in catalogue.names()
    }
    assert variable("UNDOSED") == [name for name in monomers if "RAPA" not in monomers[name]]


# -- what it builds --------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what targets depend on, with this very environment standing in for the one of setup."""
    for name in ("models", "network", "export", "cli"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "bin").symlink_to(Path(sys.executable).parent)
    (venv / ".ready").touch()
    return tmp_path


def test_only_what_changed_is_built_anew(copy: Path) -> None:
    target = "results/network/rapamycin.net"
    done = make(target, at=copy)
    assert done.returncode == 0, done.stderr
    first = (copy / target).stat()
    assert "begin reactions" in (copy / target).read_text(encoding="utf-8")
    make(target, at=copy)
    assert (copy / target).stat().st_mtime_ns == first.st_mtime_ns
    (copy / "README.md").touch()
    (copy / "cli" / "commands" / "export.py").touch()  # which networks do not depend on
    assert make("--question", target, at=copy).returncode == 0
    (copy / "models" / "pathways" / "complexes" / "mtor.csv").touch()
    assert make("--question", target, at=copy).returncode == 1


def test_a_failure_leaves_no_target(copy: Path) -> None:
    done = make("results/network/nothing.net", at=copy)
    assert done.returncode == 2
    assert "There is no model called 'nothing'" in done.stderr
    assert not list((copy / "results" / "network").iterdir())


def test_clean_keeps_the_sources_and_the_environment(copy: Path) -> None:
    (copy / "results").mkdir()
    (copy / "build").mkdir()
    (copy / "cli" / "__pycache__").mkdir()
    before = sorted(path.relative_to(copy) for path in (copy / "models").rglob("*"))
    assert make("clean", at=copy).returncode == 0
    assert not (copy / "results").exists()
    assert not (copy / "build").exists()
    assert not (copy / "cli" / "__pycache__").exists()
    assert (copy / ".venv" / ".ready").exists()
    assert sorted(path.relative_to(copy) for path in (copy / "models").rglob("*")) == before


# -- what continuous integration runs --------------------------------------------------------------


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("make ")]
    assert lines == ["make lint types test", "make run", "make docs"]
    assert "set -euo pipefail" in text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"make run", "make test"} <= {line.split("#")[0].strip() for line in readme.splitlines()}
