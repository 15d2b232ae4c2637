"""Un-application: a row that re-opens an entry names the one application that it undoes.

That of the same line, where it can be; a return takes back what another line settled.
The database takes such a row only as the exact negation of an application that nothing undid yet.
"""

import json

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import LedgerError
from pipeline.ledger.bulk import any_of

_SAME = ("entry_id", "bank_entry_id", "entry_amount", "discount_amount", "difference_amount")
_PAIRS = dict.fromkeys(("journal_entry_no", "seq", "unapplies_no", "unapplies_seq"), pl.Int64)


def link(connection: Connection, fresh: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """``applied`` with ``unapplies_no, unapplies_seq``; null where a row undoes nothing.

    Raises LedgerError where a row would re-open what no open application closed by that amount.
    """
    found = pl.concat([_entries(connection, applied), _clearing(connection, fresh, applied)])
    if found.is_empty():
        return applied
    return applied.join(found, on=["journal_entry_no", "seq"], how="left", maintain_order="left")


def _entries(connection: Connection, applied: pl.DataFrame) -> pl.DataFrame:
    targets = pl.coalesce("entry_id", "bank_entry_id")
    named = applied.filter((pl.col("role") != "counter") & targets.is_not_null())
    undo = named.join(_opposite(connection, named), on=["journal_entry_no", "seq"], how="semi")
    if undo.is_empty():
        return pl.DataFrame(schema=_PAIRS)
    rows = undo.sort("journal_entry_no", "seq").with_columns(
        *[-pl.col(name) for name in _SAME[2:]],
    )
    done = _not_undone(connection, rows).sort("unapplies_no", "unapplies_seq")
    of_line = _paired(rows, done, [*_SAME, "line_id"])
    rows = rows.join(of_line, on=["journal_entry_no", "seq"], how="anti", maintain_order="left")
    done = done.join(of_line, on=list(_PAIRS)[2:], how="anti", maintain_order="left")
    others = _paired(rows, done, list(_SAME))
    lost = rows.height - others.height
    if lost:
        raise LedgerError(f"{lost} applications re-open what no application closed")
    return pl.concat([of_line, others])


def _paired(rows: pl.DataFrame, done: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """Each of ``rows`` with an application of the same content, one by one in their order."""
    turn = pl.int_range(pl.len()).over(same).alias("turn")
    both = rows.with_columns(turn).join(
        done.with_columns(turn), on=[*same, "turn"], nulls_equal=True
    )
    return both.select(list(_PAIRS))


def _clearing(connection: Connection, fresh: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """Rows that take a line off the clearing account, each with the row that put it there."""
    releases = fresh.filter(pl.col("kind") == "release").select(
        pl.col("no").alias("journal_entry_no")
    )
    if releases.is_empty():
        return pl.DataFrame(schema=_PAIRS)
    rows = applied.filter((pl.col("rule") == "parking") & (pl.col("role") == "settles")).join(
        releases, on="journal_entry_no", how="semi"
    )
    if rows.is_empty():
        return pl.DataFrame(schema=_PAIRS)
    select = "a.line_id, -a.applied_amount, a.journal_entry_no, a.seq"
    where = (
        "a.rule = 'parking' AND a.role = 'settles' AND a.unapplies_no IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM application u WHERE u.unapplies_no = a.journal_entry_no AND"
        " u.unapplies_seq = a.seq)"
    )
    found = _by_id(connection, select, "application a", "a.line_id", rows["line_id"], where)
    names = ("line_id", "applied_amount", "unapplies_no", "unapplies_seq")
    parked = pl.DataFrame(found, schema=dict.fromkeys(names, pl.Int64), orient="row")
    last = parked.sort("unapplies_no").unique(["line_id", "applied_amount"], keep="last")
    return rows.join(last, on=["line_id", "applied_amount"]).select(list(_PAIRS))


def _opposite(connection: Connection, named: pl.DataFrame) -> pl.DataFrame:
    """Rows whose amount has the other sign than the entry that they name."""
    found = []
    amount = pl.col("entry_amount")
    for table, start in (("entry", "initial_amount"), ("bank_entry", "amount")):
        own = named.filter(pl.col(f"{table}_id").is_not_null())
        for rows, other in ((own.filter(amount < 0), ">"), (own.filter(amount > 0), "<")):
            if rows.is_empty():
                continue
            ids = _by_id(connection, "id", table, "id", rows[f"{table}_id"], f"{start} {other} 0")
            undone = pl.col(f"{table}_id").is_in([row[0] for row in ids])
            found.append(rows.filter(undone).select("journal_entry_no", "seq"))
    return pl.concat([named.select("journal_entry_no", "seq").clear(), *found])


def _not_undone(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    columns = ", ".join(f"a.{name}" for name in (*_SAME, "line_id"))
    select = f"a.journal_entry_no, a.seq, {columns}"
    where = (
        "a.role <> 'counter' AND a.unapplies_no IS NULL AND NOT EXISTS (SELECT 1 FROM application u"
        " WHERE u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq)"
    )
    found = []
    for table in ("entry", "bank_entry"):
        ids = rows[f"{table}_id"].drop_nulls()
        found += _by_id(connection, select, "application a", f"a.{table}_id", ids, where)
    names = ("unapplies_no", "unapplies_seq", *_SAME, "line_id")
    return pl.DataFrame(found, schema=dict.fromkeys(names, pl.Int64), orient="row")


def _by_id(
    connection: Connection, select: str, table: str, key: str, ids: pl.Series, where: str = "1 = 1"
) -> list[tuple[int, ...]]:
    wanted = ids.unique().sort()
    if wanted.is_empty():
        return []
    sql = f"SELECT {select} FROM {table} WHERE {key} IN ({any_of(connection)}) AND {where}"
    said = json.dumps(wanted.to_list())
    return [tuple(row) for row in connection.exec_driver_sql(sql, (said,))]
