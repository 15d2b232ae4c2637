"""The own login of ``lettrage serve``: who signed in, for how long, and how often one may try.

Sessions live in this process: they end with it.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from fastapi import Request

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import people
from pipeline.page import passwords
from pipeline.page.people import NotSignedInError, Person, Role

COOKIE = "lettrage_session"
_IDLE = 30 * 60
_LONGEST = 12 * 3600
_TRIES = 5
_PAUSE = 60


@dataclass(slots=True)
class _Session:
    name: str
    password_hash: str
    """By which it began: it ends when the password is another."""
    began: float
    used: float


@dataclass(slots=True)
class Login:
    """People with passwords in the ledger, and their sessions."""

    settings: Settings
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _failed: dict[str, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sign_in(self, name: str, password: str) -> str:
        """The token of a new session; NotSignedInError where name and password do not belong.

        After some failures in a row a name waits, whoever asks for it.
        """
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._failed.get(name, []) if now - at < _PAUSE]
            if len(recent) >= _TRIES:
                raise NotSignedInError("wait")
            tried = {n: at for n, at in self._failed.items() if now - at[-1] < _PAUSE}
            self._failed = {**tried, name: [*recent, now]}
        found = self._people().get(name)
        if not (passwords.fits(password, found["password_hash"] if found else "") and found):
            raise NotSignedInError("wrong")
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._failed.pop(name, None)
            self._sessions[token] = _Session(name, found["password_hash"], now, now)
        return token

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(token, None)

    def identify(self, request: Request) -> Person:
        """Whose session a request belongs to, by what the person may do now."""
        token = request.cookies.get(COOKIE, "")
        now = time.monotonic()
        with self._lock:
            session = self._sessions.get(token)
            if session and (now - session.used > _IDLE or now - session.began > _LONGEST):
                session = self._sessions.pop(token) and None
            if session is None:
                raise NotSignedInError
            session.used = now
        found = self._people().get(session.name)
        if found is None or found["password_hash"] != session.password_hash:
            raise NotSignedInError
        return Person(session.name, Role[found["role"].upper()], token)

    def _people(self) -> dict[str, people.Row]:
        with ledger.open(self.settings.ledger) as book:
            return {row["name"]: row for row in people.standing(book)}
