"""Cross-validation: claims about one mechanism are left out together, and asked all the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from mtorules.analysis.calibration import folds
from mtorules.analysis.claims import reading
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

HEAD = "claims:\n"
CLAIM = """
  - id: {id}
    statement: Without NF1 there is more of it.
    review: A
    kind: genotype
    experiments: {{wild_type: {{}}, lost: NF1_null}}
    checks:
      - {{ratio: {readout}, of: lost, to: wild_type, expect: '{limits}'}}
"""


def file_of(folder: Path, *claims: tuple[str, str, str]) -> Path:
    path = folder / "claims.yaml"
    texts = [CLAIM.format(id=id, readout=what, limits=limits) for id, what, limits in claims]
    path.write_text(HEAD + "".join(texts))
    return path


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("mapk_tsc")


def test_a_claim_is_about_the_mechanism_that_changes_what_it_reads(
    loaded: Loaded, tmp_path: Path
) -> None:
    path = file_of(
        tmp_path,
        ("erk", "pERK_y204_nM", ">= 1"),
        ("ras", "KRAS_GTP_nM / KRAS_total", ">= 1"),
        ("rsk", "pRSK_s380_nM", ">= 1"),
    )
    assert folds.subjects(reading.read([path]), loaded) == {
        "erk": "mapk/erk",
        "ras": "mapk/ras",
        "rsk": "mapk/rsk",
    }


def test_claims_about_one_mechanism_stay_together_in_folds_of_like_size() -> None:
    subjects = {f"a{n}": "a" for n in range(5)} | {"b1": "b", "b2": "b", "c1": "c", "d1": "d"}
    parts = folds.split(subjects, 2)
    assert [part.mechanisms for part in parts] == [("a",), ("b", "c", "d")]
    assert sorted(claim for part in parts for claim in part.claims) == sorted(subjects)
    with pytest.raises(folds.FoldsError, match="4 mechanisms"):
        folds.split(subjects, 5)


def test_a_left_out_claim_does_not_move_the_fit_and_is_asked(
    loaded: Loaded, tmp_path: Path
) -> None:
    """One claim holds in the tables; the other can be had, by the fit that sees it."""
    path = file_of(tmp_path, ("ras", "KRAS_GTP_nM", ">= 1"), ("far", "pRSK_s380_nM", ">= 3"))
    steps: list[tuple[str, int]] = []
    found = folds.cross_validate(
        loaded,
        2,
        files=[path],
        evaluations=6,
        store=tmp_path / "store",
        workers=1,
        told=lambda fold, step: steps.append((fold.claims[0], step.measured.margins.size)),
    )
    assert set(steps) == {("ras", 1), ("far", 1)}  # each fit has one check before it
    unseen, blind = (
        next(one for one in found if name in one.fold.claims) for name in ("ras", "far")
    )
    assert unseen.held == {"ras", "far"}
    assert unseen.held_unseen == unseen.held_seen == 1
    assert blind.held == {"ras"}
    assert (blind.held_unseen, blind.held_seen) == (0, 1)
    # What a fit has to do moves parameters; one whose claim holds anyway stays in the tables.
    assert blind.moved == pytest.approx(0, abs=1e-9)
    assert unseen.moved > 1e-3

    folds.write(found, tmp_path / "folds.csv")
    with (tmp_path / "folds.csv").open() as rows:
        told = {row["claim"]: row["holds_where_left_out"] for row in csv.DictReader(rows)}
    assert told == {"ras": "yes", "far": "no"}
