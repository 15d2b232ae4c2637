"""The one address without a login: a statement, for whoever holds its link.

Whatever is wrong with a link is answered alike, and what follows links faster than people do waits.
What is wrong with the books themselves, a stranger is not told.
"""

import datetime as dt
import threading
import time
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from pipeline.delivering import OtherPageError
from pipeline.domain.errors import LettrageError
from pipeline.linked import Linked

router = APIRouter()
_EACH, _MOST = 5.0, 60
"""Requests a second that are answered for long, and at once after a pause."""


class Bucket:
    """Who may be answered now: ``most`` at once, then ``each`` a second, of all who ask.

    Behind a proxy all come from one address, so that nobody is counted apart.
    """

    def __init__(self, each: float = _EACH, most: int = _MOST) -> None:
        self._each, self._most = each, most
        self._left, self._at = float(most), time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether there is one left; then there is one less."""
        with self._lock:
            at = time.monotonic()
            self._left = min(self._most, self._left + (at - self._at) * self._each)
            self._at = at
            if self._left < 1:
                return False
            self._left -= 1
            return True


@router.get("/s/{token}")
def statement(request: Request, token: str) -> Response:
    """The PDF that a mail of us links to."""
    linked: Linked = request.app.state.linked
    bucket: Bucket = request.app.state.bucket
    if not bucket.take():
        return _later(429)
    try:
        found = linked.statement(token, dt.datetime.now(dt.UTC).date())
    except OtherPageError:
        found = None
    except LettrageError:  # it names files, servers and people
        return _later(503)
    if found is None:
        return PlainTextResponse("There is nothing here.\n", 404)
    name, pdf = found
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "x-robots-tag": "noindex, nofollow",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


def _later(status: int) -> Response:
    return PlainTextResponse("Please try again.\n", status, {"retry-after": "10"})
