"""What a notebook shows of a network: every part of it, and text as text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from mtorules.network import generate
from mtorules.network.network import Molecule, Network, Rule


@pytest.fixture(scope="module")
def network() -> Network:
    return generate.network("rapamycin")


def words(html: str) -> list[str]:
    """Return the text of each element, which must be well-formed."""
    return [text.strip() for text in ElementTree.fromstring(html).itertext() if text.strip()]


def test_it_shows_counts_molecules_and_every_rule(network: Network) -> None:
    found = words(network._repr_html_())
    assert found[0] == "rapamycin"
    assert any("5 molecules, 19 rules, 13 species, 45 reactions" in text for text in found)
    assert {molecule.name for molecule in network.molecules} <= set(found)
    assert [text for text in found if text in {rule.name for rule in network.rules}] == [
        rule.name for rule in network.rules
    ]
    assert "9 more rules" in found


def test_what_looks_like_html_is_text(network: Network) -> None:
    strange = replace(
        network,
        name="<b>",
        molecules=(Molecule("A", ("x",), {"x": ("u", "p")}, notes="<script>alert(1)</script>"),),
        rules=(Rule("r", "A(x~u) <-> A(x~p) k1,k2"),),
    )
    html = strange._repr_html_()
    assert "<script>" not in html
    found = words(html)
    assert {"<b>", "x~u~p", "<script>alert(1)</script>", "A(x~u) <-> A(x~p) k1,k2"} <= set(found)


def test_any_construct_shows_itself(
    construct: Path, network_of: Callable[[str | Path], Network]
) -> None:
    network = network_of(construct)
    assert words(network._repr_html_())[0] == network.name
