"""In how many sets claims hold, of margins that are known."""

import numpy as np
from mtorules.analysis.uncertainty import ensemble, record

from .conftest import Normal


def test_it_is_told_in_how_many_sets_each_claim_holds(normal: Normal) -> None:
    best, _ = normal.best()
    found = ensemble.ensemble(normal, best, normal.measurer.priors, sets=20, seed=1)
    # Margins are 4 a + 0.2 b + c, 0.5 b + 3 c and 0.3 (a + b), of logarithms.
    rows = np.log(found.values)[:, :2] @ normal.measurer.slopes[:, :2].T >= 0
    told = record.about(found)["claims"]
    counts = {"claim-0": rows[:, 0].sum(), "claim-1": rows[:, 1].sum(), "claim-2": rows[:, 2].sum()}
    assert told["asked"] == 3
    assert told["hold_with_best"] == (best.margins >= 0).sum()
    assert told["hold"]["median"] == np.median(rows.sum(axis=1))
    assert (told["hold"]["least"], told["hold"]["most"]) == (
        rows.sum(axis=1).min(),
        rows.sum(axis=1).max(),
    )
    split = {name: count for name, count in counts.items() if 0 < count < 20}
    assert split  # or nothing is asked here
    assert told["hold_in_so_many_sets"] == split
    assert told["hold_in_all_sets"] == sum(count == 20 for count in counts.values())
    assert told["hold_in_no_set"] == [name for name, count in counts.items() if not count]
