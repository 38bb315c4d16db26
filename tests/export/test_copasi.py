"""COPASI files, opened and run by COPASI, against libRoadRunner on our SBML."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import basico
import numpy as np
import pytest
from mtorules.export.formats import FORMATS, FormatError
from mtorules.export.odes.system import system
from mtorules.export.sbml.writer import full_pattern
from mtorules.network import generate
from mtorules.network.network import Network


def opened(path: Path, network: Network, times: np.ndarray) -> np.ndarray:
    """Let COPASI open a file and run it: species, then outputs."""
    data = basico.load_model(str(path))
    try:
        model = data.getModel()
        metabolites = list(model.getMetabolites())
        assert [each.getObjectName() for each in metabolites] == [
            full_pattern(each) for each in network.species
        ]
        values = {each.getObjectName(): each for each in model.getModelValues()}
        entities = [*metabolites, *(values[each.name] for each in system(network).outputs)]
        places = [each.getValueReference().getCN().getString() for each in entities]
        factors = [1 / model.getQuantity2NumberFactor()] * len(metabolites)
        factors += [1.0] * (len(entities) - len(metabolites))
        table = basico.run_time_course_with_output(
            places,
            model=data,
            method="lsoda",
            values=times.tolist(),
            start_time=0,
            duration=float(times[-1]),
            use_initial_values=True,
            r_tol=1e-10,
            a_tol=1e-14,
            max_steps=100_000,
        )
        return table.to_numpy(dtype=float) * factors
    finally:
        basico.remove_datamodel(data)


def test_copasi_opens_it_and_does_what_libroadrunner_does(
    chosen: Path, agrees: Callable[..., None], tmp_path: Path
) -> None:
    network = generate.network(chosen)
    path = tmp_path / "model.cps"
    FORMATS["copasi"].write(network, path)
    agrees(network, lambda _, times: opened(path, network, times), amounts=True)


def test_the_same_model_gives_the_same_bytes() -> None:
    network = generate.network("complexes")
    assert FORMATS["copasi"].text(network) == FORMATS["copasi"].text(network)


def test_without_copasi_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FormatError, match=r"pip install 'mtorules\[engines\]'"):
        FORMATS["copasi"].text(generate.network("rapamycin"))
