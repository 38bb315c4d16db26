"""``mtorules analyse validation`` on a model whose ratios have a closed form, and on its misuse."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

HEAD = "dataset,line,medium,stimulus,drug,lead_h,time_h,readout,reference,log2,spread,n,citation"
ROWS = """
one,reference,full,s=0.02,,0,1,A_level,before,1.5,0.5,1,here
one,reference,full,s=0.04,,0,1,A_level,unstimulated,-1,0.5,1,here
two,reference,full,k=2e-3,,0,1,A_level,before,-0.9,0.5,1,there
"""
ASK = ("analyse", "validation")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_a_table_of_ones_own_on_a_model_of_ones_own(
    mtorules: Callable[..., Any], turnover_file: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = mtorules(
        *ASK, turnover_file, "--targets", table, "--workers", "1", "--json", "--output", out
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    rows = found["tables"]["validation_targets"]
    grown = 1 - math.exp(-3.6)
    expected = [1 + grown, 1 + 3 * grown, 1 - 0.5 * (1 - math.exp(-7.2))]
    logs = [math.log2(each) for each in expected]
    assert [row["predicted"] for row in rows] == pytest.approx(logs, abs=1e-5)
    (first, *_) = found["table"]
    assert first["predicted by"] == "the model"
    assert first["sign_changed"] == pytest.approx(2 / 3)
    assert first["opposite"] == pytest.approx(1 / 3)
    off = [a - b for a, b in zip(logs, (1.5, -1, -0.9), strict=True)]
    assert first["rmse"] == pytest.approx(math.sqrt(sum(x * x for x in off) / 3), abs=1e-5)
    assert found["settings"]["targets"] == ["mine.csv"]
    by = pd.read_csv(out / "validation_by_dataset.csv").set_index("dataset")
    assert by.n.to_dict() == {"one": 2, "two": 1}
    for name in ("validation.svg", "validation_residuals.png", "validation.nc"):
        assert (out / name).stat().st_size


def test_one_data_set_alone(mtorules: Callable[..., Any], turnover_file: Path, table: Path) -> None:
    words = ("--targets", table, "--data", "two", "--workers", "1")
    done = mtorules(*ASK, turnover_file, *words)
    assert done.status == 0, done.err
    assert "Of 1 data sets 1 targets" in done.out


def test_a_parameter_set_is_asked(
    mtorules: Callable[..., Any], turnover_file: Path, table: Path, tmp_path: Path
) -> None:
    chosen = tmp_path / "set.csv"
    chosen.write_text("name,value,unit,prior,spreads\nk,2e-3,1/s,1e-3,1\n", encoding="utf-8")
    words = ("--targets", table, "--data", "two", "--parameters", chosen, "--json")
    done = mtorules(*ASK, turnover_file, *words, "--workers", "1")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["tables"]["validation_targets"]
    assert row["predicted"] == pytest.approx(0, abs=1e-6)  # it is lost at 2e-3 already


def test_factors_of_lines_stand_beside_a_parameter_set(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    row = "one,MCF10A,full,EGF=1 nM,,0,0.2,pERK_y204_nM,before,1.5,0.5,1,here"
    table, chosen = tmp_path / "mine.csv", tmp_path / "set.csv"
    table.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    chosen.write_text("name,value,unit,prior,spreads\nKRAS_0,100,nM,115,-1\n", encoding="utf-8")
    beside, other = tmp_path / "set_lines.csv", tmp_path / "other.csv"
    beside.write_text("line,parameter,factor\nMCF10A,KRAS_0,0.2\n", encoding="utf-8")
    other.write_text("line,parameter,factor\nMCF10A,KRAS_0,1.5\n", encoding="utf-8")
    ask = (*ASK, "mapk_tsc", "--targets", table, "--parameters", chosen, "--json", "--quiet")
    ask = (*ask, "--workers", "1")

    def predicted(*words: Any) -> float:
        done = mtorules(*ask, *words)
        assert done.status == 0, done.err
        found = json.loads(done.out)
        (only,) = found["tables"]["validation_targets"]
        return only["predicted"]

    usual, none, others = predicted(), predicted("--lines", "none"), predicted("--lines", other)
    assert predicted("--lines", beside) == pytest.approx(usual)
    assert len({round(each, 3) for each in (usual, none, others)}) == 3
    beside.write_text("line,parameter,factor\nMCF10A,KRASS_0,0.2\n", encoding="utf-8")
    for words in ((), ("--lines", beside)):
        done = mtorules(*ask, *words)
        assert done.status == 2
        assert "set_lines.csv:2: 'KRASS_0' does not vary between lines." in done.err
    done = mtorules(*ask, "--lines", "nowhere.csv")
    assert done.status == 2
    assert "nowhere.csv cannot be read" in done.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A_level", "A_levl", "there is no readout 'A_levl'"),
        ("one,reference", "one,MCF-7", "there is no cell line 'MCF-7'. Did you mean 'MCF7'?"),
        ("one,reference", "one,MCF7", "PIK3CA"),
        ("s=0.02", "EGF=1 nM", "EGF_0"),
        ("s=0.02", "t=1", "there is no stimulus 't'"),
        ("before,1.5", "before,much", "'much' is not a number"),
        ("spread", "sd", "the columns are not"),
    ],
)
def test_a_table_that_does_not_fit_is_wrong_usage(
    mtorules: Callable[..., Any], turnover_file: Path, table: Path, old: str, new: str, said: str
) -> None:
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = mtorules(*ASK, turnover_file, "--targets", table)
    assert done.status == 2
    assert said in done.err
    assert "mine.csv:" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "korkut"), "There is no data set 'korkut'. Did you mean 'korkut2015'?"),
        (("--targets", "nowhere.csv"), "nowhere.csv"),
        (("--times", "1 h"), "No such option"),
        (("complexes", "--data", "korkut2015"), "no parameter or species 'BRAF_V600E_0'"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    done = mtorules(*ASK, *words)
    assert done.status == 2
    assert said in done.err


def test_a_study_on_the_whole_network_is_predicted_as_a_whole(
    mtorules: Callable[..., Any],
) -> None:
    done = mtorules(*ASK, "--data", "froehlich2023", "--json", "--quiet")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    rows = found["tables"]["validation_targets"]
    assert len(rows) > 100
    assert all(row["predicted"] is not None and not row["problem"] for row in rows)
    assert len(found["tables"]["validation_half_way_doses"]) == 14
