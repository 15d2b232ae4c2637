"""Lines that a document decides whatever other lines do, in bulk: most of a night.

A plain line is a receipt that names open documents of one customer in full, pays them exactly or
one of them less its discount in time, and that nothing contradicts: no bank entry comes before, no
other line names the same entries, and no line that is not plain could settle them on an earlier
date. For these the rules of ``document_rules`` have one answer, which is made here for all at once.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.domain import frames
from pipeline.domain.seen import kept, saw
from pipeline.matching import purposes
from pipeline.matching.books import own_accounts
from pipeline.matching.evidence import Evidence
from pipeline.matching.mappings import HOW
from pipeline.matching.open_items import OpenItems
from pipeline.matching.returns import looks_like_return
from pipeline.matching.rules import FEES, INTEREST
from pipeline.matching.text import LEFT_OUT, plain

_WHO = ["party_type", "party_no"]
_OF_ENTRY = ["entry_id", *_WHO, "currency", "on_hold", "posting_date", "amount",
             "remaining_amount", "discount_amount", "discount_date", "document_no"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """Answers of plain lines as frames of ``domain.frames``, and what they settle by date."""

    heads: pl.DataFrame
    rows: pl.DataFrame
    claims: pl.DataFrame
    """``day, entry_id, entry_amount``."""

    def __add__(self, other: "Plain") -> "Plain":
        """Both, one after the other."""
        return Plain(
            pl.concat([self.heads, other.heads]),
            pl.concat([self.rows, other.rows]),
            pl.concat([self.claims, other.claims]),
        )

    def none(self) -> "Plain":
        """No plain lines."""
        return Plain(self.heads.clear(), self.rows.clear(), self.claims.clear())

    def settled(self, looked_at: Collection[int]) -> dict[dt.date, list[tuple[int, int]]]:
        """What is settled of the entries that other lines look at, by each date: entry, amount."""
        by_day: dict[dt.date, list[tuple[int, int]]] = {day: [] for day in self.claims["day"]}
        shared = pl.Series(list(looked_at), dtype=pl.Int64)
        claims = self.claims.filter(pl.col("entry_id").is_in(shared.implode()))
        for day, entry, amount in claims.sort("day", "entry_id").rows():
            by_day[day].append((entry, amount))
        return by_day


def decide(quiet: pl.DataFrame, lines: pl.DataFrame, items: OpenItems, evidence: Evidence) -> Plain:
    """The plain ones of ``quiet`` among ``lines`` (with their ``day``), on what is open now."""
    hits = _hits(quiet, items.entries, evidence)
    paid = _paid(hits)
    sure = _uncontradicted(paid, items.parties, evidence)
    plain_ids = _uncontested(sure, lines, items.entries, evidence)
    return _answers(paid.join(plain_ids, on="line_id", how="semi"))


def quiet(
    lines: pl.DataFrame, items: OpenItems, evidence: Evidence, asked: Sequence[int]
) -> pl.DataFrame:
    """Receipts of which no rule before the documents has anything to say.

    Lines that people have ``asked`` about are never plain.
    """
    own = pl.Series(sorted(own_accounts(items.bank_accounts)), dtype=pl.String)
    found = lines.filter(
        (pl.col("amount") > 0)
        & ~pl.col("line_id").is_in(list(asked))
        & (pl.col("corrects") == "")
        & ~looks_like_return()
        & ~pl.col("type_code").is_in([*FEES, *INTEREST])
        & ~pl.col("text").str.contains(LEFT_OUT)
        & ~pl.col("text").str.contains(purposes.OTHER)
        & ~plain(pl.col("counterparty_account")).is_in(own.implode())
    )
    found = found.join(evidence.bank, on="line_id", how="anti")
    found = found.join(evidence.own, on="line_id", how="anti")
    found = found.join(evidence.parts, on="line_id", how="anti")
    key = ["bank_account_no", "currency", "amount"]
    single = items.bank_entries.select(
        "bank_account_no", "currency", pl.col("remaining_amount").alias("amount")
    )
    batches = (
        items.bank_entries.filter(pl.col("batch_no") != "")
        .group_by("bank_account_no", "currency", "batch_no")
        .agg(pl.col("remaining_amount").sum().alias("amount"))
    )
    taken = pl.concat([single, batches.select(key)])
    return found.join(taken, on=key, how="anti")


def _hits(quiet: pl.DataFrame, entries: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """``quiet`` lines with the open customer entries that they name, in full only."""
    found = evidence.named.join(
        quiet.select("line_id", "amount", "day", "value_date", "currency"), on="line_id"
    ).rename({"amount": "paid"})
    hits = found.join(entries.select(_OF_ENTRY), on="entry_id", suffix="_entry")
    odd = hits.filter(
        ~pl.col("exact")
        | (pl.col("party_type") != "customer")
        | (pl.col("currency") != pl.col("currency_entry"))
        | pl.col("on_hold")
        | (pl.col("posting_date") > pl.col("day"))
    )
    hits = hits.join(odd.select("line_id").unique(), on="line_id", how="anti")
    one_party = pl.col("party_no").n_unique().over("line_id") == 1
    return hits.filter(one_party)


def _paid(hits: pl.DataFrame) -> pl.DataFrame:
    """Hits of lines that pay all their entries exactly, or one entry less a discount in time."""
    whole = pl.col("remaining_amount").sum().over("line_id")
    exact = pl.col("paid") == whole
    in_time = (
        (pl.len().over("line_id") == 1)
        & (pl.col("discount_amount") != 0)
        & (pl.col("value_date") <= pl.col("discount_date"))
        & (pl.col("remaining_amount") == pl.col("amount"))
        & (pl.col("paid") == pl.col("remaining_amount") - pl.col("discount_amount"))
    ).fill_null(False)
    discount = pl.when(exact).then(0).otherwise("discount_amount").cast(pl.Int64)
    return hits.with_columns(exact.alias("is_exact"), discount.alias("discount")).filter(
        exact | in_time
    )


def _uncontradicted(paid: pl.DataFrame, parties: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Without lines of blocked parties, and without those whose payer is another party."""
    blocked = parties.filter("blocked").select(_WHO)
    free = paid.join(blocked, on=_WHO, how="anti")
    ids = ["line_id", *_WHO]
    payers = evidence.payers.join(free.select("line_id").unique(), on="line_id", how="semi")
    for by in (
        pl.col("how") == "account",
        ~pl.col("how").is_in(["account", "close", *HOW.values()]),
    ):
        known = payers.filter(by)
        other = known.join(free.select(ids).unique(), on=ids, how="anti")
        same = known.join(free.select(ids).unique(), on=ids, how="semi")
        against = other.join(same, on="line_id", how="anti").select("line_id").unique()
        free = free.join(against, on="line_id", how="anti")
    return free


def _uncontested(
    sure: pl.DataFrame, lines: pl.DataFrame, entries: pl.DataFrame, evidence: Evidence
) -> pl.DataFrame:
    """``line_id`` of lines whose entries no other line names or could settle before.

    A receipt that names documents in full settles these only, while they are open (``bound``). Any
    other line may settle any entry of the parties that it points to, on its date or later: whatever
    is bound to such a party by a later date is not bound, and that is asked until it holds.
    """
    receipts = lines.filter(pl.col("amount") > 0).select("line_id", "currency", "day")
    owners = entries.select("entry_id", *_WHO, pl.col("currency").alias("own"))
    named = evidence.named.join(owners, on="entry_id")
    full = named.join(receipts, on="line_id").filter(
        pl.col("exact")
        & (pl.col("party_type") == "customer")
        & (pl.col("own") == pl.col("currency"))
    )
    shared = named.filter(pl.len().over("entry_id") > 1).select("line_id").unique()
    ids = ["line_id", *_WHO]
    points = pl.concat([named.select(ids), evidence.payers.select(ids)]).unique()
    points = points.join(lines.select("line_id", "day"), on="line_id")
    bound = points.join(full.select("line_id").unique(), on="line_id", how="semi")
    bound = bound.join(shared, on="line_id", how="anti")
    bound = bound.join(evidence.near, on="line_id", how="anti")
    while True:
        free = points.join(bound.select("line_id").unique(), on="line_id", how="anti")
        first = free.group_by(_WHO).agg(pl.col("day").min().alias("first"))
        touched = bound.join(first, on=_WHO).filter(pl.col("first") < pl.col("day"))
        if touched.is_empty():
            break
        bound = bound.join(touched.select("line_id").unique(), on="line_id", how="anti")
    return sure.join(bound, on="line_id", how="semi").select("line_id").unique()


def _answers(paid: pl.DataFrame) -> Plain:
    ordered = paid.sort("line_id", "entry_id").with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("line_id").alias("seq"),
        pl.lit(1, dtype=pl.Int64).alias("rank"),
    )
    rule = pl.when("is_exact").then(pl.lit("document_exact")).otherwise(
        pl.lit("document_discount")
    )  # fmt: skip
    heads = ordered.group_by("line_id", maintain_order=True).agg(
        pl.col("rank").first(),
        rule.first().alias("rule"),
        pl.col(_WHO).first(),
        pl.col("document_no").head(5).str.join(", ").alias("numbers"),
    )
    heads = heads.with_columns(
        pl.lit("high").alias("confidence"),
        pl.concat_str(pl.lit("names "), "numbers").alias("explanation"),
        pl.lit(kept(saw("names"))).alias("seen"),  # those that it settles, in their order
    )
    rows = ordered.select(
        "line_id", "rank", "seq", pl.lit("entry").alias("target"),
        pl.col("entry_id").alias("target_id"), *_WHO,
        (pl.col("remaining_amount") - pl.col("discount")).alias("applied_amount"),
        pl.col("remaining_amount").alias("entry_amount"),
        pl.col("discount").alias("discount_amount"),
    )  # fmt: skip
    claims = ordered.select("day", "entry_id", pl.col("remaining_amount").alias("entry_amount"))
    return Plain(frames.conform(heads, frames.PROPOSALS), frames.conform(rows, frames.PROPOSED),
                 claims)  # fmt: skip
