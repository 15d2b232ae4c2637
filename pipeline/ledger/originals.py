"""The kept files, and what is stored of each: for giving them back and for reading them again."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.domain.errors import LedgerError
from pipeline.domain.original import unpacked
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.connection import Ledger

STATEMENTS = {"id": pl.Int64, "sha256": pl.String, "ordinal": pl.Int64, "fingerprint": pl.String}
_STATEMENTS = (
    "SELECT id, sha256, ordinal, fingerprint FROM statement WHERE status <> 'refused' ORDER BY id"
)


def kept(ledger: Ledger, sha256: str) -> tuple[bytes, str]:
    """The bytes of a file as gzip (empty where none are kept), and its encoding (``Original``)."""
    mark = placeholder(ledger.engine)
    sql = f"SELECT original, encoding FROM feed_file WHERE sha256 = {mark}"
    with ledger.reading() as connection:
        original, encoding = connection.exec_driver_sql(sql, (sha256,)).one()
    return bytes(original or b""), str(encoding)


def statements(ledger: Ledger) -> pl.DataFrame:
    """Every statement that is not refused (``STATEMENTS``)."""
    return ledger.frame(_STATEMENTS, STATEMENTS)


def lines(ledger: Ledger, sha256: str) -> Mapping[Any, Counter[str]]:
    """The identities of the lines that a file brought, by the id of their statement."""
    mark = placeholder(ledger.engine)
    sql = (
        "SELECT l.statement_id, l.identity FROM statement_line l JOIN statement s"
        f" ON s.id = l.statement_id WHERE s.sha256 = {mark}"
    )
    found: Mapping[Any, Counter[str]] = defaultdict(Counter)
    with ledger.reading() as connection:
        for number, identity in connection.exec_driver_sql(sql, (sha256,)):
            found[number][identity] += 1
    return found


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
