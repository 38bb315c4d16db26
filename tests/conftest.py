"""What every test shares: one cache folder, made fresh for each run of the suite."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests, and share one among the workers of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own below that of the run
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTORULES_CACHE", str(base / "cache"))
        yield
