"""Each proposal's evidence as a sentence: documents, who pays, and how the amount comes about.

Ids and document numbers only, no names of people. Amounts are magnitudes with all digits of their
currency.
"""

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.matching.levels import KEY

_MOST = 5
"""Documents that a sentence lists; the others are counted."""
_ALONE = {
    "number": "the text has the number of ",
    "mandate": "the mandate is that of ",
    "name": "the name is that of ",
    "taught": "people taught that payer or text is ",
    "close": "the name is like that of ",
}
_BESIDE = {
    "number": " and its number stands in the text",
    "mandate": " and the mandate is its own",
    "name": " and the name is its own",
    "taught": " and people taught its payer or text",
    "close": " and the name is like its own",
}
_ACCOUNT = {
    "on_file": "the account is on file for ",
    "taught": "people taught that the account is that of ",
}
_OTHER_ACCOUNT = ", the account is on file for another party"
_SUMS = ("discount", "difference", "left_over", "fee")


def write(
    heads: pl.DataFrame, rows: pl.DataFrame, lines: pl.DataFrame, entries: pl.DataFrame
) -> pl.DataFrame:
    """``heads`` with levels (see ``levels``), and the whole ``explanation``.

    What the rule itself saw, which stands there before, becomes a part of the sentence.
    """
    money = lines.select("line_id", "currency", pl.col("amount").abs().alias("paid"),
                         "original_amount", "original_currency")  # fmt: skip
    money = money.with_columns(
        decimals(money, "paid", "currency").alias("paid"),
        decimals(money, "original_amount", "original_currency").alias("original"),
    )
    given = _given(rows, entries)
    whole = heads.join(money, on="line_id", how="left").join(
        given.group_by(KEY).agg(_count("entry").alias("entries_settled"),
                                pl.col("document_no").first().alias("one_document")),
        on=KEY, how="left",
    )  # fmt: skip
    whole = whole.join(_several(given), on=KEY, how="left")
    whole = whole.join(_differences(given, money), on=KEY, how="left")
    names = pl.col("explanation").str.starts_with("names ")
    seen = pl.when(pl.col("explanation") != "").then("explanation")
    parts = [pl.when(names).then(seen), _payer(), pl.when(~names).then(seen), _amount()]
    sentence = _joined(parts, ", ")
    return whole.with_columns(sentence.alias("explanation")).select(heads.columns).sort(KEY)


def _given(rows: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """``rows``, in their order, with document, amount and discount dates of the entries."""
    ids = rows.filter(pl.col("target") == "entry").select(pl.col("target_id").alias("entry_id"))
    said = ("document_no", "amount", "discount_amount_2", "discount_date_2", "discount_date")
    known = entries.select("entry_id", *said).join(ids, on="entry_id", how="semi").select(
        pl.lit("entry").alias("target"), pl.col("entry_id").alias("target_id"), *said
    )  # fmt: skip
    return rows.join(known, on=["target", "target_id"], how="left", maintain_order="left")


def _count(target: str) -> pl.Expr:
    return (pl.col("target") == target).sum()


def _several(given: pl.DataFrame) -> pl.DataFrame:
    """``documents`` of proposals of several rows, and whether of several parties (``parties``)."""
    settled = given.filter(pl.col("target") == "entry")
    many = settled.filter(pl.struct(KEY).is_duplicated()).sort(*KEY, "seq")
    found = many.group_by(KEY).agg(
        pl.col("document_no").unique(maintain_order=True).alias("documents"),
        pl.struct("party_type", "party_no").n_unique().alias("parties"),
    )
    return found.with_columns(_listed(pl.col("documents")).alias("documents"))


def _differences(given: pl.DataFrame, money: pl.DataFrame) -> pl.DataFrame:
    """What makes the amount another one than what is open, as text of its currency."""
    target, applied = pl.col("target"), pl.col("applied_amount")
    taken = pl.col("discount_amount") != 0
    second = taken & (pl.col("discount_amount") == pl.col("discount_amount_2"))
    other = target.is_in(["on_account", "gl"]) | taken | (pl.col("difference_amount") != 0)
    sums = given.filter(other).group_by(KEY).agg(
        pl.col("discount_amount").sum().abs().alias("discount"),
        pl.col("difference_amount").sum().alias("difference"),
        applied.filter(target == "on_account").sum().abs().alias("left_over"),
        applied.filter(target == "gl").sum().abs().alias("fee"),
        pl.when(second).then("discount_date_2").when(taken).then("discount_date").min()
        .alias("due"),
        _per_cent(),
    )  # fmt: skip
    sums = sums.join(money.select("line_id", "currency"), on="line_id")
    more = (pl.col("difference") < 0).alias("more")
    sums = sums.with_columns(pl.col("difference").abs(), more)
    return sums.with_columns(
        decimals(sums, name, "currency").alias(name) for name in _SUMS
    ).drop("currency")  # fmt: skip


def _per_cent() -> pl.Expr:
    """``per_cent``: tenths of the one per cent that all discounts are of their entries, or null."""
    taken = pl.col("discount_amount") != 0
    whole, discount = pl.col("amount").abs(), pl.col("discount_amount").abs()
    tenths = (discount * 1000 / whole).round().cast(pl.Int64)
    exact = ((whole * tenths / 1000).round() == discount).filter(taken).all()
    one = tenths.filter(taken).n_unique() == 1
    return pl.when(one & exact).then(tenths.filter(taken).first()).alias("per_cent")


def _listed(numbers: pl.Expr) -> pl.Expr:
    """RE-1; RE-1 and RE-2; RE-1, RE-2 and RE-3; five and the count of the others."""
    count = numbers.list.len()
    listed = numbers.list.slice(0, count.clip(upper_bound=_MOST) - 1).list.join(", ")
    rest = pl.format("{} and {} more", numbers.list.head(_MOST).list.join(", "), count - _MOST)
    return (
        pl.when(count > _MOST).then(rest)
        .when(count > 1).then(pl.format("{} and {}", listed, numbers.list.last()))
        .otherwise(numbers.list.first())
    )  # fmt: skip


def _payer() -> pl.Expr:
    """Who pays and how the line tells; null where no customer or vendor is meant."""
    who = pl.concat_str(["party_type", "party_no"], separator=" ")
    told = pl.col("party")
    by_account = [_words(pl.col("account"), _ACCOUNT), who, _words(told, _BESIDE)]
    known = pl.col("account").is_in(list(_ACCOUNT))
    other = pl.when(pl.col("account") == "other").then(pl.lit(_OTHER_ACCOUNT))
    alone = [_words(told, _ALONE), who, other]
    first = pl.when(known).then(pl.concat_str(by_account)).otherwise(_joined(alone, ""))
    name = pl.when(told == "other").then(pl.lit("the name is that of another party"))
    some_party = pl.col("party_type").is_in(["customer", "vendor"]) & (pl.col("party_no") != "")
    return (
        pl.when(pl.col("parties") > 1).then(pl.format("of {} parties", "parties"))
        .when(some_party).then(_joined([first, name], ", "))
    )  # fmt: skip


def _words(level: pl.Expr, words: dict[str, str]) -> pl.Expr:
    return level.replace_strict(words, default="", return_dtype=pl.String)


def _joined(parts: list[pl.Expr], separator: str) -> pl.Expr:
    return pl.concat_str(parts, separator=separator, ignore_nulls=True)


def _amount() -> pl.Expr:
    """How the amount comes about; null where no entry is settled."""
    subject = pl.format("{} {} is ", "paid", "currency")
    several = pl.col("entries_settled") > 1
    what = pl.when(several).then(pl.lit("the sum")).otherwise(pl.lit("the open amount"))
    named = pl.col("explanation").str.starts_with("names ")
    listed = pl.coalesce("documents", "one_document")
    of = pl.when(~named).then(pl.format(" of {}", listed))
    whole = _joined([what, of], "")
    due = pl.when(pl.col("due").is_not_null()).then(
        pl.format(" due {}", pl.col("due").dt.to_string("%Y-%m-%d"))
    )  # fmt: skip
    less = pl.when(_some("discount")).then(_joined([pl.lit(" less "), _discount(), due], ""))
    short = pl.when("more").then(pl.lit("more")).otherwise(pl.lit("less"))
    charges = pl.when(_some("difference")).then("difference").otherwise("fee")
    parts = {
        "exact": [whole],
        "discount": [whole, less],
        "tolerance": [whole, less, pl.format(", {} {} within tolerance", "difference", short)],
        "charge": [whole, pl.format(" less stated charges of {}", charges)],
        "late": [whole, pl.lit(" less a discount that is late")],
        "original": [pl.format("stated as {} {}, ", "original", "original_currency"), whole],
        "part": [pl.lit("a part of "), whole],
        "short": [whole, pl.format(", {} less beyond the tolerance", "difference")],
        "oldest": [pl.format("for what is due first, {}", listed)],
        "over": [pl.format("{} more than ", "left_over"), whole],
        "differs": [pl.lit("not "), whole],
    }
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for name, pieces in parts.items():
        said = pl.col("amount") == name
        found = pl.when(said).then(_joined([subject, *pieces], "")).otherwise(found)
    return pl.when(pl.col("entries_settled") > 0).then(found)


def _discount() -> pl.Expr:
    """2 % discount (40.00); the amount only where its entries have no one per cent."""
    tenths = pl.col("per_cent")
    half = pl.when(tenths % 10 != 0).then(pl.format(".{}", tenths % 10)).otherwise(pl.lit(""))
    told = pl.format("{}{} % discount ({})", tenths // 10, half, "discount")
    return pl.coalesce(told, pl.format("{} discount", "discount"))


def _some(amount: str) -> pl.Expr:
    return pl.col(amount).str.contains("[1-9]")
