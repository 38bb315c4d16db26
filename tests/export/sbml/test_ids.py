import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtorules.export.sbml import ids
from mtorules.export.sbml.ids import LONGEST, RESERVED, Registry
from mtorules.network.network import Molecule, Network, Parameter, RateLaw, Reaction, Species

IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"


def names(*patterns: str, molecules: tuple[Molecule, ...] = ()) -> list[str]:
    return ids.species_names([Species(p, "1") for p in patterns], molecules)


S6K = Molecule("S6K", ("tos", "t389"), {"t389": ("u", "p")})
RHEB = Molecule("RHEB", ("nucleotide", "m"), {"nucleotide": ("gdp", "gtp"), "m": ("0", "1")})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("S6K(tos,t389~u)", "S6K"),
        ("S6K(tos,t389~p)", "S6K_pT389"),
        ("S6K(tos!1,t389~p).RPTOR(tos!1)", "RPTOR_S6K_pT389"),
        ("RHEB(nucleotide~gtp,m~0)", "RHEB_gtp"),
        ("RHEB(nucleotide~gdp,m~1)", "RHEB_m1"),
        ("EGFR(d!1).EGFR(d!1)", "EGFRx2"),
    ],
)
def test_species_are_named_after_what_they_are(pattern: str, expected: str) -> None:
    assert names(pattern, molecules=(S6K, RHEB)) == [expected]


def test_namesakes_are_told_apart_by_place_then_bonds_then_digest() -> None:
    placed = [Species("A(b)", "1", "out"), Species("A(b)", "1", "in")]
    assert ids.species_names(placed, ()) == ["A_out", "A_in"]
    bound = names("A(l!1,r).A(l,r!1)", "A(l!1,r).A(l!1,r)")
    assert bound == ["A_l_A_r", "A_lx2"]
    rings = [
        "A(l!1,r!2).A(l!2,r!3).A(l!3,r!1).B(x!4).B(x!4)",
        "A(l!1,r!1).A(l!2,r!3).A(l!3,r!2).B(x!4).B(x!4)",
    ]
    first, second = names(*rings)
    assert first != second
    assert first.startswith("Ax3_Bx2_")


def test_a_name_does_not_depend_on_unrelated_species_or_on_spelling() -> None:
    assert names("A(b!1).B(a!1)", "C()")[0] == names("B(a!7).A(b!7)")[0] == "A_B"


def test_long_names_end_in_a_digest() -> None:
    pattern = ".".join(f"Molecule{i}(x)" for i in range(20))
    (name,) = names(pattern)
    assert len(name) <= LONGEST
    assert name.startswith("Molecule0_Molecule1_Molecule10_")


@given(st.lists(st.text(max_size=8), max_size=8))
def test_every_name_becomes_one_legal_identifier(wanted: list[str]) -> None:
    registry = Registry()
    given_ = [registry.claim(name, "parameter") for name in wanted]
    assert len(set(given_)) == len(given_)
    for name, identifier in zip(wanted, given_, strict=True):
        assert identifier.isidentifier()
        assert identifier.isascii()
        assert identifier not in RESERVED
        told = any(r.name == name and r.id == identifier for r in registry.renamings)
        assert told == (identifier != name)


def test_the_modellers_names_win() -> None:
    network = Network(
        "A",
        (Parameter("A", "1", 1.0), Parameter("lose", "1", 1.0), Parameter("time", "1", 1.0)),
        (),
        (),
        (Species("A()", "1"),),
        (Reaction((0,), (), RateLaw("elementary", ("A",)), "lose"),),
        (),
    )
    found = ids.name_all(network)
    assert found.symbols == {"A": "A", "lose": "lose", "time": "time_"}
    assert found.species == ("A_",)
    assert found.reactions == ("lose_",)
    assert found.model == "A__"
    assert {str(one) for one in found.renamings} == {
        "parameter 'time' is written as 'time_': the name is reserved by SBML.",
        "species 'A' is written as 'A_': the name belongs to a parameter.",
        "reaction 'lose' is written as 'lose_': the name belongs to a parameter.",
        "model 'A' is written as 'A__': the name belongs to a parameter.",
    }


def reaction(before: tuple[int, ...], after: tuple[int, ...], rule: str = "r") -> Reaction:
    return Reaction(before, after, RateLaw("elementary", ("k",)), rule)


def test_reactions_carry_the_name_of_their_rule() -> None:
    species = ["A", "B", "C"]
    one = [reaction((0,), (1,)), reaction((1,), (2,), "other")]
    assert ids.reaction_names(one, species)[0] == ["r", "other"]
    several = [reaction((0, 0), (2,)), reaction((0, 1), (2,)), reaction((), (2,))]
    assert ids.reaction_names(several, species)[0] == ["r_Ax2", "r_A_B", "r_new"]
    same = [reaction((0,), (1,)), reaction((0,), (2,))]
    assert ids.reaction_names(same, species)[0] == ["r_A_to_B", "r_A_to_C"]
    twice = [reaction((0,), (1,)), reaction((0,), (1,))]
    assert len(set(ids.reaction_names(twice, species)[0])) == 2
    back = replace(one[0], reverse=True)
    assert ids.reaction_names([back], species)[0] == ["r_reverse"]


def test_long_names_of_reactions_are_short_identifiers_and_full_titles() -> None:
    species = [f"a_complex_of_many_parts_{index}" for index in range(3)]
    several = [reaction((index,), (1, 2)) for index in range(3)]
    names, titles = ids.reaction_names(several, species)
    assert titles == [f"r_a_complex_of_many_parts_{index}" for index in range(3)]
    assert all(re.fullmatch("r_[0-9a-f]{4}", name) for name in names)
    assert len(set(names)) == 3
    assert ids.reaction_names(several[::-1], species) == (names[::-1], titles[::-1])


def test_names_stay_when_unrelated_rules_change(network_of: Callable[[str], Network]) -> None:
    network = network_of("compartment_sizes.py")
    whole = ids.name_all(network)
    fewer = replace(network, reactions=network.reactions[::-1])
    assert set(ids.name_all(fewer).reactions) == set(whole.reactions)
    assert ids.name_all(fewer).species == whole.species
