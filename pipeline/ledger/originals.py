"""The kept files, and what is stored of each: for giving them back and for reading them again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.domain import frames
from pipeline.domain.errors import LedgerError
from pipeline.domain.original import unpacked
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import Snapshot, quoted

_LINES = 20_000

STATEMENTS = {"id": pl.Int64, "sha256": pl.String, "ordinal": pl.Int64, "fingerprint": pl.String}
LINES_KEPT = (
    "NOT EXISTS (SELECT 1 FROM statement_event r WHERE r.statement_id = statement.id AND"
    " r.old_status = '' AND r.new_status = 'refused')"
)
"""True for a statement that was read whole: one that came broken has no lines."""
_STATEMENTS = (
    f"SELECT id, sha256, ordinal, fingerprint FROM statement WHERE {LINES_KEPT} ORDER BY id"
)


def kept(books: Ledger | Snapshot, sha256: str) -> tuple[bytes, str]:
    """The bytes of a file as gzip (empty where none is kept), and its encoding (``Original``)."""
    sql = f"SELECT original, encoding FROM feed_file WHERE sha256 = {quoted(sha256)}"
    found = books.frame(sql, {"original": pl.Binary, "encoding": pl.String})
    original, encoding = found.row(0) if found.height else (None, "")
    return original or b"", encoding


def statements(books: Snapshot) -> pl.DataFrame:
    """Every statement that was read whole (``STATEMENTS``)."""
    return books.frame(_STATEMENTS, STATEMENTS)


def lines(books: Snapshot, statement_id: int) -> Iterator[pl.DataFrame]:
    """The lines of a statement in the order in which they were stored, some ten thousand at once.

    ``line_id, identity`` and ``frames.FEED_LINES``, dates as text and flags as numbers.
    """
    plain = {pl.Date: pl.String, pl.Boolean: pl.Int64}
    kinds = {name: plain.get(kind, kind) for name, kind in frames.FEED_LINES.items()}
    schema = {"line_id": pl.Int64, "identity": pl.String, **kinds}
    last = -1
    while True:
        found = books.frame(
            f"SELECT {', '.join(schema)} FROM statement_line WHERE statement_id = {statement_id}"
            f" AND line_id > {last} ORDER BY line_id LIMIT {_LINES}",
            schema,
        )
        if found.is_empty():
            return
        yield found
        last = found["line_id"][-1]


def write(packed: bytes, sha256: str, file: Path, called: str) -> Path:
    """Kept bytes as a file again, whole or not at all; LedgerError where they are damaged."""
    digest = hashlib.sha256()
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with unfinished.open("wb") as out:
            for piece in unpacked(packed):
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != sha256:
            raise ValueError("other bytes")
        return unfinished.replace(file)
    except ValueError as error:
        unfinished.unlink()
        raise LedgerError(f"{called}: the kept bytes are damaged ({error})") from None
