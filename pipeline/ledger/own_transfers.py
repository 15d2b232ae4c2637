"""What stands on the account of own transfers, and what has settled its exchange differences."""

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import quoted
from pipeline.ledger.reads import LIVE

KIND = "exchange"
"""The journal entries that settle the exchange differences of own transfers."""
_SIDES = {
    **dict.fromkeys(("key", "place", "bank_account_no", "counterparty_account"), pl.String),
    **dict.fromkeys(("original_currency", "currency"), pl.String),
    "day": pl.Date,
    **dict.fromkeys(("no", "original_amount", "amount", "worth", "whole"), pl.Int64),
}
_LATER = (
    "(SELECT sum(v.amount_company) FROM valuation x JOIN posting v ON v.journal_entry_no ="
    " x.journal_entry_no WHERE x.values_no = j.no AND x.journal_entry_no <> j.no AND v.gl_account ="
    " p.gl_account AND v.currency = p.currency)"
)


def foreign(ledger: Ledger, own: str) -> bool:
    """Is a bank account in another currency than the company's ``own``?"""
    sql = f"SELECT 1 FROM bank_account WHERE currency <> {quoted(own)} LIMIT 1"
    return bool(ledger.rows(sql))


def sides(ledger: Ledger, account: str) -> pl.DataFrame:
    """The sides of own transfers that stand on the G/L account of transfers, in order of day.

    ``key, place`` of the line (BANK_ACCOUNT/STATEMENT_NO/LINE_NO), ``bank_account_no,
    counterparty_account, original_currency, currency, day, no, original_amount``; ``amount``, debit
    positive; ``worth`` in the company's currency, null where it has none (yet); ``whole`` is 1
    where nothing else explains the line.
    """
    sql = (
        "SELECT j.key, s.bank_account_no || '/' || s.statement_no || '/' || l.line_no,"
        " s.bank_account_no, l.counterparty_account, l.original_currency, p.currency,"
        " j.posting_date, j.no, l.original_amount, p.amount,"
        f" CAST(coalesce(p.amount_company, {_LATER}) AS BIGINT),"
        " CASE WHEN p.amount = -l.amount THEN 1 ELSE 0 END FROM posting p JOIN journal_entry j ON"
        " j.no = p.journal_entry_no JOIN statement_line l ON l.line_id = j.line_id JOIN statement s"
        f" ON s.id = l.statement_id WHERE p.gl_account = {quoted(account)} AND p.amount <> 0 AND"
        f" {LIVE} ORDER BY j.posting_date, j.no, p.seq"
    )
    return ledger.frame(sql, _SIDES)


def not_cancelled(ledger: Ledger, account: str, journal: str = "1 = 1") -> pl.DataFrame:
    """Postings on the account of whose size more came than went, or less.

    ``gl_account, currency, amount, posting_date, no``, and ``line_id, bank_account_no``, null where
    no line is posted. ``journal``: a condition on ``journal_entry j``.
    """
    base = (
        "SELECT p.gl_account, p.currency, p.amount, j.posting_date, j.no, j.line_id FROM posting p"
        f" JOIN journal_entry j ON j.no = p.journal_entry_no WHERE {journal}"
        f" AND p.gl_account = {quoted(account)}"
    )
    sql = (
        f"WITH own AS ({base}) SELECT o.*, s.bank_account_no FROM own o JOIN (SELECT currency,"
        " abs(amount) AS size FROM own GROUP BY 1, 2 HAVING sum(amount) <> 0) u ON u.currency ="
        " o.currency AND u.size = abs(o.amount) LEFT JOIN statement_line l ON l.line_id = o.line_id"
        " LEFT JOIN statement s ON s.id = l.statement_id"
    )
    schema = {"gl_account": pl.String, "currency": pl.String, "amount": pl.Int64,
              "posting_date": pl.Date, "no": pl.Int64, "line_id": pl.Int64,
              "bank_account_no": pl.String}  # fmt: skip
    return ledger.frame(sql, schema)


def settled(ledger: Ledger, account: str) -> pl.DataFrame:
    """The journal entries of ``KIND`` on the account: ``no, key, posting_date, live``.

    ``live`` is 0 where one is undone.
    """
    sql = (
        "SELECT j.no, j.key, j.posting_date, CASE WHEN EXISTS (SELECT 1 FROM journal_entry r WHERE"
        f" r.reverses_no = j.no) THEN 0 ELSE 1 END FROM journal_entry j WHERE j.kind = '{KIND}' AND"
        " EXISTS (SELECT 1 FROM posting p WHERE p.journal_entry_no = j.no AND p.gl_account ="
        f" {quoted(account)}) ORDER BY j.no"
    )
    return ledger.frame(
        sql, {"no": pl.Int64, "key": pl.String, "posting_date": pl.Date, "live": pl.Int64}
    )
