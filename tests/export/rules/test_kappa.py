"""Kappa, run by KaSim, whose many molecules go as the equations do."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.export.formats import FORMATS, FormatError
from mtorules.network import generate
from mtorules.network.network import Network

CONSTRUCTS = Path(__file__).parents[2] / "constructs"

# Binding within and between, pairs of the same, a state of one of two alike, a rate that depends on
# what there is, loss and making: each with a factor that could be forgotten.
MODEL = """
begin model
begin parameters
  k 0.0001
  kr 0.3
  kd 0.00005
  ku 0.2
  kp 0.1
  N 10000
end parameters
begin molecule types
  A(b,y~u~p)
  B(a)
  D(d,x~0~1)
end molecule types
begin seed species
  A(b,y~u) N
  B(a) N/2
  D(d,x~0) N
end seed species
begin observables
  Molecules AB A(b!1).B(a!1)
  Molecules Ap A(y~p,b!?)
  Molecules DD D(d!1).D(d!1)
  Molecules D1 D(x~1,d!?)
end observables
begin functions
  f() = kp*D1/(1000+D1)
end functions
begin reaction rules
  bind: A(b) + B(a) <-> A(b!1).B(a!1) k,kr
  pair: D(d) + D(d) <-> D(d!1).D(d!1) kd,ku
  mark: D(d!1,x~0).D(d!1,x~0) -> D(d!1,x~1).D(d!1,x~0) kp
  phos: A(b,y~u) -> A(b,y~p) f()
  lose: A(y~p) -> 0 0.05 DeleteMolecules
  make: 0 -> B(a) 20
end reaction rules
end model
"""


def simulated(text: str, end: float) -> dict[str, float]:
    """Let KaSim run a model, and return its observables at the end."""
    kappy = pytest.importorskip("kappy", reason="kappy, which brings KaSim, is not installed")
    kasim = kappy.KappaStd()
    try:
        kasim.add_model_string(text)
        kasim.project_parse()
        kasim.simulation_start(kappy.SimulationParameter(end, f"[T] > {end}", seed=1))
        kasim.wait_for_simulation_stop()
        plot = kasim.simulation_plot()
        return dict(zip(plot["legend"], plot["series"][0], strict=True))
    finally:
        kasim.shutdown()


def expected(network: Network, end: float, courses: Callable[..., dict[str, np.ndarray]]) -> dict:
    names = [group.name for group in network.groups]
    found = courses(FORMATS["sbml"].text(network), np.array([0.0, end]), names)
    return {name: found[name][-1] for name in names}


def test_kasim_does_what_the_equations_say(courses: Callable[..., dict[str, np.ndarray]]) -> None:
    network = generate.from_bngl(MODEL, "many")
    found = simulated(FORMATS["kappa"].text(network), 10.0)
    for name, value in expected(network, 10.0, courses).items():
        # Four standard deviations of a count, in which a pair counts twice.
        assert found[name] == pytest.approx(value, abs=4 * np.sqrt(2 * value)), name


# What Kappa has no words for, with the words of the message.
REFUSED = {
    "compartment_expressions.bngl": "compartments",
    "exclude_reactants.bngl": "exclude_reactants",
    "energy_patterns.bngl": "energy patterns",
    "fixed_species.bngl": "is fixed",
    "hill.bngl": "rate law Hill",
    "local_functions.bngl": "several sites 'b'; function 'rate' looks at single molecules",
    "match_once.bngl": "MatchOnce",
    "michaelis_menten.bngl": "rate law MM",
    "number_per_quantity.bngl": "NumberPerQuantityUnit",
    "homo_oligomers.bngl": "counts species",
    "population_types.bngl": "population types",
    "total_rate.bngl": "TotalRate",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_kappa_has_no_words_for_is_named(name: str) -> None:
    with pytest.raises(FormatError, match=REFUSED[name]):
        FORMATS["kappa"].text(generate.network(CONSTRUCTS / name))


def test_every_other_construct_is_read_by_kasim(construct: Path) -> None:
    try:
        text = FORMATS["kappa"].text(generate.network(construct))
    except FormatError as error:
        assert str(error).startswith("kappa cannot hold this model: ")  # noqa: PT017
        return
    simulated(text, 0.01)


def test_the_loss_of_whole_complexes_is_refused() -> None:
    text = MODEL.replace("lose: A(y~p) -> 0 0.05 DeleteMolecules", "lose: A(y~p) -> 0 0.05")
    with pytest.raises(FormatError, match=r"the loss of whole complexes.*in rule 'lose'"):
        FORMATS["kappa"].text(generate.from_bngl(text, "many"))


def test_half_a_molecule_is_refused() -> None:
    text = MODEL.replace("B(a) N/2", "B(a) N/3")
    with pytest.raises(FormatError, match=r"3333\.33\d+ of 'B' is no whole number of molecules"):
        FORMATS["kappa"].text(generate.from_bngl(text, "many"))
