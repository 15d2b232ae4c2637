"""Which proposals post themselves: confidence, limits (accounting rules, section 5)."""

from dataclasses import dataclass

import polars as pl

from pipeline.config import Settings

_WITHHELD = {"line_id": pl.Int64, "held_reason": pl.String}
_LEVELS = {"none": 0, "low": 1, "medium": 2, "high": 3, "accepted": 4, "manual": 4}


@dataclass(frozen=True, slots=True)
class Choice:
    """What posts (``PROPOSALS`` rows of rank 1), and why the others named in ``held`` do not."""

    post: pl.DataFrame
    held: pl.DataFrame
    """``line_id, held_reason``."""

    def reasoned(self, proposals: pl.DataFrame) -> pl.DataFrame:
        """``proposals`` with the reason of the policy where the matcher gave none."""
        joined = proposals.join(self.held, on="line_id", how="left", maintain_order="left")
        reason = pl.when(pl.col("reason") == "").then(pl.col("held_reason").fill_null(""))
        return joined.with_columns(reason.otherwise("reason").alias("reason")).drop("held_reason")


def choose(
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    settings: Settings,
    withheld: pl.DataFrame | None = None,
) -> Choice:
    """Split the best proposals into those that may post and those that wait for a person.

    Above the limit a line waits, and so do those that are ``withheld`` (``line_id, held_reason``)
    unless a person decided them.
    """
    bar = {"high": 3, "medium": 2, "none": 4}[settings.policy["post"]]
    best = proposals.filter(pl.col("rank") == 1).join(
        lines.select("line_id", "amount", "currency"), on="line_id", maintain_order="left"
    )
    best = best.join(
        withheld if withheld is not None else pl.DataFrame(schema=_WITHHELD),
        on="line_id", how="left", maintain_order="left",
    )  # fmt: skip
    level = pl.col("confidence").replace_strict(_LEVELS, return_dtype=pl.Int64)
    limit = limit_by_currency(settings, "limit", best["currency"])
    above = (pl.col("amount").abs() > limit).fill_null(False) & (level < 4)
    sure = (level >= bar) & (pl.col("reason") == "")
    kept = pl.col("held_reason").is_not_null() & (level < 4)
    reason = (
        pl.when(sure & kept).then("held_reason")
        .when(sure & above).then(pl.lit("needs_approval")).otherwise(pl.lit("low_confidence"))
    )  # fmt: skip
    may = best.filter(sure & ~above & ~kept)
    held = best.filter(~(sure & ~above & ~kept)).select("line_id", reason.alias("held_reason"))
    return Choice(may.select(proposals.columns), held)


def limit_by_currency(settings: Settings, key: str, currencies: pl.Series) -> pl.Expr:
    """The limit ``key`` of the policy by the ``currency`` of each row, minor units; null: none."""
    limits = {code: settings.amount_limit(key, code) for code in currencies.unique().sort()}
    return pl.col("currency").replace_strict(limits, return_dtype=pl.Int64, default=None)
