"""What anybody answers for bank lines, and what is true of them: one form for all.

Amounts are minor units with the signs of the exports: a receipt is positive, and so is what it
settles; a credit memo netted in it is negative.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

MONEY = ("applied_amount", "discount_amount", "difference_amount")
PART = ("target", "party_type", "party_no", "document_no")
PARTS = {
    "line_ref": pl.String,
    "rank": pl.Int64,  # 1: what was posted, or else the first proposal
    **dict.fromkeys(PART, pl.String),
    **dict.fromkeys(MONEY, pl.Int64),
}
LINES = {"line_ref": pl.String, "posted": pl.Boolean, "probability": pl.Float64}


@dataclass(frozen=True, slots=True)
class Answers:
    """``lines``: what was posted by itself, and how sure; ``parts``: each answer's applications.

    A line without a row in ``lines`` got no answer. ``candidates`` are the pairs of ``line_ref``
    and part that were looked at at all; empty where nobody can see them from outside.
    """

    lines: pl.DataFrame
    parts: pl.DataFrame
    candidates: pl.DataFrame

    @classmethod
    def of(
        cls, lines: pl.DataFrame, parts: pl.DataFrame, candidates: pl.DataFrame | None = None
    ) -> "Answers":
        """Checked columns, in order; what a part leaves out is empty or zero."""
        looked = parts if candidates is None else candidates
        return cls(
            _columns(lines, LINES),
            _columns(parts, PARTS),
            _columns(looked, {key: PARTS[key] for key in ("line_ref", *PART)}).unique(),
        )

    def write(self, folder: Path) -> None:
        """Three Parquet files."""
        for name in self.__slots__:
            getattr(self, name).write_parquet(folder / f"{name}.parquet")

    @classmethod
    def read(cls, folder: Path) -> "Answers":
        """What ``write`` wrote."""
        return cls(*(pl.read_parquet(folder / f"{name}.parquet") for name in cls.__slots__))


def _columns(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """These columns and no others; a probability may be unknown, nothing else."""
    given = [pl.col(name).cast(kind) for name, kind in schema.items() if name in frame.columns]
    lacking = [
        pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in frame.columns
    ]
    whole = frame.select(*given, *lacking).select(list(schema))
    return whole.with_columns(
        pl.col(pl.String).fill_null(""),
        pl.col(pl.Int64).fill_null(0),
        pl.col(pl.Boolean).fill_null(False),
    )
