"""One kind of export as a frame: columns of the interface, total order, amounts as text."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.domain.errors import UsageError
from pipeline.ledger import last_days
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export import queries
from pipeline.ledger.export.batches import Registers
from pipeline.ledger.export.columns import (
    COLUMNS,
    DATED,
    MONEY,
    NUMBERED,
    NUMBERS,
    OF_ENTRY,
    ORDER,
)
from pipeline.ledger.export.letters import letters


def export(
    ledger: Ledger,
    kind: str,
    *,
    since: dt.date | None = None,
    as_of: dt.date | None = None,
    accounts: Mapping[str, str] | None = None,
    company_currency: str = "",
    registers: Registers | None = None,
) -> pl.DataFrame:
    """One kind of export: amounts as decimal text of their currency, dates as ISO text.

    ``since`` leaves out what is dated before. ``as_of`` is the day to which exceptions age, the
    day that the statements have come to by default. ``accounts`` names the G/L accounts behind the
    settings' words in proposals; amounts in ``company_currency`` are their own company amount.
    ``registers``: those of ``gl`` alone.
    """
    of_batch = f" WHERE {registers.journal}" if registers else ""
    frame = _read(ledger, queries.QUERIES[kind] + of_batch)
    if kind == "applications":
        frame = pl.concat([frame, _read(ledger, queries.PROPOSED)], how="diagonal_relaxed")
    frame = _completed(ledger, kind, frame, as_of, accounts or {}, company_currency)
    if since is not None:
        dated = DATED.get(kind, "booking_date")
        if dated not in frame.columns:
            raise UsageError(f"--since: not known for export {kind}, which has no dates")
        frame = frame.filter(pl.col(dated) >= since.isoformat())
    amounts = [name for name in COLUMNS[kind] if name in MONEY and not name.endswith("_company")]
    other = OF_ENTRY if "entry_currency" in COLUMNS[kind] else ()
    written = _sorted(frame, kind).with_columns(
        decimals(frame, name, "entry_currency" if name in other else "currency").alias(name)
        for name in amounts
    )
    return written.select(COLUMNS[kind])


def _read(ledger: Ledger, sql: str) -> pl.DataFrame:
    with ledger.reading() as connection:
        result = connection.exec_driver_sql(sql)
        names = list(result.keys())
        rows = [tuple(row) for row in result.fetchall()]
    hidden = ("_entry_id", "_target_id", "_no", "_valued")
    whole = {*MONEY, *NUMBERS, *hidden}
    schema: dict[str, Any] = {name: pl.Int64 if name in whole else pl.String for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _completed(
    ledger: Ledger,
    kind: str,
    frame: pl.DataFrame,
    as_of: dt.date | None,
    accounts: Mapping[str, str],
    company_currency: str,
) -> pl.DataFrame:
    """The columns that no query gives: letters, ages, what is unapplied."""
    if kind in ("applications", "entries"):
        live = pl.col("status") == "posted" if kind == "applications" else pl.lit(True)
        frame = frame.join(letters(ledger), on="_entry_id", how="left", maintain_order="left")
        names = [name for name in ("letter", "letter_date") if name in COLUMNS[kind]]
        frame = frame.with_columns(
            pl.when(live).then(pl.col(name).fill_null("")).otherwise(pl.lit("")) for name in names
        )
    if kind == "proposals":
        frame = frame.with_columns(pl.lit("").alias("letter"))
    if kind in ("applications", "proposals"):
        frame = frame.with_columns(pl.col("gl_account").replace(dict(accounts)))
    if kind == "lines":
        left = (pl.col("amount") - pl.col("applied_amount")).alias("unapplied_amount")
        frame = frame.with_columns(left)
    if kind == "exceptions":
        frame = _aged(frame, as_of or last_days.covered(ledger))
    if kind == "gl":
        own = pl.when(pl.col("currency") == company_currency).then("amount")
        worth = pl.coalesce("amount_company", own)
        missing = worth.is_null() & pl.col("_valued").is_null()
        flag = pl.when(missing).then(pl.lit("true")).otherwise(pl.lit("false"))
        frame = frame.with_columns(worth.alias("amount_company"), flag.alias("rate_missing"))
    for name in (name for name in COLUMNS[kind] if name.endswith("_company")):
        frame = _company_amounts(frame, name, company_currency)
    return frame


def _aged(frame: pl.DataFrame, as_of: dt.date | None) -> pl.DataFrame:
    opened = pl.col("opened_on").str.to_date("%Y-%m-%d", strict=False)
    age = (pl.lit(as_of, dtype=pl.Date) - opened).dt.total_days()
    return frame.with_columns(age.alias("age_days"))


def _company_amounts(frame: pl.DataFrame, name: str, currency: str) -> pl.DataFrame:
    whole = frame.with_columns(pl.lit(currency).alias("_company_currency"))
    return whole.with_columns(decimals(whole, name, "_company_currency").alias(name))


def _sorted(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    keys = [_key(name) for name in ORDER[kind]]
    rest = [name for name in COLUMNS[kind] if name not in ORDER[kind]]
    return frame.sort([*keys, *[pl.col(name) for name in (*ORDER[kind], *rest)]], nulls_last=True)


def _key(name: str) -> pl.Expr:
    column = pl.col(name)
    if name not in NUMBERED:
        return column
    return pl.when(column.str.contains("^[0-9]+$")).then(column.str.zfill(20)).otherwise(column)
