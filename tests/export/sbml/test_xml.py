from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from mtorules.export.sbml import xml


@given(st.text())
def test_any_text_becomes_well_formed_xml(text: str) -> None:
    ElementTree.fromstring(f"<a b={xml.attribute(text)}>{xml.content(text)}</a>")


def test_text_is_kept() -> None:
    text = 'A < B & "C"\n\tD > E'
    tree = ElementTree.fromstring(f"<a b={xml.attribute(text)}>{xml.content(text)}</a>")
    assert tree.get("b") == tree.text == text


@given(st.floats(allow_nan=False))
def test_numbers_are_read_back_as_themselves(value: float) -> None:
    assert float(xml.number(value)) == value


def test_numbers_without_digits() -> None:
    inf = float("inf")
    assert [xml.number(v) for v in (inf, -inf, inf - inf)] == ["INF", "-INF", "NaN"]
