"""Statements that their customers read by the link in a mail, without a login."""

import datetime as dt
import threading
from collections.abc import Callable

from pipeline import books, delivering, ledger
from pipeline.config import Settings
from pipeline.ledger import outbox
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.outbox import Delivery
from pipeline.statements import link

_LEFT = ("sending", "sent", "unknown")
"""States of a delivery whose mail left the house, or may have."""
_RUNS = 8
"""Runs whose pages are ready to be drawn at once."""


class TooFastError(Exception):
    """A statement is asked for faster than people read it."""


class Linked:
    """Finds and draws what a token is of; one page at a time, since drawing takes a processor."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._pages: dict[int, delivering.Pages] = {}
        self._drawing = threading.Lock()

    def statement(
        self, token: str, today: dt.date, may: Callable[[str], bool]
    ) -> tuple[str, bytes] | None:
        """File name and PDF; None for a token that is wrong, too old, or of what was not sent.

        Nothing is written: whoever only reads the ledger may serve it. ``may`` says whether a
        statement, whose token is right, is drawn now; else TooFastError.
        """
        settings, said = self._settings(), link.read(token)
        secret = settings.mail["link_secret"]
        if said is None or len(secret) < link.LEAST:
            return None
        with books.opened(settings) as book:
            found = outbox.those(book, [said.delivery])
            item = found[0] if found else None
            if not said.is_of(secret, item.content_sha256 if item else ""):
                return None
            if item is None or said.until < today or item.state not in _LEFT:
                return None
            if not may(f"statement {item.id}"):
                raise TooFastError
            with self._drawing:
                return delivering.file_name(item), self._of(book, item, settings).sent(item)[0]

    def _of(self, book: ledger.Ledger, item: Delivery, settings: Settings) -> delivering.Pages:
        if item.run_no not in self._pages:
            if len(self._pages) >= _RUNS:
                self._pages.clear()
            self._pages[item.run_no] = delivering.Pages(runs.get(book, item.run_no), settings)
        return self._pages[item.run_no]
