import pytest
from mtorules.models.building.drafting import drafting
from pysb import Model, Monomer, Parameter
from pysb.core import SelfExporter


def test_components_go_to_the_model_and_to_nobody_else() -> None:
    first, second = Model("first", _export=False), Model("second", _export=False)
    with drafting(first):
        Monomer("A")
        with drafting(second):
            Monomer("B")
        Monomer("C")
    assert [monomer.name for monomer in first.monomers] == ["A", "C"]
    assert [monomer.name for monomer in second.monomers] == ["B"]
    assert "A" not in globals()


def test_the_former_state_is_back_after_an_error() -> None:
    before = SelfExporter.do_export, SelfExporter.default_model, SelfExporter.target_globals
    with pytest.raises(ValueError, match="not a number"), drafting(Model("m", _export=False)):
        Parameter("k", "not a number")
    assert before == (
        SelfExporter.do_export,
        SelfExporter.default_model,
        SelfExporter.target_globals,
    )
