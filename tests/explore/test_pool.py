"""Processes that compute: turns, limits, and an end to each question."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from mtorules.explore.errors import BusyError, ExploreError
from mtorules.explore.pool import Pool

OFFERED = {"model": "rapamycin"}


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 150))


def below(process: int) -> list[int]:
    """Return the processes that a process has started."""
    files = Path(f"/proc/{process}/task").glob("*/children")
    return [int(each) for file in files for each in file.read_text(encoding="ascii").split()]


async def gone(before: set[int]) -> None:
    for _ in range(100):
        if not set(below(os.getpid())) - before:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("processes are left")


def test_a_question_that_takes_too_long_ends_with_its_process() -> None:
    async def work() -> None:
        before = set(below(os.getpid()))
        pool = Pool(1, 3072, 10)
        with pytest.raises(ExploreError, match=r"longer than 0\.01 s"):
            await pool.ask("me", "offered", OFFERED, 0.01)
        await gone(before)
        found = await pool.ask("me", "offered", OFFERED, 120)  # in a new process
        assert found["title"] == "rapamycin"
        await pool.close()
        await gone(before)

    run(work())


def test_a_question_that_nobody_waits_for_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtorules.explore.pool._GRACE", 0.05)

    async def work() -> None:
        before = set(below(os.getpid()))
        pool = Pool(1, 3072, 10)
        asking = asyncio.create_task(pool.ask("me", "offered", OFFERED, 120))
        await asyncio.sleep(0.5)
        assert set(below(os.getpid())) - before
        asking.cancel()
        await gone(before)
        await pool.close()

    run(work())


def test_what_cannot_wait_is_refused_and_sessions_take_turns() -> None:
    async def work() -> None:
        pool = Pool(1, 3072, 7)
        order: list[str] = []

        async def ask(session: str) -> None:
            await pool.ask(session, "models", {}, 120)
            order.append(session)

        asked = [asyncio.create_task(ask("many")) for _ in range(5)]
        await asyncio.sleep(0.1)
        asked.append(asyncio.create_task(ask("one")))
        await asyncio.sleep(0.1)
        asked.append(asyncio.create_task(ask("many")))
        await asyncio.sleep(0.1)
        with pytest.raises(BusyError, match="asked for much"):
            await pool.ask("many", "models", {}, 120)
        asked += [asyncio.create_task(ask(f"other{n}")) for n in range(7 - pool.waiting)]
        await asyncio.sleep(0.1)
        with pytest.raises(BusyError, match="more to do"):
            await pool.ask("last", "models", {}, 120)
        await asyncio.gather(*asked)
        assert order.index("one") <= 2  # one is answered already, and one is begun
        await pool.close()

    run(work())


def test_too_little_memory_is_said_and_the_next_question_is_answered() -> None:
    async def work() -> None:
        pool = Pool(1, 64, 10)
        for _ in range(2):
            with pytest.raises(ExploreError):
                await pool.ask("me", "offered", OFFERED, 60)
        await pool.close()

    run(work())
