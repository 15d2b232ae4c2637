"""Writing a table as CSV, Parquet or JSON."""

import sys
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.domain.errors import UsageError
from pipeline.ledger.export.columns import MONEY

_FORMULA = r"^[=+\-@\t\r]"


def write(frame: pl.DataFrame, form: str, path: Path | None) -> None:
    """Write a frame as csv, parquet or json, to ``path`` or standard output.

    In CSV, text that a spreadsheet would run as a formula gets a leading ``'``.
    """
    target: Any = path or sys.stdout.buffer
    if form == "csv":
        frame.with_columns(_safe(frame)).write_csv(target)
    elif form == "parquet":
        frame.write_parquet(target)
    elif form == "json":
        frame.write_json(target)
    else:
        raise UsageError(f"--format {form!r}, expected csv, parquet or json")


def _safe(frame: pl.DataFrame) -> list[pl.Expr]:
    text = [name for name, kind in frame.schema.items() if kind == pl.String and name not in MONEY]
    return [
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(name)
        .alias(name)
        for name in text
    ]
