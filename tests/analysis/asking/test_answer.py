"""What an answer writes, and that JSON can hold it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from mtorules.analysis.asking.answer import Answer


def test_files_hold_the_table_all_numbers_and_the_figures(tmp_path: Path) -> None:
    table = pd.DataFrame({"readout": ["AB", "A"], "IC50": [1.5, np.inf], "n": [1, 2]})
    data = xr.Dataset({"AB": ("time", [1.0, 2.0], {"units": "nM"})}, {"time": [0.0, 1.0]})
    answer = Answer(
        "example",
        "An example",
        ["AB is 1.5."],
        table,
        data,
        lambda: {"curve": (Figure(), table)},
        {"model": "binding"},
        {"more": table},
    )
    written = answer.write(tmp_path / "new")
    assert {path.name for path in written} == {
        *("curve.png", "curve.svg", "curve.csv", "example_table.csv", "more.csv"),
        *("example.nc", "example.json"),
    }
    assert all(path.stat().st_size for path in written)
    found = json.loads((tmp_path / "new/example.json").read_text(encoding="utf-8"))
    assert found["table"] == [
        {"readout": "AB", "IC50": 1.5, "n": 1},
        {"readout": "A", "IC50": None, "n": 2},  # JSON has no infinity
    ]
    assert found["settings"] == {"model": "binding"}
    with xr.open_dataset(tmp_path / "new/example.nc", engine="scipy") as kept:
        assert kept.AB.to_numpy().tolist() == [1.0, 2.0]
        assert kept.AB.attrs["units"] == "nM"
