"""Hill curves against the curves they were made from."""

import numpy as np
import pytest
from mtorules.analysis.dose_response.hill import fit, hill

DOSES = np.geomspace(0.01, 1000, 11)


@pytest.mark.parametrize(
    ("base", "plateau", "middle", "slope"),
    [(1.0, 0.2, 3.0, 1.3), (0.0, 40.0, 0.5, 0.8), (2.0, 5.0, 100.0, 3.0), (1.0, -0.5, 10.0, 1.0)],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_fit_finds_the_curve_that_made_the_values(
    base: float, plateau: float, middle: float, slope: float, known: bool
) -> None:
    values = base + (plateau - base) * DOSES**slope / (DOSES**slope + middle**slope)
    found = fit(DOSES, values, base=base if known else None)
    assert [found.base, found.plateau, found.middle, found.slope] == pytest.approx(
        [base, plateau, middle, slope], rel=1e-4, abs=1e-4
    )
    assert found.misfit < 1e-6
    assert found.dose(found.at(middle)) == pytest.approx(middle, rel=1e-4)


def test_confidence_covers_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    true = hill(DOSES, 1.0, 0.1, 5.0, 1.2)
    hits = 0
    for _ in range(100):
        found = fit(DOSES, true + generator.normal(0, 0.03, DOSES.size), base=1.0)
        hits += found.middle_low <= 5.0 <= found.middle_high
    assert 88 <= hits <= 100  # 95 expected


def test_two_drugs_that_bind_one_site_have_a_slope_of_one() -> None:
    kd = 7.0
    found = fit(DOSES, DOSES / (DOSES + kd), base=0.0)
    assert (found.middle, found.slope) == pytest.approx((kd, 1.0), rel=1e-5)


@pytest.mark.parametrize("unit", [1e-30, 1e-9, 1e12])
def test_the_unit_of_a_readout_does_not_matter(unit: float) -> None:
    for base in (0.0, None):
        found = fit(DOSES, hill(DOSES, 0.0, unit, 5.0, 1.5), base=base)
        assert (found.plateau, found.middle) == pytest.approx((unit, 5.0), rel=1e-4)


def test_an_inverse_tells_what_is_beyond_the_curve() -> None:
    found = fit(DOSES, hill(DOSES, 1.0, 0.5, 5.0, 1.0), base=1.0)
    assert found.dose([1.2, 1.0, 0.4]).tolist() == [0.0, 0.0, np.inf]


@pytest.mark.parametrize("values", [[1.0, 2.0, 3.0], [1.0] * 5])
def test_what_holds_no_curve_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"at least 4|alike"):
        fit(DOSES[: len(values)], values, base=1.0)
