"""Tables of targets: those of the package, and what is said of faulty ones."""

from collections import Counter
from pathlib import Path

import pytest
from mtorules.analysis.validation import tables, targets
from mtorules.analysis.validation.tables import TargetError

HEAD = ",".join(targets.COLUMNS)
ROW = "set,MCF7,full,,AZD8055=10 nM,0,2,pERK,vehicle,-1,0.3,2,somebody"


def written(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return path


def test_the_tables_of_the_package_hold_some_thousand_targets_of_ten_sets_and_more() -> None:
    found = targets.read()
    assert 2000 < len(found) < 6000
    assert len({target.dataset for target in found}) >= 10
    size = sum(path.stat().st_size for path in targets.FOLDER.glob("*.csv"))
    assert size < 1_000_000
    for path in targets.shipped():
        assert {target.dataset for target in targets.read([path])} == {path.stem}


def test_each_data_set_has_citation_licence_and_a_usual_spread() -> None:
    known = targets.datasets()
    for name, each in known.items():
        assert each.citation, name
        assert each.licence, name
        assert each.terms.startswith("https://"), name
        assert 0.1 < each.spread < 2, name
    for target in targets.read():
        assert target.citation == known[target.dataset].citation


def test_what_is_cited_under_a_licence_that_must_come_along_does() -> None:
    for each in targets.datasets().values():
        if each.ships and each.licence == "Apache-2.0":
            text = (targets.FOLDER / "Apache-2.0.txt").read_text(encoding="utf-8")
            assert "Apache License" in text
        assert not (each.ships and each.licence.startswith("GPL"))


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    (found,) = targets.read([written(tmp_path / "t.csv", ROW)])
    assert (found.line, found.drug, found.time_h, found.log2) == ("MCF7", "AZD8055=10 nM", 2, -1)
    assert found.treatment == "AZD8055=10 nM, 2 h"
    assert found.where == "t.csv:2"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("MCF7", "", "t.csv:2: there is no line."),
        (",2,pERK", ",soon,pERK", "the time_h 'soon' is not a number."),
        (",2,pERK", ",-2,pERK", "the time_h '-2' is below zero."),
        (",-1,", ",1_000,", "the log2 '1_000' is not a number."),
        (",-1,", ",nan,", "the log2 'nan' is not a number."),
        (",0.3,", ",0,", "the spread is zero"),
        (",2,somebody", ",two,somebody", "n is 'two'"),
        (",2,somebody", ",0,somebody", "n is '0'"),
        ("vehicle", "control", "the reference 'control' is not one of vehicle, unstimulated"),
        ("AZD8055=10 nM", "", "the reference is the vehicle, but there is no drug."),
        ("vehicle", "before", "the reference is 'before', but there is no stimulus."),
        (",somebody", "", "13 cells were expected."),
        (",somebody", ",somebody,else", "13 cells were expected."),
        ("somebody", '"some"body', "this is no CSV"),
    ],
)
def test_a_faulty_row_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(TargetError) as caught:
        targets.read([written(tmp_path / "t.csv", ROW.replace(old, new, 1))])
    assert said in str(caught.value)
    assert "t.csv:2" in str(caught.value)


def test_all_faults_are_told_at_once_and_many_are_counted(tmp_path: Path) -> None:
    rows = [ROW.replace("MCF7", "")] * 30
    with pytest.raises(TargetError) as caught:
        targets.read([written(tmp_path / "t.csv", *rows)])
    assert Counter(str(caught.value).split())["line."] == 12
    assert str(caught.value).endswith("... and 18 more.")


def test_columns_that_are_missing_unknown_or_twice_are_named(tmp_path: Path) -> None:
    head = HEAD.replace("spread", "sd").replace("n,citation", "line,citation")
    with pytest.raises(TargetError) as caught:
        targets.read([written(tmp_path / "t.csv", ROW, head=head)])
    assert "missing: 'spread', 'n'; unknown: 'sd'; twice: 'line'" in str(caught.value)


def test_the_same_measured_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ROW, ROW.replace(",-1,", ",-2,"))
    with pytest.raises(TargetError, match=r"t\.csv:3: the same was measured in t\.csv:2"):
        targets.read([path])


def test_empty_tables_and_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"t\.csv: there is no target"):
        targets.read([written(tmp_path / "t.csv")])
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TargetError, match="no text in UTF-8"):
        targets.read([tmp_path / "b.csv"])
    with pytest.raises(TargetError, match="cannot be read"):
        tables.read(tmp_path, ("a",))


def test_an_unknown_data_set_is_told_with_the_nearest() -> None:
    with pytest.raises(TargetError, match="Did you mean 'korkut2015'"):
        targets.select(targets.read(), ["korkut2014"])


def test_each_data_set_is_left_out_once() -> None:
    found = targets.read()
    names = []
    for name, others, own in targets.left_out(found):
        names.append(name)
        assert {target.dataset for target in own} == {name}
        assert name not in {target.dataset for target in others}
        assert len(others) + len(own) == len(found)
    assert len(names) == len(set(names)) == len(targets.shipped())
