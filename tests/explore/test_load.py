"""Fifty users at once: each is answered, memory stays bounded, and nobody who leaves costs more."""

import asyncio
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

USERS, DOSES = 50, 4


async def user(url: str, number: int, asked: Callable[..., dict[str, Any]]) -> list[float]:
    """Move a slider a few times, and wait for the courses each time; ask again where it is busy."""
    took = []
    async with httpx.AsyncClient(base_url=url, timeout=300, trust_env=False) as client:
        await client.get("/")
        for step in range(DOSES):
            drugs = [{"name": "everolimus", "dose": 1 + number + step / 10}]
            began = time.monotonic()
            while True:
                reply = await client.post("/api/course", json={"scenario": asked(drugs=drugs)})
                if reply.status_code != 503:
                    break
                await asyncio.sleep(float(reply.headers["Retry-After"]))
            assert reply.status_code == 200, reply.text
            assert reply.json()["found"]["readouts"]
            took.append(time.monotonic() - began)
    return took


def memory(process: int) -> float:
    """Return the memory in MB of a process and all that it started."""
    found = [process]
    for each in found:
        said = subprocess.run(
            ["pgrep", "-P", str(each)], capture_output=True, text=True, check=False
        )
        found += map(int, said.stdout.split())
    total = 0.0
    for each in found:
        for line in Path(f"/proc/{each}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS"):
                total += float(line.split()[1]) / 1024
    return total


@pytest.mark.slow
def test_fifty_users_are_answered(
    start: Callable[..., Any], scenario: Callable[..., dict[str, Any]]
) -> None:
    running = start("translation")
    running.client().ask("course", scenario=scenario())

    async def all_of_them() -> list[float]:
        done = await asyncio.gather(*(user(running.url, n, scenario) for n in range(USERS)))
        return sorted(time for each in done for time in each)

    began = time.monotonic()
    took = asyncio.run(all_of_them())
    spent = time.monotonic() - began
    used = memory(running.process.pid)
    print(
        f"{len(took)} courses in {spent:.1f} s, {1000 * spent / len(took):.0f} ms each; a user "
        f"waits {took[len(took) // 2]:.2f} s, at most {took[-1]:.2f} s; {used:.0f} MB in all"
    )
    assert len(took) == USERS * DOSES
    assert used < 3000
    running.end()


def test_whoever_leaves_costs_no_more(
    start: Callable[..., Any], scenario: Callable[..., dict[str, Any]]
) -> None:
    """Twenty users ask for much and hang up; the next one does not wait for what they asked."""
    running = start("translation", "--processes", "1")
    user = running.client()
    user.ask("course", scenario=scenario())

    def much(dose: float) -> dict[str, Any]:
        drugs = [{"name": "everolimus", "dose": dose}]
        return {"scenario": scenario(drugs=drugs, until=1440), "compound": "everolimus"}

    began = time.monotonic()
    user.ask("dose", **much(1))
    once = time.monotonic() - began
    for number in range(20):
        with (
            httpx.Client(base_url=running.url, timeout=0.05, trust_env=False) as leaving,
            pytest.raises(httpx.TimeoutException),
        ):
            leaving.post("/api/dose", json=much(2 + number))
    began = time.monotonic()
    user.ask("models")
    assert time.monotonic() - began < 3 * once + 5
    running.end()
