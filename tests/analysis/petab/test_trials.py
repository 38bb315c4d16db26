from pathlib import Path

import pytest
from mtorules.analysis.petab import measurements, trials
from mtorules.analysis.petab.measurements import TableError
from mtorules.network.units.quantities import seconds
from mtorules.simulation.engines import Loaded

from .conftest import Build


def test_a_name_stands_for_one_experiment(build: Build) -> None:
    text = "experiment,observable,time,value,dose\nx,AB,1 h,1,A_free=5\nx,AB,2 h,1,A_free=6\n"
    with pytest.raises(TableError, match=r"table\.csv:3: experiment 'x' is something else here"):
        build(text)


def test_experiments_of_a_table_are_found_by_name(binding: Loaded, tmp_path: Path) -> None:
    path = tmp_path / "blots.csv"
    path.write_text(
        "experiment,observable,time,value,dose\ntreted,AB,1 h,1,\ntreated,AB,1 h,1,B=3\n"
    )
    table = tmp_path / "done.csv"
    table.write_text("experiment,dose\ntreated,A_free=5\n")
    rows, known = measurements.read(path, seconds), measurements.experiments(table)
    with pytest.raises(TableError) as raised:
        trials.done(rows, known, "binding", seconds)
    assert "blots.csv:2: there is no experiment 'treted'. Did you mean 'treated'?" in str(
        raised.value
    )
    assert "blots.csv:3: what is done in experiment 'treated' stands in the table" in str(
        raised.value
    )
