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
