"""What the books say, as one hash: equal for the same facts, wherever they were written.

Registers, numbers, times, chain links and surrogate ids stay out, and so does the order of rows.
"""

import hashlib
from typing import Any

import polars as pl

from pipeline.ledger.bulk import canonical
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import Snapshot, snapshot

_ENTRY = (
    "coalesce(e.party_type || '|' || e.party_no || '|' || e.document_type || '|' || e.document_no"
    " || '|' || e.instalment, '')"
)
_BANK = "coalesce(b.bank_account_no || '|' || b.entry_no, '')"
_TEXT, _NUMBER = pl.String, pl.Int64
_BYTES = ' COLLATE "C"'

_FACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "entry": (
        f"SELECT {_ENTRY}, e.posting_date, coalesce(e.due_date, ''), e.currency, e.control_account,"
        " e.on_hold, e.amount, e.initial_amount, e.remaining_amount FROM entry e",
        {**dict.fromkeys(("key", "day", "due", "currency", "control", "hold"), _TEXT),
         **dict.fromkeys(("amount", "initial", "remaining"), _NUMBER)},
    ),
    "bank_entry": (
        f"SELECT {_BANK}, b.posting_date, b.currency, b.status, b.amount, b.remaining_amount"
        " FROM bank_entry b",
        {**dict.fromkeys(("key", "day", "currency", "status"), _TEXT),
         **dict.fromkeys(("amount", "remaining"), _NUMBER)},
    ),
    "line": (
        "SELECT coalesce(s.bank_account_no, ''), l.identity, s.currency,"
        " coalesce(l.booking_date, ''), coalesce(l.value_date, ''), l.amount, l.before_cutover"
        " FROM statement_line l JOIN statement s ON s.id = l.statement_id"
        " WHERE s.status IN ('received', 'reconciled')",
        {**dict.fromkeys(("account", "identity", "currency", "booked", "value"), _TEXT),
         **dict.fromkeys(("amount", "before"), _NUMBER)},
    ),
    "statement": (
        "SELECT s.bank_account_no, s.kind, s.status, coalesce(s.to_date, ''), s.closing"
        " FROM statement s WHERE s.status IN ('received', 'reconciled')",
        {**dict.fromkeys(("account", "kind", "status", "day"), _TEXT), "closing": _NUMBER},
    ),
    "journal_entry": (
        "SELECT j.key, j.posting_date, j.kind, coalesce(o.key, '') FROM journal_entry j"
        " LEFT JOIN journal_entry o ON o.no = j.reverses_no",
        dict.fromkeys(("key", "day", "kind", "reverses"), _TEXT),
    ),
    "posting": (
        "SELECT j.key, p.gl_account, p.currency, p.party_type, p.party_no, p.bank_account_no,"
        " p.amount, p.amount_company FROM posting p JOIN journal_entry j ON j.no ="
        " p.journal_entry_no",
        {**dict.fromkeys(("key", "account", "currency", "type", "party", "bank"), _TEXT),
         **dict.fromkeys(("amount", "company"), _NUMBER)},
    ),
    "application": (
        f"SELECT j.key, a.role, {_ENTRY}, {_BANK}, a.gl_account, a.difference_kind, a.confidence,"
        " a.rule, a.applied_amount, a.entry_amount, a.discount_amount, a.difference_amount"
        " FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no"
        " LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id",
        {**dict.fromkeys(("key", "role", "entry", "bank", "account", "kind", "confidence", "rule"),
                         _TEXT),
         **dict.fromkeys(("applied", "amount", "discount", "difference"), _NUMBER)},
    ),
    "application_tax": (
        f"SELECT j.key, {_ENTRY}, t.part, t.tax_code, t.rate, t.gl_account, t.base_amount,"
        " t.tax_amount FROM application_tax t JOIN journal_entry j ON j.no = t.journal_entry_no"
        " JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq"
        " LEFT JOIN entry e ON e.id = a.entry_id",
        {**dict.fromkeys(("key", "entry", "part", "code", "rate", "account"), _TEXT),
         **dict.fromkeys(("base", "tax"), _NUMBER)},
    ),
    "application_value": (
        f"SELECT j.key, {_ENTRY}, {_BANK}, v.entry_company, v.applied_company, v.discount_company,"
        " v.difference_company, v.fx_company FROM application_value v JOIN journal_entry j ON"
        " j.no = v.journal_entry_no JOIN application a ON a.journal_entry_no = v.application_no"
        " AND a.seq = v.seq LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON"
        " b.id = a.bank_entry_id",
        {**dict.fromkeys(("key", "entry", "bank"), _TEXT),
         **dict.fromkeys(("value", "applied", "discount", "difference", "fx"), _NUMBER)},
    ),
    "entry_value": (
        f"SELECT j.key, {_ENTRY}, {_BANK}, v.amount_company FROM entry_value v JOIN journal_entry j"
        " ON j.no = v.journal_entry_no LEFT JOIN entry e ON e.id = v.entry_id LEFT JOIN bank_entry"
        " b ON b.id = v.bank_entry_id",
        {**dict.fromkeys(("key", "entry", "bank"), _TEXT), "company": _NUMBER},
    ),
    "valuation": (
        "SELECT j.key, o.key AS of_key, v.rate, v.rate_date FROM valuation v JOIN journal_entry j"
        " ON j.no = v.journal_entry_no JOIN journal_entry o ON o.no = v.values_no",
        dict.fromkeys(("key", "of", "rate", "day"), _TEXT),
    ),
    "payment_part": (
        f"SELECT r.payment_reference, {_ENTRY}, r.amount FROM payment_part_entry r JOIN entry e ON"
        " e.id = r.entry_id",
        {**dict.fromkeys(("reference", "key"), _TEXT), "amount": _NUMBER},
    ),
    "customer_statement": (
        "SELECT s.customer_no, s.as_of, s.style, s.balances, s.content_sha256, s.number, s.revision"
        " FROM customer_statement s",
        {**dict.fromkeys(("customer", "day", "style", "balances", "content"), _TEXT),
         **dict.fromkeys(("number", "revision"), _NUMBER)},
    ),
}  # fmt: skip


def content_hash(ledger: Ledger) -> str:
    """SHA-256 over the business facts of the books, the same on SQLite and PostgreSQL."""
    with ledger.turn(), snapshot(ledger.engine) as books:
        return content_of(books)


def content_of(books: Snapshot) -> str:
    """The ``content_hash`` of one state of the ledger; memory is that of some ten thousand rows."""
    digest = hashlib.sha256()
    for name, (sql, schema) in _FACTS.items():
        height = books.rows(f"SELECT count(*) AS n FROM ({sql}) AS q")[0][0]
        digest.update(f"\n{name} {height}\n".encode())
        for rows in books.frames(_ordered(sql, schema, sqlite=books.sqlite), schema):
            digest.update(canonical(rows))
    return digest.hexdigest()


def _ordered(sql: str, schema: dict[str, Any], *, sqlite: bool) -> str:
    """The rows by their bytes, nothing first: the database sorts what no memory holds."""
    if sqlite:
        return f"{sql} ORDER BY {', '.join(str(place) for place in range(1, len(schema) + 1))}"
    by = ", ".join(
        f'"{name}"{_BYTES if kind == _TEXT else ""} NULLS FIRST' for name, kind in schema.items()
    )
    names = ", ".join(f'"{name}"' for name in schema)
    return f"SELECT * FROM ({sql}) AS q ({names}) ORDER BY {by}"
