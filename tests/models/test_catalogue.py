from typing import Any

import pytest
from mtorules.models import catalogue


@pytest.mark.parametrize("name", catalogue.names())
def test_an_entry_builds_anew_each_time(name: str) -> None:
    first, second = catalogue.build(name), catalogue.build(name)
    assert first is not second
    assert first.name == name
    assert catalogue.entry(name).summary
    assert [rule.name for rule in first.rules] == [rule.name for rule in second.rules]


@pytest.mark.parametrize("name", catalogue.names())
def test_every_rule_fires(name: str, bench: Any) -> None:
    network = bench(name).network
    fired = {reaction.rule for reaction in network.reactions}
    fired |= {rule for reaction in network.reactions for rule, _ in reaction.others}
    assert {rule.name for rule in catalogue.build(name).rules} == fired


@pytest.mark.parametrize("name", catalogue.names())
def test_every_component_says_its_unit_and_every_rule_its_mechanism(name: str) -> None:
    model = catalogue.build(name)

    def says(component: object, predicate: str) -> bool:
        return any(note.predicate == predicate for note in model.get_annotations(component))

    numbers = [*model.parameters, *model.expressions]
    assert [number.name for number in numbers if not says(number, "unit")] == []
    assert [rule.name for rule in model.rules if not says(rule, "mechanism")] == []
    assert [monomer.name for monomer in model.monomers if not says(monomer, "is")] == []


def test_an_unknown_model_gets_the_nearest() -> None:
    with pytest.raises(catalogue.UnknownModel, match="Did you mean 'complexes'"):
        catalogue.build("complexs")


def test_a_hyphen_stands_for_an_underscore() -> None:
    assert catalogue.entry("insulin-mtor") is catalogue.entry("insulin_mtor")
