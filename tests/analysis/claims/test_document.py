"""YAML of users: what it means against YAML 1.2, and what is refused, each with its line."""

import time
from pathlib import Path

import pytest
from mtorules.analysis.claims import document
from mtorules.analysis.claims.document import DocumentError


def test_words_mean_what_yaml_1_2_says() -> None:
    """The core schema of YAML 1.2.2, section 10.3.2; numbers are decimals only."""
    meant = {
        **{"~": None, "null": None, "NULL": None, "": None, "nulL": "nulL"},
        **{"true": True, "False": False, "TRUE": True, "tRUE": "tRUE"},
        **{"1": 1, "-1": -1, "+12": 12, "0": 0, "1.5": 1.5, "1e3": 1000.0, ".5": 0.5, "-2.": -2.0},
        **{"NO": "NO", "yes": "yes", "on": "on", "1:30": "1:30", "2024-13-45": "2024-13-45"},
        **{"2024-01-01": "2024-01-01", "1_000": "1_000", ".inf": ".inf", "0x1F": "0x1F"},
        **{"0o7": "0o7", "'012'": "012", '"1"': "1", "'true'": "true", "|-\n   1": "1"},
    }
    for written, value in meant.items():
        found = document.parse(f"key: {written}\n").data["key"]
        assert (found, type(found)) == (value, type(value)), written


def test_keys_are_text() -> None:
    assert document.parse("{NO: 1, 1: 2, null: 3, 'a b': 4}").data == {
        **{"NO": 1, "1": 2, "null": 3, "a b": 4}
    }


def test_aliases_stand_for_what_they_name_and_its_lines() -> None:
    found = document.parse("a: &x\n  - 1\n  - {b: 2}\nc: *x\nd: &y word\ne: *y\n")
    assert found.data == {"a": [1, {"b": 2}], "c": [1, {"b": 2}], "d": "word", "e": "word"}
    assert found.data["a"] is not found.data["c"]
    assert (found.lines["c",], found.lines["c", 1, "b"]) == (4, 3)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 6, "more than 200,000 parts"),
        ("a: 1\nclaims: &c [*c]\n", 2, "'*c' stands within what it names"),
        ("a: 1\nb: &c {d: {e: *c}}\n", 2, "stands within"),
        ("a: 1\nb: *c\n", 2, "nothing before is called '&c'"),
        ("a: 1\nb: !!int abc\n", 2, "the tag '!!int' is not read"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "the tag '!!python"),
        ("a: 1\nb: !mine {c: 1}\n", 2, "the tag '!mine'"),
        (f"a: 1\nb: {'9' * 5000}\n", 2, "no number that can be computed with"),
        ("a: 1\nb: 1e400\n", 2, "1e400 is no number"),
        ("a: 1\nb: 012\n", 2, "octal to some"),
        ("a: 1\nb:\n  <<: {c: 1}\n", 3, "'<<' is not read"),
        ("a: 1\n[b]: 2\n", 2, "a key is one word"),
        ("a: &k b\n*k : 2\n", 2, "a key is one word"),
        ("a: 1\nb:\n\tc: 1\n", 3, "indent with blanks, not tabs"),
        ("a: >= 1.5\n", 1, "stands in quotes: a: '>= 1.5'"),
        ("a: {b: 1, c: > 2 h, d: 3}\n", 1, "stands in quotes: c: '> 2 h'"),
        ("a: 1\n---\nb: 1\n", 2, "a second document begins"),
        ("a: 1\nb: [1\n", 3, "cannot be read as YAML"),
        ("a: 1\nb: 'x\n", 3, "cannot be read as YAML"),
        ("a: 1\n@b: 1\n", 2, "cannot be read as YAML"),
        ("[" * 100_000, 1, "nest"),
        ("{a: " * 100_000, 1, "nested more than 40 levels"),
        ("- " * 100_000, 1, "nested more than 40 levels"),
        ("[" + "x," * 300_000 + "]", 1, "more than 200,000 parts"),
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else value,
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    began = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        document.parse(text)
    assert time.perf_counter() - began < 60
    assert said in str(caught.value)
    assert caught.value.line == line
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"a: 1\nb: \x00\n", 2, "'\\x00' does not belong into text"),
        (b"a: 1\nb: \x1b[31m\n", 2, "does not belong into text"),
        ("a: 1\nb: \xe9\n".encode("latin-1"), 2, "this is no text in UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "this is no text in UTF-8"),
        ("a: 1\n".encode("utf-32-le"), 1, "does not belong into text"),
        (b"x" * 10_000_001, 1, "larger than 10 MB"),
    ],
    ids=range(6),
)
def test_files_that_are_no_text_are_refused(
    tmp_path: Path, content: bytes, line: int, said: str
) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        document.read(path)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes("\ufeffa: µ\r\nb: 2\r\n".encode())
    found = document.read(path)
    assert found.data == {"a": "µ", "b": 2}
    assert found.lines["b",] == 2


def test_endless_files_end() -> None:
    with pytest.raises(DocumentError, match="larger than 10 MB"):
        document.read(Path("/dev/zero"))


def test_keys_that_stand_twice_are_told() -> None:
    assert document.parse("a: 1\nb: 2\na: 3\n").twice == ((3, "a"),)
