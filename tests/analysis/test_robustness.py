from pathlib import Path

import pytest
from mtorules.analysis import robustness
from mtorules.analysis.claims import reading
from mtorules.simulation.load import load

# The first holds whatever the constants are; the second only just, so that some draws lose it.
CLAIMS = """
claims:
  - id: certain
    statement: There is ERK.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: pERK_y204_nM, of: cell, expect: ">= 1e-6"}]
  - id: narrow
    statement: There is just that much ERK.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: pERK_y204_nM, of: cell, expect: LOW .. HIGH}]
  - id: many
    statement: So it is in many cells.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks:
      - {share: {value: pERK_y204_nM, of: cell}, within: ">= 0", panel: virtual, expect: ">= 0"}
"""
NAMES = ("keff_BRAF_phosphorylates_MEK_s218", "k_ERK_y204_dephosphorylation")


NAMED = """
readouts: {seen: FORMULA}
claims:
  - id: named
    statement: There is some of what is looked at.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: seen, of: cell, expect: ">= 1e-6"}]
"""


@pytest.fixture
def settled(tmp_path: Path) -> tuple[reading.Claims, dict[str, float]]:
    from mtorules.simulation import simulator

    loaded = load("mapk_tsc")
    values = {name: float(loaded.model.parameters[name].value or 0) for name in NAMES}
    seen = simulator.Simulator(loaded, ["pERK_y204_nM"], engine="bngsim", cache=False).values(
        simulator.exposure([0.0])
    )[0, 0]
    file = tmp_path / "claims.yaml"
    text = CLAIMS.replace("LOW", f"{0.98 * seen:.4g}").replace("HIGH", f"{1.02 * seen:.4g}")
    file.write_text(text, encoding="utf-8")
    return reading.read([file]), values


def test_claims_are_lost_as_parameters_leave_their_values(
    settled: tuple[reading.Claims, dict[str, float]], tmp_path: Path
) -> None:
    claims, values = settled
    options = {"draws": 6, "seed": 1, "store": tmp_path / "store", "workers": 1}
    found = robustness.robustness(claims, load("mapk_tsc"), values, **options)
    assert (found.claims, found.passed) == (2, 2)  # virtual cells are left out
    assert set(found.lost) == {"narrow"}
    assert found.lost["narrow"] == found.counts.count(1) > 3  # two per cent is little beside ten
    assert found.median_drop == 0.5

    # It goes on from what is kept, and without jitter nothing is lost.
    told: list[int] = []
    again = robustness.robustness(
        claims, load("mapk_tsc"), values, told=lambda done, _: told.append(done), **options
    )
    assert again == found
    assert told == list(range(1, 8))
    still = robustness.robustness(claims, load("mapk_tsc"), values, jitter=0.0, draws=1, workers=1)
    assert still.counts == (2,)
    assert still.median_drop == 0


def test_an_answer_is_not_kept_for_another_formula_of_the_same_name(tmp_path: Path) -> None:
    loaded = load("mapk_tsc")
    passed = []
    for formula in ("pERK_y204_nM", "0 * pERK_y204_nM"):
        file = tmp_path / "claims.yaml"
        file.write_text(NAMED.replace("FORMULA", formula), encoding="utf-8")
        options = {"draws": 1, "jitter": 0.0, "store": tmp_path / "store", "workers": 1}
        found = robustness.robustness(reading.read([file]), loaded, {}, **options)
        passed.append(found.passed)
    assert passed == [1, 0]
