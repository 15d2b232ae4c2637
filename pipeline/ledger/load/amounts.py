"""Decimal text of a file to minor units: exact, or the row is named."""

import polars as pl

from pipeline.domain import money
from pipeline.domain.errors import Problem
from pipeline.domain.money import exponent, minor
from pipeline.ledger.load.checks import found
from pipeline.ledger.load.kinds import Kind

_PLAIN = r"^-?\d{1,14}(\.\d{1,4})?$"
_DOUBTFUL = r"^[-+]?[1-9]\d{0,2}\.\d{2}0$"
_GROUP = 3
"""Digits of a group, and of the currencies that have as many behind the point."""
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


def thousands(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    """Amounts as ``1.190`` of a file of which nothing says whether ``.`` groups digits there.

    Read as a decimal, the last zero says nothing: what is meant may be a thousand times as much.
    """
    problems = []
    for name in rules.money if "currency" in frame.columns else ():
        doubtful = frame.filter(pl.col(name).str.contains(_DOUBTFUL))
        few = [code for code in doubtful["currency"].unique() if _digits(code) < _GROUP]
        expected = "a decimal with the currency's digits; this may be thousands"
        problems += found(doubtful.filter(pl.col("currency").is_in(few)), name, expected)
    return problems


def _digits(code: str) -> int:
    try:
        return exponent(code) if code else 2
    except ValueError:
        return _GROUP  # the row is named for its currency


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


def odd_signs(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    """Amounts with the sign that such a row seldom has: a warning, no refusal.

    A list that writes credit memos or a vendor's invoices without their sign is told by it.
    """
    name, signs = rules.signs
    if not signs:
        return []
    usual = pl.col(name).replace_strict(signs, default=0, return_dtype=pl.Int64)
    side = pl.lit("")
    if "party_type" in rules.key:
        side = pl.col("party_type")
        usual = pl.when(side == "vendor").then(-usual).otherwise(usual)
    odd = frame.filter(pl.col("amount").sign() * usual < 0)
    way = pl.when(usual > 0).then(pl.lit("above")).otherwise(pl.lit("below"))
    what = pl.concat_str(side, pl.lit(" "), name).str.strip_chars_start()
    said = odd.select("row", "amount", "currency", way.alias("way"), what.alias("what"))
    return [
        Problem(f"row {row}", "amount", money.text(found, code), f"an amount {way} 0 for a {what}")
        for row, found, code, way, what in said.iter_rows()
    ]
