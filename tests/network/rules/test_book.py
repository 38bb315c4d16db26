"""Rules taken apart."""

import pytest
from mtorules.network.rules.book import pattern
from mtorules.network.rules.patterns import PatternError, Site


def test_a_pattern_says_all_that_is_written() -> None:
    found = pattern("{MatchOnce}@cell:$A(b!1,y~p!?)%one.B(a!1,c!+)@membrane")
    assert (found.compartment, found.once, found.fixed) == ("cell", True, True)
    first, second = found.parts
    assert first.sites == (Site("b", None, ("1",)), Site("y", "p", ("?",)))
    assert (first.tag, second.compartment) == ("one", "membrane")
    assert second.sites[1].bonds == ("+",)
    assert pattern("A()>=3").count == ">=3"
    assert pattern("%x:A").tag == "x"


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(PatternError, match=r"Cannot read the pattern 'A\(b'"):
        pattern("A(b")


def test_bonds_are_numbered_whatever_they_are_called() -> None:
    assert pattern("A(b!x,c!+).B(a!x,d!7).C(b!7)") == pattern("A(b!1,c!+).B(a!1,d!2).C(b!2)")
