import math
from typing import Any

import pytest


@pytest.mark.parametrize("minutes", [0.5, 1.0, 3.0])
def test_the_pool_follows_the_medium_within_minutes(minutes: float, tables: Any) -> None:
    course = tables.after(minutes / 60, {"amino_acids": 0.0}, k_autophagy_AMINO_ACIDS_supply=0.0)
    left = math.exp(-tables["k_AMINO_ACIDS_removal"] * minutes * 60)
    assert course["amino_acids_inside"][-1] == pytest.approx(left, rel=1e-3)
