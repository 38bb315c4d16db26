"""Thousands of invocations of the command with damaged input: ``make fuzz``.

    python tests/fuzz/campaign.py [--count 10000] [--from 0] [--workers 2] [--limit 30] [--only N]

None may end in a traceback, a crash or a hang, or leave files or processes behind. Each kind of
fault is told once, with the numbers of its invocations; ``--only`` runs one again and shows it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import commands
import running


def loaded() -> None:
    """Import what every invocation needs once, before they are forked from here."""
    import libsbml
    import numpy
    import pysb
    import roadrunner
    import scipy.integrate
    import xarray

    assert all((libsbml, numpy, pysb, roadrunner, scipy, xarray))


def _work(first: int, count: int, step: int, limit: float, results: multiprocessing.Queue) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    running.adopt_orphans()
    loaded()
    try:
        for number in range(first, count, step):
            results.put((number, running.run(commands.case(number), limit)))
    finally:
        results.put(None)


def run(first: int, count: int, workers: int, limit: float) -> dict[str, list[int]]:
    """Run invocations; return the numbers of those that went wrong, by kind of fault."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=_work, args=(first + at, first + count, workers, limit, results))
        for at in range(workers)
    ]
    for process in processes:
        process.start()
    faults: dict[str, list[int]] = {}
    done, ended, begun = 0, 0, time.monotonic()
    while ended < workers:
        told = results.get()
        if told is None:
            ended += 1
            continue
        number, wrong = told
        done += 1
        if wrong:
            kind = wrong.partition("\n")[0]
            if kind not in faults:
                print(f"\n#{number}: {commands.case(number).argv}\n{wrong}", flush=True)
            faults.setdefault(kind, []).append(number)
        if done % 100 == 0:
            speed = done / (time.monotonic() - begun)
            print(f"{done:,} of {count:,}, {speed:.1f}/s, {len(faults)} kinds of fault", flush=True)
    for process in processes:
        process.join()
    return faults


def main() -> int:
    """Run a campaign; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds for each")
    parser.add_argument("--only", type=int, help="run this one alone, and show it")
    parser.add_argument("--json", type=Path, help="write the faults here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["MTORULES_CACHE"] = cache
        if given.only is not None:
            one = commands.case(given.only)
            print(one.argv)
            for name, data in one.files.items():
                print(f"--- {name}\n{data.decode('utf-8', 'replace')}")
            running.adopt_orphans()
            wrong = running.run(one, given.limit)
            print(wrong or "all is well")
            return int(bool(wrong))
        faults = run(given.first, given.count, given.workers, given.limit)
    print(f"\n{given.count:,} invocations, {sum(map(len, faults.values())):,} went wrong")
    for kind, numbers in sorted(faults.items(), key=lambda item: -len(item[1])):
        print(f"{len(numbers):5} {kind[:200]}  e.g. --only {numbers[0]}")
    if given.json:
        given.json.write_text(json.dumps(faults, indent=1), encoding="utf-8")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
