"""Processes that answer questions of many sessions: a bounded queue, limits, and an end to each.

A question that takes too long, or that nobody waits for any more, ends with its process; another
one is started in its place.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from .errors import BusyError, ExploreError

# The longest line of an answer.
_LINE: Final = 128 * 2**20
# How long an answer that nobody waits for may take before its process is ended for it: a process
# that starts anew has to open its models again.
_GRACE: Final = 3.0
# Seconds between two looks at whether a process lives.
_LOOK: Final = 0.1
# So many questions of one session are answered or waited for at a time.
_A_SESSION: Final = 6
_BUSY: Final = "The server has more to do than can wait; try again in a few seconds."
_BUG: Final = "Something went wrong inside; what it was stands in the server's terminal."
_DIED: Final = "The process that computed this has died, perhaps for want of memory."


@dataclass(eq=False)
class _Question:
    """A question that waits, and what its answer goes to."""

    session: str
    asked: Mapping[str, Any]
    limit: float
    answer: asyncio.Future[Any] = field(repr=False)


class Pool:
    """Processes of one kind.

    Parameters
    ----------
    processes : int
        How many; each is started when it is first needed.
    megabytes : int
        The memory of each.
    waiting : int
        How many questions may wait.
    """

    def __init__(self, processes: int, megabytes: int, waiting: int) -> None:
        self._megabytes, self._most = megabytes, waiting
        self._queue: deque[_Question] = deque()
        self._sessions: Counter[str] = Counter()
        self._wake = asyncio.Condition()
        self._idle: list[_Process] = []
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(processes)]
        self.done = 0

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._queue)

    async def ask(self, session: str, task: str, data: Mapping[str, Any], limit: float) -> Any:
        """Return the answer to a question.

        Parameters
        ----------
        session : str
            Who asks.
        task, data : str and mapping
            What; see :mod:`.tasks`.
        limit : float
            Seconds that it may take once it is begun.

        Raises
        ------
        BusyError
            If too many wait, or too many of this session.
        ExploreError
            If there is no answer; the message says why.
        """
        if len(self._queue) >= self._most:
            raise BusyError(_BUSY)
        if self._sessions[session] >= _A_SESSION:
            raise BusyError("You have asked for much at once; wait until some of it is there.")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        asked = _Question(session, {"task": task, "data": data}, limit, answer)
        self._sessions[session] += 1
        async with self._wake:
            self._place(asked)
            self._wake.notify()
        try:
            return await answer
        finally:
            self._sessions[session] -= 1
            if not self._sessions[session]:
                del self._sessions[session]
            with suppress(ValueError):
                self._queue.remove(asked)

    def _place(self, asked: _Question) -> None:
        """Put a question behind those of others who have as many waiting: sessions take turns."""
        mine = sum(each.session == asked.session for each in self._queue)
        seen: Counter[str] = Counter()
        for place, each in enumerate(self._queue):
            if seen[each.session] > mine:
                self._queue.insert(place, asked)
                return
            seen[each.session] += 1
        self._queue.append(asked)

    async def _serve(self) -> None:
        """Answer one question after the other with one process."""
        process: _Process | None = None
        try:
            while True:
                async with self._wake:
                    await self._wake.wait_for(lambda: bool(self._queue))
                    question = self._queue.popleft()
                if question.answer.done():
                    continue
                try:
                    if process is None:
                        starting = asyncio.ensure_future(_Process.started(self._megabytes))
                        try:
                            process = await asyncio.shield(starting)
                        except asyncio.CancelledError:
                            process = await starting  # it is there, so it is ended
                            raise
                except OSError as error:
                    _fail(question, f"No process can be started: {error.strerror}.")
                    continue
                if process is not None and not await self._answered(process, question):
                    await process.end()
                    process = None
                self.done += 1
        finally:
            if process is not None:
                await process.end()

    async def _answered(self, process: _Process, question: _Question) -> bool:
        """Answer one question, and tell whether the process can answer more."""
        reply = asyncio.ensure_future(process.ask(question.asked))
        try:
            done, _ = await asyncio.wait(
                {reply, question.answer},
                timeout=question.limit,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not done:
                _fail(question, f"This took longer than {question.limit:g} s and was ended.")
                return False
            if reply not in done:  # nobody waits any more
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(reply), _GRACE)
            if not reply.done():
                return False
            found = reply.result()
        finally:
            reply.cancel()
        if found is None:
            _fail(question, await process.death())
            return False
        if question.answer.done():
            return True
        if "found" in found:
            question.answer.set_result(found["found"])
        else:
            _fail(question, found["error"] or _BUG)
        return True

    async def close(self) -> None:
        """End every process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _fail(question: _Question, why: str) -> None:
    if not question.answer.done():
        question.answer.set_exception(ExploreError(why))


class _Process:
    """One process, in a group of its own."""

    def __init__(self, process: asyncio.subprocess.Process, life: int, megabytes: int) -> None:
        self._process, self._life, self._megabytes = process, life, megabytes

    @classmethod
    async def started(cls, megabytes: int) -> _Process:
        """Return a process that is ready to be asked."""
        read, life = os.pipe()
        package = (__package__ or "").partition(".")[0]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", f"{package}.explore.worker", str(megabytes)),
            # It finds what we find; and ends when the pipe that only we hold open does.
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "MTORULES_LIFE": str(read),
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(read,),
            limit=_LINE,
            start_new_session=True,
        )
        os.close(read)
        return cls(process, life, megabytes)

    async def ask(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what the process says, or None if it has died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            await self._process.stdin.drain()
            line = asyncio.ensure_future(self._process.stdout.readline())
            death = asyncio.ensure_future(self._died())
            try:
                await asyncio.wait({line, death}, return_when=asyncio.FIRST_COMPLETED)
                return json.loads(line.result()) if line.done() else None
            finally:
                line.cancel()
                death.cancel()
        except (ConnectionError, ValueError):
            return None

    async def _died(self) -> int:
        """Wait for the end of the process.

        What it started may hold its end of the pipes open, for whose end asyncio's own way waits.
        """
        while self._process.returncode is None:
            await asyncio.sleep(_LOOK)
        return self._process.returncode

    async def death(self) -> str:
        """Return what to say of a process that has died."""
        status = await self._died()
        if status < 0:
            return (
                f"The process that computed this was ended by {signal.Signals(-status).name}, "
                f"perhaps for want of memory: it has {self._megabytes / 1024:g} GiB."
            )
        return _DIED

    async def end(self) -> None:
        """Kill the process and all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(OSError):
            os.close(self._life)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
        if self._process.stdout is not None:  # until then asyncio holds on to its end
            await self._process.stdout.read()
