"""Baseline: the party with the best name by rapidfuzz over all parties, then the amount.

What a script of an afternoon does. ``CUTOFF`` is the best on the tuning seeds 3 and 4.
"""

from collections import defaultdict

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process, utils

from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books
from benchmarks.quality.settling import due, items, may_settle, paired, settle, within_policy

CUTOFF = 80
_BLOCK = 2_000


def answer(books: Books, cutoff: int = CUTOFF) -> Answers:
    """Post where the best name has exactly one fitting amount open, or all of it fits."""
    every = items(books)
    best = pl.concat([_confirmed(books, every), _named(books, every, cutoff)], how="diagonal")
    chosen = _once(best)
    parts = settle(chosen.select("line_ref", pl.lit(1, pl.Int64).alias("rank"), "item"),
                   books, every)  # fmt: skip
    lines = chosen.group_by("line_ref").agg(
        (pl.col("exact").all()).alias("posted"),
        pl.col("score").min().alias("probability"),
    )
    return Answers.of(within_policy(lines, chosen, books, every), parts, parts)


def _confirmed(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """Open bank entries of the same account and amount: what is in the books already."""
    bank = every.filter(pl.col("target") == "bank_entry")
    found = (
        books.lines.join(
            bank, left_on=["bank_account_no", "amount"], right_on=["bank_account_no", "remaining"],
            suffix="_item",
        )
        .filter(pl.col("posting_date") <= pl.col("booking_date"))
        .select("line_ref", "booking_date", "item")
    )  # fmt: skip
    return found.with_columns(
        pl.lit(True).alias("exact"), pl.lit(1.0).alias("score"), pl.col("item").alias("group"),
        pl.lit(0).alias("order"),
    )  # fmt: skip


def _named(books: Books, every: pl.DataFrame, cutoff: int) -> pl.DataFrame:
    """Entries of the best-named party: those of the exact amount, else all, else the oldest."""
    pairs = _parties(books, cutoff).join(
        every.filter(pl.col("target") == "entry").select("item", "owner_type", "owner_no"),
        on=["owner_type", "owner_no"],
    )
    open_ = paired(pairs.select("line_ref", "item", "score"), books, every).filter(may_settle())
    amount = pl.col("amount")
    exact = (amount == pl.col("remaining")) | (amount == due())
    whole = amount == pl.col("remaining").sum().over("line_ref")
    rows = open_.with_columns(exact.alias("_exact"), whole.alias("_whole"))
    order = pl.when("_exact").then(1).when("_whole").then(2).otherwise(3)
    # All entries together are one answer; single ones are an answer each.
    group = pl.when(pl.col("_whole") & ~pl.col("_exact")).then(-1).otherwise(pl.col("item"))
    return rows.select(
        "line_ref", "booking_date", "item",
        (pl.col("_exact") | pl.col("_whole")).alias("exact"), "score",
        group.alias("group"), order.alias("order"),
    )  # fmt: skip


def _parties(books: Books, cutoff: int) -> pl.DataFrame:
    """``line_ref, owner_type, owner_no, score`` of the best name at or above the cutoff."""
    found = []
    for side, sign in (("customer", 1), ("vendor", -1)):
        parties = books.parties.filter(pl.col("party_type") == side)
        lines = books.lines.filter(pl.col("amount").sign() == sign).with_columns(
            pl.when(pl.col("name") != "").then(pl.col("name")).otherwise(pl.col("text"))
            .alias("who")
        )  # fmt: skip
        if parties.is_empty() or lines.is_empty():
            continue
        asked = lines["who"].unique().sort().to_list()
        place, score = _best(asked, parties["name"].to_list())
        best = pl.DataFrame({"who": asked, "score": score}).with_columns(
            parties["party_no"].gather(place).alias("owner_no"), pl.lit(side).alias("owner_type")
        )
        found.append(lines.select("line_ref", "who").join(best, on="who"))
    if not found:
        return pl.DataFrame(
            schema={"line_ref": pl.String, "owner_type": pl.String, "owner_no": pl.String,
                    "score": pl.Float64}
        )  # fmt: skip
    return (
        pl.concat(found)
        .filter(pl.col("score") >= cutoff)
        .select("line_ref", "owner_type", "owner_no", pl.col("score") / 100)
    )


def _best(asked: list[str], names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    places, scores = [], []
    for start in range(0, len(asked), _BLOCK):
        table = process.cdist(
            asked[start : start + _BLOCK], names, scorer=fuzz.token_set_ratio,
            processor=utils.default_process, workers=-1, dtype=np.float32,
        )  # fmt: skip
        places.append(table.argmax(axis=1))
        scores.append(table.max(axis=1).astype(np.float64))
    return np.concatenate(places), np.concatenate(scores)


def _once(candidates: pl.DataFrame) -> pl.DataFrame:
    """The first free answer of each line, lines by date; an item is used once."""
    rows = candidates.sort("booking_date", "line_ref", "order", "group", "item")
    answers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for line, group, item in rows.select("line_ref", "group", "item").iter_rows():
        answers[line, group].append(item)
    used: set[int] = set()
    taken: dict[str, int] = {}
    for (line, group), wanted in answers.items():
        if line not in taken and used.isdisjoint(wanted):
            taken[line] = group
            used.update(wanted)
    kept = pl.DataFrame(
        {"line_ref": list(taken), "group": list(taken.values())},
        schema={"line_ref": pl.String, "group": pl.Int64},
    )
    return rows.join(kept, on=["line_ref", "group"], how="semi")
