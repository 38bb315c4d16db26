"""SBML with the package multi: checked by libSBML, and read back to rules of the same network."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import libsbml
import numpy as np
import pytest
import roadrunner
from mtorules.export.formats import FORMATS, FormatError
from mtorules.export.odes.system import system
from mtorules.export.sbml import writer
from mtorules.export.sbml.writer import full_pattern
from mtorules.network import generate
from mtorules.network.network import Network
from mtorules.network.sources import sbml_multi

# What the package has no words for, with the words of the message.
REFUSED = {
    "compartment_sizes.py": "a complex across compartments in rule 'ligand'",
    "energies.py": "energy patterns",
    "energy_patterns.bngl": "energy patterns",
    "exclude_reactants.bngl": "the keyword exclude_reactants",
    "hill.bngl": "the rate law Hill in rule 'alone'",
    "homo_oligomers.bngl": "==3 in observable 'trimers'",
    "local_functions.bngl": "function 'rate' looks at single molecules",
    "local_rates.py": "function 'rate' looks at single molecules",
    "match_once.bngl": "MatchOnce in rule 'flip'",
    "michaelis_menten.bngl": "the rate law MM in rule",
    "number_per_quantity.bngl": "NumberPerQuantityUnit",
    "own_actions.bngl": "bound on its network, as max_stoich",
    "population_types.bngl": "population types",
    "rule_options.py": "MatchOnce in rule 'flip'",
    "saturation.bngl": "the rate law Sat in rule",
    "tags.bngl": "a label in rule 'swap'",
}


def errors(text: str) -> list[str]:
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    found = (document.getError(i) for i in range(document.getNumErrors()))
    return [one.getMessage() for one in found if one.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


def back(network: Network) -> Network:
    """Write a network's rules, let libSBML check them, read them, and make their network."""
    text = FORMATS["sbml-multi"].text(network)
    assert errors(text) == []
    return generate.from_bngl(sbml_multi.bngl(text), network.name)


def test_the_same_rules_come_back(construct: Path, agrees: Callable[..., None]) -> None:
    network = generate.network(construct)
    if construct.name in REFUSED:
        with pytest.raises(FormatError, match=REFUSED[construct.name]):
            FORMATS["sbml-multi"].text(network)
        return
    read = back(network)
    assert sorted(map(full_pattern, read.species)) == sorted(map(full_pattern, network.species))
    assert len(read.rules) == len(network.rules)
    here, there = system(network), system(read)
    places = {full_pattern(each): i for i, each in enumerate(read.species)}
    species = [there.states[places[full_pattern(each)]] for each in network.species]
    outputs = {each.name: each.id for each in there.outputs}
    renamed = {each.name: outputs.get(each.name) for each in here.outputs}
    simulator = roadrunner.RoadRunner(writer.text(read))
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14

    def run(_: list[str], times: np.ndarray) -> np.ndarray:
        known = [i for i, name in enumerate(renamed.values()) if name]
        simulator.timeCourseSelections = [
            *(each.id for each in species),
            *filter(None, renamed.values()),
        ]
        table = np.array(simulator.simulate(times=times.tolist()))
        found = np.full((len(times), len(species) + len(renamed)), np.nan)
        found[:, [*range(len(species)), *(len(species) + i for i in known)]] = table
        return found

    agrees(network, run, partial=True, amounts=True)


@pytest.mark.parametrize("model", ["complexes", "signalling"])
def test_our_models_come_back(model: str) -> None:
    network = generate.network(model)
    read = back(network)
    assert sorted(map(full_pattern, read.species)) == sorted(map(full_pattern, network.species))
    counts = (Counter((r.rule, r.reverse) for r in each.reactions) for each in (network, read))
    assert next(counts) == next(counts)


def test_libsbml_looks_at_the_package() -> None:
    text = FORMATS["sbml-multi"].text(generate.network("rapamycin"))
    assert errors(text.replace('multi:bindingSite1="', 'multi:bindingSite1="no_', 1))


def test_observables_of_many_patterns_come_back(tmp_path: Path) -> None:
    path = tmp_path / "m.bngl"
    path.write_text(
        "begin parameters\n k 1\nend parameters\nbegin seed species\n A() 10\n B() 0\n"
        "end seed species\nbegin observables\n Molecules o A(),B(),B()\nend observables\n"
        "begin reaction rules\n A() -> B() k\nend reaction rules\n"
    )
    text = sbml_multi.bngl(FORMATS["sbml-multi"].text(generate.network(path)))
    assert "Molecules o A(), B(), B()" in text


def test_what_holds_no_rules_is_refused() -> None:
    plain = FORMATS["sbml"].text(generate.network("rapamycin"))
    for text, message in (("nothing", "No SBML"), (plain, "no species types")):
        with pytest.raises(sbml_multi.MultiError, match=message):
            sbml_multi.bngl(text)


def test_the_same_model_gives_the_same_bytes() -> None:
    network = generate.network("rapamycin")
    assert FORMATS["sbml-multi"].text(network) == FORMATS["sbml-multi"].text(network)
