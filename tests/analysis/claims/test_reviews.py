"""The claims of the two reviews: all there, and fitting the model they are put to."""

from collections import Counter

import pytest
from mtorules.analysis.claims import binding, reading
from mtorules.analysis.claims.reading import Claims
from mtorules.simulation.load import load


@pytest.fixture(scope="module")
def claims() -> Claims:
    return reading.read()


def test_every_statement_is_there(claims: Claims) -> None:
    scopes = Counter(claim.scope for claim in claims)
    assert scopes == {"mechanistic": 147, "phenotype-proxy": 68, "out-of-scope": 20}


def test_they_fit_the_model(claims: Claims) -> None:
    assert binding.bind(claims, load("signalling").model).plans


def test_every_experiment_is_looked_at(claims: Claims) -> None:
    for claim in claims:
        used = {run.like for run in claim.experiments.values()}
        for check in claim.checks:
            for measure in binding.measures_of(check):
                used.update(measure.experiments)
            of = getattr(check, "of", ())
            used.update([of] if isinstance(of, str) else of)
            used.update(filter(None, [getattr(check, "to", ""), getattr(check, "relative_to", "")]))
        assert set(claim.experiments) <= used, claim.id
