"""The server behind the page: who may ask what, how much of it, and what goes back."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import secrets
import signal
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, StaticFileHandler

from .errors import BusyError, ExploreError
from .pool import Pool
from .scenario import UPLOADED
from .sessions import LARGEST, Session, Sessions

PAGE: Final = Path(__file__).with_name("page")
# Seconds that each kind of question may take; the first one opens and compiles the model.
_LIMITS: Final[Mapping[str, float]] = {
    **dict.fromkeys(("models", "offered", "course", "map", "layout", "part"), 120.0),
    **dict.fromkeys(("claims", "csv", "sbml", "archive"), 120.0),
    **dict.fromkeys(("dose", "check", "bands"), 180.0),
    **dict.fromkeys(("synergy", "claim"), 300.0),
}
# A model of somebody's own has less.
_UPLOAD_LIMIT: Final = 60.0
_QUESTION: Final = 200_000  # bytes
_KEPT: Final = 64 * 2**20  # bytes of answers
_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_COOKIE: Final = "mtorules_session"
# The number of the file that the server was started with, which is everybody's.
_START: Final = "start"


@dataclass
class Settings:
    """How a server is set up.

    Attributes
    ----------
    model : str
        What the page begins with.
    address, port : str, int
        Where it listens; port 0 is any that is free.
    processes, megabytes : int
        How many compute, and how much memory each has.
    waiting : int
        How many questions may wait.
    ensemble : Path or None
        Parameter sets that make bands for ``model``.
    file : Path or None
        A file of one's own that every session begins with.
    """

    model: str = "signalling"
    address: str = "127.0.0.1"
    port: int = 0
    processes: int = 2
    megabytes: int = 3072
    waiting: int = 200
    ensemble: Path | None = None
    file: Path | None = None

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.address == "localhost":
            return True
        return ipaddress.ip_address(self.address).is_loopback


@dataclass
class Server:
    """All that requests share."""

    settings: Settings
    sessions: Sessions
    pool: Pool
    # Files of others are read apart, so that what they do to a process hits no one else's models.
    guests: Pool
    token: str = ""
    kept: OrderedDict[str, str] = field(default_factory=OrderedDict)
    size: int = 0

    async def ask(self, session: Session, task: str, data: dict[str, Any]) -> str:
        """Return the answer to a question as JSON; see :mod:`.tasks`.

        Raises
        ------
        ExploreError, BusyError
            If there is none.
        """
        own = self._own(session, data)
        if task == "bands":
            data["ensemble"] = self._ensemble(data)
        key = json.dumps([task, data], sort_keys=True)
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        pool = self.guests if own else self.pool
        limit = min(_LIMITS[task], _UPLOAD_LIMIT) if own else _LIMITS[task]
        try:
            found = json.dumps(await pool.ask(session.key, task, data, limit))
        except ExploreError as error:
            raise ExploreError(self._without_folders(session, str(error))) from None
        self._keep(key, found)
        return found

    def _own(self, session: Session, data: dict[str, Any]) -> bool:
        """Say where the file lies that a question is about, if it is about one."""
        asked = data.get("scenario")
        name = str((asked if isinstance(asked, dict) else data).get("model", ""))
        data.pop("path", None)
        data.pop("ensemble", None)
        if not name.startswith(UPLOADED):
            return False
        number = name.removeprefix(UPLOADED)
        path = self.settings.file if number == _START else session.files.get(number)
        if path is None:
            raise ExploreError("This model of your own is no longer here; bring the file again.")
        data |= {"path": str(path), "file": path.name}
        return True

    def _ensemble(self, data: Mapping[str, Any]) -> str:
        asked = data.get("scenario")
        model = asked.get("model") if isinstance(asked, dict) else None
        if self.settings.ensemble is None or model != self.settings.model:
            raise ExploreError("There is no ensemble of this model; start with --ensemble FILE.")
        return str(self.settings.ensemble)

    def _without_folders(self, session: Session, text: str) -> str:
        for path in filter(None, (*session.files.values(), self.settings.file)):
            text = text.replace(f"{path.parent}{os.sep}", "")
        return text

    def _keep(self, key: str, found: str) -> None:
        self.kept[key] = found
        self.size += len(key) + len(found)
        while self.size > _KEPT:
            old, answer = self.kept.popitem(last=False)
            self.size -= len(old) + len(answer)


class _Handler(RequestHandler):
    """What all requests have in common: who may ask, and how errors are told."""

    def initialize(self, server: Server) -> None:
        self.server = server

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Server", "mtorules")

    def prepare(self) -> None:
        """Refuse who is not let in, other sites that borrow the user's browser above all."""
        if not _admitted(self, self.server):
            return
        headers, own = self.request.headers, f"{self.request.protocol}://{self.request.host}"
        foreign = headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        if self.request.method != "GET" and headers.get("Origin") not in (None, own):
            foreign = True
        if foreign and self.request.path != "/":
            self._refuse(403, "Another site asked; only this page may.")

    def _refuse(self, status: int, why: str) -> None:
        self.set_status(status)
        self.finish({"error": why})

    @property
    def session(self) -> Session:
        """Whose request it is; a new session gets its cookie."""
        session = self.server.sessions.of(self.get_cookie(_COOKIE))
        if session.key != self.get_cookie(_COOKIE):
            self.set_cookie(_COOKIE, session.key, httponly=True, samesite="Strict", path="/")
        return session


def _admitted(handler: RequestHandler, server: Server) -> bool:
    """Tell whether a request may go on; where not, it is answered."""
    if server.settings.loopback:
        # A name that another site made point here is none of this machine's.
        name = handler.request.host.rpartition(":")[0] or handler.request.host
        if name.strip("[]") in ("localhost", "127.0.0.1", "::1", server.settings.address):
            return True
        why = "This server answers on this machine alone."
    else:
        given = handler.get_cookie("mtorules_token", "") or ""
        if secrets.compare_digest(given, server.token):
            return True
        if secrets.compare_digest(handler.get_query_argument("token", ""), server.token):
            handler.set_cookie(
                "mtorules_token", server.token, httponly=True, samesite="Strict", path="/"
            )
            handler.redirect("/")
            return False
        why = "Open the address with the token that the server printed."
    handler.set_status(403)
    handler.finish(why)
    return False


class _Index(_Handler):
    def get(self) -> None:
        """Send the page."""
        settings = self.server.settings
        model = settings.model if settings.file is None else f"{UPLOADED}{_START}"
        begun = {"model": model, "ensemble": settings.ensemble is not None}
        self.session  # noqa: B018  which sets the cookie
        text = (PAGE / "index.html").read_text(encoding="utf-8")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(text.replace("BEGIN", json.dumps(begun).replace("<", "\\u003c")))


class _Static(StaticFileHandler):
    def initialize(self, path: str, server: Server) -> None:  # type: ignore[override]
        super().initialize(path)
        self.server = server

    def set_default_headers(self) -> None:
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Server", "mtorules")

    def prepare(self) -> None:
        _admitted(self, self.server)


class _Question(_Handler):
    _asking: asyncio.Task[str] | None = None

    async def post(self, task: str) -> None:
        """Answer a question."""
        if task not in _LIMITS:
            self._refuse(404, f"There is no question {task!r}.")
            return
        try:
            if len(self.request.body) > _QUESTION:
                raise ExploreError("The question is too long.")
            data = json.loads(self.request.body)
            if not isinstance(data, dict):
                raise ExploreError("A question is a JSON object.")
            self._asking = asyncio.create_task(self.server.ask(self.session, task, data))
            found = await self._asking
        except asyncio.CancelledError:  # whoever asked has gone
            return
        except BusyError as error:
            self.set_header("Retry-After", "2")
            self._refuse(503, str(error))
        except ExploreError as error:
            self._refuse(400, str(error))
        except ValueError:
            self._refuse(400, "The question is no JSON.")
        else:
            self.set_header("Content-Type", "application/json")
            self.finish(f'{{"found":{found}}}')

    def on_connection_close(self) -> None:
        """End the work that nobody waits for any more."""
        if self._asking is not None:
            self._asking.cancel()


class _Upload(_Handler):
    _asking: asyncio.Task[str] | None = None

    async def post(self) -> None:
        """Take a file of the user, and answer what can be chosen of it."""
        session, sessions = self.session, self.server.sessions
        number = ""
        try:
            name = self.get_query_argument("name", "")
            number = sessions.keep(session, name, self.request.body)
            model = {"model": f"{UPLOADED}{number}"}
            self._asking = asyncio.create_task(self.server.ask(session, "offered", model))
            found = await self._asking
        except BusyError as error:
            sessions.drop(session, number)
            self._refuse(503, str(error))
        except ExploreError as error:
            sessions.drop(session, number)
            self._refuse(400, str(error))
        except asyncio.CancelledError:  # whoever brought it has gone
            sessions.drop(session, number)
        else:
            self.set_header("Content-Type", "application/json")
            self.finish(f'{{"found":{found}}}')

    async def delete(self) -> None:
        """Let go of a file."""
        self.server.sessions.drop(self.session, self.get_query_argument("number", ""))
        self.finish({"found": True})

    def on_connection_close(self) -> None:
        """End the work that nobody waits for any more."""
        if self._asking is not None:
            self._asking.cancel()


class _Claim(_Handler):
    async def get(self, model: str, id: str) -> None:
        """Send the page of a claim."""
        try:
            found = await self.server.ask(self.session, "claim", {"model": model, "id": id})
        except (BusyError, ExploreError) as error:
            self._refuse(400, str(error))
            return
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(json.loads(found)["page"])


def application(server: Server) -> Application:
    """Return what answers requests."""
    told = {"server": server}
    return Application(
        [
            (r"/", _Index, told),
            (r"/page/(.*)", _Static, {"path": str(PAGE), **told}),
            (r"/api/upload", _Upload, told),
            (r"/api/(\w+)", _Question, told),
            (r"/claim/([\w-]+)/([\w-]+)", _Claim, told),
        ],
        log_function=lambda handler: None,
    )


async def _opened_early(server: Server) -> None:
    """Let a process open the model before anybody asks."""
    if server.settings.file is None:
        with suppress(ExploreError, BusyError):
            await server.pool.ask(
                "", "offered", {"model": server.settings.model}, _LIMITS["offered"]
            )


async def serve(settings: Settings, ready: Callable[[str], object]) -> None:
    """Serve until a signal ends it.

    Parameters
    ----------
    settings : Settings
        How.
    ready : callable
        Told the address once it listens.

    Raises
    ------
    OSError
        If the address or the port cannot be had.
    """
    sockets = bind_sockets(settings.port, settings.address)
    port = sockets[0].getsockname()[1]
    sessions = Sessions()
    pool = Pool(settings.processes, settings.megabytes, settings.waiting)
    guests = Pool(max(settings.processes // 2, 1), settings.megabytes, settings.waiting // 4)
    token = "" if settings.loopback else secrets.token_urlsafe(24)
    server = Server(settings, sessions, pool, guests, token)
    http = HTTPServer(application(server), max_buffer_size=LARGEST, max_body_size=LARGEST)
    http.add_sockets(sockets)
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(each, over.set)
    host = f"[{settings.address}]" if ":" in settings.address else settings.address
    try:
        ready(f"http://{host}:{port}/" + (f"?token={token}" if token else ""))
        warm = asyncio.gather(*(_opened_early(server) for _ in range(settings.processes)))
        await over.wait()
        warm.cancel()
    finally:
        http.stop()
        await http.close_all_connections()
        await asyncio.gather(pool.close(), guests.close())
        sessions.close()
