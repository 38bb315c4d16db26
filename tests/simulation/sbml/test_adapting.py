"""Local parameters become global and events go; what is computed stays the same."""

import antimony
import libsbml
import pytest
from mtorules.simulation.load import from_sbml
from mtorules.simulation.sbml.adapting import adapted
from mtorules.simulation.sbml.model import UnknownNameError

MODEL = """
model m
  J: A -> B; 0.1 * A
  A = 2; B = 0; k = 1
  first: at time > 5: k = 2
  second: at time > 9: k = 3
end
"""


@pytest.fixture
def text() -> str:
    """Return SBML whose only rate constant is local to its reaction, and called as a global is."""
    assert antimony.loadAntimonyString(MODEL) >= 0, antimony.getLastError()
    document = libsbml.readSBMLFromString(antimony.getSBMLString("m"))
    law = document.getModel().getReaction("J").getKineticLaw()
    law.setMath(libsbml.parseL3Formula("k * A"))
    local = law.createLocalParameter()
    local.setId("k")
    local.setValue(0.1)
    return libsbml.writeSBMLToString(document)


def test_a_local_parameter_is_called_after_its_reaction(text: str) -> None:
    model = from_sbml(adapted(text)).model
    assert model.parameters["J_k"].value == 0.1
    assert model.parameters["k"].value == 1
    assert "J_k" in model.settable
    document = libsbml.readSBMLFromString(adapted(text))
    law = document.getModel().getReaction("J").getKineticLaw()
    assert libsbml.formulaToL3String(law.getMath()) == "J_k * A"


@pytest.mark.parametrize(
    ("without", "left"),
    [((), ["first", "second"]), (("first",), ["second"]), (("all",), []), (("second", "all"), [])],
)
def test_events_go_by_name_or_all(text: str, without: tuple[str, ...], left: list[str]) -> None:
    document = libsbml.readSBMLFromString(adapted(text, without))
    events = document.getModel().getListOfEvents()
    assert [event.getIdAttribute() for event in events] == left


def test_an_event_that_is_not_there_is_told(text: str) -> None:
    with pytest.raises(UnknownNameError, match=r"no event 'frist'\. Did you mean 'first'"):
        adapted(text, ["frist"])


def test_a_text_with_nothing_to_change_is_left_as_it_is() -> None:
    assert antimony.loadAntimonyString("model n; J: A -> ; k * A; k = 1; A = 1; end") >= 0
    plain = antimony.getSBMLString("n")
    assert adapted(plain) is plain
