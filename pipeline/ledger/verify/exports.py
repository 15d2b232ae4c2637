"""I43: what was handed over is counted and kept as it was."""

import json
from typing import Any

import polars as pl

from pipeline.domain.original import is_whole
from pipeline.ledger.export.batches import Registers, totals
from pipeline.ledger.reading import Snapshot, quoted
from pipeline.ledger.verify.check import Work


def _batches(books: Snapshot) -> list[Any]:
    """Batches whose counts and sums are not those of the postings of their registers."""
    rows = books.rows(
        "SELECT kind, number, after_register, through_register, journal_entries, postings, debits"
        " FROM export_batch ORDER BY kind, number"
    )
    found = []
    for kind, number, after, through, entries, postings, debits in rows:
        wanted = Registers(number, after, through)
        if totals(books, wanted) != (entries, postings, json.loads(debits)):
            found.append(f"{kind} {number}")
    return found


def _files(books: Snapshot) -> list[Any]:
    """Files whose bytes are not those that they are known by, one after another."""
    files = books.rows("SELECT kind, number, name FROM export_file ORDER BY kind, number, name")
    return [" ".join(map(str, file)) for file in files if not _is_whole(books, *file)]


def _is_whole(books: Snapshot, kind: str, number: int, name: str) -> bool:
    sql = (
        "SELECT sha256, size, content FROM export_file WHERE"
        f" kind = {quoted(kind)} AND number = {number} AND name = {quoted(name)}"
    )
    row = books.frame(sql, {"sha256": pl.String, "size": pl.Int64, "content": pl.Binary})
    return is_whole(row["content"][0], row["sha256"][0], row["size"][0])


CHECKS: dict[str, Work] = {
    "I43": Work(
        "export_batch",
        "a batch that was handed over counts and sums up the postings of its registers",
        _batches,
    ),
    "I43b": Work(
        "export_file", "a file that was handed over is kept as it was, by its hash and size", _files
    ),
}
