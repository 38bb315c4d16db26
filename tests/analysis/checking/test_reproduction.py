"""Recorded numbers, had again by libRoadRunner itself and by a closed form."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import roadrunner
from mtorules.analysis.checking import reproduction
from mtorules.simulation.load import from_sbml

# A goes into B and back: B rests at 10 kf/(kf + kr), and B(t) = rest (1 - exp(-(kf + kr) t)).
TURN = """compartment c = 2; species A in c = 5, B in c = 0; substanceOnly species A, B;
A = 10; kf = 0.03; kr = 0.01; J: A -> B; kf*A - kr*B; share := B/10;"""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def recorded(antimony_sbml: Callable[[str], str], tmp_path: Path) -> tuple[str, Path]:
    text = antimony_sbml(TURN)
    loaded = from_sbml(text)
    mark, found = reproduction.judged(loaded)
    assert mark.full
    assert found is not None
    reproduction.write(tmp_path / "record", "turn.xml", loaded, found)
    return text, tmp_path / "record"


def test_numbers_are_those_of_the_closed_form(recorded: tuple[str, Path]) -> None:
    _, folder = recorded
    rest = 10 * 0.03 / 0.04
    for row in table(folder / "course.csv"):
        expected = rest * (1 - math.exp(-0.04 * float(row["time"])))
        assert float(row["B"]) == pytest.approx(expected, rel=1e-6, abs=1e-9)
        assert float(row["share"]) == pytest.approx(expected / 10, rel=1e-6, abs=1e-9)
    steady = {row["id"]: float(row["value"]) for row in table(folder / "steady.csv")}
    assert steady["B"] == pytest.approx(rest, rel=1e-6)
    slopes = {
        (row["parameter"], row["output"]): float(row["sensitivity"])
        for row in table(folder / "sensitivity.csv")
    }
    time, total = 100.0, 0.04  # d ln B / d ln kr, of the closed form
    fall = math.exp(-total * time)
    expected = 0.01 * (-1 / total + time * fall / (1 - fall))
    assert slopes["kr", "B"] == pytest.approx(expected, rel=1e-3)


def test_another_simulator_gives_the_same(recorded: tuple[str, Path]) -> None:
    text, folder = recorded
    runner = roadrunner.RoadRunner(text)
    for row in table(folder / "initial.csv"):
        assert runner[row["id"]] == pytest.approx(float(row["value"]))
    rows = table(folder / "course.csv")
    outputs = [name for name in rows[0] if name != "time"]
    course = runner.simulate(0, float(rows[-1]["time"]), len(rows), ["time", *outputs])
    for place, row in enumerate(rows):
        for column, name in enumerate(outputs, 1):
            assert course[place, column] == pytest.approx(float(row[name]), rel=1e-4, abs=1e-6)
    told = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    assert told["steady state"] is True
    assert told["simulator"].startswith("libRoadRunner")


def test_a_changed_model_does_not_give_what_is_recorded(
    recorded: tuple[str, Path], antimony_sbml: Callable[[str], str]
) -> None:
    text, folder = recorded
    mark, _ = reproduction.judged(from_sbml(text), folder)
    assert mark.full
    changed = antimony_sbml(TURN.replace("kr = 0.01", "kr = 0.011"))
    mark, _ = reproduction.judged(from_sbml(changed), folder)
    assert not mark.full
    assert "start of kr" in mark.lacking
    assert "rest of B" in mark.lacking


def test_what_never_rests_has_no_rest(antimony_sbml: Callable[[str], str], tmp_path: Path) -> None:
    loaded = from_sbml(antimony_sbml("A = 1; k = 0.1; J: -> A; k;"))
    mark, found = reproduction.judged(loaded)
    assert mark.full
    assert found is not None
    assert found.steady is None
    reproduction.write(tmp_path, "a.xml", loaded, found)
    assert not (tmp_path / "steady.csv").exists()


def test_an_older_rest_does_not_stay(recorded: tuple[str, Path], antimony_sbml: Callable) -> None:
    _, folder = recorded
    loaded = from_sbml(antimony_sbml("A = 1; k = 0.1; J: -> A; k;"))
    _, found = reproduction.judged(loaded)
    assert found is not None
    reproduction.write(folder, "a.xml", loaded, found)
    assert not (folder / "steady.csv").exists()


def test_a_folder_of_something_else_is_told(
    antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    loaded = from_sbml(antimony_sbml(TURN))
    with pytest.raises(reproduction.ReproductionError, match=r"has no initial\.csv"):
        reproduction.judged(loaded, tmp_path)
    (tmp_path / "initial.csv").write_text("id,value\nkf,much\n", encoding="utf-8")
    with pytest.raises(reproduction.ReproductionError, match="cannot be read"):
        reproduction.judged(loaded, tmp_path)
