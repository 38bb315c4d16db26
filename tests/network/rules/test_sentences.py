from collections.abc import Callable

import pytest
from mtorules.network.network import Network, Rule
from mtorules.network.rules import sentences


@pytest.mark.parametrize(
    ("model", "rule", "expected"),
    [
        ("delete_molecules.bngl", "bind", "A binds B (b to a), reversibly."),
        ("delete_molecules.bngl", "lose", "B is removed."),
        ("tags.bngl", "swap", "A is phosphorylated at y and A is dephosphorylated at y."),
        ("tags.bngl", "part", "A is dephosphorylated at y and A lets go of A (a from a)."),
        ("three_reactants.bngl", "aaa", "T is made and A is removed (3 times)."),
        ("michaelis_menten.bngl", "turn", "S is phosphorylated at y in the presence of E."),
        ("odd_state_names.bngl", "_R4", "A changes at x from PLUS to MINUS."),
        ("transport.bngl", "carry", "A moves from out to in."),
        ("awkward_names.py", "end_pair", "exp-exp is removed."),
        ("local_functions.bngl", "flip", "A is phosphorylated at y."),
        ("rule_options.py", "feed", "A is made."),
        ("homo_oligomers.bngl", "ring", "A binds A (r to l), reversibly."),
    ],
)
def test_rules_as_sentences(
    network_of: Callable[[str], Network], model: str, rule: str, expected: str
) -> None:
    rules = {one.name: one for one in network_of(model).rules}
    assert sentences.sentence(rules[rule]) == expected


def test_each_direction_has_its_sentence(network_of: Callable[[str], Network]) -> None:
    (bind,) = network_of("annotated.py").rules
    assert sentences.sentence(bind, "forward") == "MTOR binds RPTOR (rptor to mtor)."
    assert sentences.sentence(bind, "backward") == "MTOR lets go of RPTOR (rptor from mtor)."


def test_a_rule_that_cannot_be_read_has_its_name() -> None:
    assert sentences.sentence(Rule("A_does_something", "???")) == "A does something."
    assert sentences.sentence(Rule("_", "???")) == "A reaction."


def test_every_rule_has_a_sentence(network_of: Callable[[str], Network], construct: str) -> None:
    for rule in network_of(construct).rules:
        text = sentences.sentence(rule)
        assert text.endswith(".")
        assert rule.actions == () or text != f"{rule.name}."
