"""Claims over an ensemble, against the law of mass action for each set."""

from pathlib import Path

import pytest
from mtorules.analysis.claims import reading
from mtorules.analysis.uncertainty import holding
from mtorules.simulation.load import load

CLAIMS = """
claims:
  - id: enough-mtor
    statement: There is enough mTOR.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: MTOR_total, of: cell, expect: ">= 100"}]
  - id: never
    statement: There is no mTOR.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: MTOR_total, of: cell, expect: "<= 1e-3"}]
"""


def test_each_claim_holds_in_as_many_sets_as_meet_it(tmp_path: Path) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    loaded = load("complexes")
    amounts = [40.0, 90.0, 99.0, 101.0, 150.0]  # nM of mTOR, which is neither made nor lost
    sets = [{"MTOR_0": amount} for amount in amounts]
    found = holding.holding(
        reading.read([file]), loaded, sets, base={"MTOR_0": 120.0}, workers=1, store=tmp_path
    )
    assert found.counts == {"enough-mtor": 2, "never": 0}
    assert found.own == {"enough-mtor"}
    assert found.held == (0, 0, 0, 1, 1)
    assert found.rate == pytest.approx(0.2)
    assert found.band == (0, 0, 1)
    assert not found.unanswered
