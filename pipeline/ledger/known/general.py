"""The general ledger as it was known: what every account moved, in its currencies."""

import datetime as dt

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.known import Known, was

_T, _N = pl.String, pl.Int64


def movements(ledger: Ledger, at: Known, since: dt.date | None, company: str) -> pl.DataFrame:
    """A row an account and currency, minor units, debit positive.

    ``gl_account, name, currency, opening, debit, credit, valued, unvalued, unvalued_postings``:
    ``opening`` is what was posted before ``since``, ``debit`` and ``credit`` (a magnitude) what
    came from then on; ``valued`` is in ``company`` currency what has a value in it, ``unvalued``
    in its own what has none.
    """
    before = f"j.posting_date < '{since}'" if since else "1 = 0"
    later = (
        "EXISTS (SELECT 1 FROM valuation v JOIN journal_entry k ON k.no = v.journal_entry_no WHERE"
        f" v.values_no = j.no AND k.no <> j.no AND {at.journal.replace('j.', 'k.')})"
    )
    worth = f"CASE WHEN p.currency = '{company}' THEN p.amount ELSE p.amount_company END"
    sums = {
        "opening": f"CASE WHEN {before} THEN p.amount ELSE 0 END",
        "debit": f"CASE WHEN {before} OR p.amount < 0 THEN 0 ELSE p.amount END",
        "credit": f"CASE WHEN {before} OR p.amount > 0 THEN 0 ELSE -p.amount END",
        "valued": f"coalesce({worth}, 0)",
        "unvalued": f"CASE WHEN {worth} IS NULL AND NOT {later} THEN p.amount ELSE 0 END",
        "unvalued_postings": f"CASE WHEN {worth} IS NULL AND NOT {later} THEN 1 ELSE 0 END",
    }
    columns = ", ".join(f"CAST(sum({sql}) AS BIGINT) AS {name}" for name, sql in sums.items())
    name = was(at, "'gl_account'", "g.no", "name")
    sql = (
        f"SELECT s.gl_account, {name}, s.currency, {', '.join(f's.{n}' for n in sums)} FROM (SELECT"
        f" p.gl_account, p.currency, {columns} FROM posting p JOIN journal_entry j"
        f" ON j.no = p.journal_entry_no WHERE {at.journal} GROUP BY p.gl_account, p.currency) s"
        " JOIN gl_account g ON g.no = s.gl_account ORDER BY s.gl_account, s.currency"
    )
    names = ("gl_account", "name", "currency")
    return ledger.frame(sql, {**dict.fromkeys(names, _T), **dict.fromkeys(sums, _N)})
