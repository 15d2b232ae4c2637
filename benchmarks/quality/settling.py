"""What every peer may settle, and what a line pays of it: the arithmetic that they share.

A peer says which items a line pays; how much of each follows from the amounts, by the policy
that Lettrage has by default. No peer is made to invent its own.
"""

import polars as pl

from benchmarks.quality.answers import MONEY, PART
from benchmarks.quality.books import Books

TOLERANCE = 5
"""Minor units, each way, on a single entry: ``[policy] tolerance`` of the default settings."""
OPEN_DOCUMENTS = ("invoice", "credit_memo", "finance_charge", "reminder", "opening", "cash_sale")
_NUMBERS = ("document_no", "external_document_no", "payment_reference", "your_reference",
            "mandate_id", "check_no", "end_to_end_id", "batch_no")  # fmt: skip


def items(books: Books) -> pl.DataFrame:
    """Open entries and open bank entries in one frame, numbered by ``item``, oldest first.

    ``target, party_type, party_no, document_no`` are those of an answer; ``owner_type`` and
    ``owner_no`` the party of the item, for a bank entry the one that it names. ``remaining`` and
    ``discount`` are minor units, positive for money that is to come in.
    """
    entries = books.entries.filter(pl.col("document_type").is_in(OPEN_DOCUMENTS)).with_columns(
        pl.lit("entry").alias("target"),
        pl.col("party_type").alias("owner_type"),
        pl.col("party_no").alias("owner_no"),
        pl.lit("").alias("bank_account_no"),
    )
    bank = books.bank_entries.with_columns(
        pl.lit("bank_entry").alias("target"),
        pl.col("party_type").alias("owner_type"),
        pl.col("party_no").alias("owner_no"),
        pl.lit("").alias("party_type"),
        pl.col("bank_account_no").alias("party_no"),
        pl.col("entry_no").alias("document_no"),
        pl.col("document_no").alias("external_document_no"),
        pl.col("amount").alias("remaining"),
    ).drop("amount", "entry_no")
    both = pl.concat([entries, bank], how="diagonal_relaxed").with_columns(
        *(pl.col(name).fill_null("") for name in _NUMBERS), pl.col("discount").fill_null(0)
    )
    order = ("posting_date", *PART, "bank_account_no", "remaining")
    return both.sort(order).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("item"))


def may_settle() -> pl.Expr:
    """On a join of line and item: same currency or bank account, sign, and not a later entry."""
    where = (
        pl.when(pl.col("target") == "bank_entry")
        .then(pl.col("bank_account_no") == pl.col("bank_account_no_item"))
        .otherwise(pl.col("currency") == pl.col("currency_item"))
    )
    return (
        where
        & (pl.col("amount").sign() == pl.col("remaining").sign())
        & (pl.col("posting_date") <= pl.col("booking_date"))
    )


def due() -> pl.Expr:
    """What is left to pay on the line's value date: less the discount while it may be taken."""
    in_time = pl.col("value_date") <= pl.col("late")
    return pl.col("remaining") - pl.when(in_time).then(pl.col("discount")).otherwise(0)


def within_policy(
    lines: pl.DataFrame, chosen: pl.DataFrame, books: Books, every: pl.DataFrame
) -> pl.DataFrame:
    """``lines`` with ``posted`` taken back where the default policy does not let ``chosen`` post.

    Money out to a customer, and to an account that is not among those of the vendor. Policy, not
    matching: nobody is to be blamed for not guessing it.
    """
    known = books.accounts.select(
        pl.col("party_type").alias("owner_type"), pl.col("party_no").alias("owner_no"), "account"
    )
    on_file = known.select("owner_type", "owner_no", pl.lit(True).alias("on_file")).unique()
    same = known.with_columns(pl.lit(True).alias("same"))
    rows = (
        paired(chosen.select("line_ref", "item"), books, every)
        .filter((pl.col("amount") < 0) & (pl.col("target") == "entry"))
        .join(on_file, on=["owner_type", "owner_no"], how="left")
        .join(same, on=["owner_type", "owner_no", "account"], how="left")
    )
    stranger = (pl.col("account") != "") & pl.col("on_file") & pl.col("same").is_null()
    kept = (pl.col("owner_type") == "customer") | stranger.fill_null(False)
    held = rows.filter(kept)["line_ref"].unique()
    return lines.with_columns(pl.col("posted") & ~pl.col("line_ref").is_in(held.implode())).sort(
        "line_ref"
    )


def paired(chosen: pl.DataFrame, books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """``chosen`` (``line_ref, item``, more) with the columns of both."""
    return chosen.join(books.lines, on="line_ref", how="left", maintain_order="left").join(
        every, on="item", how="left", suffix="_item", maintain_order="left"
    )


def settle(chosen: pl.DataFrame, books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """Parts of answers, with ``fit``, for ``chosen``: ``line_ref, rank, item``.

    ``exact``: the sum of what is due, with or without discount; ``tolerance``: one entry, nearly;
    ``short``: a part payment, oldest due date first; ``over``: the rest stays on account.
    """
    key = ["line_ref", "rank"]
    rows = paired(chosen, books, every).with_columns(due().alias("due"))
    total, less = pl.col("remaining").sum().over(key), pl.col("due").sum().over(key)
    amount, single = pl.col("amount"), pl.len().over(key) == 1
    near = single & (pl.col("target") == "entry")
    fit = (
        pl.when(amount == total).then(pl.lit("exact"))
        .when(amount == less).then(pl.lit("discount"))
        .when(near & ((amount - total).abs() <= TOLERANCE)).then(pl.lit("tolerance"))
        .when(near & ((amount - less).abs() <= TOLERANCE)).then(pl.lit("discount_tolerance"))
        .when(amount.abs() > total.abs()).then(pl.lit("over"))
        .otherwise(pl.lit("short"))
    )  # fmt: skip
    parts = _amounts(rows.with_columns(fit.alias("fit"), total.alias("total")), key)
    fits = pl.col("fit").replace({"discount": "exact", "discount_tolerance": "tolerance"})
    return pl.concat([parts, _on_account(parts)]).select(
        "line_ref", "rank", *PART, *MONEY, fits.alias("fit"), "owner_type", "owner_no"
    )


def _amounts(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Credits in full first, then what is due first, as far as the amount goes."""
    against = pl.col("remaining").sign() != pl.col("amount").sign()
    ordered = rows.with_columns(against.alias("_against")).sort(
        *key, "_against", "due_date", "item", descending=[False, False, True, False, False],
        nulls_last=True,
    )  # fmt: skip
    before = pl.col("remaining").cum_sum().over(key) - pl.col("remaining")
    left = (pl.col("amount") - before) * pl.col("amount").sign()
    part = pl.min_horizontal(left, pl.col("remaining").abs()).clip(0) * pl.col("amount").sign()
    fit = pl.col("fit")
    applied = (
        pl.when(pl.col("_against") | fit.is_in(("exact", "over"))).then(pl.col("remaining"))
        .when(fit == "discount").then(pl.col("due"))
        .when(fit.str.ends_with("tolerance")).then(pl.col("amount"))
        .otherwise(part)
    )  # fmt: skip
    discount = pl.when(fit.is_in(("discount", "discount_tolerance"))).then(
        pl.col("remaining") - pl.col("due")
    )
    return ordered.with_columns(
        applied.alias("applied_amount"), discount.fill_null(0).alias("discount_amount")
    ).with_columns(
        pl.when(fit.str.ends_with("tolerance"))
        .then(pl.col("remaining") - pl.col("applied_amount") - pl.col("discount_amount"))
        .otherwise(0)
        .alias("difference_amount")
    )


def _on_account(parts: pl.DataFrame) -> pl.DataFrame:
    """The rest of overpaying lines, for the party of their first entry."""
    first = parts.filter((pl.col("fit") == "over") & (pl.col("target") == "entry")).unique(
        ["line_ref", "rank"], keep="first", maintain_order=True
    )
    return first.with_columns(
        pl.lit("on_account").alias("target"),
        pl.lit("").alias("document_no"),
        (pl.col("amount") - pl.col("total")).alias("applied_amount"),
        *(pl.lit(0, pl.Int64).alias(name) for name in MONEY[1:]),
    )
