import math
from pathlib import Path

import pytest
from mtorules.analysis.petab import measurements
from mtorules.analysis.petab.measurements import TableError
from mtorules.network.units.quantities import seconds


def written(folder: Path, text: str) -> Path:
    path = folder / "blots.csv"
    path.write_text(text)
    return path


def test_a_row_is_read_with_its_time_its_spread_and_what_was_done(tmp_path: Path) -> None:
    text = (
        "time,observable,value,spread,drug,condition,pre_equilibrate\n"
        "30 min,S6K_pT389,0.5,0.3 log2,everolimus=20 nM; MK2206=1 uM @ 5 min,PTEN_null,yes\n"
        "rest,S6K_pT389,1,,,,\n"
    )
    first, second = measurements.read(written(tmp_path, text), seconds)
    assert (first.time, second.time) == (1800.0, math.inf)
    assert first.spread == pytest.approx(0.3 * math.log(2))
    assert first.logarithmic
    assert first.words.drugs == ("everolimus=20 nM", "MK2206=1 uM @ 5 min")
    assert first.words.conditions == ("PTEN_null",)
    assert first.words.equilibrated
    assert second.spread is None
    assert first.where == "blots.csv:2"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("AB,30,1,,,", "blots.csv:3: the time cannot be read: '30' has no unit"),
        ("AB,30 m,1,,,", "write 'min'"),
        ("AB,1 h,high,,,", "the value cannot be read: 'high' is not a number."),
        ("AB,1 h,1,,,-2", "the spread is -2; a standard deviation is above 0"),
        ("AB,1 h,1,,,0", "an empty cell lets it be estimated"),
        ("AB,1 h,1,,,0.1 log3", "'0.1 log3' is no number in the unit of the value"),
        ("AB,1 h,0,,,0.1 log2", "the value is 0, and its spread is that of its logarithm"),
        (",1 h,1,,,", "no observable is named"),
        ("AB,1 h,1", "6 cells were expected"),
        ("AB,-1 h,1,,,", "'-1 h' is negative"),
        ("AB,1 h,nan,,,", "'nan' is not a number"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, row: str, said: str) -> None:
    text = f"observable,time,value,unit,batch,spread\nAB,1 h,1,,,\n{row}\n"
    with pytest.raises(TableError) as raised:
        measurements.read(written(tmp_path, text), seconds)
    assert said in str(raised.value)
    assert "blots.csv:3:" in str(raised.value)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("observable,time", "there is no column 'value'"),
        ("observable,time,value,sprad", "'sprad' is unknown; did you mean 'spread'?"),
        ("observable,time,value,value", "'value' stands twice"),
        ("observable;time;value", "Cells are parted by commas"),
    ],
)
def test_a_wrong_header_is_told(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(TableError, match=r"blots\.csv:1") as raised:
        measurements.read(written(tmp_path, f"{header}\n"), seconds)
    assert said in str(raised.value)


def test_an_empty_table_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="holds no measurement"):
        measurements.read(written(tmp_path, "observable,time,value\n\n"), seconds)
    (tmp_path / "blots.csv").write_bytes(b"observable,time,value\n\xff,1 h,2\n")
    with pytest.raises(TableError, match="no text in UTF-8"):
        measurements.read(tmp_path / "blots.csv", seconds)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = "".join(f"AB,{number},x\n" for number in range(15))
    with pytest.raises(TableError) as raised:
        measurements.read(written(tmp_path, f"observable,time,value\n{rows}"), seconds)
    lines = str(raised.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 10 more."


def test_experiments_have_a_name_each(tmp_path: Path) -> None:
    text = "experiment,drug,pre_equilibrate\ntreated,everolimus=20 nM,yes\nuntreated,,yes\n"
    found = measurements.experiments(written(tmp_path, text))
    assert list(found) == ["treated", "untreated"]
    text += "treated,,\n,,\nx,,perhaps\n"
    with pytest.raises(TableError) as raised:
        measurements.experiments(written(tmp_path, text))
    assert "blots.csv:4: the experiment 'treated' stands twice." in str(raised.value)
    assert "blots.csv:6: pre_equilibrate is 'perhaps'" in str(raised.value)
