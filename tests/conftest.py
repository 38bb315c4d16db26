"""What every test shares: a cache folder made fresh for each run, and signals that work."""

import os
import signal
from collections.abc import Iterator

import pytest

# A run in the background is born deaf to these, and so would be the processes that tests start.
for _signal, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, _usual)


@pytest.fixture(autouse=True, scope="session")
def cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests, and share one among the workers of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own below that of the run
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTORULES_CACHE", str(base / "cache"))
        yield
