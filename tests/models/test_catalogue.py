import pytest
from mtorules.models import catalogue
from pysb.bng import generate_equations


@pytest.mark.parametrize("name", catalogue.names())
def test_an_entry_builds_anew_each_time(name: str) -> None:
    first, second = catalogue.build(name), catalogue.build(name)
    assert first is not second
    assert first.name == name
    assert catalogue.entry(name).summary
    assert [rule.name for rule in first.rules] == [rule.name for rule in second.rules]


@pytest.mark.parametrize("name", catalogue.names())
def test_every_rule_fires(name: str) -> None:
    model = catalogue.build(name)
    generate_equations(model)
    fired = {rule for reaction in model.reactions for rule in reaction["rule"]}
    assert {rule.name for rule in model.rules} == fired


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
