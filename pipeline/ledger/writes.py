"""Writes: one transaction each, safe to repeat, refused by the database where they must not be."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import frames
from pipeline.domain.errors import KeyConflictError, LedgerError
from pipeline.ledger.connection import Ledger, insert, next_id

Receipt = dict[str, Any]
_GENESIS = "0" * 64
CHAINED_APPLICATION = (
    "journal_entry_no", "seq", "role", "line_id", "entry_id", "bank_entry_id", "gl_account",
    "applied_amount", "entry_amount", "discount_amount", "difference_amount",
)  # fmt: skip


def write_register(
    ledger: Ledger,
    journal_entries: pl.DataFrame,
    postings: pl.DataFrame,
    new_entries: pl.DataFrame,
    applications: pl.DataFrame,
    *,
    kind: str,
    actor: str,
    reason: str = "",
    policy_hash: str = "",
    run_id: str = "",
    books: Mapping[str, pl.DataFrame] | None = None,
    guard: Callable[[Connection], None] | None = None,
) -> Receipt:
    """Write a journal as one sealed register, in one transaction.

    Journal entries whose key is posted with the same payload are skipped; the same key with
    another payload is a KeyConflictError. ``books`` may carry frames ``entry`` and ``bank_entry``
    (with ``key``) that are loaded in the same register; ``guard`` is called at the start of the
    transaction and may refuse it. Returns counts of what was written.
    """
    with ledger.transaction() as connection:
        if guard is not None:
            guard(connection)
        fresh = _fresh(connection, journal_entries)
        if fresh.is_empty():
            return {"journal_entries": 0, "already_posted": journal_entries.height}
        register_no = _counter(connection, "register") + 1
        first = _counter(connection, "journal_entry") + 1
        fresh = fresh.sort("posting_date", "key").with_columns(
            pl.int_range(first, first + fresh.height, dtype=pl.Int64).alias("no")
        )
        numbers = fresh.select("key", "no")
        _create_accounts(connection, postings.join(numbers, on="key", how="semi"))
        _insert_register(
            connection, [register_no, kind, reason, actor, run_id, policy_hash, _now(connection)]
        )
        _insert_journal(connection, register_no, fresh)
        rows = postings.join(numbers, on="key").sort("no", "seq")
        columns = [
            "journal_entry_no",
            *[name for name in frames.POSTINGS if name != "key"],
        ]
        _bulk(connection, "posting", rows.rename({"no": "journal_entry_no"}).select(columns))
        _insert_books(connection, books or {}, numbers)
        created = _insert_new_entries(connection, new_entries.join(numbers, on="key"))
        applied = _insert_applications(connection, applications.join(numbers, on="key"), created)
        counts = {
            "journal_entries": fresh.height,
            "postings": rows.height,
            "applications": applied.height,
        }
        _seal(connection, register_no, counts, fresh, rows, applied)
    return {**counts, "already_posted": journal_entries.height - fresh.height}


def _now(connection: Connection) -> str:
    """Time of recording, never below the last register's, so that numbers and times agree."""
    clock = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    if connection.dialect.name != "sqlite":
        clock = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    now = str(connection.exec_driver_sql(f"SELECT {clock}").scalar())
    last = connection.exec_driver_sql("SELECT max(recorded_at) FROM register").scalar()
    return max(now, str(last or ""))


def _counter(connection: Connection, name: str) -> int:
    found = connection.exec_driver_sql(f"SELECT value FROM counter WHERE name = '{name}'").scalar()
    return int(found or 0)


def _fresh(connection: Connection, journal_entries: pl.DataFrame) -> pl.DataFrame:
    keys = journal_entries["key"].to_list()
    known: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        part = ", ".join(f"'{_hex(key)}'" for key in keys[start : start + 500])
        sql = f"SELECT key, payload_hash FROM journal_entry WHERE key IN ({part})"
        known.update({row[0]: row[1] for row in connection.exec_driver_sql(sql)})
    for key, payload in journal_entries.select("key", "payload_hash").rows():
        if key in known and known[key] != payload:
            raise KeyConflictError(
                f"key {key[:16]} is posted with payload {known[key][:16]}, now asked with"
                f" {payload[:16]}; nothing was written"
            )
    return journal_entries.filter(~pl.col("key").is_in(list(known)))


def _hex(key: str) -> str:
    if not key.isalnum():
        raise LedgerError("a posting key has other characters than letters and digits")
    return key


def _create_accounts(connection: Connection, postings: pl.DataFrame) -> None:
    known = {row[0] for row in connection.exec_driver_sql("SELECT no FROM gl_account")}
    loaded = connection.exec_driver_sql(
        "SELECT count(*) FROM gl_account WHERE origin = 'loaded'"
    ).scalar()
    missing = sorted(set(postings["gl_account"].to_list()) - known)
    if missing and loaded:
        raise LedgerError(
            f"G/L account {missing[0]!r} is not in the chart of accounts; load it or set [accounts]"
        )
    rows = [(no, no, "", "created") for no in missing]
    insert(connection, "gl_account", ("no", "name", "kind", "origin"), rows)


def _insert_register(connection: Connection, row: list[Any]) -> None:
    columns = ("no", "kind", "reason", "actor", "run_id", "policy_hash", "recorded_at")
    insert(connection, "register", columns, [row])


def _insert_journal(connection: Connection, register_no: int, fresh: pl.DataFrame) -> None:
    reversed_nos: dict[str, int] = {}
    for key in fresh.filter(pl.col("reverses_key") != "")["reverses_key"].to_list():
        sql = f"SELECT no FROM journal_entry WHERE key = '{_hex(key)}'"
        reversed_nos[key] = int(connection.exec_driver_sql(sql).scalar() or 0)
    rows = [
        (no, register_no, key, payload, str(date), kind, line, reversed_nos.get(reverses), reason)
        for no, key, payload, date, kind, line, reverses, reason in fresh.select(
            "no", *frames.JOURNAL_ENTRIES
        ).rows()
    ]
    columns = (
        "no", "register_no", "key", "payload_hash", "posting_date", "kind", "line_id",
        "reverses_no", "reason",
    )  # fmt: skip
    insert(connection, "journal_entry", columns, rows)


def _bulk(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    dates = [name for name, kind in frame.schema.items() if kind == pl.Date]
    flags = [name for name, kind in frame.schema.items() if kind == pl.Boolean]
    plain = frame.with_columns(
        *[pl.col(name).cast(pl.String) for name in dates],
        *[pl.col(name).cast(pl.Int64) for name in flags],
    )
    insert(connection, table, plain.columns, plain.rows())


def _insert_books(
    connection: Connection, books: Mapping[str, pl.DataFrame], numbers: pl.DataFrame
) -> None:
    for table, frame in sorted(books.items()):
        start = next_id(connection, table)
        rows = frame.join(numbers, on="key", maintain_order="left").drop("key")
        ids = pl.int_range(start, start + rows.height, dtype=pl.Int64).alias("id")
        _bulk(connection, table, rows.rename({"no": "journal_entry_no"}).with_columns(ids))


def _insert_new_entries(connection: Connection, new: pl.DataFrame) -> pl.DataFrame:
    start = next_id(connection, "entry")
    rows = new.sort("no", "party_type", "party_no").with_columns(
        pl.int_range(start, start + new.height, dtype=pl.Int64).alias("id"),
        pl.col("amount").alias("initial_amount"),
        pl.col("amount").alias("remaining_amount"),
        pl.lit(0, dtype=pl.Int64).alias("instalment"),
        pl.lit(0, dtype=pl.Int64).alias("discount_amount"),
        pl.lit(0, dtype=pl.Int64).alias("discount_amount_2"),
    )
    _bulk(connection, "entry", rows.drop("key").rename({"no": "journal_entry_no"}))
    return rows.select("no", "party_type", "party_no", "id")


def _insert_applications(
    connection: Connection, applications: pl.DataFrame, created: pl.DataFrame
) -> pl.DataFrame:
    joined = applications.join(created, on=["no", "party_type", "party_no"], how="left")
    target, number = pl.col("target"), pl.col("target_id")
    rows = joined.with_columns(
        pl.when(target == "entry").then(number).when(target == "new_entry").then("id")
        .alias("entry_id"),
        pl.when(target == "bank_entry").then(number).alias("bank_entry_id"),
        pl.col("no").alias("journal_entry_no"),
    ).sort("no", "seq")  # fmt: skip
    columns = [name for name in frames.APPLICATIONS if name not in ("key", "target", "target_id")]
    chosen = ["journal_entry_no", "entry_id", "bank_entry_id", *columns]
    _bulk(connection, "application", rows.select(chosen))
    return rows.select(chosen)


def _seal(
    connection: Connection,
    register_no: int,
    counts: Mapping[str, int],
    entries: pl.DataFrame,
    postings: pl.DataFrame,
    applications: pl.DataFrame,
) -> None:
    previous = connection.exec_driver_sql(
        "SELECT hash FROM register_seal ORDER BY register_no DESC LIMIT 1"
    ).scalar()
    prev_hash = str(previous or _GENESIS)
    link = chain_link(
        prev_hash,
        entries.select("no", "key", "payload_hash", pl.col("posting_date").cast(pl.String)).rows(),
        postings.select("no", "seq", "gl_account", "currency", "amount").rows(),
        applications.select(CHAINED_APPLICATION).rows(),
    )
    columns = ("register_no", *counts, "prev_hash", "hash")
    insert(connection, "register_seal", columns, [(register_no, *counts.values(), prev_hash, link)])


def chain_link(
    prev_hash: str, entries: list[Any], postings: list[Any], applications: list[Any]
) -> str:
    """SHA-256 over the previous link and the register's rows in canonical form."""
    rows = [[list(row) for row in part] for part in (entries, postings, applications)]
    text = json.dumps([prev_hash, rows], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def store_proposals(ledger: Ledger, proposals: pl.DataFrame, proposed: pl.DataFrame) -> int:
    """Replace proposals of open lines where they differ; returns how many lines changed."""
    from pipeline.ledger import reads

    old, old_rows = reads.open_proposals(ledger)
    changed = _differing(old, proposals) | _differing(old_rows, proposed)
    if not changed:
        return 0
    ids = sorted(changed)
    with ledger.transaction() as connection:
        for start in range(0, len(ids), 500):
            part = ", ".join(map(str, ids[start : start + 500]))
            for table in ("proposal", "proposed"):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE line_id IN ({part})")
        keep = pl.DataFrame({"line_id": ids}, schema={"line_id": pl.Int64})
        for table, frame in (("proposal", proposals), ("proposed", proposed)):
            _bulk(connection, table, frame.join(keep, on="line_id", how="semi"))
    return len(ids)


def _differing(old: pl.DataFrame, new: pl.DataFrame) -> set[int]:
    both = pl.concat(
        [
            old.join(new, on=old.columns, how="anti", nulls_equal=True).select("line_id"),
            new.join(old, on=old.columns, how="anti", nulls_equal=True).select("line_id"),
        ]
    )
    return set(both["line_id"].to_list())


def store_exceptions(ledger: Ledger, items: pl.DataFrame) -> int:
    """Open, change and resolve exception items to be ``items``; returns how many are open.

    ``items``: ``line_id, reason, remaining, candidates, hint, opened_on``; one row a line.
    """
    columns = ("line_id", "reason", "remaining", "candidates", "hint")
    wanted = {row[0]: row for row in items.select(*columns).rows()}
    opened = dict(items.select("line_id", pl.col("opened_on").cast(pl.String)).rows())
    with ledger.transaction() as connection:
        sql = f"SELECT {', '.join(columns)}, status FROM exception_item"
        known = {row[0]: tuple(row) for row in connection.exec_driver_sql(sql)}
        start = next_id(connection, "exception_item")
        fresh = [
            (start + offset, *wanted[line], opened[line], "open", "")
            for offset, line in enumerate(sorted(set(wanted) - set(known)))
        ]
        insert(
            connection, "exception_item", ("id", *columns, "opened_on", "status", "assigned_to"),
            fresh,
        )  # fmt: skip
        for line in sorted(known):
            row = wanted.get(line)
            status = "open" if row else "resolved"
            if known[line] != (*(row or known[line][:5]), status):
                _update_item(connection, row or known[line][:5], status)
    return len(wanted)


def _update_item(connection: Connection, row: tuple[Any, ...], status: str) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    sql = (
        f"UPDATE exception_item SET reason = {mark}, remaining = {mark}, candidates = {mark},"
        f" hint = {mark}, status = {mark} WHERE line_id = {mark}"
    )
    connection.exec_driver_sql(sql, (*row[1:], status, row[0]))


def close_statement(ledger: Ledger, statement: Mapping[str, Any], actor: str) -> bool:
    """Close one statement behind the last closed one of its account; False when it is closed."""
    columns = ("statement_id", "bank_account_no", "ord", "prev_ord", "opening", "closing", "actor")
    ordinal = statement["ord"]
    row = (
        statement["statement_id"], statement["bank_account_no"], ordinal,
        ordinal - 1 if ordinal > 1 else None, statement["opening"], statement["closing"], actor,
    )  # fmt: skip
    number = int(statement["statement_id"])
    with ledger.transaction() as connection:
        known = f"SELECT 1 FROM closed_statement WHERE statement_id = {number}"
        if connection.exec_driver_sql(known).first():
            return False
        insert(connection, "closed_statement", columns, [row])
        connection.exec_driver_sql(f"UPDATE statement SET status='reconciled' WHERE id={number}")
    return True
