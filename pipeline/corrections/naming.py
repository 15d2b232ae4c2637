"""What a correction is about, in a person's words: journal entries, bank lines, and a day."""

import datetime as dt

from pipeline import ledger
from pipeline.domain.errors import UsageError
from pipeline.ledger import corrections as stored


def journal_entries(book: ledger.Ledger, words: list[str]) -> list[int]:
    """Numbers of the journal entries named by number, as ``trace`` does, or by BANK/STATEMENT/LINE.

    A line names what posts it now: its release where it was parked and released.
    """
    bare = [word.removeprefix("journal:") for word in words]
    return sorted({int(word) if word.isdecimal() else _of_line(book, word) for word in bare})


def _of_line(book: ledger.Ledger, word: str) -> int:
    number = stored.posting_of(book, line(book, word))
    if number is None:
        raise UsageError(f"{word}: nothing posts this line; see: lettrage export lines")
    return number


def line(book: ledger.Ledger, word: str, *, or_document: bool = False) -> int:
    """The ``line_id`` of the one line BANK/STATEMENT/LINE.

    ``or_document``: the word might have named a document, else a journal entry, and names none.
    """
    parts = word.rsplit("/", 2)
    if len(parts) < 3 or not parts[2].isdecimal():
        raise UsageError(
            f"{word}: there is no such document; expected its number, ours or the party's, or a"
            " bank line as BANK_ACCOUNT/STATEMENT_NO/LINE_NO"
            if or_document
            else f"{word}: expected the number of a journal entry, or a bank line as BANK_ACCOUNT/"
            "STATEMENT_NO/LINE_NO"
        )
    found = stored.lines_named(book, parts[0], parts[1], int(parts[2]))
    if not found:
        raise UsageError(f"{word}: there is no such line; see: lettrage export lines")
    if len(found) > 1:
        raise UsageError(f"{word}: {len(found)} statements have this number; name the journal"
                         " entry by its number")  # fmt: skip
    return found[0]


def day(word: str, own: dt.date, on: dt.date | None, first_open: dt.date | None) -> dt.date:
    """The day on which what was posted on ``own`` is undone: ``on``, else its own day.

    In a closed period that is the first open day. UsageError for an ``on`` that cannot be.
    """
    if on is None:
        return max(own, first_open or own)
    if on < own:
        raise UsageError(f"--on {on}: {word} is posted on {own}; expected that day or a later one")
    if first_open and on < first_open:
        raise UsageError(f"--on {on}: its period is closed; expected {first_open} or a later day")
    return on
