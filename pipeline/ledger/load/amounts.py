"""Decimal text of a file to minor units: exact, or the row is named."""

import polars as pl

from pipeline.domain.errors import Problem
from pipeline.domain.money import exponent, minor
from pipeline.ledger.load.checks import found
from pipeline.ledger.load.kinds import Kind

_PLAIN = r"^-?\d{1,14}(\.\d{1,4})?$"
EXPECTED = "a decimal with '.' and the currency's digits"


def with_minor_units(frame: pl.DataFrame, rules: Kind) -> tuple[pl.DataFrame, list[Problem]]:
    """Money columns as Int64 minor units of the row's ``currency``, null where nothing stands."""
    problems: list[Problem] = []
    if "currency" not in frame.columns:
        return frame, problems
    places = {"": 2}
    for code in frame["currency"].unique().sort().to_list():
        try:
            places[code] = exponent(code) if code else 2
        except ValueError:
            wrong = frame.filter(pl.col("currency") == code)
            problems += found(wrong, "currency", "an ISO 4217 currency")
            places[code] = 2
    digits = pl.col("currency").replace_strict(places, return_dtype=pl.Int64)
    for name in rules.money:
        column, wrong_rows = minor_units(frame, name, digits)
        frame = frame.with_columns(column)
        problems += wrong_rows
    return frame, problems


def minor_units(frame: pl.DataFrame, name: str, places: pl.Expr) -> tuple[pl.Series, list[Problem]]:
    """One column: what is plain in bulk, what is odd (more zeros, a plus) one by one."""
    text = pl.col(name)
    point = text.str.find(".", literal=True)
    written = pl.when(point.is_null()).then(0).otherwise(text.str.len_bytes() - point - 1)
    missing = places - written.cast(pl.Int64)
    plain = text.str.contains(_PLAIN) & (missing >= 0)
    whole = text.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
    scale = pl.lit(10, dtype=pl.Int64).pow(missing.clip(0, 4))
    values = frame.select(pl.when(plain).then(whole * scale).alias(name))[name]
    odd = frame.filter(values.is_null() & (frame[name] != "")).select("row", "currency", name)
    exact, problems = {}, []
    for row, currency, amount in odd.iter_rows():
        try:
            if "," in amount:
                raise ValueError(amount)
            exact[row] = minor(amount, currency or "EUR")
        except ValueError:
            problems.append(Problem(f"row {row}", name, amount[:40], EXPECTED))
    if exact:
        filled = pl.col("row").replace_strict(exact, default=None, return_dtype=pl.Int64)
        values = frame.select(values.alias("v"), filled.alias("f")).select(
            pl.coalesce("v", "f").alias(name)
        )[name]
    return values, problems
