"""Lines that payer and amount decide whatever other lines do, in bulk: those without a document.

The payer of such a receipt is sure, no other line points to this customer, and exactly one of the
customer's open entries is the amount; no other entry, no discount and no sum of entries could be
meant. For these the rules of ``payer_rules`` have one answer, made here for all at once. Whatever
is in any doubt is left to them.
"""

import polars as pl

from pipeline.domain import frames
from pipeline.domain.seen import kept, said, saw
from pipeline.matching.evidence import Evidence
from pipeline.matching.looked_at import pointers
from pipeline.matching.open_items import OpenItems
from pipeline.matching.plain_lines import Plain
from pipeline.matching.sums import MOST_FOR_SUMS

_WHO = ["party_type", "party_no"]
_SURE = ("account", "number", "mandate", "name")
_OF_ENTRY = ["entry_id", *_WHO, "currency", "on_hold", "posting_date", "remaining_amount",
             "discount_amount", "discount_amount_2"]  # fmt: skip
_MOST_SMALLER = 6
"""Entries below the amount of which all sums are looked at here: 64 of them."""
_SEEN = saw("one_fits")
_BANK = ["bank_account_no", "currency"]


def decide(quiet: pl.DataFrame, items: OpenItems, evidence: Evidence) -> Plain:
    """The plain ones of ``quiet`` lines (``plain_lines.quiet``), by payer and amount alone."""
    asked = _silent(quiet, evidence)
    asked = _without_bank_entries(asked, items.bank_entries)
    payers = _sole_payers(asked, items, evidence)
    ready = _ready(asked.join(payers, on="line_id"), items.entries)
    return _answers(_one_fits(ready))


def _silent(quiet: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Lines that name no document, damaged, closed or unknown, and nobody beside the payer."""
    told = (evidence.named, evidence.near, evidence.closed, evidence.unknown, evidence.others)
    ids = pl.concat([frame.select("line_id") for frame in told]).unique()
    stated = pl.col("original_currency")
    own = (stated == "") | (stated == pl.col("currency"))
    return quiet.filter(own).join(ids, on="line_id", how="anti")


def _without_bank_entries(asked: pl.DataFrame, bank_entries: pl.DataFrame) -> pl.DataFrame:
    """Without lines that an open bank entry, or the receipts of a batch, may come to by then."""
    left = pl.col("remaining_amount")
    batches = bank_entries.filter((pl.col("batch_no") != "") & (left > 0))
    of_batch = batches.group_by(*_BANK, "batch_no").agg(left.sum())
    largest = pl.concat([bank_entries.select(*_BANK, left), of_batch.select(*_BANK, left)])
    largest = largest.group_by(_BANK).agg(left.max().alias("largest"))
    with_largest = asked.join(largest, on=_BANK, how="left", maintain_order="left")
    beyond = pl.col("largest").is_null() | (pl.col("largest") < pl.col("amount"))
    return with_largest.filter(beyond).drop("largest")


def _sole_payers(asked: pl.DataFrame, items: OpenItems, evidence: Evidence) -> pl.DataFrame:
    """``line_id, party_type, party_no``: one sure customer a line, to whom no other line points."""
    sure = pl.col("how").is_in(list(_SURE)).all().over("line_id")
    one = pl.struct(_WHO).n_unique().over("line_id") == 1
    found = evidence.payers.filter(sure & one & (pl.col("party_type") == "customer"))
    found = found.select("line_id", *_WHO).unique()
    blocked = items.parties.filter("blocked").select(_WHO)
    found = found.join(blocked, on=_WHO, how="anti").join(asked, on="line_id", how="semi")
    several = pointers(items, evidence).filter(pl.len().over(_WHO) > 1)
    return found.join(several, on=_WHO, how="anti")


def _ready(paid: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Lines with the open entries of their payer that they may settle on their day."""
    lines = paid.select("line_id", *_WHO, "day", "currency", pl.col("amount").alias("paid"))
    own = lines.join(entries.select(_OF_ENTRY), on=_WHO, suffix="_entry")
    return own.filter(
        (pl.col("currency_entry") == pl.col("currency"))
        & ~pl.col("on_hold")
        & (pl.col("posting_date") <= pl.col("day"))
    ).sort("line_id", "entry_id")


def _one_fits(ready: pl.DataFrame) -> pl.DataFrame:
    """The one entry of each line that is its amount, where nothing else may be meant.

    An entry of the amount with any above it is alone, whatever discounts there are: each of these
    stays above. With some below it their sums count, and a discount might make it part of one.
    """
    left, paid, less = (pl.col(name) for name in ("remaining_amount", "paid", "less"))
    fits, smaller = left == paid, left < paid
    apart = (left > less) & (fits | smaller | (left - less > paid))
    found = ready.with_columns(_discounts().alias("less")).filter(
        apart.all().over("line_id")
        & (fits.sum().over("line_id") == 1)
        & (pl.len().over("line_id") <= MOST_FOR_SUMS)
    )
    found = found.with_columns(
        smaller.sum().over("line_id").alias("count"),
        _sum_of(left, smaller).alias("small"),
        _sum_of(less, fits).alias("own_less"),
        _sum_of(less, smaller).alias("small_less"),
    )
    whole = pl.col("own_less") == 0
    alone = (pl.col("count") == 0) | (whole & (pl.col("small") < paid))
    few = whole & (pl.col("small_less") == 0) & (pl.col("count") <= _MOST_SMALLER)
    summed = found.filter(~alone & few)
    unlike = summed.join(_sums(summed.filter(smaller)), on="line_id", how="anti")
    return pl.concat([found.filter(alone), unlike]).filter(fits).sort("line_id")


def _discounts() -> pl.Expr:
    """All that an entry may fall by."""
    return pl.col("discount_amount").abs() + pl.col("discount_amount_2").abs()


def _sum_of(what: pl.Expr, which: pl.Expr) -> pl.Expr:
    return pl.when(which).then(what).otherwise(0).sum().over("line_id")


def _sums(smaller: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines of whose smaller entries some sum is the amount."""
    owed = smaller.select("line_id", "paid", "remaining_amount").with_columns(
        pl.int_range(pl.len()).over("line_id").alias("place")
    )
    sums = (
        owed.select("line_id", "paid").unique().with_columns(pl.lit(0, dtype=pl.Int64).alias("sum"))
    )
    for place in range(_MOST_SMALLER):
        one = owed.filter(pl.col("place") == place).select("line_id", "remaining_amount")
        more = sums.join(one, on="line_id")
        more = more.select("line_id", "paid", pl.col("sum") + pl.col("remaining_amount"))
        sums = pl.concat([sums, more])
    return sums.filter(pl.col("sum") == pl.col("paid")).select("line_id").unique()


def _answers(found: pl.DataFrame) -> Plain:
    one = pl.lit(1, dtype=pl.Int64)
    told = found.with_columns(one.alias("rank"), one.alias("seq"))
    heads = told.select(
        "line_id", "rank", *_WHO, pl.lit("party_exact").alias("rule"),
        pl.lit("high").alias("confidence"), pl.lit(said(_SEEN)).alias("explanation"),
        pl.lit(kept(_SEEN)).alias("seen"),
    )  # fmt: skip
    left = pl.col("remaining_amount")
    rows = told.select(
        "line_id", "rank", "seq", pl.lit("entry").alias("target"),
        pl.col("entry_id").alias("target_id"), *_WHO, left.alias("applied_amount"),
        left.alias("entry_amount"),
    )  # fmt: skip
    claims = told.select("day", "entry_id", left.alias("entry_amount"))
    return Plain(frames.conform(heads, frames.PROPOSALS), frames.conform(rows, frames.PROPOSED),
                 claims)  # fmt: skip
