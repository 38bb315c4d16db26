"""The command that draws the tables, where the rows are and where they are not."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from mtorules.analysis.validation import targets
from mtorules.analysis.validation.deriving.__main__ import derive, main

DATA = Path(__file__).parents[5] / "shared" / "data"


def test_without_the_rows_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--output", str(tmp_path / "out")]) == 2
    assert "There is no calibration.csv.gz" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not DATA.exists(), reason="the rows that the tables are drawn from are away")
def test_the_tables_of_the_package_are_those_that_are_drawn(tmp_path: Path) -> None:
    table = derive(DATA, tmp_path)
    for path in [*targets.shipped(), targets.FOLDER / "coverage.csv"]:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    assert not (tmp_path / "eduati2017.csv").exists()
    rows = pd.read_csv(DATA / "calibration.csv.gz", usecols=["dataset"])
    came = Counter(name.split("_")[0] for name in rows["dataset"])
    went = table.groupby("dataset")["rows"].sum()
    for name, count in went.items():
        if name != "mesistrat":
            assert count == came[str(name).split("_")[0]], name
    assert went.drop("mesistrat").sum() == len(rows)
