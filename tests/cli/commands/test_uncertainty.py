"""``mtorules uncertainty`` on a small model, from a fit to sets, profile, table and claims."""

import csv
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.analysis.calibration import priors
from mtorules.models.numbers import ensemble
from mtorules.simulation.load import load

Call = Callable[..., Any]

CLAIMS = """
claims:
  - id: half
    statement: Half of mTOR is in mTORC1.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: MTORC1 / MTOR_total, of: cell, expect: 0.48 .. 0.52}]
"""


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Any, ...]:
    file = tmp_path / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    return (
        *("--model", "complexes", "--file", file, "--workers", "1"),
        *("--store", tmp_path / "store"),
    )


def test_sets_that_fit_as_well_are_found_and_can_be_asked(
    mtorules: Call, asked: tuple[Any, ...], tmp_path: Path
) -> None:
    best, sets = tmp_path / "best.csv", tmp_path / "sets.csv"
    fitting = ("--screening", "1", "--evaluations", "4", "-o", best)
    assert mtorules("calibrate", *asked, *fitting).status == 0
    asked = (*asked, "--from", best)
    done = mtorules("uncertainty", "sets", *asked, "--sets", "2", "-o", sets)
    assert done.status == 0, done.err
    assert "fit as well as the best" in done.out
    assert "1 kept" in done.err
    told = json.loads(sets.with_suffix(".json").read_text())
    assert told["set"] == "best.csv"
    assert told["draws"][-1]["kept"] == told["sets"] == 2
    assert told["cost_above_best"]["most"] <= told["cost_allowed_above_best"]
    found = ensemble.read(sets)
    ranges = {prior.name: prior for prior in priors.free(load("complexes").model)}
    for each in found.numbers:
        assert all(ranges[name].low <= value <= ranges[name].high for name, value in each.items())

    # Again: everything was run, and the file is the same.
    written = sets.read_bytes()
    again = mtorules("uncertainty", "sets", *asked, "--sets", "2", "-o", sets)
    assert again.out == done.out
    assert sets.read_bytes() == written

    pinned = tmp_path / "pinned.csv"
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- pinned -->\nold\n<!-- end of pinned -->\nAfter.\n")
    table = ("--ensemble", sets, "-o", pinned, "--page", page)
    done = mtorules("uncertainty", "table", *asked, *table)
    assert done.status == 0, done.err
    with pinned.open() as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(found.ones)
    name = next(iter(rows))
    logs = np.log([each[name] for each in found.numbers])
    prior = ranges[name]
    exact = logs.std(ddof=1) / (math.log(prior.high / prior.low) / 4)
    assert float(rows[name]["ratio_of_sets"]) == pytest.approx(exact, rel=1e-3)
    assert page.read_text().startswith("Before.\n<!-- pinned -->\n\nOf ")
    assert page.read_text().endswith("<!-- end of pinned -->\nAfter.\n")
    assert "\nold\n" not in page.read_text()

    claims = ("claims", "--model", "complexes", "--file", tmp_path / "claims.yaml")
    done = mtorules(*claims, "--ensemble", sets, "--workers", "1", "--store", tmp_path / "s")
    assert done.status == 0, done.err
    # A set that is kept may miss a claim by a little; `test_holding` counts.
    assert re.search(r"^half +[012] of 2 ", done.out, re.MULTILINE)
    done = mtorules(*claims, "--ensemble", sets, "--beside", "roadrunner")
    assert done.status == 2
    assert "--ensemble does not go with --beside" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("profile", "MTOR_O", "--from", "BEST"), "Did you mean 'MTOR_0'"),
        (("sets", "-o", "sets.txt", "--from", "BEST"), "does not end in .csv"),
        (("sets", "-o", "OUT", "--from", "CLAIMS"), "the columns are not"),
        (("sets", "-o", "OUT"), "which may not move"),
        (("table", "--page", "CLAIMS", "--from", "BEST"), "has no place for the table"),
        (("table", "--ensemble", "CLAIMS", "--from", "BEST"), "holds no parameter sets"),
        (("profile", "--from", "BEST"), "PARAMETER"),
        (("sets", "--from", "BEST"), "--output"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(
    mtorules: Call, asked: tuple[Any, ...], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    best = tmp_path / "best.csv"
    best.write_text("name,value,unit,prior,spreads\nMTOR_0,120,nM,114,0\n")
    places = {"BEST": best, "OUT": tmp_path / "out.csv", "CLAIMS": tmp_path / "claims.yaml"}
    done = mtorules("uncertainty", words[0], *asked, *(places.get(w, w) for w in words[1:]))
    assert done.status == 2
    assert said in done.err
    assert not places["OUT"].exists()


def test_a_profile_is_told_beside_the_curvature(
    mtorules: Call, asked: tuple[Any, ...], tmp_path: Path
) -> None:
    """Of two parameters, which the check follows: mTOR and Raptor."""
    best, out = tmp_path / "best.csv", tmp_path / "profiles.csv"
    best.write_text("name,value,unit,prior,spreads\nMTOR_0,120,nM,114,0\nRPTOR_0,60,nM,60,0\n")
    words = ("MTOR_0", "--steps", "2", "--evaluations", "2", "-o", out, "--json")
    done = mtorules("uncertainty", "profile", *words, *asked, "--from", best)
    assert done.status == 0, done.err
    (found,) = json.loads(done.out)
    assert found["best"] == pytest.approx(120)
    values = [point["value"] for point in found["points"]]
    assert values == sorted(values)
    assert len(values) >= 3
    with out.open() as file:
        assert [float(row["value"]) for row in csv.DictReader(file)] == pytest.approx(
            values, rel=1e-5
        )
