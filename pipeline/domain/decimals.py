"""Amounts of a whole column as decimal text of their currency; see ``money`` for single ones."""

import polars as pl

from pipeline.domain import money


def decimals(frame: pl.DataFrame, name: str, currency: str) -> pl.Expr:
    """The column ``name`` of ``frame``, minor units, as decimal text of its currency column.

    Empty where there is no amount or the currency is unknown.
    """
    places: dict[str, int] = {}
    for code in frame[currency].unique().to_list():
        if code:
            try:
                places[code] = money.exponent(code)
            except ValueError:
                continue
    digits = pl.col(currency).replace_strict(places, default=None, return_dtype=pl.Int64)
    return _decimal(pl.col(name), digits, set(places.values()))


def _decimal(amount: pl.Expr, digits: pl.Expr, known: set[int]) -> pl.Expr:
    size = amount.abs()
    found = pl.lit(None, dtype=pl.String)
    for places in sorted(known):
        whole = (size // 10**places).cast(pl.String)
        text = whole
        if places:
            rest = (size % 10**places).cast(pl.String).str.zfill(places)
            text = pl.concat_str(whole, pl.lit("."), rest)
        found = pl.when(digits == places).then(text).otherwise(found)
    return pl.when(amount < 0).then(pl.concat_str(pl.lit("-"), found)).otherwise(found)
