"""A population as a user asks for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr


def test_the_amount_of_the_target_tells_who_responds(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    """Binding is loosened: the less A there is, the less of B stays bound."""
    done = mtorules(
        *("analyse", "population", binding, "--change", "kr=0.05", "--readout", "AB"),
        *("--times", "2 h", "--count", "40", "--spread", "0.3", "--json"),
        *("--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    rows = {row["candidate"]: row["AUC"] for row in json.loads(done.out)["table"]}
    assert rows["A_0"] < 0.3
    assert (tmp_path / "out/responses.csv").exists()


def test_amounts_are_drawn_around_those_that_are_set(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path
) -> None:
    done = mtorules(
        *("analyse", "population", binding, "--change", "kr=0.05", "--set", "A_0=5"),
        *("--readout", "total = A_free + AB", "--readout", "AB", "--response", "AB"),
        *("--times", "2 h", "--count", "40", "--spread", "0.1", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    with xr.open_dataset(tmp_path / "out/population.nc", engine="scipy") as data:
        # Ten per cent over the root of 40, three times.
        assert np.exp(np.log(data.total).mean()) == pytest.approx(5, rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no drug of the tables"),
        (("--change", "kr=0.05", "--response", "AC"), "none of the readouts"),
        (("--change", "kr=0.05, 0.1"), "one dose"),
        (("--dose", "C=1 nM"), "C"),
        (("--dose", "B(a)=1 nM"), "does not say in which unit"),
        (("--genotypes", "missing.csv"), "missing.csv"),
        (("--genotypes", __file__, "--no-genotypes"), "leave out --genotypes"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], binding: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "population", binding, *arguments)
    assert done.status == 2
    assert said in done.err
