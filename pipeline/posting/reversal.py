"""Corrections are reversals: the exact negation of a stored journal, never an edit."""

import hashlib

import polars as pl

from pipeline.domain import frames
from pipeline.domain.errors import LedgerError
from pipeline.posting.journal import Journal


def reverse(journal: Journal, created: pl.DataFrame, days: pl.DataFrame, reason: str) -> Journal:
    """The journal that undoes ``journal``: all of it negated, each entry on its day.

    ``days``: ``key, day``.

    What it settled opens again. The payment entries that it ``created`` (``key, entry_id,
    party_type, party_no, remaining_amount``) are closed and not opened again: their money is gone.
    The targets of ``journal.applications`` must name stored entries (no ``new_entry``). Raises
    LedgerError when money of a payment entry was used since: un-apply that first.
    """
    _untouched(journal, created)

    def new_key(name: str) -> pl.Expr:
        return pl.col(name).map_elements(
            lambda key: hashlib.sha256(f"reverse|{key}".encode()).hexdigest(), pl.String
        )

    dated = journal.journal_entries.join(days, on="key", maintain_order="left")
    entries = dated.with_columns(
        pl.col("key").alias("reverses_key"),
        new_key("key").alias("key"),
        pl.col("day").alias("posting_date"),
        pl.lit("reversal").alias("kind"),
        pl.lit(reason).alias("reason"),
    )
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")
    return Journal(
        frames.conform(entries, frames.JOURNAL_ENTRIES),
        journal.postings.with_columns(new_key("key").alias("key"), -pl.col("amount")),
        frames.empty(frames.NEW_ENTRIES),
        _applications(journal, created, amounts).with_columns(new_key("key").alias("key")),
        journal.refused.clear(),
        journal.taxes.with_columns(
            new_key("key").alias("key"), -pl.col("base_amount", "tax_amount")
        ),
    )


def _untouched(journal: Journal, created: pl.DataFrame) -> None:
    used = journal.applications.filter(pl.col("role") == "counter").group_by(
        pl.col("target_id").alias("entry_id")
    ).agg(pl.col("entry_amount").sum().alias("used"))  # fmt: skip
    amounts = journal.new_entries.select("key", "party_type", "party_no", "amount")
    left = created.join(amounts, on=["key", "party_type", "party_no"]).join(
        used, on="entry_id", how="left"
    )
    own = pl.col("amount") - pl.col("used").fill_null(0)
    if left.height < created.height or left.filter(pl.col("remaining_amount") != own).height:
        raise LedgerError("money of this journal entry settles something else; un-apply that first")


def _applications(
    journal: Journal, created: pl.DataFrame, amounts: tuple[str, ...]
) -> pl.DataFrame:
    of_others = ~pl.col("target_id").is_in(created["entry_id"].to_list())
    settled = journal.applications.filter(
        pl.col("role").is_in(["settles", "external"]) | ((pl.col("role") == "counter") & of_others)
    ).with_columns(*[-pl.col(name) for name in amounts])
    rest = created.filter(pl.col("remaining_amount") != 0).select(
        "key", "party_type", "party_no",
        pl.lit("counter").alias("role"), pl.lit("entry").alias("target"),
        pl.col("entry_id").alias("target_id"), pl.col("remaining_amount").alias("entry_amount"),
    )  # fmt: skip
    last = journal.applications.select("key", "seq", "line_id").group_by("key").agg(
        pl.col("seq").max().alias("last"), pl.col("line_id").first()
    )  # fmt: skip
    closing = rest.join(last, on="key").sort("key", "target_id").with_columns(
        (pl.col("last") + pl.int_range(1, pl.len() + 1).over("key")).alias("seq")
    )  # fmt: skip
    return pl.concat([settled, frames.conform(closing, frames.APPLICATIONS)])
