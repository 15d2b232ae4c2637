"""References of payment parts: what each stands for is written once and read by matching."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import frames
from pipeline.domain.errors import KeyConflictError
from pipeline.ledger.bulk import insert_frame
from pipeline.ledger.connection import Ledger, now
from pipeline.ledger.reads import ENTRY_COLUMNS

_ASKED = 5_000
_ROWS = ("payment_reference", "entry_id", "amount")
_WHO = ("party_type", "party_no", "currency")


def store(ledger: Ledger, parts: pl.DataFrame, actor: str) -> int:
    """Keep the parts (``frames.PAYMENT_PARTS``) that the ledger lacks, in one transaction.

    Returns how many were new. KeyConflictError where a reference stands for other entries: then
    nothing is written.
    """
    if parts.is_empty():
        return 0
    with ledger.transaction() as connection:
        known = _known(connection, parts["payment_reference"])
        rows = parts.select(_ROWS)
        again = rows.join(known, on="payment_reference", how="semi")
        other = pl.concat([again, known]).filter(pl.struct(_ROWS).is_unique()).sort(_ROWS)
        if other.height:
            raise KeyConflictError(
                f"payment reference {other['payment_reference'][0]} stands for other entries;"
                " nothing was written"
            )
        fresh = parts.join(known, on="payment_reference", how="anti")
        heads = fresh.group_by("payment_reference", *_WHO).agg(
            pl.col("amount").sum(), pl.len().cast(pl.Int64).alias("entries")
        )
        said = (pl.lit(actor).alias("actor"), pl.lit(now(connection)).alias("recorded_at"))
        insert_frame(connection, "payment_part_entry", fresh.select(_ROWS).sort(_ROWS))
        heads = heads.sort("payment_reference").with_columns(said)
        insert_frame(connection, "payment_part", heads)
    return heads.height


def named(ledger: Ledger, references: Iterable[str]) -> pl.DataFrame:
    """What these references stand for, with the entries as they are (``frames.NAMED_PARTS``)."""
    found = [frames.empty(frames.NAMED_PARTS)]
    some = ledger.frame("SELECT 1 AS n FROM payment_part LIMIT 1", {"n": pl.Int64})
    if some.is_empty():  # most books: no reference need be asked for
        return found[0]
    kinds = {"payment_reference": pl.String, "entry_id": pl.Int64, "stated_amount": pl.Int64}
    for listed in _listed(references):
        rows = ledger.frame(_select(", ".join(_ROWS), listed), kinds)
        if rows.is_empty():
            continue
        sql = f"SELECT {ENTRY_COLUMNS} FROM entry WHERE id IN ({_select('entry_id', listed)})"
        entries = ledger.frame(sql, frames.ENTRIES)
        found.append(frames.conform(rows.join(entries, on="entry_id"), frames.NAMED_PARTS))
    return pl.concat(found).sort("payment_reference", "entry_id")


def _known(connection: Connection, references: Iterable[str]) -> pl.DataFrame:
    found: list[Any] = []
    for listed in _listed(references):
        found += connection.exec_driver_sql(_select(", ".join(_ROWS), listed)).fetchall()
    kinds = {name: frames.PAYMENT_PARTS[name] for name in _ROWS}
    return pl.DataFrame([tuple(row) for row in found], schema=kinds, orient="row")


def _select(columns: str, listed: str) -> str:
    return f"SELECT {columns} FROM payment_part_entry WHERE payment_reference IN ({listed})"


def _listed(references: Iterable[str]) -> Iterator[str]:
    """References as text of SQL, some at a time; they are letters and digits, others none."""
    asked = sorted({text for text in references if text.isascii() and text.isalnum()})
    for start in range(0, len(asked), _ASKED):
        yield ", ".join(f"'{text}'" for text in asked[start : start + _ASKED])
