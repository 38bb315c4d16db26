import pytest
from mtorules.models import catalogue
from mtorules.network import generate
from mtorules.network.network import Network
from mtorules.simulation.engines.jumps import jumping

# B is made only while A lies between p and q.
WINDOW = """\
begin model
begin parameters
  k 1
  p 0.18
  q 0.18001
end parameters
begin molecule types
  A()
  B()
end molecule types
begin seed species
  A() 1
  B() 0
end seed species
begin observables
  Species At A()
  Species Bt B()
end observables
begin functions
  low() At*1
  made() if((low>p)&&(low<q),1e5,0)
  even() 2*made
end functions
begin reaction rules
  fall: A() -> 0 k
  make: 0 -> B() made()
end reaction rules
end model
"""


def network(text: str) -> Network:
    return generate.from_bngl(text, "window")


def test_functions_that_jump_with_the_state_are_named() -> None:
    assert jumping(network(WINDOW)) == ("made",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(low>p)&&(low<q)", "(time()>p)&&(time()<q)"),
        ("(low>p)&&(low<q)", "(k>p)"),
        ("if((low>p)&&(low<q),1e5,0)", "max(low,p)"),
    ],
)
def test_clocks_constants_and_corners_are_no_jumps_of_the_state(old: str, new: str) -> None:
    assert old in WINDOW
    assert jumping(network(WINDOW.replace(old, new))) == ()


@pytest.mark.parametrize("name", catalogue.names())
def test_no_model_of_the_catalogue_has_any(name: str) -> None:
    assert jumping(generate.network(name)) == ()
