"""I23: each file that was taken is kept, and its bytes are those that it is known by."""

from typing import Any

import polars as pl

from pipeline.domain.original import is_whole
from pipeline.ledger.reading import Snapshot, quoted
from pipeline.ledger.verify.check import Work


def _originals(books: Snapshot) -> list[Any]:
    """One file after another, a megabyte at a time."""
    files = books.rows("SELECT sha256, size FROM feed_file WHERE status = 'taken' ORDER BY sha256")
    return [sha256 for sha256, size in files if not _is_whole(books, sha256, size)]


def _is_whole(books: Snapshot, sha256: str, size: int) -> bool:
    sql = f"SELECT original FROM feed_file WHERE sha256 = {quoted(sha256)}"
    (found,) = books.frame(sql, {"original": pl.Binary})["original"]
    return is_whole(found or b"", sha256, size)


CHECKS: dict[str, Work] = {
    "I23b": Work(
        "feed_file",
        "the bytes of each file that was taken are those of its SHA-256 and size",
        _originals,
    )
}
