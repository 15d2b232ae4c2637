"""Writing a table as CSV, Parquet or JSON."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.domain.errors import UsageError
from pipeline.domain.spreadsheet import guarded_columns
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export.batches import File, Registers
from pipeline.ledger.export.columns import MONEY
from pipeline.ledger.export.tables import export


def write(frame: pl.DataFrame, form: str, path: Path | None) -> None:
    """Write a frame as csv, parquet or json, to ``path`` or standard output.

    In CSV, text that a spreadsheet would run as a formula gets a leading ``'``.
    """
    _write(frame, form, path or sys.stdout.buffer)


def comma_separated(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a CSV file."""
    out = io.BytesIO()
    _write(frame, "csv", out)
    return out.getvalue()


def _write(frame: pl.DataFrame, form: str, target: Any) -> None:
    if form == "csv":
        frame.with_columns(_safe(frame)).write_csv(target)
    elif form == "parquet":
        frame.write_parquet(target)
    elif form == "json":
        frame.write_json(target)
    else:
        raise UsageError(f"--format {form!r}, expected csv, parquet or json")


def general_ledger(
    ledger: Ledger, form: str, currency: str
) -> Callable[[Registers], Iterator[File]]:
    """What writes the postings of a batch as one csv, parquet or json file, as ``gl`` has them."""

    def make(wanted: Registers) -> Iterator[File]:
        frame = export(ledger, "gl", company_currency=currency, registers=wanted)
        out = io.BytesIO()
        _write(frame, form, out)
        yield File(f"gl_{wanted.number:04}.{form}", frame.height, out.getvalue())

    return make


def _safe(frame: pl.DataFrame) -> list[pl.Expr]:
    text = [name for name, kind in frame.schema.items() if kind == pl.String and name not in MONEY]
    return guarded_columns(text)
