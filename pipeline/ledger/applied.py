"""What lines settle now: applications of entries that nothing took back."""

from typing import Any

import polars as pl
from sqlalchemy import text

from pipeline.domain import frames
from pipeline.domain.values import PARTS
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

REDONE = "(j.reverses_no IS NOT NULL AND o.kind = 'unapplication')"
"""A journal entry ``j`` that reverses an un-application (``o``): what it undid is settled again."""
_LIVE = (
    f"(j.reverses_no IS NULL OR {REDONE}) AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE"
    " r.reverses_no = j.no) AND a.unapplies_no IS NULL AND NOT EXISTS (SELECT 1 FROM application u"
    " WHERE u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq)"
)
_POSTS = (
    "p.line_id = a.line_id AND p.kind <> 'parking' AND p.reverses_no IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry q WHERE q.reverses_no = p.no)"
)
_SPECIAL = {
    "key": "j.key", "entry_id": "e.id", "currency": "e.currency", "document_no": "e.document_no",
    "control_account": "e.control_account", "payment_id": "y.id AS payment_id",
    "payment_account": "coalesce(y.control_account, '') AS payment_account",
    "line": "s.bank_account_no || '/' || s.statement_no || '/' || l.line_no AS line",
    "posting_date": "p.posting_date",
}  # fmt: skip
_SELECT = (
    "SELECT {columns} FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no LEFT"
    " JOIN journal_entry o ON o.no = j.reverses_no JOIN entry e ON e.id = a.entry_id JOIN"
    " statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id JOIN"
    f" journal_entry p ON {_POSTS} LEFT JOIN entry y ON y.journal_entry_no = p.no AND y.party_type"
    " = a.party_type AND y.party_no = a.party_no LEFT JOIN application_value t ON t.application_no"
    " = a.journal_entry_no AND t.seq = a.seq WHERE a.role = 'settles' AND"
    " {where} ORDER BY a.line_id, a.journal_entry_no, a.seq"
)


def of_line(ledger: Ledger, line_id: int) -> pl.DataFrame:
    """What a line settles (``frames.APPLIED``)."""
    return _read(ledger, f"{_LIVE} AND a.line_id = :line", {"line": line_id})


def undone_by(ledger: Ledger, number: int) -> pl.DataFrame:
    """What a journal entry took back, as it was (``APPLIED``)."""
    where = (
        "EXISTS (SELECT 1 FROM application k WHERE k.unapplies_no = a.journal_entry_no AND"
        " k.unapplies_seq = a.seq AND k.journal_entry_no = :number)"
    )
    return _read(ledger, where, {"number": number})


def of_document(ledger: Ledger, word: str) -> pl.DataFrame:
    """What lines settle of the documents of this number, ours or the party's (``APPLIED``)."""
    named = "(e.document_no = :word OR e.external_document_no = :word)"
    return _read(ledger, f"{_LIVE} AND {named}", {"word": word})


def documents(ledger: Ledger, word: str) -> int:
    """How many entries have this document number, ours or the party's."""
    sql = text("SELECT count(*) FROM entry e WHERE e.document_no = :word OR"
               " e.external_document_no = :word")  # fmt: skip
    with ledger.reading() as connection:
        return int(connection.execute(sql, {"word": word}).scalar() or 0)


def _read(ledger: Ledger, where: str, values: dict[str, Any]) -> pl.DataFrame:
    columns = ", ".join(
        _SPECIAL.get(name, f"{'t' if name in PARTS else 'a'}.{name}") for name in frames.APPLIED
    )
    sql = text(_SELECT.format(columns=columns, where=where))
    with ledger.reading() as connection:
        rows = [tuple(row) for row in connection.execute(sql, values)]
    names = {name: pl.String if kind == pl.Date else kind for name, kind in frames.APPLIED.items()}
    found = pl.DataFrame(rows, schema=names, orient="row")
    return found.with_columns(pl.col("posting_date").str.to_date("%Y-%m-%d"))


def taxes(ledger: Ledger, applied: pl.DataFrame) -> pl.DataFrame:
    """The shares of ``applied``, each with its ``application``: the place in that frame."""
    places = applied.select("journal_entry_no", "seq").with_row_index("application")
    numbers = listed(applied["journal_entry_no"].unique())
    schema: dict[str, Any] = {
        "journal_entry_no": pl.Int64,
        **{name: kind for name, kind in frames.APPLICATION_TAXES.items() if name != "key"},
    }
    sql = (
        f"SELECT {', '.join(schema)} FROM application_tax WHERE journal_entry_no IN"
        f" ({numbers}) ORDER BY journal_entry_no, seq, part, tax_code"
    )
    found = ledger.frame(sql, schema).join(places, on=["journal_entry_no", "seq"])
    return found.drop("journal_entry_no", "seq").cast({"application": pl.Int64}).sort(
        "application", "part", "tax_code"
    )  # fmt: skip
