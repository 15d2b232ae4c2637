"""A few calls of Airflow's REST API, on loopback and past any proxy."""

import contextlib
import json
import time
import urllib.error
import urllib.request
from typing import Any

from pipeline.domain.errors import LettrageError


class DemoError(LettrageError):
    """The demo could not run to its end; the message says where to look."""


class _LaterError(DemoError):
    """The server failed (5xx) or is too busy; the same call may go well a moment later."""


_TRIES = 5


class Client:
    """Calls with the token of one login; a refused call raises with what the server said."""

    def __init__(self, url: str, patience: float = 30) -> None:
        """``patience``: seconds for one answer."""
        self._url, self._token, self._patience = url, "", patience
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def log_in(self, user: str, password: str) -> None:
        """Get a token for all later calls."""
        body = {"username": user, "password": password}
        self._token = self._send("POST", "/auth/token", body)["access_token"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call below /api/v2; DemoError with the server's answer if it is refused.

        A GET is asked again when the server says that it failed, as Airflow's database on SQLite
        is locked at times, and when a busy machine does not answer in time.
        """
        for _ in range(_TRIES - 1 if method == "GET" else 0):
            with contextlib.suppress(_LaterError):
                return self._send(method, f"/api/v2/{path}", body)
            time.sleep(1)
        return self._send(method, f"/api/v2/{path}", body)

    def get_or_none(self, path: str) -> Any:
        """A GET, or None while the server or the thing is not there yet."""
        try:
            return self.call("GET", path)
        except DemoError:
            return None

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        try:
            with self._open(request, timeout=self._patience) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read(2000).decode("utf-8", "replace")
            kind = _LaterError if error.code >= 500 else DemoError
            raise kind(f"Airflow refuses {method} {path}: {error.code} {said}") from None
        except OSError as error:
            slow = isinstance(getattr(error, "reason", error), TimeoutError)
            kind = _LaterError if slow else DemoError
            raise kind(f"Airflow does not answer {method} {path}: {error}") from None
