"""A server as `mtorules explore` starts it, and a client that is one user of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

COMMAND = "import sys; from mtorules.cli.main import main; sys.exit(main())"


@dataclass
class Running:
    """A server that runs."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def end(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)

    def client(self) -> "Client":
        return Client(self.url)


@dataclass
class Client:
    """One user: a session of its own."""

    url: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=180, trust_env=False)
        self.http.get("/")

    def ask(self, task: str, **data: Any) -> Any:
        reply = self.http.post(f"/api/{task}", json=data)
        told = reply.json()
        assert reply.status_code == 200, told
        return told["found"]

    def refusal(self, task: str, **data: Any) -> str:
        reply = self.http.post(f"/api/{task}", json=data)
        assert reply.status_code == 400, reply.text
        return reply.json()["error"]

    def bring(self, name: str, content: str | bytes) -> httpx.Response:
        data = content.encode() if isinstance(content, str) else content
        return self.http.post("/api/upload", params={"name": name}, content=data)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Start servers with words of the command line, and end them."""
    running: list[Running] = []

    def started(*words: str) -> Running:
        log = tmp_path_factory.mktemp("server") / "log"
        with log.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "explore", "--no-browser", *words],
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http"), log.read_text(encoding="utf-8")
        running.append(Running(url, process, log))
        return running[-1]

    yield started
    for each in running:
        if each.process.poll() is None:
            each.end()


@pytest.fixture(scope="session")
def server(start: Callable[..., Running]) -> Running:
    """One server of a small model for all tests that do it no harm."""
    return start("translation")


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    """A user of that server."""
    user = server.client()
    yield user
    user.http.close()


@pytest.fixture(scope="session")
def scenario() -> Callable[..., dict[str, Any]]:
    """Return a function that gives a scenario: everolimus on the cells of the small model."""

    def made(**more: Any) -> dict[str, Any]:
        drugs = [{"name": "everolimus", "dose": 20, "at": 1}]
        readouts = ["S6K_pT389", "MTORC2"]
        return {"model": "translation", "drugs": drugs, "until": 24, "readouts": readouts, **more}

    return made
