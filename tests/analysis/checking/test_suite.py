"""The runner of the SBML test suite, on cases in its layout that were made up here."""

import math
from pathlib import Path

import pytest
from click.testing import CliRunner
from mtorules.analysis.checking import suite
from mtorules.analysis.checking.suite import Verdict

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model id="decay">
<listOfCompartments><compartment id="c" spatialDimensions="3" size="2" constant="true"/>
</listOfCompartments>
<listOfSpecies><species id="S" compartment="c" initialConcentration="{start}"
 hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value="0.1" constant="false"/></listOfParameters>
{more}
<listOfReactions><reaction id="J" reversible="false"><listOfReactants>
<speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><times/><ci>k</ci><ci>S</ci><ci>c</ci></apply></math></kineticLaw>
</reaction></listOfReactions>
</model></sbml>"""
ALGEBRAIC = """<listOfRules><algebraicRule><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><minus/><ci>k</ci><cn>0.1</cn></apply></math></algebraicRule></listOfRules>"""


def write(
    folder: Path, name: str, *, kind: str = "amount", more: str = "", size: float = 2
) -> None:
    """Write a case: 10 a volume decay at 0.1, and ``size`` volumes are what is right."""
    case = folder / name
    case.mkdir(parents=True)
    (case / f"{name}-sbml-l2v4.xml").write_text("an older level, not to be read", encoding="utf-8")
    text = MODEL.format(start=10, more=more)
    (case / f"{name}-sbml-l3v2.xml").write_text(text, encoding="utf-8")
    settings = {
        "start": 0, "duration": 10, "steps": 2, "variables": "S", "absolute": 1e-6,
        "relative": 1e-6, "amount": "", "concentration": "", kind: "S",
    }  # fmt: skip
    lines = [f"{key}: {value}\n" for key, value in settings.items()]
    (case / f"{name}-settings.txt").write_text("".join(lines), encoding="utf-8")
    rows = [f"{time},{size * 10 * math.exp(-0.1 * time)!r}\n" for time in (0, 5, 10)]
    (case / f"{name}-results.csv").write_text("time,S\n" + "".join(rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "00001")
    write(tmp_path, "00002", kind="concentration", size=1)
    write(tmp_path, "00003", more=ALGEBRAIC)
    write(tmp_path, "00004", size=3)
    return tmp_path


def test_cases_are_judged_by_their_own_tolerance(folder: Path) -> None:
    found = [suite.judge(case) for case in suite.cases(folder)]
    assert [one.verdict for one in found] == ["pass", "pass", "refused", "wrong"]
    assert "an algebraic rule (line 9)" in found[2].why
    assert found[3].why == "S is 20 at 0 where 30 is right"


def test_the_command_tells_all_and_fails_where_a_case_is_wrong(folder: Path) -> None:
    done = CliRunner().invoke(suite.main, [str(folder), "--names"])
    assert done.exit_code == 1
    assert done.stdout == (
        "     2  pass\n     1  refused\n     0  failed\n     1  wrong\n     0  crash\n\n"
        "refused:\n     1  has an algebraic rule\n        00003\n\n"
        "wrong:\n  00004  S is 20 at 0 where 30 is right\n"
    )


def test_a_crash_ends_one_case_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "00001")
    monkeypatch.setattr(suite, "PATIENCE", 0.0)  # each process is ended as soon as it is asked
    assert [one.verdict for one in suite.run(suite.cases(tmp_path))] == ["crash"]


def test_where_there_is_no_suite_it_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(suite.main, [str(tmp_path)])
    assert done.exit_code == 2
    assert "holds no case of the SBML test suite" in done.stderr
    write(tmp_path, "00001")
    (tmp_path / "00001" / "00001-results.csv").unlink()
    with pytest.raises(suite.SuiteError, match=r"00001.*cannot be read"):
        suite.read(tmp_path / "00001")


def test_values_that_are_none_are_right_where_none_is_right(folder: Path) -> None:
    case = suite.read(folder / "00001")
    case.right[1] = math.nan
    right = case.right.copy()
    assert suite.deviations(case, right) == []
    right[1] = 1.0
    assert len(suite.deviations(case, right)) == 1
    assert Verdict("1", "pass").why == ""
