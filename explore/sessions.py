"""Who uses the page: sessions that know nothing of each other, and the files they brought."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .errors import BusyError, ExploreError

LARGEST: Final = 10 * 2**20
"""Bytes of a file that is brought along."""
SUFFIXES: Final = (".xml", ".sbml", ".xml.gz", ".sbml.gz", ".zip", ".omex", ".bngl")
_UPLOADS: Final = 5
_SESSIONS: Final = 1000
# Bytes of the files of all.
_TOGETHER: Final = 500 * 2**20
# Seconds after which a session that does nothing is forgotten.
_IDLE: Final = 8 * 3600.0


@dataclass
class Session:
    """One user, and the files of that user by number."""

    key: str
    seen: float
    files: dict[str, Path] = field(default_factory=dict)


class Sessions:
    """All sessions of a server, with a folder for their files that ends with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mtorules-explore-")
        self._known: OrderedDict[str, Session] = OrderedDict()

    def of(self, key: str | None) -> Session:
        """Return the session of a key, or a new one where the key is of none."""
        now = time.monotonic()
        while self._known:
            oldest = next(iter(self._known.values()))
            if now - oldest.seen < _IDLE and len(self._known) < _SESSIONS:
                break
            self._forget(oldest)
        session = self._known.get(key or "")
        if session is None:
            key = secrets.token_urlsafe(24)
            session = self._known[key] = Session(key, now)
        session.seen = now
        self._known.move_to_end(session.key)
        return session

    def keep(self, session: Session, name: str, data: bytes) -> str:
        """Keep a file that a session brought, and return its number.

        Raises
        ------
        ExploreError
            If it is too large, or its name is of no kind that is read here.
        BusyError
            If the session has as many as it may.
        """
        plain = re.sub(r"[^\w.-]", "_", name.rpartition("/")[2].rpartition("\\")[2])[-80:]
        if plain.lower().endswith((".py", ".pyc", ".ipynb", ".pkl")):
            raise ExploreError(
                f"{plain!r} is Python, which is code and is never run here; write the model as "
                f"SBML with 'mtorules export {plain}', and bring that."
            )
        if not plain.lower().endswith(SUFFIXES):
            raise ExploreError(
                f"{plain!r} is of no kind that is read here; a model ends in {', '.join(SUFFIXES)}."
            )
        if not data:
            raise ExploreError(f"{plain!r} is empty.")
        held = sum(
            path.stat().st_size for each in self._known.values() for path in each.files.values()
        )
        if held + len(data) > _TOGETHER:
            raise BusyError("All users together have brought more than fits; try again later.")
        if len(session.files) >= _UPLOADS:
            raise BusyError(f"You have brought {_UPLOADS} files already; let go of one first.")
        number = secrets.token_hex(8)
        path = Path(self._folder.name, number, plain)
        path.parent.mkdir()
        path.write_bytes(data)
        session.files[number] = path
        return number

    def drop(self, session: Session, number: str) -> None:
        """Remove a file of a session."""
        path = session.files.pop(number, None)
        if path is not None:
            shutil.rmtree(path.parent, ignore_errors=True)

    def _forget(self, session: Session) -> None:
        for number in list(session.files):
            self.drop(session, number)
        del self._known[session.key]

    def close(self) -> None:
        """Remove all files."""
        self._folder.cleanup()
