from pathlib import Path

import pytest
from mtorules.analysis.claims import reading
from mtorules.analysis.claims.reading import ClaimsError
from mtorules.analysis.claims.schema import MeasureCheck

GOOD = """
readouts:
  engaged: MTORC1_RAPA / MTORC1
claims:
  - id: drug-engages
    statement: The drug engages mTORC1.
    review: A
    kind: dynamics
    experiments:
      vehicle: []
      drug: {like: vehicle, doses: {RAPA: 20 nM}}
    checks:
      - {value: engaged, of: drug, at: 1 h, expect: ">= 0.5"}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(GOOD)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(ClaimsError) as caught:
        reading.read([path])
    return str(caught.value).splitlines()


def test_a_good_file_is_read(file: Path) -> None:
    claims = reading.read([file])
    assert [claim.id for claim in claims] == ["drug-engages"]
    assert claims.readouts["engaged"].names == {"MTORC1_RAPA", "MTORC1"}
    (check,) = claims.claims[0].checks
    assert isinstance(check, MeasureCheck)
    assert str(check.expect) == ">= 0.5"


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ("review: A", "review: C", 7, "'C' is not one of 'A', 'B', 'both' or 'own'"),
        ("kind: dynamics", "kind: dynamic", 8, "is not one of"),
        ("statement:", "statemnt:", 6, "did you mean 'statement'?"),
        ("expect:", "expct:", 13, "did you mean 'expect'?"),
        ("value: engaged", "vlue: engaged", 13, "a check needs one of"),
        ("value: engaged", "ratio: engaged", 13, "needs 'to'"),
        ("value: engaged", "value: engaged, to: vehicle", 13, "compared with nothing"),
        ("value: engaged", "value: engaged +", 13, "is no formula"),
        ("at: 1 h", "at: 1", 13, "has no unit"),
        ("at: 1 h", "at: 1 furlong", 13, "furlong"),
        ("at: 1 h", "at: max 2 h .. 1 h", 13, "ends before it starts"),
        (">= 0.5", "0.9 .. 0.5", 13, "the wrong way round"),
        ("id: drug-engages", "id: Drug Engages", 5, "'id'"),
        ("    kind: dynamics\n", "    kind: dynamics\n    kind: dynamics\n", 9, "stands twice"),
        ("claims:", "claims: [", 5, "cannot be read as YAML"),
        ("at: 1 h", "at: {start: 5}", 13, "is no time; write it like '24 h'"),
        ("at: 1 h", "at: [1 h]", 13, "is no time"),
        ("at: 1 h", "at: 1:30", 13, "no unit ':30'"),
        ('">= 0.5"', "{low: 0}", 13, "is no interval"),
        ('">= 0.5"', "0.5", 13, "0.5 is no interval"),
        (">= 0.5", ">= 1_0", 13, "hold something that is no number"),
        (">= 0.5", "<= nan", 13, "are no bounds"),
        ("value: engaged", "value: [engaged]", 13, "is no formula"),
        ("value: engaged", "value: {text: engaged, names: []}", 13, "is no formula"),
        ("value: engaged", "value: 'log(engaged, engaged)'", 13, "log takes one argument"),
        ('">= 0.5"', ">= 0.5", 13, "in quotes: expect: '>= 0.5'"),
        (
            'value: engaged, of: drug, at: 1 h, expect: ">= 0.5"',
            "time_to: engaged, of: drug, within: 2 h, expect: <= 1 h",
            13,
            "'falls_to' and 'rises_to'",
        ),
        (
            'value: engaged, of: drug, at: 1 h, expect: ">= 0.5"',
            "time_to: engaged, of: drug, falls_to: 2, within: 2 h, expect: <= 1 h",
            13,
            "'falls_to: 2' is no fall",
        ),
        (
            'value: engaged, of: drug, at: 1 h, expect: ">= 0.5"',
            "time_to: engaged, of: drug, rises_to: 1, within: 2 h, expect: <= 1 h",
            13,
            "'rises_to: 1' is no rise",
        ),
        (
            'value: engaged, of: drug, at: 1 h, expect: ">= 0.5"',
            "time_to: engaged, of: drug, rises_to: 2, within: 10 min, expect: '>= 50 h'",
            13,
            "'within' ends at 600 s",
        ),
        (
            'value: engaged, of: drug, at: 1 h, expect: ">= 0.5"',
            "correlation: [{value: engaged, of: drug}], panel: a, expect: <= 1",
            13,
            "correlation: 2 entries are needed",
        ),
        ("review: A", "review: 2024-13-45", 7, "is not one of"),
        ("statement: The drug engages mTORC1.", "statement: !!int abc", 6, "the tag '!!int'"),
        ("id: drug-engages", f"id: {'a' * 300}", 5, "at most 100 characters"),
        ("experiments:\n", "experiments: 5\n    why:\n", 9, "names with values were expected"),
        ("{RAPA: 20 nM}", "{RAPA: true}", 11, "RAPA"),
        ("{RAPA: 20 nM}", "{RAPA: []}", 11, "RAPA"),
        (
            "  engaged: MTORC1_RAPA / MTORC1",
            "  engaged: a + 1\n  a: b\n  b: engaged",
            3,
            "the readout 'engaged' names itself in a circle: engaged -> a -> b -> engaged",
        ),
        ("  engaged: MTORC1_RAPA / MTORC1", "  engaged: 1 - engaged", 3, "in a circle"),
    ],
)
def test_each_fault_is_found_with_its_line(
    file: Path, good: str, bad: str, line: int, said: str
) -> None:
    file.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
    found = faults(file)
    assert any(text.startswith(f"claims.yaml:{line}:") and said in text for text in found), found


@pytest.mark.parametrize(
    ("panel", "line", "said"),
    [
        ("{}", 3, "at least 1"),
        ("{genotypes: {}, draws: 1, spread: 2, parameters: k}", 3, "at least 1"),
        ("{genotypes: {a: []}, draws: 1, spread: 2, parameters: k, seed: -1}", 3, "0, not -1"),
        ("{genotypes: {a: []}, draws: 1e12, spread: 2, parameters: k}", 3, "integer"),
        ("{genotypes: {a: []}, draws: 1000000000000, spread: 2, parameters: k}", 3, "10,000 are"),
        ("{genotypes: {a: []}, draws: '3', spread: 2, parameters: k}", 3, "integer"),
        ("{genotypes: {a: []}, draws: 0, spread: 2, parameters: k}", 3, "1, not 0"),
        ("{genotypes: {a: []}, draws: 1, spread: nan, parameters: k}", 3, "number"),
        ("{genotypes: {a: []}, draws: 1, spread: 1e300, parameters: k}", 3, "1000"),
        ("{genotypes: {a: []}, draws: 1, spread: 2}", 3, "'parameters' is missing"),
        ("{genotypes: {a: []}, drws: 1, spread: 2, parameters: k}", 3, "did you mean 'draws'?"),
        ("{a: 5, b: {c: d}}", 3, "b"),
        ("[a, b]", 3, "names with values were expected"),
    ],
)
def test_panels_are_bounded(file: Path, panel: str, line: int, said: str) -> None:
    file.write_text(f"panels:\n  other: {{a: []}}\n  odd: {panel}\n", encoding="utf-8")
    found = faults(file)
    assert all(text.startswith(f"claims.yaml:{line}:") for text in found), found
    assert any(said in text for text in found), found


def test_a_thousand_faults_are_not_all_told(file: Path) -> None:
    file.write_text("claims: [" + "{}, " * 1000 + "]", encoding="utf-8")
    found = faults(file)
    assert len(found) == 101
    assert found[-1].startswith("... and ")


def test_all_faults_are_listed_at_once_in_the_order_of_lines(file: Path) -> None:
    file.write_text(
        GOOD.replace("review: A", "review: C").replace("at: 1 h", "at: 1").replace("id:", "idd:"),
        encoding="utf-8",
    )
    lines = [int(text.split(":")[1]) for text in faults(file)]
    assert len(lines) >= 4
    assert lines == sorted(lines)


def test_an_id_is_taken_only_once(file: Path) -> None:
    file.write_text(GOOD + GOOD.partition("claims:")[2].lstrip("\n"), encoding="utf-8")
    assert "the id is taken, by claims.yaml:5" in faults(file)[0]


def test_what_is_out_of_scope_says_why(file: Path) -> None:
    file.write_text(
        GOOD.replace("kind: dynamics", "kind: dynamics\n    scope: out-of-scope"), encoding="utf-8"
    )
    assert "needs 'why'" in faults(file)[0]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimsError, match="No such file"):
        reading.read([tmp_path / "none.yaml"])
    (tmp_path / "image.yaml").write_bytes(b"\x89PNG\xff")
    with pytest.raises(ClaimsError, match="no text in UTF-8"):
        reading.read([tmp_path / "image.yaml"])
    for text, said in (("", "is empty"), ("- a\n- b\n", "holds no 'claims'")):
        (tmp_path / "odd.yaml").write_text(text)
        assert said in faults(tmp_path / "odd.yaml")[0]


def test_claims_are_selected_by_id_and_kind(file: Path) -> None:
    claims = reading.read([file])
    assert len(claims.select(["drug-engages"], ["dynamics"])) == 1
    assert len(claims.select(kinds=["feedback"])) == 0
    with pytest.raises(ClaimsError, match="Did you mean 'drug-engages'"):
        claims.select(["drug-engage"])
    with pytest.raises(ClaimsError, match="Did you mean 'dynamics'"):
        claims.select(kinds=["dynamic"])
