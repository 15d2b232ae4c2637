"""Writes of the queue: proposals and exception items, replaced only where they changed."""

import polars as pl
from sqlalchemy import Connection

from pipeline.ledger import queue_days
from pipeline.ledger.bulk import insert_frame, keep_only, next_id, placeholder
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reads import PARKED

_ITEM = ("line_id", "reason", "remaining", "candidates", "hint")
_FIXED = ("opened_on", "currency", "bank_account_no")
"""What an item has from its line, and keeps."""
_ITEM_SCHEMA = {"line_id": pl.Int64, "reason": pl.String, "remaining": pl.Int64,
                "candidates": pl.String, "hint": pl.String, "status": pl.String}  # fmt: skip


def store_proposals(
    ledger: Ledger,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    asked: pl.DataFrame | None = None,
) -> int:
    """Replace proposals of open lines where they differ; returns how many lines changed.

    ``asked`` (``line_id``) says which lines were looked at, when not all; the others keep theirs.
    """
    from pipeline.ledger import reads

    old, old_rows = reads.open_proposals(ledger)
    if asked is not None:
        old, old_rows = (frame.join(asked, on="line_id", how="semi") for frame in (old, old_rows))
    changed = pl.concat([_differing(old, proposals), _differing(old_rows, proposed)]).unique()
    if changed.is_empty():
        return 0
    with ledger.transaction() as connection:
        keep_only(connection, "changed_line", changed.sort("line_id"))
        for table in ("proposed", "proposal"):
            connection.exec_driver_sql(
                f"DELETE FROM {table} WHERE line_id IN (SELECT line_id FROM changed_line)"
            )
        for table, frame in (("proposal", proposals), ("proposed", proposed)):
            insert_frame(connection, table, frame.join(changed, on="line_id", how="semi"))
        connection.exec_driver_sql("DROP TABLE changed_line")
    return changed.height


def _differing(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    both = [
        one.join(other, on=old.columns, how="anti", nulls_equal=True).select("line_id")
        for one, other in ((old, new), (new, old))
    ]
    return pl.concat(both)


def store_exceptions(ledger: Ledger, items: pl.DataFrame) -> int:
    """Open, change and resolve exception items to be ``items``; returns how many are open.

    ``items``: ``line_id, reason, remaining, candidates, hint, opened_on, currency,
    bank_account_no``; one row a line. A line on the clearing account keeps its item until it is
    posted, also where the next post does that.
    """
    wanted = items.with_columns(pl.lit("open").alias("status"))
    with ledger.transaction() as connection:
        sql = f"SELECT {', '.join(_ITEM)}, status FROM exception_item ORDER BY line_id"
        known = ledger.frame(sql, _ITEM_SCHEMA)
        parked = ledger.frame(PARKED, {"line_id": pl.Int64})
        fresh = wanted.join(known, on="line_id", how="anti").sort("line_id")
        start = next_id(connection, "exception_item")
        opening = next_id(connection, "exception_item", "opening")
        ids = pl.int_range(start, start + fresh.height, dtype=pl.Int64).alias("id")
        columns = (*_ITEM, *_FIXED, "status")
        insert_frame(connection, "exception_item",
                     fresh.select(ids, *columns, pl.lit(opening).alias("opening")))  # fmt: skip
        names = list(_ITEM_SCHEMA)
        still = wanted.join(known, on="line_id", how="semi").select(names)
        gone = known.join(pl.concat([wanted.select("line_id"), parked]), on="line_id", how="anti")
        gone = gone.with_columns(pl.lit("resolved").alias("status"))
        changed = pl.concat([still, gone.select(names)]).join(known, on=names, how="anti")
        _update(connection, changed.sort("line_id"))
        _open_again(connection, still.join(_resolved(known), on="line_id", how="semi"), opening)
        queue_days.keep(connection)
    return wanted.height


def _resolved(known: pl.DataFrame) -> pl.DataFrame:
    return known.filter(pl.col("status") == "resolved")


def _open_again(connection: Connection, items: pl.DataFrame, opening: int) -> None:
    """Items that were resolved and are open again, as this match opened them."""
    if items.is_empty():
        return
    mark = placeholder(connection)
    sql = f"UPDATE exception_item SET opening = {mark} WHERE line_id = {mark}"
    rows = [(opening, line_id) for line_id in items["line_id"]]
    connection.exec_driver_sql(sql, rows)


def _update(connection: Connection, changed: pl.DataFrame) -> None:
    """One statement for many rows: PostgreSQL's driver sends them in batches."""
    if changed.is_empty():
        return
    mark = placeholder(connection)
    sets = ", ".join(f"{name} = {mark}" for name in changed.columns[1:])
    sql = f"UPDATE exception_item SET {sets} WHERE line_id = {mark}"
    rows = changed.select(*changed.columns[1:], "line_id").rows()
    connection.exec_driver_sql(sql, rows)
