"""Noise of small models, molecule by molecule and by amounts, against closed forms."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

NOISE = """
begin model
begin parameters
  made 2
  lost 0.2
  born 0.5
  gone 1
  copied 5
  decay 0.05
end parameters
begin molecule types
  P()
  M()
  Q()
end molecule types
begin seed species
  P() 0
  M() 0
  Q() 0
end seed species
begin observables
  Molecules P_all P()
  Molecules Q_all Q()
end observables
begin reaction rules
  0 -> P() made
  P() -> 0 lost
  0 -> M() born
  M() -> 0 gone
  M() -> M() + Q() copied
  Q() -> 0 decay
end reaction rules
end model
"""


def test_birth_and_death_is_poisson_and_bursts_are_not(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    """P is Poisson with mean made / lost; Q has a Fano factor of 1 + b / (1 + eta).

    Thattai and van Oudenaarden 2001: b = copied / gone, eta = decay / gone. For a small eta it is
    nearly a negative binomial distribution.
    """
    path = tmp_path / "noise.bngl"
    path.write_text(NOISE, encoding="utf-8")
    done = mtorules(
        *("analyse", "stochastic", path, "--count", "1500", "--times", "150 s", "--json"),
        *("--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    rows = {row["readout"]: row for row in json.loads(done.out)["table"]}
    error = math.sqrt(2 / 1500)
    assert rows["P_all"]["mean"] == pytest.approx(10, abs=4 * math.sqrt(10 / 1500))
    assert rows["P_all"]["Fano"] == pytest.approx(1, abs=4 * error)
    fano = 1 + 5 / 1.05
    assert rows["Q_all"]["mean"] == pytest.approx(50, abs=4 * math.sqrt(50 * fano / 1500))
    assert rows["Q_all"]["Fano"] == pytest.approx(fano, rel=5 * error)
    with xr.open_dataset(tmp_path / "out/stochastic.nc") as data:
        seen = data.Q_all.to_numpy().ravel()
    size = 50 / (fano - 1)
    counted = np.array([(seen <= level).mean() for level in (30, 50, 70)])
    known = stats.nbinom.cdf([30, 50, 70], size, size / (size + 50))
    assert counted == pytest.approx(known, abs=0.05)


def test_amounts_that_differ_spread_what_follows_them(
    mtorules: Callable[..., Any], in_python: Path
) -> None:
    """A amount that is log-normal stays so as it decays: CV is sqrt(exp(s^2) - 1)."""
    done = mtorules(
        *("analyse", "stochastic", in_python, "--by", "amounts", "--spread", "0.5"),
        *("--count", "400", "--times", "10 s", "--json"),
    )
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["median"] == pytest.approx(100 * math.exp(-0.1), rel=0.08)
    assert row["CV"] == pytest.approx(math.sqrt(math.exp(0.25) - 1), rel=0.15)


def test_wrong_usage_is_said(mtorules: Callable[..., Any], binding: Path) -> None:
    done = mtorules("analyse", "stochastic", binding, "--count", "3", "--by", "amounts")
    assert done.status == 2
    assert "no distribution" in done.err
