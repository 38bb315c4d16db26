from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.engines import UnsupportedError
from mtorules.simulation.load import load
from mtorules.simulation.scans import from_text
from mtorules.simulation.scans.scanning import prepared, scan
from mtorules.simulation.simulator import SimulationError

WORDS = from_text.Words(
    doses=["RAPA_medium=0, 1 nM"], times="1 h", outputs=["MTORC1"], equilibrated=True
)


def test_results_come_back_as_a_dataset_with_units(tmp_path: Path) -> None:
    found = scan(
        "complexes", tmp_path / "s", doses=["RAPA_medium=0, 100 nM"], outputs=["MTORC1_intact"]
    )
    assert found["MTORC1_intact"].attrs["units"] == "nM"
    untreated, treated = found["MTORC1_intact"].values.ravel()
    assert 0 < treated < untreated
    again = scan(
        "complexes", tmp_path / "s", doses=["RAPA_medium=0, 100 nM"], outputs=["MTORC1_intact"]
    )
    np.testing.assert_array_equal(found["MTORC1_intact"], again["MTORC1_intact"])


def test_what_cannot_be_done_is_told_before_anything_is_written() -> None:
    loaded = load("complexes")
    planned = from_text.scan(loaded.model, "complexes", WORDS)
    with (
        pytest.raises(UnsupportedError, match="no engine 'copasi'"),
        prepared(loaded, replace(planned, engine="copasi")),
    ):
        pass
    one_way = load("complexes", irreversible=True)
    with (
        pytest.raises(SimulationError, match="never come to rest"),
        prepared(one_way, replace(planned, stochastic=True)) as ready,
    ):
        ready.attempt()
