"""Balance assertions of the journal: what the bank itself says that an account holds."""

import datetime as dt

import polars as pl

from pipeline.ledger.connection import Ledger

_NEVER = 1_000_000_000
_DATES = (
    "SELECT b.bank_account_no, CASE WHEN c.ord IS NOT NULL THEN c.ord WHEN j.kind = 'opening'"
    f" AND j.line_id IS NULL THEN 0 ELSE {_NEVER} END AS ord, min(j.posting_date),"
    " max(j.posting_date) FROM bank_account b JOIN posting p ON p.gl_account = b.gl_account"
    " JOIN journal_entry j ON j.no = p.journal_entry_no"
    " LEFT JOIN statement_line l ON l.line_id = j.line_id"
    " LEFT JOIN closed_statement c ON c.statement_id = l.statement_id"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)
_CLOSED = (
    "SELECT c.bank_account_no, c.ord, b.gl_account, b.currency, c.closing, s.to_date"
    " FROM closed_statement c JOIN bank_account b ON b.bank_account_no = c.bank_account_no"
    " JOIN statement s ON s.id = c.statement_id WHERE s.to_date IS NOT NULL AND"
    " (SELECT count(*) FROM bank_account o WHERE o.gl_account = b.gl_account) = 1"
    " ORDER BY c.bank_account_no, c.ord"
)


def assertions(ledger: Ledger, since: dt.date | None = None) -> pl.DataFrame:
    """``gl_account, currency, closing, to_date``: closing balances of reconciled statements.

    Only where every line of this and earlier statements is booked by ``to_date`` and no other
    line before its end: anywhere else the G/L account rightly holds another amount that day.
    """
    keys = {"bank_account_no": pl.String, "ord": pl.Int64}
    dates = ledger.frame(_DATES, {**keys, "first": pl.String, "last": pl.String})
    closed = ledger.frame(
        _CLOSED,
        {
            **keys,
            **dict.fromkeys(("gl_account", "currency"), pl.String),
            "closing": pl.Int64,
            "to_date": pl.String,
        },
    )
    rows = (
        pl.concat([closed, dates.join(closed, on=list(keys), how="anti")], how="diagonal")
        .drop("first", "last", strict=False)
        .join(dates, on=list(keys), how="left")
        .sort("bank_account_no", "ord")
    )
    account = "bank_account_no"
    own = rows.with_columns(
        _day("last", 0).cum_max().over(account).alias("_last"),
        _day("first", _NEVER).shift(-1, fill_value=_NEVER).cum_min(reverse=True).over(account)
        .alias("_next"),
        _day("to_date", 0).alias("_to"),
    )  # fmt: skip
    sure = (pl.col("_last") <= pl.col("_to")) & (pl.col("_to") < pl.col("_next"))
    found = own.filter(pl.col("to_date").is_not_null() & sure)
    if since is not None:
        found = found.filter(pl.col("to_date") >= since.isoformat())
    return found.select("gl_account", "currency", "closing", "to_date").unique(
        maintain_order=True, subset=["gl_account", "to_date"], keep="last"
    )


def _day(name: str, empty: int) -> pl.Expr:
    """A date as a number that grows with it; text has no running maximum."""
    return pl.col(name).str.replace_all("-", "").cast(pl.Int64, strict=False).fill_null(empty)
