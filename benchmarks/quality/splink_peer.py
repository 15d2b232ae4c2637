"""Splink on the DuckDB backend, and the rules by which its pairs become postings.

Splink scores pairs of a line and an item; a posting needs more: which pairs go together, what to
do with several near ones, how sure is sure enough. That part is ours, as plain as its users
write it. The model comes from the tuning seeds 1 and 2; ``TUNED`` and ``CAREFUL`` are the best of
one grid on the seeds 3 and 4 (all countries, 1,000 lines each; see ``tune``), the stricter one
of two equal settings.
"""

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books
from benchmarks.quality.settling import items, settle, within_policy
from benchmarks.quality.splink_frames import item_rows, line_rows
from benchmarks.quality.splink_model import predict, trained


@dataclass(frozen=True, slots=True)
class Policy:
    """Lowest match weights (log2 of the odds) that post; ``ahead``: of the line's next pair.

    ``exact`` for an amount that fits, discount and tolerance included; ``part`` and ``over`` for
    a part payment and an overpayment of one item, which the line must name; ``None`` never.
    """

    exact: float
    part: float | None
    over: float | None
    ahead: float


TUNED = Policy(exact=-2.0, part=2.0, over=None, ahead=3.0)
CAREFUL = Policy(exact=-2.0, part=None, over=None, ahead=1.0)


def answer(books: Books) -> Answers:
    """With the setting that posts most lines right."""
    return _answer(books, TUNED)


def answer_carefully(books: Books) -> Answers:
    """With the setting that posts fewest wrong."""
    return _answer(books, CAREFUL)


def _answer(books: Books, policy: Policy) -> Answers:
    every = items(books)
    pairs = scored(books, every)
    return decide(options(pairs, books, every), pairs, books, every, policy)


def scored(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """All blocked pairs with Splink's weights."""
    return predict(line_rows(books), item_rows(books, every), trained(every.height))


def options(pairs: pl.DataFrame, books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """What a line may be: one item, or a group of items, with the ``fit`` of their amounts.

    ``line_ref, rank`` name an option. A group is one only with an exact sum.
    """
    known = pairs.join(
        every.select("item", "target", "owner_type", "owner_no"), on="item", maintain_order="left"
    )
    several = pl.concat([_groups(known), _singles(known)])
    fits = settle(several.select("line_ref", "rank", "item"), books, every)
    fit = fits.group_by("line_ref", "rank").agg(pl.col("fit").first())
    whole = (pl.col("rank") < _SINGLE) | (pl.col("fit") == "exact")
    return several.join(fit, on=["line_ref", "rank"]).filter(whole)


def decide(
    several: pl.DataFrame, pairs: pl.DataFrame, books: Books, every: pl.DataFrame, policy: Policy
) -> Answers:
    """Groups whose sum is the line's first, then single items; the surest line chooses first."""
    chosen = _taken(several.with_columns(_posts(policy).alias("posted")))
    parts = settle(chosen.select("line_ref", pl.lit(1, pl.Int64).alias("rank"), "item"),
                   books, every)  # fmt: skip
    lines = chosen.group_by("line_ref").agg(
        pl.col("posted").all(),
        pl.col("probability").min(),
    )
    return Answers.of(
        within_policy(lines, chosen, books, every), parts, pairs.join(every, on="item")
    )


_SINGLE, _PAID = 1_000_000, 2_000_000


def _singles(known: pl.DataFrame) -> pl.DataFrame:
    """Each line's two best pairs, and how far each is ahead of the next of its line."""
    ordered = known.filter(pl.col("gamma_amount") < 8).sort(
        "line_ref", "weight", "item", descending=[False, True, False]
    )  # fmt: skip
    ahead = pl.col("weight") - pl.col("weight").shift(-1).over("line_ref").fill_null(-100.0)
    place = pl.int_range(pl.len()).over("line_ref")
    return (
        ordered.with_columns(ahead.alias("ahead"), place.alias("place"))
        .filter(pl.col("place") < 2)
        .select("line_ref", pl.col("place").alias("rank"), "item", "weight", "ahead",
                "probability", named=pl.col("gamma_numbers") > 0,
                nearly=pl.col("gamma_amount") == 3)
    )  # fmt: skip


def _groups(known: pl.DataFrame) -> pl.DataFrame:
    """Items of one owner that the line names, and all items of an owner whose account pays."""
    entry = pl.col("target") == "entry"
    owner = pl.when(entry).then(pl.concat_str("owner_type", "owner_no", separator="|"))
    rows = known.with_columns(owner.fill_null("bank").alias("owner"))
    named = rows.filter(pl.col("gamma_numbers") > 0)
    paid = rows.filter((pl.col("gamma_accounts") > 0) & entry).join(
        named, on="line_ref", how="anti"
    )
    return pl.concat([_numbered(named, _SINGLE), _numbered(paid, _PAID)])


def _numbered(rows: pl.DataFrame, first: int) -> pl.DataFrame:
    """Two items or more of one owner as one option."""
    key = ["line_ref", "owner"]
    several = rows.filter(pl.len().over(key) > 1).sort(*key, "item")
    number = pl.col("owner").rank("dense").over("line_ref").cast(pl.Int64) + first
    return several.select(
        "line_ref", number.alias("rank"), "item", pl.lit(50.0).alias("weight"),
        pl.lit(100.0).alias("ahead"), pl.lit(0.999).alias("probability"),
        pl.lit(True).alias("named"), pl.lit(False).alias("nearly"),
    )  # fmt: skip


def _posts(policy: Policy) -> pl.Expr:
    """A part is less than 97 %: what lacks less may be a fee of a bank."""
    fits = pl.col("fit").is_in(("exact", "tolerance")) & (pl.col("weight") >= policy.exact)
    sure = fits
    for fit, least in (("short", policy.part), ("over", policy.over)):
        if least is not None:
            named = pl.col("named") & ~pl.col("nearly") & (pl.col("fit") == fit)
            sure |= named & (pl.col("weight") >= least)
    first = (pl.col("rank") == 0) | (pl.col("rank") >= _SINGLE)  # a second best only proposes
    return sure & first & (pl.col("ahead") >= policy.ahead)


def _taken(options: pl.DataFrame) -> pl.DataFrame:
    """The surest free option of each line; an item is used once."""
    rows = options.sort(
        "posted", "weight", "ahead", "line_ref", "rank", "item",
        descending=[True, True, True, False, False, False],
    )  # fmt: skip
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    for line, rank, item in rows.select("line_ref", "rank", "item").iter_rows():
        wanted[line, rank].append(item)
    used: set[int] = set()
    taken: dict[str, int] = {}
    for (line, rank), own in wanted.items():
        if line not in taken and used.isdisjoint(own):
            taken[line] = rank
            used.update(own)
    kept = pl.DataFrame(
        {"line_ref": list(taken), "rank": list(taken.values())},
        schema={"line_ref": pl.String, "rank": pl.Int64},
    )
    return rows.join(kept, on=["line_ref", "rank"], how="semi")
