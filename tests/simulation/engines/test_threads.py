"""How many threads the libraries use, as they tell themselves, in a process that is new."""

import json
import subprocess
import sys

PROGRAM = """
import json
from mtorules.simulation.engines.threads import alone
with alone():
    pass
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
def threads():
    told = [one for one in threadpool_info() if one["user_api"] == "blas"]
    return {one["filepath"]: one["num_threads"] for one in told}
before = threads()
with alone():
    within = threads()
print(json.dumps([before, within, threads()]))
"""


def test_every_library_uses_one_thread_and_then_as_many_as_before() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    before, within, after = json.loads(done.stdout)
    assert before
    assert within == dict.fromkeys(before, 1)
    assert after == before
