"""``mtorules calibrate`` on a small model and a claim that its tables do not meet."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLAIMS = """
claims:
  - id: more
    statement: There is much more ERK without NF1.
    review: A
    kind: steady-state
    experiments: {with: {}, without: NF1_null}
    checks: [{ratio: pERK_y204_nM, of: without, to: with, expect: ">= 10"}]
"""


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Any, ...]:
    file = tmp_path / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    return (
        *("calibrate", "--model", "mapk_tsc", "--file", file, "--starts", "1", "--screening", "1"),
        *("--evaluations", "2", "--rounds", "1", "--workers", "1", "--store", tmp_path / "store"),
    )


def test_the_set_and_how_it_was_found_are_written(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    target = tmp_path / "set.csv"
    done = mtorules(*asked, "-o", target)
    assert done.status == 0
    assert "Start 0 is best" in done.out
    assert done.err.count("start 0, round 0, evaluation 1: objective") == 1
    about = json.loads(target.with_suffix(".json").read_text())
    with target.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == about["parameters"]
    assert about["checks"] == 1
    # The set can be asked.
    claims = tmp_path / "claims.yaml"
    asking = ("claims", "--model", "mapk_tsc", "--file", claims, "--parameters", target)
    assert "more" in mtorules(*asking, "--workers", "1").out


def test_it_goes_on_from_a_set(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert mtorules(*asked, "--steps", "0", "-o", first).status == 0
    done = mtorules(*asked, "--from", first, "--steps", "1", "-o", second)
    assert done.status == 0
    assert "evaluation 1: objective" in done.err
    about = json.loads(second.with_suffix(".json").read_text())
    assert about["begun"] == json.loads(first.with_suffix(".json").read_text())

    first.write_text(first.read_text().replace("name,", "nome,"))
    done = mtorules(*asked, "--from", first, "-o", tmp_path / "third.csv")
    assert done.status == 2
    assert "first.csv:1: the columns are not" in done.err
    assert not (tmp_path / "third.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mapk_tsc", "nonsense", "MODEL"),
        ("mapk_tsc", "translation", "pERK_y204_nM"),
        ("2", "0", "--evaluations"),
    ],
)
def test_wrong_usage_writes_nothing(
    mtorules: Callable[..., Any],
    asked: tuple[Any, ...],
    tmp_path: Path,
    old: str,
    new: str,
    words: str,
) -> None:
    done = mtorules(*(new if word == old else word for word in asked), "-o", tmp_path / "set.csv")
    assert done.status == 2
    assert words in done.err
    assert not (tmp_path / "set.csv").exists()


@pytest.mark.parametrize(
    "claims",
    [
        "claims: []\n",
        CLAIMS.partition("    checks:")[0] + '    checks: [{exists: "RAF1()"}]\n',
    ],
)
@pytest.mark.parametrize("options", [(), ("--folds", "2")])
def test_claims_that_ask_for_no_number_are_refused(
    mtorules: Callable[..., Any],
    asked: tuple[Any, ...],
    tmp_path: Path,
    claims: str,
    options: tuple[str, ...],
) -> None:
    (tmp_path / "claims.yaml").write_text(claims)
    done = mtorules(*asked, *options, "--data", "none", "-o", tmp_path / "set.csv")
    assert done.status == 2
    assert "nothing to fit to" in done.err or "cannot be split" in done.err
    assert not (tmp_path / "set.csv").exists()


def test_nothing_moves_where_claims_hold_as_it_is(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    (tmp_path / "claims.yaml").write_text(CLAIMS.replace(">= 10", ">= 0.01"))
    done = mtorules(*asked, "-o", tmp_path / "set.csv")
    assert done.status == 2
    assert "No parameter needs to move: 0 of 1 checks fail" in done.err
    assert not (tmp_path / "set.csv").exists()


TARGETS = (
    "dataset,line,medium,stimulus,drug,lead_h,time_h,readout,reference,log2,spread,n,citation\n"
    "mine,reference,full,EGF=10 nM,,0,0.1,pERK_y204_nM,before,2,0.3,1,\n"
)


def test_data_are_met_besides_claims(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    table, target = tmp_path / "targets.csv", tmp_path / "set.csv"
    table.write_text(TARGETS)
    done = mtorules(*asked, "--targets", table, "--rounds", "0", "-o", target)
    assert done.status == 0, done.err
    about = json.loads(target.with_suffix(".json").read_text())
    assert about["targets"] == 1
    assert about["of_data"] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "nonsense"), "There is no data set 'nonsense'."),
        (("--data", "none", "--data", "korkut2015"), "name nothing beside it"),
        (("--data", "korkut2015"), "korkut2015.csv:"),  # which the small model has not
    ],
)
def test_data_that_cannot_be_met_are_told(
    mtorules: Callable[..., Any],
    asked: tuple[Any, ...],
    tmp_path: Path,
    words: tuple[str, ...],
    said: str,
) -> None:
    done = mtorules(*asked, *words, "-o", tmp_path / "set.csv")
    assert done.status == 2
    assert said in done.err
    assert not (tmp_path / "set.csv").exists()


def test_what_sets_lines_apart_is_fitted_held_or_left_out(
    mtorules: Callable[..., Any], asked: tuple[Any, ...], tmp_path: Path
) -> None:
    table, target = tmp_path / "targets.csv", tmp_path / "set.csv"
    head, row = TARGETS.splitlines()
    rows = [
        row.replace("reference", "MCF10A").replace(",0.1,", f",{0.05 * number:g},")
        for number in range(1, 21)
    ]
    table.write_text("\n".join([head, *rows]) + "\n")
    words = (*asked, "--targets", table, "--rounds", "0")
    assert mtorules(*words, "-o", target).status == 0
    beside = tmp_path / "set_lines.csv"
    assert "MCF10A,KRAS_0," in beside.read_text()
    held = (*words, "--from", target, "-o", tmp_path / "held.csv")
    assert mtorules(*held, "--lines", "held").status == 0
    assert (tmp_path / "held_lines.csv").read_text() == beside.read_text()
    # Of a set without factors none are left from one before.
    assert mtorules(*held, "--lines", "none").status == 0
    assert (tmp_path / "held_lines.csv").read_text() == "line,parameter,factor\n"
    done = mtorules(*words, "--lines", "held", "-o", tmp_path / "third.csv")
    assert done.status == 2
    assert "--lines held takes those beside the set of --from" in done.err

    # They stay open where it is asked how sure the others are.
    fit = ("--model", "mapk_tsc", "--file", tmp_path / "claims.yaml", "--targets", table)
    fit = (*fit, "--from", target, "--workers", "1", "--store", tmp_path / "store", "--quiet")
    pinned = tmp_path / "pinned.csv"
    done = mtorules("uncertainty", "table", *fit, "-o", pinned)
    assert done.status == 0, done.err
    named = {line.partition(",")[0] for line in pinned.read_text().splitlines()[1:]}
    assert "KRAS_0" in named
    assert not any("MCF10A" in name for name in named)
    sets = tmp_path / "sets.csv"
    done = mtorules("uncertainty", "sets", *fit, "--sets", "2", "-o", sets)
    assert done.status == 0, done.err
    assert {line.partition(",")[0] for line in sets.read_text().splitlines()[1:]} == named

    beside.write_text("line,parameter,factor\nMCF10A,KRAS_0,none\n")
    done = mtorules(*held)
    assert done.status == 2
    assert "set_lines.csv:2: the factor of 'KRAS_0' of 'MCF10A' is 'none'" in done.err
