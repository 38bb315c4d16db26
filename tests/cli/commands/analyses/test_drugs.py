"""``mtorules analyse drugs``: what the classes are known for, and misuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.analysis import drugs as analysis
from mtorules.cli.commands.analyses import drugs as command

ASK = ("analyse", "drugs")


def test_the_command_looks_at_what_the_analysis_does_by_default() -> None:
    assert list(command._PREFERRED) == analysis.preferred()


def test_a_rapalog_takes_mtorc1_and_an_inhibitor_of_the_pocket_covers_both(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    done = mtorules(
        *(*ASK, "signalling", "--compound", "everolimus", "--compound", "AZD8055"),
        *("--compound", "BKM120", "--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    rows = {row["compound"]: row for row in json.loads(done.out)["table"]}
    assert list(rows) == ["everolimus", "AZD8055", "BKM120"]  # class by class
    # By mechanism: the rapalog takes the FRB of mTORC1, TOR-KIs the pockets of both, BKM120 PI3K.
    assert rows["everolimus"]["MTORC1_intact"] < 0.1 < rows["everolimus"]["MTORC2"]
    assert rows["AZD8055"]["MTORC1_uncovered"] == pytest.approx(
        rows["AZD8055"]["MTORC2_uncovered"], rel=0.1
    )
    assert rows["AZD8055"]["MTORC1_intact"] == pytest.approx(1, abs=0.05)
    assert rows["BKM120"]["PI3K_uncovered"] < 0.5 < rows["BKM120"]["MTORC1_uncovered"]
    assert rows["AZD8055"]["EBP1_pT37"] < rows["everolimus"]["EBP1_pT37"]
    for name in ("drugs.png", "drugs_coverage.svg", "drugs.nc", "drugs_classes.csv"):
        assert (tmp_path / "out" / name).stat().st_size


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mapk_tsc", "--compound", "everolimus"), "no target of everolimus"),
        (("complexes", "--compound", "everolimus=1, 2 nM"), "at one dose"),
        (("complexes", "--compound", "letrozole"), "takes no dose"),
        (("complexes", "--drug", "rapamycin=20 nM"), "cannot be combined"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    mtorules: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules(*ASK, *arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_file_without_compounds_has_none_to_compare(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "decay.bngl"
    path.write_text(
        "begin model\nbegin parameters\n k 1\nend parameters\nbegin seed species\n A() 1\n"
        "end seed species\nbegin observables\n Molecules left A()\nend observables\n"
        "begin reaction rules\n A() -> 0 k\nend reaction rules\nend model\n",
        encoding="utf-8",
    )
    done = mtorules(*ASK, path)
    assert done.status == 2
    assert "none to compare" in done.err
