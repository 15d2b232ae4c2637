"""Corrections are reversals: the exact negation of a stored journal, never an edit."""

import hashlib
from collections.abc import Callable

import polars as pl

from pipeline.domain import frames, values
from pipeline.domain.errors import LedgerError
from pipeline.domain.values import Values
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
    applications = _applications(journal, created, amounts)
    return Journal(
        frames.conform(entries, frames.JOURNAL_ENTRIES),
        journal.postings.with_columns(
            new_key("key").alias("key"), -pl.col("amount", "amount_company")
        ),
        frames.empty(frames.NEW_ENTRIES),
        applications.with_columns(new_key("key").alias("key")),
        journal.refused.clear(),
        journal.taxes.with_columns(
            new_key("key").alias("key"), -pl.col("base_amount", "tax_amount")
        ),
        _values(journal, created, applications, new_key),
    )


def _values(
    journal: Journal,
    created: pl.DataFrame,
    applications: pl.DataFrame,
    new_key: Callable[[str], pl.Expr],
) -> Values:
    """What was valued loses its value, by the journal entry that undoes the one that gave it."""
    of = pl.when(pl.col("of_key") == "").then("key").otherwise("of_key").alias("of")
    negated = journal.values.applications.with_columns(of, *[-pl.col(n) for n in values.PARTS])
    stays = applications.select(pl.col("key").alias("of"), "seq")
    money = created.filter(pl.col("remaining_company").is_not_null()).join(
        applications.filter(pl.col("role") == "counter"),
        left_on=["key", "entry_id"], right_on=["key", "target_id"],
    )  # fmt: skip
    rest = money.select(
        pl.col("key").alias("of"), "seq", pl.col("remaining_company").alias("entry_company"),
        *[pl.lit(0, dtype=pl.Int64).alias(name) for name in list(values.PARTS)[1:]],
    ).join(
        journal.values.valuations.with_columns(of).select("of", "key", "of_key"), on="of"
    )  # fmt: skip
    whole = pl.concat([
        negated.join(stays, on=["of", "seq"], how="semi").select(list(values.APPLICATIONS)),
        rest.select(list(values.APPLICATIONS)),
    ]).sort("key", "seq")  # fmt: skip
    renamed = [
        frame.with_columns(
            pl.when(pl.col(name) == "").then(pl.lit("")).otherwise(new_key(name)).alias(name)
            for name in ("key", "of_key")
        )
        for frame in (whole, journal.values.valuations)
    ]
    return Values(applications=renamed[0], valuations=renamed[1])


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
