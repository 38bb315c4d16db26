"""Files for PySB, read by PySB, and the networks of what was read."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import roadrunner
from mtorules.export.formats import FORMATS, FormatError
from mtorules.export.odes.system import system
from mtorules.export.sbml import writer
from mtorules.export.sbml.writer import full_pattern
from mtorules.network import generate

# What PySB has no words for, with the word in the message.
REFUSED = {
    "exclude_reactants.bngl": "exclude_reactants",
    "hill.bngl": "Hill",
    "homo_oligomers.bngl": "==3",
    "local_functions.bngl": "labels single molecules",
    "michaelis_menten.bngl": "MM",
    "number_per_quantity.bngl": "NumberPerQuantityUnit",
    "own_actions.bngl": "bound on its network, as max_stoich",
    "population_types.bngl": "population types",
    "tags.bngl": "labels single molecules",
    "saturation.bngl": "Sat",
}


def test_pysb_reads_the_same_rules(
    construct: Path, agrees: Callable[..., None], tmp_path: Path
) -> None:
    network = generate.network(construct)
    if construct.name in REFUSED:
        with pytest.raises(FormatError, match=REFUSED[construct.name]):
            FORMATS["pysb"].text(network)
        return
    path = tmp_path / construct.with_suffix(".py").name
    FORMATS["pysb"].write(network, path)
    read = generate.network(path)
    assert len(read.species) == len(network.species)
    assert len(read.rules) == len(network.rules)
    # Species and observables may come in another order.
    simulator = roadrunner.RoadRunner(writer.text(read))
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14
    here, there = system(network), system(read)
    names = {re.sub(r"~_(?=\d)", "~", full_pattern(each)): i for i, each in enumerate(read.species)}
    outputs = {each.name: each.id for each in there.outputs}
    species = [there.states[names[full_pattern(each)]] for each in network.species]
    ids = [f"[{each.id}]" if each.volume else each.id for each in species]
    known = [outputs.get(each.name) for each in here.outputs]  # others BioNetGen made up

    def run(_: list[str], times: np.ndarray) -> np.ndarray:
        simulator.timeCourseSelections = [*ids, *filter(None, known)]
        table = np.array(simulator.simulate(times=times.tolist()))
        found = np.full((len(times), len(ids) + len(known)), np.nan)
        found[:, [*range(len(ids)), *(len(ids) + i for i, n in enumerate(known) if n)]] = table
        return found

    agrees(network, run, partial=True)


def test_a_rule_and_a_compartment_may_have_the_names_of_parameters(tmp_path: Path) -> None:
    """A decays at k and at k*c/4, which are 0.3 and 0.15."""
    path = tmp_path / "alike.bngl"
    path.write_text(
        "begin model\nbegin parameters\nk 0.3\nc 2\nend parameters\n"
        "begin compartments\nc 3 c\nend compartments\n"
        "begin molecule types\nA()\nend molecule types\n"
        "begin seed species\nA()@c 4*c\nend seed species\n"
        "begin reaction rules\nk: A() -> 0 k\nagain: A() -> 0 k*c/4\nend reaction rules\n"
        "end model\n",
        encoding="utf-8",
    )
    written = tmp_path / "alike.py"
    FORMATS["pysb"].write(generate.network(path), written)
    simulator = roadrunner.RoadRunner(writer.text(generate.network(written)))
    simulator.timeCourseSelections = ["A"]
    assert simulator.simulate(0, 1, 2)[-1][0] == pytest.approx(8 * np.exp(-0.45), rel=1e-5)
