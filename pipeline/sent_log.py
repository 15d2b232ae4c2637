"""Which mails left the house, kept outside the ledger: a backup that is restored knows of none.

A file a statement date, of lines that only grow: ``left`` before a mail leaves, ``back`` where it
is certain that the server did not take it, ``told`` once the ledger knows again. Nobody is named:
a statement is known by a hash.
"""

import datetime as dt
import hashlib
import os
from collections import defaultdict
from pathlib import Path

from sqlalchemy import make_url

from pipeline.config import Settings
from pipeline.domain import whole_file
from pipeline.domain.errors import UsageError
from pipeline.ledger.outbox import Delivery


class SentLog:
    """The mails of statements as of one day; the lines of other days are in other files."""

    def __init__(self, settings: Settings, as_of: dt.date) -> None:
        """In ``[mail] sent_log``, else beside a SQLite ledger; else nothing is kept.

        UsageError where it cannot be read or written: then no mail should leave.
        """
        place = _folder(settings)
        self._path = place / f"{as_of}.log" if place else None
        self._left: dict[str, set[int]] = defaultdict(set)
        if self._path is None:
            return
        try:
            whole_file.folder(self._path.parent)
            for line in self._path.read_text("ascii").splitlines() if self._path.exists() else ():
                self._take(line.split(" "))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"[mail] sent_log {self._path}: cannot be read: {error}") from error

    def forgotten(self, item: Delivery) -> bool:
        """Whether a claimed mail may have left at a time of which the ledger knows nothing.

        Of a ledger that was never set back each claim has a number that none had before.
        """
        return any(tries >= item.tries for tries in self._left.get(_known_by(item), ()))

    def left(self, item: Delivery) -> None:
        """It leaves now, or may."""
        self._write("left", _known_by(item), str(item.tries))

    def back(self, item: Delivery) -> None:
        """The server did not take it."""
        self._write("back", _known_by(item), str(item.tries))

    def told(self, item: Delivery) -> None:
        """The ledger knows now that it may have left; somebody decides."""
        self._write("told", _known_by(item))

    def _take(self, words: list[str]) -> None:
        match words:
            case ["left", key, tries] if tries.isdecimal():
                self._left[key].add(int(tries))
            case ["back", key, tries] if tries.isdecimal():
                self._left[key].discard(int(tries))
            case ["told", key]:
                self._left.pop(key, None)
            case _:  # the last line of a machine that lost its power
                return

    def _write(self, *words: str) -> None:
        if self._path is None:
            return
        try:
            number = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(number, f"{' '.join(words)}\n".encode())
            finally:
                os.close(number)
        except OSError as error:
            raise UsageError(f"[mail] sent_log {self._path}: cannot be written: {error}") from error
        self._take(list(words))


def _folder(settings: Settings) -> Path | None:
    if settings.mail["sent_log"]:
        return Path(settings.mail["sent_log"])
    url = make_url(settings.ledger)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(f"{url.database}.sent")


def _known_by(item: Delivery) -> str:
    """Equal for the same statement composed again; ids and numbers of a ledger are none of it."""
    said = (item.customer_no, item.unit, item.as_of, item.style, str(item.revision))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
