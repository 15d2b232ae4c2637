"""Business Central's payment application with its default rules, after its published behaviour.

Facts of its payment reconciliation journal: which entries are candidates, how related party,
document number and amount become levels, the default rule table, and the greedy assignment. All
of its rules apply; here what is High posts, the rest is a proposal. Its defaults hold: no amount
tolerance, names by string nearness, no text-to-account mapping, no direct-debit collections.
Where a bank knows a name, its free text is not searched for names.
"""

from collections import defaultdict

import polars as pl

from benchmarks.quality.answers import Answers
from benchmarks.quality.bc_facts import amounts, documents, parties, side
from benchmarks.quality.books import Books
from benchmarks.quality.settling import due, items, may_settle, paired, settle, within_policy

_FULLY, _PARTLY, _NO = "fully", "partially", "no"
_RULES = [  # confidence, related party, document number, amount; in order of priority
    ("high", _FULLY, "multiple", "one"), ("high", _FULLY, "multiple", "multiple"),
    ("high", _FULLY, "yes", "one"), ("high", _FULLY, "yes", "multiple"),
    ("high", _PARTLY, "multiple", "one"), ("high", _PARTLY, "multiple", "multiple"),
    ("high", _PARTLY, "yes", "one"), ("high", _FULLY, "no", "one"),
    ("high", _NO, "multiple", "one"), ("high", _NO, "multiple", "multiple"),
    ("medium", _FULLY, "multiple", None), ("medium", _FULLY, "yes", None),
    ("medium", _FULLY, "no", "multiple"), ("medium", _PARTLY, "multiple", None),
    ("medium", _PARTLY, "yes", None), ("medium", _NO, "yes", "one"),
    ("medium", _NO, "multiple", None), ("medium", _PARTLY, "no", "one"),
    ("medium", _NO, "yes", None),
    ("low", _FULLY, "no", "no"), ("low", _PARTLY, "no", "multiple"),
    ("low", _PARTLY, "no", "no"), ("low", _NO, "no", "one"), ("low", _NO, "no", "multiple"),
]  # fmt: skip
_BANDS = {"low": 2_000, "medium": 3_000, "high": 4_000}


def rules() -> pl.DataFrame:
    """``party, document, amount_fits, score, confidence`` of every combination that a rule takes.

    An amount that a rule does not consider may be anything; the highest score wins. The first
    High rule is direct debit, which no world has.
    """
    rows, place = [], defaultdict(int, high=1)
    for confidence, party, document, amount in _RULES:
        place[confidence] += 1
        score = _BANDS[confidence] - place[confidence]
        levels = ("one", "multiple", "no") if amount is None else (amount,)
        rows.extend((party, document, fits, score, confidence) for fits in levels)
    return (
        pl.DataFrame(
            rows, orient="row", schema=["party", "document", "amount_fits", "score", "confidence"]
        )
        .sort("score", descending=True)
        .unique(["party", "document", "amount_fits"], keep="first", maintain_order=True)
    )


def answer(books: Books) -> Answers:
    """Every line's best application; High ones are posted."""
    every = items(books)
    scored = _scored(_facts(books, every), books, every)
    chosen = _assigned(scored)
    ranked = chosen.select("line_ref", pl.lit(1, pl.Int64).alias("rank"), "item")
    parts = settle(ranked, books, every)
    lines = chosen.group_by("line_ref").agg(
        ((pl.col("confidence") == "high").all()).alias("posted")
    )
    looked = scored.select("line_ref", "item").join(every, on="item")
    return Answers.of(within_policy(lines, chosen, books, every), parts, looked)


def _facts(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """``line_ref, item, party, document`` of each pair about which anything is known."""
    found = parties(books, every)
    named = documents(books, every)
    amount = amounts(books, every).select("line_ref", "item")
    by_party = found.join(
        every.select("item", "owner_type", "owner_no"), on=["owner_type", "owner_no"]
    ).select("line_ref", "item", "party")
    pairs = pl.concat([by_party.select("line_ref", "item"), named, amount]).unique()
    known = pairs.join(by_party, on=["line_ref", "item"], how="left").join(
        named.with_columns(pl.lit("yes").alias("document")), on=["line_ref", "item"], how="left"
    )
    return known.with_columns(
        pl.col("party").fill_null("no"), pl.col("document").fill_null("no")
    ).sort("line_ref", "item")  # fmt: skip


def _scored(facts: pl.DataFrame, books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """Single entries and groups of named entries, as ``line_ref, group, item, score, size``."""
    counts = amounts(books, every)
    fitting = counts.group_by("line_ref", "owner_side").agg(pl.len().alias("fitting"))
    allowed = (
        paired(facts, books, every)
        .filter(may_settle())
        .with_columns(due().alias("due"), side().alias("side"))
    )
    single = (
        allowed.join(
            counts.select("line_ref", "item", pl.lit(True).alias("fits")),
            on=["line_ref", "item"], how="left",
        )
        .join(fitting, left_on=["line_ref", "side"], right_on=["line_ref", "owner_side"],
              how="left")
        .with_columns(_level(pl.col("fits").fill_null(False), pl.col("fitting")))
        .with_columns(pl.col("item").alias("group"), pl.lit(1, pl.UInt32).alias("size"))
    )  # fmt: skip
    groups = _groups(allowed, fitting)
    columns = ["line_ref", "group", "item", "party", "document", "amount_fits", "size"]
    both = pl.concat([single.select(columns), groups.select(columns)])
    return both.join(rules(), on=["party", "document", "amount_fits"])


def _level(fits: pl.Expr, count: pl.Expr) -> pl.Expr:
    """One: it alone, in all of the side's open entries; Multiple: others too; else No."""
    return (
        pl.when(fits & (count.fill_null(0) <= 1)).then(pl.lit("one"))
        .when(fits).then(pl.lit("multiple")).otherwise(pl.lit("no")).alias("amount_fits")
    )  # fmt: skip


def _groups(allowed: pl.DataFrame, fitting: pl.DataFrame) -> pl.DataFrame:
    """All entries of one account that the line names, two at least."""
    key = ["line_ref", "owner_type", "owner_no", "side"]
    named = allowed.filter(
        (pl.col("document") == "yes") & (pl.col("target") == "entry")
    ).with_columns(
        pl.len().over(key).alias("size"),
        (pl.col("due").sum().over(key) == pl.col("amount")).alias("fits"),
        (-1 - pl.col("item").min().over(key)).alias("group"),
    )
    others = named.filter(pl.col("fits")).group_by("line_ref", "side").agg(
        pl.col("group").n_unique().alias("totals")
    )  # fmt: skip
    return (
        named.filter(pl.col("size") > 1)
        .join(fitting, left_on=["line_ref", "side"], right_on=["line_ref", "owner_side"],
              how="left")
        .join(others, on=["line_ref", "side"], how="left")
        .with_columns(
            _level(pl.col("fits"), pl.col("fitting").fill_null(0) + pl.col("totals").fill_null(0)),
            pl.lit("multiple").alias("document"),
        )
    )  # fmt: skip


def _assigned(scored: pl.DataFrame) -> pl.DataFrame:
    """By score, then size; a tie goes to the later line and the newer entry. Items once.

    Of a group, entries that another line took are left out.
    """
    order = scored.sort(
        "score", "size", "line_ref", "group", "item", descending=[True, True, True, True, False]
    )
    answers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for line, group, item in order.select("line_ref", "group", "item").iter_rows():
        answers[line, group].append(item)
    used: set[int] = set()
    taken: dict[str, tuple[int, list[int]]] = {}
    for (line, group), wanted in answers.items():
        free = [item for item in wanted if item not in used]
        if line not in taken and free:
            taken[line] = (group, free)
            used.update(free)
    rows = [(line, group, item) for line, (group, free) in taken.items() for item in free]
    schema = {"line_ref": pl.String, "group": pl.Int64, "item": pl.Int64}
    kept = pl.DataFrame(rows, schema=schema, orient="row")
    return kept.join(order, on=["line_ref", "group", "item"])
