"""The one address without a login: a statement, for whoever holds its link.

Whatever is wrong with a link is answered alike, and what follows links faster than people do waits.
What is wrong with the books themselves, a stranger is not told.
"""

import datetime as dt
import ipaddress
import threading
import time
from collections import OrderedDict
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from pipeline.delivering import OtherPageError
from pipeline.domain.errors import LettrageError
from pipeline.linked import Linked, TooFastError

router = APIRouter()
_EACH, _MOST = 1.0, 20
"""Requests a second that are answered for long, and at once after a pause."""
_KEPT = 10_000
"""Visitors and statements that are remembered; who asked longest ago is forgotten."""


class Bucket:
    """Who may be answered now: ``most`` at once, then ``each`` a second, each name by itself.

    A name is a visitor or a statement, so that nobody keeps others from theirs.
    """

    def __init__(self, each: float = _EACH, most: int = _MOST) -> None:
        self._each, self._most = each, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> bool:
        """Whether there is one left for a name; then there is one less."""
        with self._lock:
            at = time.monotonic()
            left, since = self._left.pop(name, (float(self._most), at))
            left = min(self._most, left + (at - since) * self._each)
            answered = left >= 1
            self._left[name] = (left - answered, at)
            if len(self._left) > _KEPT:
                self._left.popitem(last=False)
            return answered


def _visitor(request: Request) -> str:
    """Where a request comes from; empty where a proxy does not tell, and all look alike.

    Of IPv6 the network: whoever has one address has all of it.
    """
    try:
        found = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


@router.get("/s/{token}")
def statement(request: Request, token: str) -> Response:
    """The PDF that a mail of us links to."""
    linked: Linked = request.app.state.linked
    bucket: Bucket = request.app.state.bucket
    visitor = _visitor(request)
    if visitor and not bucket.take(visitor):
        return _later(429)
    try:
        found = linked.statement(token, dt.datetime.now(dt.UTC).date(), bucket.take)
    except TooFastError:
        return _later(429)
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
