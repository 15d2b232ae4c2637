"""Each posting is handed over once: batches of registers, kept with the files that were written.

A batch of a kind begins where the one before it ended, which the database itself guards. Its files
are kept as they were handed over, so that a later change of names or settings changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.domain.original import packed
from pipeline.ledger import originals
from pipeline.ledger.bulk import insert, placeholder
from pipeline.ledger.connection import Ledger, now

Receipt = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of a batch: those after ``after`` up to ``through``."""

    number: int
    after: int
    through: int

    @property
    def journal(self) -> str:
        """Condition on a journal entry ``j``."""
        return f"j.register_no > {self.after} AND j.register_no <= {self.through}"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a batch, and how many rows of postings it has."""

    name: str
    rows: int
    data: bytes


def new(
    ledger: Ledger, kind: str, actor: str, make: Callable[[Registers], Iterator[File]]
) -> int | None:
    """Record all registers that no batch of ``kind`` has yet as one; its number, None without any.

    ``make`` writes their files. Raises LedgerError when another process recorded one meanwhile.
    """
    wanted = _next(ledger, kind)
    if wanted is None:
        return None
    files = list(make(wanted))
    entries, postings, debits = totals(ledger, wanted)
    with ledger.transaction() as connection:
        row = (kind, wanted.number, wanted.number - 1 or None, wanted.after, wanted.through,
               entries, postings, json.dumps(debits), actor, now(connection))  # fmt: skip
        columns = ("kind", "number", "prev_number", "after_register", "through_register",
                   "journal_entries", "postings", "debits", "actor", "recorded_at")  # fmt: skip
        insert(connection, "export_batch", columns, [row])
        rows = [
            (kind, wanted.number, file.name, file.rows, len(file.data),
             hashlib.sha256(file.data).hexdigest(), packed(file.data))
            for file in files
        ]  # fmt: skip
        names = ("kind", "number", "name", "row_count", "size", "sha256", "content")
        insert(connection, "export_file", names, rows)
    return wanted.number


def _next(ledger: Ledger, kind: str) -> Registers | None:
    sql = (
        "SELECT number, through_register FROM export_batch WHERE kind = '{kind}' ORDER BY number"
        " DESC LIMIT 1"
    )
    rows = ledger.rows(sql.replace("{kind}", kind))
    number, after = rows[0] if rows else (0, 0)
    through = ledger.rows("SELECT coalesce(max(register_no), 0) FROM register_seal")[0][0]
    return Registers(number + 1, after, through) if through > after else None


def totals(books: Any, wanted: Registers) -> tuple[int, int, dict[str, str]]:
    """Journal entries, postings, and the debits of each currency as decimal text.

    ``books``: a ledger or a snapshot of one.
    """
    sql = (
        "SELECT p.currency, count(DISTINCT j.no), count(*), CAST(sum(CASE WHEN p.amount > 0 THEN"
        " p.amount ELSE 0 END) AS BIGINT) FROM posting p JOIN journal_entry j ON j.no ="
        f" p.journal_entry_no WHERE {wanted.journal} GROUP BY p.currency ORDER BY p.currency"
    )
    schema = {"currency": pl.String, "entries": pl.Int64, "postings": pl.Int64, "debit": pl.Int64}
    rows = books.frame(sql, schema)
    count = f"SELECT count(*) FROM journal_entry j WHERE {wanted.journal}"
    entries = int(books.frame(count, {"entries": pl.Int64})["entries"][0])
    debits = {row["currency"]: money.text(row["debit"], row["currency"]) for row in rows.to_dicts()}
    return entries, int(rows["postings"].sum()), debits


def write(ledger: Ledger, kind: str, number: int, folder: Path) -> Receipt:
    """Write the files of a batch into ``folder``, byte for byte as they were first.

    Returns its counts, sums and files with their hashes. UsageError where there is no such batch,
    LedgerError for a file that is damaged.
    """
    batch = _batch(ledger, kind, number)
    folder.mkdir(parents=True, exist_ok=True)
    with ledger.reading() as connection:
        mark = placeholder(ledger.engine)
        sql = (
            "SELECT name, row_count, size, sha256, content FROM export_file WHERE"
            f" kind = {mark} AND number = {mark} ORDER BY name"
        )
        files = connection.exec_driver_sql(sql, (kind, number)).all()
    written = []
    for name, rows, _, sha256, content in files:
        originals.write(bytes(content), sha256, folder / name, f"export file {name}")
        written.append({"file": str(folder / name), "rows": rows, "sha256": sha256})
    return {**batch, "files": written}


def _batch(ledger: Ledger, kind: str, number: int) -> Receipt:
    sql = (
        "SELECT number, after_register, through_register, journal_entries, postings, debits"
        f" FROM export_batch WHERE kind = '{kind}' ORDER BY number"
    )
    rows = {row[0]: row for row in ledger.rows(sql)}
    if number not in rows:
        known = (
            f"a batch from 1 to {len(rows)}" if rows else "none is recorded yet; make one: --new"
        )
        raise UsageError(f"--batch {number}: expected {known}")
    _, after, through, entries, postings, debits = rows[number]
    return {
        "batch": number,
        "registers": f"{after + 1} to {through}",
        "journal_entries": entries,
        "postings": postings,
        "debits": json.loads(debits),
    }
