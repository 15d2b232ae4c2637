"""Exports: the columns of the interface, section 4; total order, no ids of runs or times."""

import sys
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reads import PARKED, UNSETTLED

_LIVE = (
    "j.reverses_no IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
)
_UNDONE = (
    "(a.rule = 'parking' AND a.unapplies_no IS NOT NULL OR EXISTS (SELECT 1 FROM application u"
    " WHERE u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq))"
)
_LINE = "s.bank_account_no, s.statement_no, l.line_no, l.bank_reference"
_STATUS = (
    "CASE WHEN s.status = 'held' THEN 'held' WHEN s.status = 'announced' THEN"
    " 'announced' WHEN l.before_cutover = 1 THEN 'before_cutover'"
    f" WHEN l.line_id IN ({PARKED}) THEN 'parked' WHEN s.status = 'reconciled'"
    f" THEN 'reconciled' WHEN NOT ({UNSETTLED}) THEN 'posted' WHEN coalesce(p.confidence, 'none')"
    " <> 'none' THEN 'proposed' ELSE 'unmatched' END"
)
_APPLIED = (
    f"coalesce((SELECT sum(a.applied_amount) FROM application a JOIN journal_entry j ON j.no ="
    f" a.journal_entry_no WHERE a.line_id = l.line_id AND a.role = 'settles' AND {_LIVE}), 0)"
)
_MONEY = ("line_amount", "amount", "applied_amount", "unapplied_amount", "entry_amount", "net",
          "discount_amount", "difference_amount", "opening", "closing", "difference", "remaining",
          "remaining_amount")  # fmt: skip
_NUMBERS = {"line_no", "instalment", "line_count", "rank", "id"}

QUERIES = {
    "applications": (
        f"SELECT {_LINE}, l.booking_date, l.value_date, l.amount AS line_amount, s.currency,"
        " CASE WHEN b.id IS NOT NULL THEN 'bank' WHEN a.gl_account <> '' THEN 'gl'"
        " ELSE a.party_type END AS party_type,"
        " CASE WHEN a.gl_account <> '' THEN '' ELSE a.party_no END AS party_no,"
        " coalesce(e.document_type, '') AS document_type,"
        " coalesce(e.document_no, b.entry_no, '') AS document_no,"
        " coalesce(e.instalment, 0) AS instalment, a.applied_amount, a.entry_amount,"
        " a.discount_amount, a.difference_amount, a.difference_kind, a.gl_account, a.confidence,"
        f" a.rule, CASE WHEN {_LIVE} AND NOT {_UNDONE} THEN 'posted' ELSE 'reversed' END AS"
        " status, '' AS letter"
        " FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no"
        " JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id"
        " LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id"
        " WHERE a.role = 'settles' ORDER BY 1, l.booking_date, 2, 3, a.journal_entry_no, a.seq"
    ),
    "lines": (
        f"SELECT {_LINE}, l.booking_date, l.value_date, l.amount, s.currency, l.counterparty_name,"
        f" l.counterparty_account, l.text, {_STATUS} AS status,"
        " coalesce(p.party_type, '') AS party_type, coalesce(p.party_no, '') AS party_no,"
        f" {_APPLIED} AS applied_amount, l.amount - {_APPLIED} AS unapplied_amount,"
        " coalesce(p.confidence, 'none') AS confidence, coalesce(p.rule, '') AS rule,"
        " CASE WHEN s.status = 'held' THEN s.reason WHEN x.status = 'open' THEN x.reason ELSE ''"
        " END AS reason, '' AS probability FROM statement_line l"
        " JOIN statement s ON s.id = l.statement_id AND s.status <> 'replaced'"
        " LEFT JOIN proposal p ON p.line_id = l.line_id AND p.rank = 1"
        " LEFT JOIN exception_item x ON x.line_id = l.line_id"
        " ORDER BY s.bank_account_no, l.booking_date, s.statement_no, s.id, l.line_no"
    ),
    "statements": (
        "SELECT coalesce(s.bank_account_no, '') AS bank_account_no, s.statement_no, s.from_date,"
        " s.to_date, s.currency, s.opening, s.closing, s.line_count, s.net,"
        " s.closing - s.opening - s.net AS difference, s.status,"
        " s.reason, '' AS waits_for, s.sha256 AS file_sha256, f.name AS file_name"
        " FROM statement s JOIN feed_file f ON f.sha256 = s.sha256 AND s.status <> 'replaced'"
        " UNION ALL SELECT '', '', NULL, NULL, '', NULL, NULL, 0, 0, NULL, 'refused', f.detail, '',"
        " f.sha256, f.name FROM feed_file f WHERE f.status = 'refused' ORDER BY 1, 4, 2, 14"
    ),
    "exceptions": (
        f"SELECT x.id, {_LINE}, x.reason, x.status, x.opened_on, x.assigned_to, x.remaining,"
        " s.currency, x.candidates, x.hint FROM exception_item x"
        " JOIN statement_line l ON l.line_id = x.line_id"
        " JOIN statement s ON s.id = l.statement_id WHERE x.status = 'open' ORDER BY x.id"
    ),
    "entries": (
        "SELECT party_type, party_no, document_type, document_no, instalment, posting_date,"
        " due_date, currency, amount, remaining_amount, CASE WHEN remaining_amount <> 0 THEN"
        " 'true' ELSE 'false' END AS open, on_hold, '' AS letter FROM entry"
        " ORDER BY party_type, party_no, posting_date, document_type, document_no, instalment"
    ),
    "bank-entries": (
        "SELECT b.bank_account_no, b.entry_no, b.posting_date, b.amount, b.currency, b.entry_type,"
        " b.document_no, b.check_no, CASE WHEN b.remaining_amount = 0 THEN 'closed' ELSE b.status"
        " END AS status, coalesce(s.statement_no, '') AS statement_no, l.line_no FROM bank_entry b"
        " LEFT JOIN application a ON a.bank_entry_id = b.id AND b.remaining_amount = 0"
        " LEFT JOIN statement_line l ON l.line_id = a.line_id"
        " LEFT JOIN statement s ON s.id = l.statement_id ORDER BY 1, 2"
    ),
    "gl": (
        "SELECT j.posting_date, p.gl_account, p.amount, p.currency, p.amount_company, j.kind,"
        " coalesce(s.bank_account_no, p.bank_account_no) AS bank_account_no,"
        " coalesce(s.statement_no, '') AS statement_no, l.line_no, p.party_type, p.party_no,"
        " '' AS document_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no"
        " LEFT JOIN statement_line l ON l.line_id = j.line_id"
        " LEFT JOIN statement s ON s.id = l.statement_id ORDER BY j.posting_date, j.no, p.seq"
    ),
    "proposals": (
        f"SELECT {_LINE}, p.rank, l.booking_date, l.amount AS line_amount, s.currency,"
        " p.party_type, p.party_no, coalesce(e.document_no, b.entry_no, '') AS document_no,"
        " coalesce(d.applied_amount, 0) AS applied_amount, coalesce(d.entry_amount, 0) AS"
        " entry_amount, coalesce(d.discount_amount, 0) AS discount_amount, p.confidence, p.rule,"
        " p.reason, '' AS probability, p.explanation FROM proposal p"
        " JOIN statement_line l ON l.line_id = p.line_id JOIN statement s ON s.id = l.statement_id"
        " LEFT JOIN proposed d ON d.line_id = p.line_id AND d.rank = p.rank"
        " LEFT JOIN entry e ON d.target = 'entry' AND e.id = d.target_id"
        " LEFT JOIN bank_entry b ON d.target = 'bank_entry' AND b.id = d.target_id"
        " ORDER BY 1, l.booking_date, 2, 3, p.rank, d.seq"
    ),
}  # fmt: skip


def export(ledger: Ledger, kind: str) -> pl.DataFrame:
    """One kind of export: amounts as decimal text of their currency, dates ISO text."""
    with ledger.engine.connect() as connection:
        result = connection.exec_driver_sql(QUERIES[kind])
        names = list(result.keys())
        rows = [tuple(row) for row in result.fetchall()]
    schema: dict[str, Any] = {
        name: pl.Int64 if name in _MONEY or name in _NUMBERS else pl.String for name in names
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    amounts = [name for name in names if name in _MONEY]
    if amounts:
        codes = frame["currency"].to_list()
        frame = frame.with_columns(
            [
                pl.Series(
                    name,
                    [
                        None if value is None or not code else money.text(value, code)
                        for value, code in zip(frame[name].to_list(), codes, strict=True)
                    ],
                    dtype=pl.String,
                )
                for name in amounts
            ]
        )
    return frame


def write(frame: pl.DataFrame, form: str, path: Path | None) -> None:
    """Write a frame as csv, parquet or json, to ``path`` or standard output."""
    target: Any = path or sys.stdout.buffer
    if form == "csv":
        text = [name for name, kind in frame.schema.items() if kind == pl.String]
        formula = r"^[=+\-@\t\r]"
        safe = [
            pl.when(pl.col(name).str.contains(formula))
            .then("'" + pl.col(name))
            .otherwise(name)
            .alias(name)
            for name in text
            if name not in _MONEY
        ]
        frame.with_columns(safe).write_csv(target)
    elif form == "parquet":
        frame.write_parquet(target)
    elif form == "json":
        frame.write_json(target)
    else:
        raise UsageError(f"--format {form!r}, expected csv, parquet or json")


def journal(ledger: Ledger, form: str, settings: Settings) -> str:
    """The general ledger as a plain-text journal that ``bean-check`` accepts."""
    if form != "beancount":
        raise UsageError(f"--format {form!r}, expected beancount")
    rows = ledger.rows(
        "SELECT j.no, j.posting_date, j.kind, p.gl_account, p.amount, p.currency FROM posting p"
        " JOIN journal_entry j ON j.no = p.journal_entry_no ORDER BY j.posting_date, j.no, p.seq"
    )
    if not rows:
        return ""
    first = rows[0][1]
    accounts = sorted({row[3] for row in rows})
    out = [f"{first} open {_account(name, settings)}" for name in accounts]
    last = None
    for number, day, kind, account, amount, currency in rows:
        if number != last:
            out += ["", f'{day} * "{kind} {number}"']
            last = number
        out.append(f"  {_account(account, settings)}  {money.text(amount, currency)} {currency}")
    return "\n".join(out) + "\n"


def _account(number: str, settings: Settings) -> str:
    """A legal beancount account: bank under assets, the keys of the settings under their side."""
    key = {value: name for name, value in settings.accounts.items()}.get(number, "")
    root = "Assets"
    if key in ("payables", "clearing", "transfers"):
        root = "Liabilities"
    elif key in ("opening", "external"):
        root = "Equity"
    elif key in ("discount_received", "interest_income", "fx_gain"):
        root = "Income"
    elif key and key != "receivables":
        root = "Expenses"
    name = "".join(c if c.isalnum() and c.isascii() else "-" for c in number).strip("-")
    return f"{root}:A{name}"
