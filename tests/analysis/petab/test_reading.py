"""Problems of others: one as the benchmark collection of PEtab has them, and broken ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.petab import reading
from mtorules.analysis.petab.objective import objective
from mtorules.analysis.petab.problem import PetabError

from .conftest import TABLE, Build

# Version 1 with everything that it has words for: placeholders, noise on log10, rest, priors.
FILES = {
    "problem.yaml": """
format_version: 1
parameter_file: parameters.tsv
problems:
- sbml_files: [model.xml]
  condition_files: [conditions.tsv]
  observable_files: [observables.tsv]
  measurement_files: [measurements.tsv]
""",
    "parameters.tsv": """
parameterId parameterScale lowerBound upperBound nominalValue estimate \
objectivePriorType objectivePriorParameters
k log10 0.01 10 0.5 1 parameterScaleNormal -0.3;0.2
s lin 0 10 2 1 uniform 0;10
start log 1 10 3 0
""",
    "conditions.tsv": """
conditionId conditionName S k_in
rested a start 1
moved b NaN 2
""",
    "observables.tsv": """
observableId observableFormula noiseFormula observableTransformation noiseDistribution
y observableParameter1_y*S noiseParameter1_y log10 normal
z S+k_in 0.1*z lin laplace
""",
    "measurements.tsv": """
observableId preequilibrationConditionId simulationConditionId measurement time \
observableParameters noiseParameters
y rested moved 5 1 s 0.2
z rested moved 4 inf NaN NaN
""",
}


def laid(folder: Path, sbml: str, files: dict[str, str]) -> Path:
    (folder / "model.xml").write_text(sbml)
    for name, text in files.items():
        lines = text.strip("\n").splitlines()
        if name.endswith(".tsv"):
            lines = ["\t".join(line.split(" ")) for line in lines]
            width = lines[0].count("\t")
            lines = [line + "\t" * (width - line.count("\t")) for line in lines]
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder / "problem.yaml"


@pytest.fixture
def sbml(antimony_sbml: Callable[[str], str]) -> str:
    """S is made at k_in and lost at k."""
    return antimony_sbml(
        "model m\ncompartment c = 1; species S in c; S = 0; k = 1; k_in = 1;"
        " -> S; k_in*c; S -> ; k*S*c;\nend"
    )


def test_version_1_is_what_its_definition_says(sbml: str, tmp_path: Path) -> None:
    """Rest at k_in / k = 2; then twice the supply, so that 4 - 2 exp(-t / 2) is left."""
    outcome = objective(reading.read(laid(tmp_path, sbml, FILES)))
    first, last = 4 - 2 * np.exp(-0.5), 4.0
    np.testing.assert_allclose(outcome.simulated, [2 * first, last + 2], rtol=1e-6)
    noise = 0.2 * 5 * np.log(10)
    far = (np.log10(5) - np.log10(2 * first)) / 0.2
    wanted = -0.5 * np.log(2 * np.pi * noise**2) - 0.5 * far**2
    assert outcome.likelihoods[0] == pytest.approx(wanted, rel=1e-5)
    wanted = -np.log(2 * 0.6) - abs(4 - 6) / 0.6
    assert outcome.likelihoods[1] == pytest.approx(wanted, rel=1e-5)
    scaled = 0.5 * np.log(10)  # the density of a logarithm is one of the parameter
    normal = -0.5 * np.log(2 * np.pi * 0.04) - 0.5 * ((np.log10(0.5) + 0.3) / 0.2) ** 2
    assert outcome.prior == pytest.approx(normal - np.log(scaled) - np.log(10), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("problem.yaml", "a: [", "problem.yaml':2 is no YAML"),
        ("problem.yaml", "a: 1", "it says no format_version"),
        ("problem.yaml", "format_version: 3.0.0", "is of PEtab version 3.0.0; read are 1 and 2"),
        ("problem.yaml", "format_version: 2.0.0\nextensions:\n  x:\n    version: 1", "extensions"),
        ("measurements.tsv", "a\nb", "problem.yaml' cannot be read"),
        (
            "conditions.tsv",
            FILES["conditions.tsv"].replace("moved", "else"),
            "the condition 'moved' is measured but not in its table",
        ),
        (
            "observables.tsv",
            FILES["observables.tsv"].replace("S+k_in", "S+*"),
            "'S+*' is no formula of PEtab",
        ),
        (
            "observables.tsv",
            FILES["observables.tsv"].replace("S+k_in", "2*y"),
            "'z' names the observable 'y' in its observableFormula, which PEtab does not allow; "
            "write out what 'y' is: '(observableParameter1_y*S)'",
        ),
        (
            "observables.tsv",
            FILES["observables.tsv"].replace("0.1*z", "0.1*y"),
            "'z' names the observable 'y' in its noiseFormula, which PEtab does not allow",
        ),
        (
            "observables.tsv",
            FILES["observables.tsv"].replace("S+k_in", "S+z"),
            "'z' names itself in its observableFormula, where only a noiseFormula may",
        ),
        (
            "parameters.tsv",
            FILES["parameters.tsv"].replace(" 0.5 1 ", "  1 "),
            "The parameter 'k' has no nominal value",
        ),
    ],
)
def test_what_is_broken_is_told(sbml: str, tmp_path: Path, name: str, text: str, said: str) -> None:
    path = laid(tmp_path, sbml, FILES | {name: text})
    with pytest.raises(PetabError) as raised:
        objective(reading.read(path))
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_named(sbml: str, tmp_path: Path) -> None:
    path = laid(tmp_path, sbml, FILES)
    (tmp_path / "measurements.tsv").unlink()
    with pytest.raises(OSError, match=r"measurements\.tsv"):
        reading.read(path)


def test_simulations_are_saved_as_a_table_of_petab(build: Build, sbml: str, tmp_path: Path) -> None:
    import pandas as pd
    from mtorules.analysis.petab import writing

    problem = build(TABLE).problem
    writing.write(problem, tmp_path / "v2", "2.0.0")
    (tmp_path / "v1").mkdir()
    for path in (tmp_path / "v2" / "problem.yaml", laid(tmp_path / "v1", sbml, FILES)):
        outcome = objective(reading.read(path))
        reading.save_simulated(path, outcome.simulated, tmp_path / "simulated.tsv")
        table = pd.read_csv(tmp_path / "simulated.tsv", sep="\t")
        np.testing.assert_allclose(table["simulation"], outcome.simulated)
        assert "measurement" not in table
