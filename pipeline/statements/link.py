"""The link to a statement: it names a delivery, until when it holds, and proves both.

The proof (HMAC-SHA-256) is over the delivery, the hash of its content and the day, so that it can
be neither guessed nor made for another statement, and changes with whatever it shows.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipeline.config import LINK_SECRET as SECRET
from pipeline.domain.errors import UsageError

LEAST = 32
"""Signs of a secret."""
MOST_DAYS = 3650
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([0-9]{8})-([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: the delivery, the last day on which it holds, and its proof."""

    delivery: int
    until: dt.date
    proof: str

    def is_of(self, secret: str, content_sha256: str) -> bool:
        """Whether it was made with this secret for this content."""
        return hmac.compare_digest(self.proof, _proof(secret, self, content_sha256))


def token(secret: str, delivery: int, content_sha256: str, until: dt.date) -> str:
    """The end of the address at which a statement is read until a day, that day included."""
    link = Link(delivery, until, "")
    return f"{delivery}-{until:%Y%m%d}-{_proof(secret, link, content_sha256)}"


def read(text: str) -> Link | None:
    """What a token says, right or wrong; None where it is none."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    try:
        until = dt.datetime.strptime(found[2], "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None
    return Link(int(found[1]), until, found[3])


def _proof(secret: str, link: Link, content_sha256: str) -> str:
    said = f"statement|{link.delivery}|{link.until}|{content_sha256}"
    digest = hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address(mail: Mapping[str, Any], delivery: int, content_sha256: str, today: dt.date) -> str:
    """The whole address, by the settings ``[mail]`` of a mail that goes today."""
    until = today + dt.timedelta(days=mail["link_days"])
    said = token(mail["link_secret"], delivery, content_sha256, until)
    return f"{mail['link_base'].rstrip('/')}/s/{said}"


def host(mail: Mapping[str, Any]) -> str:
    """The host of the address, by which a proxy may ask for what it forwards."""
    return urlsplit(mail["link_base"]).hostname or ""


def check(mail: Mapping[str, Any]) -> None:
    """UsageError where ``[mail]`` cannot make links that only their customers can follow."""
    base = urlsplit(mail["link_base"])
    if not base.hostname or base.query or base.fragment or base.scheme != "https":
        raise UsageError(
            f"[mail] link_base: found {mail['link_base']!r}, expected an address such as"
            " 'https://statements.example.com'"
        )
    if not 0 < mail["link_days"] <= MOST_DAYS:
        raise UsageError(
            f"[mail] link_days: found {mail['link_days']}, expected days from 1 to {MOST_DAYS}"
        )
    if len(mail["link_secret"]) < LEAST:
        raise UsageError(
            f"[mail] link_secret: {len(mail['link_secret'])} signs, expected {LEAST} or more that"
            f" nobody knows, there or in {SECRET}"
        )
