"""Text in a CSV file that a spreadsheet would run as a formula gets a leading ``'``."""

import re
from collections.abc import Iterable

import polars as pl

_BEGINS = r"^[=+\-@\t\r]"
_FORMULA = re.compile(_BEGINS)


def guarded(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it."""
    return f"'{text}" if _FORMULA.match(text) else text


def guarded_columns(names: Iterable[str]) -> list[pl.Expr]:
    """``guarded`` of each of these columns of text."""
    return [
        pl.when(pl.col(name).str.contains(_BEGINS))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(name)
        .alias(name)
        for name in names
    ]
