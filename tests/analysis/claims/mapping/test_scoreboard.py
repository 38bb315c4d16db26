"""The score board: what is counted, in a model of others and in ours."""

from pathlib import Path

import pytest
from mtorules.analysis.claims import reading as claims_reading
from mtorules.analysis.claims.mapping import reading, scoreboard
from mtorules.analysis.claims.mapping.scoreboard import Line, Score
from mtorules.simulation.load import load

from .conftest import MAPPING, sbml

CLAIMS = """\
claims:
  - id: whole
    statement: It is so.
    kind: dynamics
    experiments: {vehicle: closed_system}
    checks:
      - {value: MTORC1, of: vehicle, expect: ">= 1"}
      - {value: MTORC1, of: vehicle, expect: ">= 10"}
  - id: part
    statement: It is so in part.
    kind: dynamics
    experiments: {vehicle: closed_system}
    checks:
      - {value: MTORC1, of: vehicle, expect: ">= 1"}
      - {value: MTORC2, of: vehicle, expect: ">= 1"}
  - id: none
    statement: It is so elsewhere.
    kind: dynamics
    experiments: {vehicle: closed_system}
    checks:
      - {value: MTORC2, of: vehicle, expect: ">= 1"}
"""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """Sp is 2 in the other model; ours has tens of nM of mTORC1."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "two.xml").write_text(sbml(), encoding="utf-8")
    mapping = MAPPING.replace("S6K_pT389: Sp / (S + Sp)", "MTORC1: Sp")
    mapping = mapping.replace("  FED: {}", "  FED: {}\n  closed_system: {}")
    path = folder / "two.mapping.yaml"
    path.write_text(mapping + "without_events: all\n", encoding="utf-8")
    claims = folder / "claims.yaml"
    claims.write_text(CLAIMS, encoding="utf-8")
    return scoreboard.score(
        claims_reading.read([claims]), folder, load("rapamycin"), engine="roadrunner", workers=1
    )


def test_claims_are_counted_in_whole_and_in_part(lines: list[Line]) -> None:
    *others, mine = lines
    assert [line.problem for line in others] == [
        f"there is no {name}.xml" for name in reading.shipped()
    ]
    assert mine.whole == Score(1, 0, 1)
    assert mine.part == Score(1, 1, 1)
    assert mine.checks == Score(3, 2, 3)
    assert mine.proxies == 0


def test_the_table_is_put_in_its_place(lines: list[Line]) -> None:
    page = "Before.\n<!-- table: scoreboard -->\nstale\n<!-- end -->\nAfter.\n"
    filled = scoreboard.filled(page, lines)
    assert "| Two states (two) | 1 | 0 | 1 | 1 | 1 | 1 | 3 | 2 | 3 | 0 |" in filled
    assert "stale" not in filled
    assert scoreboard.filled(filled, lines) == filled
    with pytest.raises(ValueError, match="has no place"):
        scoreboard.filled("Nothing.", lines)


def test_the_page_has_a_line_for_each_mapping() -> None:
    page = (Path(__file__).parents[4] / "docs" / "published.md").read_text(encoding="utf-8")
    for name in reading.shipped():
        assert f"({name}) |" in page


def test_the_example_of_the_page_is_a_mapping(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "published.md").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    translation = reading.read(path, reading.known(claims_reading.read()))
    assert set(translation.file.compounds) == {"rapamycin", "Torin1", "trametinib"}
