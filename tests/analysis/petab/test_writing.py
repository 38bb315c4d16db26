"""What is written is what PEtab's own library takes, and reads back to the same problem."""

from pathlib import Path

import numpy as np
import petab.v1
import petab.v2
import pytest
from mtorules.analysis.petab import reading, writing
from mtorules.analysis.petab.objective import objective
from mtorules.analysis.petab.problem import VERSIONS, PetabError

from .conftest import BLOTS, TABLE, Build


@pytest.mark.parametrize("table", [TABLE, BLOTS])
@pytest.mark.parametrize("format_", list(VERSIONS))
def test_it_reads_back_to_the_same_numbers(
    build: Build, tmp_path: Path, table: str, format_: str
) -> None:
    problem = build(table, formulas_set=format_ == "petab").problem
    written = writing.write(problem, tmp_path / "problem", VERSIONS[format_])
    assert sorted(written) == sorted(path.name for path in (tmp_path / "problem").iterdir())
    again = reading.read(tmp_path / "problem" / "problem.yaml")
    ours, theirs = objective(problem), objective(again)
    np.testing.assert_allclose(theirs.simulated, ours.simulated, rtol=1e-6)
    np.testing.assert_allclose(theirs.likelihoods, ours.likelihoods, rtol=1e-5)
    moved = {each.id: each.value * 1.1 for each in problem.estimated if each.value}
    ours, theirs = objective(problem, moved), objective(again, moved)
    np.testing.assert_allclose(theirs.simulated, ours.simulated, rtol=1e-6)
    assert [each.id for each in again.parameters] == [each.id for each in problem.parameters]


def test_the_library_finds_no_fault_in_version_2(build: Build, tmp_path: Path) -> None:
    writing.write(build(TABLE + "").problem, tmp_path, VERSIONS["petab"])
    problem = petab.v2.Problem.from_yaml(str(tmp_path / "problem.yaml"))
    assert not list(problem.validate())
    assert [period.time for period in problem["two"].sorted_periods] == [0, 20, 50, 70]
    assert problem["one"].has_preequilibration


def test_the_library_finds_no_fault_in_version_1(build: Build, tmp_path: Path) -> None:
    writing.write(build(BLOTS, formulas_set=False).problem, tmp_path, VERSIONS["petab-v1"])
    problem = petab.v1.Problem.from_yaml(str(tmp_path / "problem.yaml"))
    assert not petab.v1.lint_problem(problem)
    assert problem.observable_df.noiseFormula.iloc[0] == "noiseParameter1_observed_AB_first"


def test_what_the_library_finds_fault_with_is_not_written(build: Build, tmp_path: Path) -> None:
    from dataclasses import replace

    problem = build(TABLE).problem
    wrong = replace(problem, observables=problem.observables[:1])
    with pytest.raises(PetabError, match=r"PEtab's library finds fault: .*observed_AB_A_free"):
        writing.write(wrong, tmp_path / "problem", VERSIONS["petab"])
    assert not (tmp_path / "problem").exists()


def test_the_same_problem_gives_the_same_bytes(build: Build) -> None:
    first, second = (writing.files(build(BLOTS).problem, "2.0.0") for _ in range(2))
    assert first == second
