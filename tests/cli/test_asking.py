"""The options that analyses share, tried through the simplest of them."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import pytest
from mtorules.cli.asked import Asked
from mtorules.cli.asking import answered, question_options
from mtorules.cli.commands.analyse import command as analyse
from mtorules.models.numbers import ensemble

DECAY = """
begin model
begin parameters
  k 1e-4
  A_0 100
end parameters
begin seed species
  A() A_0
end seed species
begin observables
  Molecules A_left A()
end observables
begin reaction rules
  A() -> 0 k
end reaction rules
end model
"""


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    path = tmp_path / "decay.bngl"
    path.write_text(DECAY, encoding="utf-8")
    return path


def test_files_json_and_terminal_tell_the_same(
    mtorules: Callable[..., Any], decay: Path, tmp_path: Path
) -> None:
    ask = ("analyse", "time-course", decay, "--set", "k=1e-4, 2e-4", "--times", "0 h, 1 h")
    done = mtorules(*ask, "--json", "--output", tmp_path / "out")
    assert done.status == 0
    found = json.loads(done.out)
    last = {row["k"]: row["last"] for row in found["table"]}
    for k in (1e-4, 2e-4):
        assert last[k] == pytest.approx(100 * math.exp(-k * 3600), rel=1e-6)
    assert found["settings"]["settings"] == ["k=1e-4, 2e-4"]
    written = pd.read_csv(tmp_path / "out/time_course_table.csv")
    assert written["last"].tolist() == pytest.approx(list(last.values()), rel=1e-5)
    shown = mtorules(*ask, "--quiet")
    assert shown.out.splitlines()[0].split() == [
        *("readout", "cell", "k", "first", "highest", "highest", "at", "(h)", "last", "unit")
    ]


def test_samples_make_a_band(mtorules: Callable[..., Any], decay: Path) -> None:
    done = mtorules(
        *("analyse", "time-course", decay, "--set", "A_0=50..150 lin", "--samples", "40"),
        *("--times", "0 h, 1 h", "--json"),
    )
    (row,) = json.loads(done.out)["table"]
    assert row["first"] == pytest.approx(100, abs=5)  # the median of a uniform distribution
    assert row["last, low"] < row["last"] < row["last, high"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--readout", "A_lef"), "Did you mean 'A_left'"),
        (("--times", "soon"), "soon"),
        (("--cells", "PTEN_null"), "PTEN_null"),
        (("--set", "kk=1"), "no parameter 'kk'"),
        (("--drug", "everolimus=20 nM"), "everolimus"),
        (("--dose", "A()=10 nM"), "give the plain number"),
        (("--dose", "A()=-1"), "'-1' is negative"),
        (("--dose", "A()=much"), "plain number"),
        (("--limit", "0 s"), "leaves no time"),
        (("--pre-equilibrate", "--set", "k=1, 2 h"), "k"),
        (("--times", "1 h"), "at least two times"),
        (("--replicates", "0"), "replicates"),
        (("--output", "/dev/null"), "is a file"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    mtorules: Callable[..., Any], decay: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "time-course", decay, *arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_an_option_of_the_command_itself_reaches_it_whatever_it_is_called(
    mtorules: Callable[..., Any], decay: Path
) -> None:
    """A command may count samples, replicates or seeds in its own way."""
    seen: dict[str, Any] = {}

    @click.command()
    @question_options()
    @click.option("--seed", type=int)
    @click.option("--samples", type=int)
    @click.option("--replicates")
    def command(asked: Asked, **options: Any) -> None:
        seen.update(options, words=asked.words)

    words = [str(decay), "--seed", "5", "--samples", "3", "--replicates", "many", "--quiet"]
    answered(command, words)
    found = seen.pop("words")
    assert seen == {"seed": 5, "samples": 3, "replicates": "many"}
    assert (found.seed, found.samples, found.replicates) == (0, 0, 0)


def test_a_command_that_was_asked_from_within_goes_on_to_know_its_help(
    mtorules: Callable[..., Any], decay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Click keeps the help option that it made first."""
    command = analyse.get_command(click.Context(analyse), "time-course")
    assert command is not None
    monkeypatch.setattr(command, "_help_option", None)
    answered(command, [str(decay), "--times", "0 h, 1 h", "--quiet"])
    asked = mtorules("analyse", "time-course", "-h")
    assert asked.status == 0
    assert asked.out.startswith("Usage:")


@pytest.mark.parametrize(
    ("dose", "began"), [("A()=10", [110]), ("A()=0, 1e1, 30.5", [100, 110, 130.5])]
)
def test_a_model_without_units_is_dosed_with_plain_numbers(
    mtorules: Callable[..., Any], decay: Path, dose: str, began: list[float]
) -> None:
    done = mtorules(
        *("analyse", "time-course", decay, "--dose", dose, "--times", "0 h, 1 h", "--json")
    )
    table = json.loads(done.out)["table"]
    assert [row["first"] for row in table] == pytest.approx(began)
    after = [number * math.exp(-0.36) for number in began]
    assert [row["last"] for row in table] == pytest.approx(after, rel=1e-6)


@pytest.mark.parametrize("how", ["analyse", "simulate", "sensitivities"])
def test_of_a_dose_that_does_not_fit_the_model_is_said_once_what_would(
    mtorules: Callable[..., Any], decay: Path, how: str
) -> None:
    command, more = {
        "analyse": (("analyse", "time-course", decay), ("--times", "0 h, 1 h")),
        "simulate": (("simulate", decay), ("--until", "2 h")),
        "sensitivities": (("analyse", "sensitivities", decay), ("--observable", "A_left")),
    }[how]
    for dose in ("A()=10 nM", "A()=1 uM"):
        done = mtorules(*command, "--dose", dose, *more)
        assert done.status == 2
        assert "give the plain number that is added, as in '10'" in done.err
        assert len(done.err.splitlines()) == 1
    done = mtorules(*command, "--dose", "A()=10", *more, "--quiet")
    assert done.status == 0, done.err


def test_what_to_look_at_is_chosen_where_a_model_never_rests(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    """Of more species than are shown those are taken that change, without asking for rest."""
    path = tmp_path / "growing.bngl"
    names = [f"S{number}" for number in range(12)]
    path.write_text(
        "begin model\nbegin parameters\n  k 2\nend parameters\nbegin seed species\n"
        + "".join(f"  {name}() 1\n" for name in names)
        + "end seed species\nbegin observables\n"
        + "".join(f"  Molecules n{name} {name}()\n" for name in names)
        + "end observables\nbegin reaction rules\n"
        + "".join(f"  0 -> {name}() k\n" for name in names)
        + "end reaction rules\nend model\n",
        encoding="utf-8",
    )
    done = mtorules("analyse", "time-course", path, "--times", "0 s, 10 s", "--json")
    assert done.status == 0, done.err
    last = [row["last"] for row in json.loads(done.out)["table"]]
    assert last == pytest.approx([21] * len(last))


def test_the_numbers_of_any_analysis_have_bands_over_an_ensemble(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    """Half of A taken out of A + B <-> AB: at rest the root of a quadratic, for each set."""
    amounts = np.linspace(20, 180, 9)
    sets = tmp_path / "sets.csv"
    sets.write_text("\n".join(["A_0", *map(str, amounts)]), encoding="utf-8")
    done = mtorules(
        *("analyse", "knockouts", binding, "--readout", "AB", "--only", "A", "--times", "inf"),
        *("--ensemble", sets, "--workers", "1", "--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    total = amounts / 2 + 50 + 1
    bound = (total - np.sqrt(total**2 - 4 * amounts / 2 * 50)) / 2
    (row,) = (row for row in found["table"] if row["left"] == "50%")
    names = ["value, low", "value", "value, high"]
    assert [row[name] for name in names] == pytest.approx(
        np.quantile(bound, [0.05, 0.5, 0.95]), rel=1e-5
    )
    assert found["settings"]["ensemble"]["sets"] == 9
    assert len(pd.read_csv(tmp_path / "out/knockouts_sets.csv")) == 18


def test_parameters_a_row_are_turned_into_the_units_of_the_model(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    """Of `complexes` only what it has; names of no model, and units that do not fit, are told."""
    sets = tmp_path / "sets.csv"
    sets.write_text("name,unit,1,2,3\nMTOR_0,uM,0.1,0.2,0.3\nKd_IGF1R_IGF1,nM,1,2,3\n")
    ask = ("analyse", "time-course", "complexes", "--readout", "MTOR_total", "--from-start")
    ask = (*ask, "--times", "0 s, 1 s", "--ensemble")
    done = mtorules(*ask, sets, "--json")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["first"] == pytest.approx(200)
    assert row["last, high"] == pytest.approx(290, rel=1e-3)
    for text, said in {
        "name,unit,1\nMTOR_0,s,1\n": "sets.csv:2: 'MTOR_0' does not fit",
        "name,unit,1\nMTOR_9,nM,1\n": "Did you mean",
        "name,unit,1\nMTOR_0,nM,0\n": "sets.csv:2: 'MTOR_0' is not above zero in set 1",
        "name,unit,1\nMTOR_0,nM,x\n": "sets.csv:2: 'MTOR_0' is 'x' in set 1",
        "name,unit,1,2\nMTOR_0,nM,1\n": "sets.csv:2: 2 values were expected, and there are 1",
        "name,unit,1\nMTOR_0,nM,1\nMTOR_0,nM,1\n": "stands twice",
        "name,unit,1\nMTOR_0,furlong,1\n": "unknown unit 'furlong'",
        "name,unit\nMTOR_0,nM\n": "holds no parameter sets",
        "name,unit,1\nKd_IGF1R_IGF1,nM,1\n": "holds no parameter of model 'complexes'",
        "": "holds no parameter sets",
    }.items():
        sets.write_text(text)
        done = mtorules(*ask, sets)
        assert done.status == 2
        assert said in done.err
        assert "Traceback" not in done.err
    done = mtorules(*ask, tmp_path / "none.csv")
    assert done.status == 2
    assert "does not exist" in done.err


def test_the_sets_of_the_package_have_a_word(mtorules: Callable[..., Any]) -> None:
    """What nothing made yet is as the file has it, in each set."""
    ask = ("analyse", "time-course", "complexes", "--readout", "MTOR_total", "--from-start")
    done = mtorules(*ask, "--times", "0 s, 1 s", "--ensemble", "shipped", "--json")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    table = pd.read_csv(ensemble.FILE, index_col="name").drop(columns="unit")
    amounts = table.loc["MTOR_0"].to_numpy(dtype=float)
    assert row["last"] == pytest.approx(np.median(amounts), rel=1e-3)
    assert row["last, low"] == pytest.approx(np.quantile(amounts, 0.05), rel=1e-3)
    assert row["last, high"] == pytest.approx(np.quantile(amounts, 0.95), rel=1e-3)
