"""Writes: one transaction each, safe to repeat, refused by the database where they must not be."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import frames
from pipeline.domain.errors import KeyConflictError, LedgerError
from pipeline.domain.values import Values
from pipeline.ledger import chain, payload, undoing, valued
from pipeline.ledger.bulk import any_of, insert, insert_frame, next_id
from pipeline.ledger.connection import Ledger
from pipeline.ledger.proposal_writes import store_exceptions, store_proposals

__all__ = ["payload_hashes", "store_exceptions", "store_proposals", "write_register"]

Receipt = dict[str, Any]


def write_register(
    ledger: Ledger,
    journal_entries: pl.DataFrame,
    postings: pl.DataFrame,
    new_entries: pl.DataFrame,
    applications: pl.DataFrame,
    taxes: pl.DataFrame | None = None,
    *,
    kind: str,
    actor: str,
    reason: str = "",
    policy_hash: str = "",
    run_id: str = "",
    books: Mapping[str, pl.DataFrame] | None = None,
    guard: Callable[[Connection], None] | None = None,
    hashes: pl.DataFrame | None = None,
    values: Values | None = None,
) -> Receipt:
    """Write a journal as one sealed register, in one transaction.

    Journal entries whose key is posted with the same payload are skipped; the same key with
    another payload is a KeyConflictError. ``books`` may carry frames ``entry`` and ``bank_entry``
    (with ``key``) that are loaded in the same register; ``taxes`` are ``APPLICATION_TAXES``,
    ``values`` what its postings in other currencies are worth;
    ``guard`` is called at the start of the transaction and may refuse it. ``hashes`` are the
    payloads (``payload_hashes``) where they are known already.
    Returns counts of what was written.
    """
    applications = payload.named(applications)
    taxes = frames.empty(frames.APPLICATION_TAXES) if taxes is None else taxes
    if hashes is None:
        hashes = payload.hashes(journal_entries, postings, applications, taxes)
    journal_entries = journal_entries.join(hashes, on="key", maintain_order="left")
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
        head = {"no": register_no, "kind": kind, "reason": reason, "actor": actor}
        head |= {"run_id": run_id, "policy_hash": policy_hash, "recorded_at": _now(connection)}
        parts = {"register": pl.DataFrame([head])}
        parts["journal_entry"] = _journal(connection, register_no, fresh)
        parts["posting"] = _numbered(postings, numbers)
        loaded = _books(connection, books or {}, numbers)
        parts |= loaded
        created = _new_entries(connection, new_entries.join(numbers, on="key"), parts)
        applied = _applications(applications.join(numbers, on="key"), created)
        parts["application"] = _undoing(connection, fresh, applied)
        if taxes.height:
            parts["application_tax"] = _numbered(taxes.join(numbers, on="key", how="semi"), numbers)

        def numbered(keys: list[str]) -> dict[str, int]:
            return {key: row[0] for key, row in _known(connection, keys).items()}

        if values is not None:
            parts |= valued.rows(values, numbers, created, loaded, numbered)
        parts = {table: chain.complete(table, frame) for table, frame in parts.items()}
        counts = {
            "journal_entries": fresh.height,
            "postings": parts["posting"].height,
            "applications": parts["application"].height,
        }
        prev_hash = _last_hash(connection)
        with ThreadPoolExecutor(1) as beside:  # the link is made while the rows are written
            link = beside.submit(chain.link, prev_hash, parts)
            for table in chain.INSERTED:
                if table in parts:
                    insert_frame(connection, table, parts[table])
        seal = (register_no, *counts.values(), prev_hash, link.result())
        columns = ("register_no", *counts, "prev_hash", "hash")
        insert(connection, "register_seal", columns, [seal])
    return {**counts, "already_posted": journal_entries.height - fresh.height}


def payload_hashes(
    journal_entries: pl.DataFrame,
    postings: pl.DataFrame,
    applications: pl.DataFrame,
    taxes: pl.DataFrame,
) -> pl.DataFrame:
    """``key, payload_hash`` of a journal: what each of its entries says."""
    return payload.hashes(journal_entries, postings, payload.named(applications), taxes)


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
    known = _known(connection, journal_entries["key"].to_list())
    if not known:
        return journal_entries
    for key, said in journal_entries.select("key", "payload_hash").rows():
        if key in known and known[key][1] != said:
            raise KeyConflictError(
                f"key {key[:16]} is posted with payload {known[key][1][:16]}, now asked with"
                f" {said[:16]}; nothing was written"
            )
    return journal_entries.filter(~pl.col("key").is_in(list(known)))


def _known(connection: Connection, keys: list[str]) -> dict[str, tuple[int, str]]:
    """Number and payload of the journal entries that are posted under ``keys``."""
    asked = any_of(connection, "TEXT")
    sql = f"SELECT key, no, payload_hash FROM journal_entry WHERE key IN ({asked})"
    found = connection.exec_driver_sql(sql, (json.dumps(keys),))
    return {row[0]: (row[1], row[2]) for row in found}


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


def _journal(connection: Connection, register_no: int, fresh: pl.DataFrame) -> pl.DataFrame:
    keys = fresh.filter(pl.col("reverses_key") != "")["reverses_key"].to_list()
    found = {key: row[0] for key, row in _known(connection, keys).items()}
    if len(found) < len(set(keys)):
        raise LedgerError("a reversal names a journal entry that is not in the books")
    reverses = pl.col("reverses_key").replace_strict(found, default=None, return_dtype=pl.Int64)
    return fresh.select(
        "no",
        pl.lit(register_no, dtype=pl.Int64).alias("register_no"),
        *[name for name in frames.JOURNAL_ENTRIES if name != "reverses_key"],
        "payload_hash",
        reverses.alias("reverses_no"),
    )


def _numbered(frame: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    rows = frame.join(numbers, on="key", maintain_order="left").drop("key")
    return rows.rename({"no": "journal_entry_no"})


def _books(
    connection: Connection, books: Mapping[str, pl.DataFrame], numbers: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    found = {}
    for table, frame in sorted(books.items()):
        start = next_id(connection, table)
        ids = pl.int_range(start, start + frame.height, dtype=pl.Int64).alias("id")
        found[table] = _numbered(frame, numbers).with_columns(ids)
    return found


def _new_entries(
    connection: Connection, new: pl.DataFrame, parts: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Add payment entries to the entries of the register; returns their ids."""
    loaded = parts.get("entry")
    start = next_id(connection, "entry") + (loaded.height if loaded is not None else 0)
    rows = new.sort("no", "party_type", "party_no").with_columns(
        pl.int_range(start, start + new.height, dtype=pl.Int64).alias("id"),
        pl.col("amount").alias("initial_amount"),
        pl.col("amount").alias("remaining_amount"),
    )
    if rows.height:
        whole = chain.complete("entry", rows.rename({"no": "journal_entry_no"}))
        before = [] if loaded is None else [chain.complete("entry", loaded)]
        parts["entry"] = pl.concat([*before, whole])
    return rows.select("no", "party_type", "party_no", "id", "start_company")


def _applications(applications: pl.DataFrame, created: pl.DataFrame) -> pl.DataFrame:
    joined = applications.join(created, on=["no", "party_type", "party_no"], how="left")
    entry = pl.when(pl.col("own") == 1).then("id").otherwise("entry_id")
    rows = joined.with_columns(entry.alias("entry_id")).rename({"no": "journal_entry_no"})
    return rows.drop("key", "target", "target_id", "own", "id", "start_company")


def _last_hash(connection: Connection) -> str:
    sql = "SELECT hash FROM register_seal ORDER BY register_no DESC LIMIT 1"
    return str(connection.exec_driver_sql(sql).scalar() or chain.GENESIS)


def _undoing(connection: Connection, fresh: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """Name for each row that re-opens an entry the application that it undoes."""
    if applied.is_empty():
        return applied
    return undoing.link(connection, fresh, applied)
