"""Reads for corrections: what a person names, what stands against undoing it, what is undone."""

from collections.abc import Collection
from typing import Any

import polars as pl
from sqlalchemy import text

from pipeline.domain import frames
from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed
from pipeline.ledger.reads import LIVE

_STANDS = (
    "k.reverses_no IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry v WHERE v.reverses_no = k.no)"
)
_TAKEN_BACK = (
    "(SELECT max(k.no) FROM application x JOIN journal_entry k ON k.no = x.journal_entry_no WHERE"
    f" x.line_id = j.line_id AND j.kind <> 'parking' AND k.kind = 'unapplication' AND {_STANDS}),"
    " (SELECT max(k.no) FROM application a JOIN application x ON x.unapplies_no ="
    " a.journal_entry_no AND x.unapplies_seq = a.seq JOIN journal_entry k ON k.no ="
    " x.journal_entry_no WHERE a.journal_entry_no = j.no AND a.rule <> 'parking' AND (k.kind <>"
    f" 'unapplication' OR j.kind = 'application') AND {_STANDS})"
)

_START = "(SELECT v.amount_company FROM entry_value v WHERE v.entry_id = a.id)"
_USED = (
    "(SELECT coalesce(sum(t.entry_company), 0) FROM application x JOIN application_value t ON"
    " t.application_no = x.journal_entry_no AND t.seq = x.seq WHERE x.entry_id = a.id)"
)


def reconciled_statement(ledger: Ledger, number: int) -> tuple[str, str, int, int] | None:
    """Bank account, statement and line of a journal entry, and how many statements closed later.

    None where the statement is not reconciled, and for releases, which leave its line settled.
    """
    rows = ledger.rows(
        "SELECT s.bank_account_no, s.statement_no, l.line_no, (SELECT count(*) FROM"
        " closed_statement n WHERE n.bank_account_no = c.bank_account_no AND n.ord > c.ord) FROM"
        " journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN closed_statement c"
        " ON c.statement_id = l.statement_id JOIN statement s ON s.id = l.statement_id"
        f" WHERE j.no = {int(number)} AND j.kind <> 'release'"
    )
    return tuple(rows[0]) if rows else None


def owes_less(ledger: Ledger, number: int) -> list[str]:
    """Documents that do not owe any more what an un-application opened again: settled since."""
    sql = (
        "SELECT e.document_no FROM application a JOIN entry e ON e.id = a.entry_id WHERE"
        f" a.journal_entry_no = {int(number)} GROUP BY e.id, e.document_no, e.remaining_amount,"
        " e.initial_amount HAVING CASE WHEN e.initial_amount > 0 THEN e.remaining_amount +"
        " sum(a.entry_amount) < 0 ELSE e.remaining_amount + sum(a.entry_amount) > 0 END"
        " ORDER BY e.document_no"
    )
    return [str(row[0]) for row in ledger.rows(sql)]


def reversible(ledger: Ledger, numbers: Collection[int]) -> list[dict[str, Any]]:
    """Journal entries by number, with what stands against reversing them; all must exist.

    ``no, kind, line_id, posting_date, reverses_no, reversed_by, released_by, taken_back_by,
    cancels``: the last is the other of a pair that cancels.
    """
    wanted = listed(numbers)
    sql = (
        "SELECT j.no, j.kind, j.posting_date, j.line_id, j.reverses_no, r.no AS reversed_by,"
        " CASE WHEN j.kind = 'parking' THEN (SELECT max(f.no) FROM journal_entry f WHERE f.line_id"
        " = j.line_id AND f.kind = 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry u WHERE"
        " u.reverses_no = f.no)) END, (SELECT max(p.no) FROM application c JOIN journal_entry p ON"
        " p.register_no = j.register_no AND p.no <> j.no WHERE c.journal_entry_no = j.no AND"
        f" c.rule = 'cancels'), coalesce({_TAKEN_BACK}) FROM journal_entry j LEFT JOIN"
        f" journal_entry r ON r.reverses_no = j.no WHERE j.no IN ({wanted}) ORDER BY j.no"
    )
    numbers_of = ("line_id", "reverses_no", "reversed_by", "released_by", "cancels",
                  "taken_back_by")  # fmt: skip
    schema: dict[str, Any] = {"no": pl.Int64, "kind": pl.String, "posting_date": pl.Date}
    schema |= dict.fromkeys(numbers_of, pl.Int64)
    found = ledger.frame(sql, schema).to_dicts()
    unknown = sorted(set(numbers) - {row["no"] for row in found})
    if unknown:
        raise UsageError(f"journal entry {unknown[0]} does not exist; see: lettrage export gl")
    return found


def lines_named(ledger: Ledger, account: str, statement: str, line_no: int) -> list[int]:
    """The ``line_id`` of lines of received statements of this number."""
    sql = text(
        "SELECT l.line_id FROM statement_line l JOIN statement s ON s.id = l.statement_id WHERE"
        " s.bank_account_no = :account AND s.statement_no = :statement AND l.line_no = :line AND"
        " s.status IN ('received', 'reconciled') AND s.kind = 'booked' ORDER BY l.line_id"
    )
    with ledger.reading() as connection:
        values = {"account": account, "statement": statement, "line": line_no}
        return [int(row[0]) for row in connection.execute(sql, values)]


def posting_of(ledger: Ledger, line_id: int) -> int | None:
    """The journal entry that explains a line now, the last where it was released; else None."""
    sql = f"SELECT max(j.no) FROM journal_entry j WHERE j.line_id = {int(line_id)} AND {LIVE}"
    found = ledger.rows(sql)[0][0]
    return None if found is None else int(found)


def journals_of(ledger: Ledger, numbers: Collection[int]) -> dict[str, pl.DataFrame]:
    """Journal entries by the frames of ``domain.frames``.

    ``journal_entries, postings, new_entries, applications, taxes``, ``numbers`` (``key, no``), and
    ``created``: their entries with ``key, entry_id, party_type, party_no, remaining_amount`` and
    ``remaining_company``.
    """
    wanted = listed(numbers)
    target = (
        "CASE WHEN a.entry_id IS NOT NULL THEN 'entry' WHEN a.bank_entry_id IS NOT NULL THEN"
        " 'bank_entry' WHEN a.gl_account <> '' THEN 'gl' ELSE 'on_account' END"
    )
    special = {
        "key": "j.key", "reverses_key": "CAST('' AS TEXT)", "target": target,
        "target_id": "coalesce(a.entry_id, a.bank_entry_id, 0)", "entry_id": "a.id",
        "start_company": _START, "remaining_company": f"CAST({_START} - {_USED} AS BIGINT)",
    }  # fmt: skip
    created = {"key": pl.String, "entry_id": pl.Int64, "party_type": pl.String,
               "party_no": pl.String, "remaining_amount": pl.Int64,
               "remaining_company": pl.Int64}  # fmt: skip
    parts = {
        "journal_entries": ("j", "", frames.JOURNAL_ENTRIES, "j.no"),
        "postings": ("a", "posting", frames.POSTINGS, "a.seq"),
        "new_entries": ("a", "entry", frames.NEW_ENTRIES, "a.id"),
        "applications": ("a", "application", frames.APPLICATIONS, "a.seq"),
        "created": ("a", "entry", created, "a.id"),
        "taxes": ("a", "application_tax", frames.APPLICATION_TAXES, "a.seq, a.part, a.tax_code"),
        "numbers": ("j", "", {"key": pl.String, "no": pl.Int64}, "j.no"),
    }
    found = {}
    for name, (alias, table, schema, order) in parts.items():
        columns = ", ".join(special.get(column, f"{alias}.{column}") for column in schema)
        join = f"JOIN {table} a ON a.journal_entry_no = j.no" if table else ""
        sql = (
            f"SELECT {columns} FROM journal_entry j {join} WHERE j.no IN ({wanted})"
            f" ORDER BY j.no, {order}"
        )
        found[name] = ledger.frame(sql, schema)
    return found
