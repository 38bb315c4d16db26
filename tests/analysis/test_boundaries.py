"""The parts are held at what the whole network has now, as its own readouts say."""

import pytest
from mtorules.analysis import boundaries
from mtorules.models.building.boundaries import FILE, FROM_WHOLE
from mtorules.models.numbers.parameters import read


def test_parts_are_held_at_the_levels_of_the_whole() -> None:
    table = read(FILE)
    found = {row["name"]: row for row in boundaries.rows()}
    assert list(found) == list(table)
    of_whole = [name for name, row in found.items() if row["note"].startswith(FROM_WHOLE)]
    assert len(of_whole) == len(found) - 1  # PDPK1 is counted
    for name in of_whole:
        # Half a digit of what the table holds.
        assert float(found[name]["value"]) == pytest.approx(table[name].value, rel=0.006), name
