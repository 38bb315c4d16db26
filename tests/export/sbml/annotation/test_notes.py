import html
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree

import libsbml
from mtorules.export.sbml import writer
from mtorules.export.sbml.annotation import notes
from mtorules.network.network import Network, RateLaw, Reaction


def words_of(inner: str) -> str:
    tree = ElementTree.fromstring(notes.notes(inner))  # which fails unless it is well-formed
    return " ".join("".join(tree.itertext()).split())


def test_text_is_escaped_and_parted() -> None:
    inner = notes.paragraphs('A < B & "C" > D\x00.\n\nSecond\nline.')
    assert inner.count("<p>") == 2
    assert words_of(inner) == 'A < B & "C" > D\ufffd.Second line.'
    assert notes.notes("") == ""


def test_a_rule_tells_words_text_and_source(network_of: Callable[[str], Network]) -> None:
    (bind,) = network_of("annotated.py").rules
    text = words_of(notes.of_rule(bind))
    assert text.startswith("MTOR binds RPTOR (rptor to mtor), reversibly.One to one.")
    assert f"PySB: {bind.pysb}" in text
    assert f"BNGL: {bind.bngl}" in text
    assert "Source: mechanisms/raptor.py, doi:10.1016/s0092-8674(02)00808-5." in text


def test_a_reaction_tells_rule_direction_and_factors() -> None:
    there = Reaction((0,), (1, 1), RateLaw("elementary", ("k",)), "part")
    back = Reaction((1, 1), (0,), RateLaw("elementary", ("k",), Fraction(1, 2)), "part", True)
    assert words_of(notes.of_reaction("part", there, back, None, ())) == (
        "Rule part. Statistical factor: 1/2 backwards."
    )
    assert words_of(notes.of_reaction("part", back, None, None, (("other", True),))) == (
        "Rule part. Statistical factor: 1/2. The same reaction is made by other backwards."
    )


def test_the_text_of_a_rule_stands_once(network_of: Callable[[str], Network]) -> None:
    network = network_of("annotated.py")
    (bind,) = network.rules
    document = libsbml.readSBMLFromString(writer.text(network))
    told = html.unescape(document.getModel().getReaction("bind").getNotesString())
    assert "MTOR binds RPTOR (rptor to mtor), reversibly. Rule bind, in both directions." in told
    assert bind.pysb not in told
    groups = document.getModel().getPlugin("groups").getListOfGroups()
    assert bind.pysb in html.unescape(groups.getElementBySId("rule_bind").getNotesString())
    older = libsbml.readSBMLFromString(writer.text(network, "2.4"))
    assert bind.pysb in html.unescape(older.getModel().getReaction("bind").getNotesString())


def test_the_model_tells_whose_it_is(network_of: Callable[[str], Network]) -> None:
    text = words_of(notes.of_model(network_of("annotated.py"), ["A remark <here>."]))
    assert text.startswith("mTOR & Raptor <test>Two proteins.Version 1.2.0 of 2024-05-01. By ")
    assert "Rosalind Franklin, King's College London; Emmy Noether, Göttingen." in text
    assert "Licence: https://spdx.org/licenses/BSD-2-Clause.html." in text
    assert "from one rule" in text
    assert text.endswith("A remark <here>.")
