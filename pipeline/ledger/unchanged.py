"""What a journal takes for granted is asked again in its transaction, under the ledger's lock.

Between reading and writing a load, a person or another process may post, hold or void what the
lines were to settle. Such lines are named, so that they wait and all the others post.
"""

from collections.abc import Callable

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import StaleProposalError
from pipeline.ledger.bulk import keep_only
from pipeline.ledger.reads import PARKED, UNSETTLED
from pipeline.ledger.schema import books

_NAMES = ("entry_id", "bank_entry_id", "entry_amount", "discount_amount", "difference_amount")
_COUNT = (
    "(SELECT count(*) FROM journal_entry j WHERE j.line_id = l.line_id AND j.reverses_no IS NULL)"
)
_SETTLING = "(w.entry_amount > 0) = (e.amount > 0)"
_BEYOND = (
    "NOT CASE WHEN {start} > 0 THEN e.remaining_amount - w.settled BETWEEN 0 AND {start}"
    " ELSE e.remaining_amount - w.settled BETWEEN {start} AND 0 END"
)
_BLOCKED = (
    "(e.party_type, e.party_no) IN (SELECT p.party_type, p.party_no FROM party p"
    f" WHERE {books.BLOCKED})"
)
"""As one list of the few blocked ones, which an index holds: no look at each row's party."""
_HELD = {"entry": f"e.on_hold NOT IN ('', '0') OR {_BLOCKED}", "bank_entry": "e.status <> 'open'"}
_START = {"entry": "e.initial_amount", "bank_entry": "e.amount"}


def guard(
    journal_entries: pl.DataFrame,
    rows: pl.DataFrame,
    generations: pl.DataFrame,
    parked: pl.DataFrame,
) -> Callable[[Connection], None]:
    """What to do first in the transaction of ``journal_entries``; see ``writes.write_register``.

    ``generations`` and ``parked`` as they were read, ``rows`` what lines settle
    (``frames.PROPOSED``). Raises StaleProposalError with the lines that changed since: posted,
    parked or held; their entry or bank entry does not owe that much any more, is on hold, stopped
    or of a blocked party; what they take back is taken back; their period is closed.
    """
    lines = journal_entries.select("line_id")
    asked = lines.join(generations, on="line_id", how="left").join(
        parked.select("line_id", pl.lit(1).alias("parked")), on="line_id", how="left"
    )
    wanted = asked.join(_numbers(rows), on="line_id", how="left").with_columns(
        pl.col("generation", "parked", *_NAMES[2:]).fill_null(0)
    )
    whole = pl.col("entry_amount").sum().over("entry_id", "bank_entry_id")
    wanted = wanted.with_columns(whole.alias("settled"))

    def check(connection: Connection) -> None:
        keep_only(connection, "posted_row", wanted)
        stale = {row[0] for row in connection.exec_driver_sql(_CHANGED)}
        connection.exec_driver_sql("DROP TABLE posted_row")
        stale |= _in_closed_period(connection, journal_entries)
        if stale:
            raise StaleProposalError(sorted(stale))

    return check


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    target = {name: pl.when(pl.col("target") == name).then("target_id") for name in _HELD}
    ids = [column.alias(f"{name}_id") for name, column in target.items()]
    return rows.select("line_id", *ids, *_NAMES[2:])


def _in_closed_period(connection: Connection, journal_entries: pl.DataFrame) -> set[int]:
    sql = "SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1"
    last = connection.exec_driver_sql(sql).scalar()
    days = pl.col("posting_date").cast(pl.String)
    return set(journal_entries.filter(days <= last)["line_id"]) if last else set()


def _changed_lines() -> str:
    """Lines that another posted or parked, or whose statement counts no more."""
    gone = "s.status <> 'received' OR l.before_cutover <> 0"
    return (
        "SELECT w.line_id FROM posted_row w JOIN statement_line l ON l.line_id = w.line_id"
        f" JOIN statement s ON s.id = l.statement_id WHERE w.generation <> {_COUNT}"
        f" OR w.parked = 0 AND ({gone} OR w.generation > 0 AND NOT {UNSETTLED})"
        f" OR w.parked = 1 AND l.line_id NOT IN ({PARKED})"
    )


def _changed_items(table: str) -> str:
    """Lines whose entry or bank entry owes less, may not be settled or is taken back already."""
    beyond = _BEYOND.replace("{start}", _START[table])
    same = " AND ".join(f"a.{name} = -w.{name}" for name in _NAMES[2:])
    undone = (
        f"NOT EXISTS (SELECT 1 FROM application a WHERE a.{table}_id = e.id AND a.role <> 'counter'"
        f" AND a.unapplies_no IS NULL AND {same} AND NOT EXISTS (SELECT 1 FROM application u WHERE"
        " u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq))"
    )
    return (
        f"SELECT w.line_id FROM posted_row w JOIN {table} e ON e.id = w.{table}_id"
        f" WHERE {beyond} OR CASE WHEN {_SETTLING} THEN {_HELD[table]} ELSE {undone} END"
    )


_CHANGED = " UNION ".join([_changed_lines(), *map(_changed_items, _HELD)])
