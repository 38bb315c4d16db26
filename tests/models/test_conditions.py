import pytest
from mtorules.models import catalogue, conditions


def test_every_condition_sets_parameters_that_some_model_has() -> None:
    models = [catalogue.build(name) for name in catalogue.names()]
    known = {parameter.name for model in models for parameter in model.parameters}
    for condition in conditions.table().values():
        assert condition.values.keys() <= known, condition.name


def test_conditions_combine() -> None:
    both = conditions.values("sequestration_prone", "irreversible_rapalog")
    assert both["release_rapalog"] == 0
    assert both["FKBP1A_0"] == 9080


def test_contradictory_conditions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = conditions.Condition("twin", "context", {"FKBP1A_0": 1.0}, {})
    monkeypatch.setattr(conditions, "table", lambda: {**found, "twin": twin})
    with pytest.raises(conditions.ConditionError, match="both set 'FKBP1A_0', to 1 and 9080"):
        conditions.values("sequestration_prone", "twin")


found = dict(conditions.table())


def test_an_unknown_condition_gets_the_nearest() -> None:
    with pytest.raises(conditions.ConditionError, match="Did you mean 'closed_system'"):
        conditions.values("close_system")
