"""Each proposal's evidence as a sentence: documents, who pays, and how the amount comes about.

Ids and document numbers only, no names of people. Amounts are magnitudes with all digits of their
currency. The words are those of a catalogue (``domain.seen``): the night writes English, a page
says it again in the language of its reader.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.domain.seen import ENGLISH
from pipeline.matching.levels import KEY

_MOST = 5
"""Documents that a sentence lists; the others are counted."""
_TOLD = ("number", "mandate", "name", "taught", "close")
"""How a line tells the party that is meant."""
_SUMS = ("discount", "difference", "left_over", "fee")
_NAMES = '[["names'
"""How what was seen begins where the line names documents: then that is said first."""


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """A language: its words, and how it writes amounts, days and the point of a number."""

    words: Mapping[str, Any]
    amount: Callable[[pl.DataFrame, str, str], pl.Expr]
    """A column of minor units and that of its currency, as text."""
    day: Callable[[pl.Expr], pl.Expr]
    point: str

    def fill(self, key: str, **filled: pl.Expr | str) -> pl.Expr:
        """The words of a key with columns in its blanks; what is null is filled in as nothing."""
        pieces = re.split(r"\{(\w+)\}", str(self.words[key]))
        return pl.concat_str(
            pl.lit(piece) if place % 2 == 0 else _column(filled[piece]).fill_null("")
            for place, piece in enumerate(pieces)
        )


def _column(filled: pl.Expr | str) -> pl.Expr:
    found = pl.col(filled) if isinstance(filled, str) else filled
    return found.cast(pl.String)


IN_ENGLISH = Wording(ENGLISH, decimals, lambda day: day.dt.to_string("%Y-%m-%d"), ".")


def write(
    heads: pl.DataFrame,
    rows: pl.DataFrame,
    lines: pl.DataFrame,
    entries: pl.DataFrame,
    wording: Wording = IN_ENGLISH,
) -> pl.DataFrame:
    """``heads`` with levels (see ``levels``), and the whole ``explanation``.

    What the rule itself saw, which stands there before in the same language, becomes a part of the
    sentence.
    """
    money = lines.select("line_id", "currency", pl.col("amount").abs().alias("paid"),
                         "original_amount", "original_currency")  # fmt: skip
    money = money.with_columns(
        wording.amount(money, "paid", "currency").alias("paid"),
        wording.amount(money, "original_amount", "original_currency").alias("original"),
    )
    given = _given(rows, entries)
    whole = heads.join(money, on="line_id", how="left").join(
        given.group_by(KEY).agg(_count("entry").alias("entries_settled"),
                                pl.col("document_no").first().alias("one_document")),
        on=KEY, how="left",
    )  # fmt: skip
    whole = whole.join(_several(given, wording), on=KEY, how="left")
    whole = whole.join(_differences(given, money, wording), on=KEY, how="left")
    whole = _phrased(whole, wording)
    seen = pl.when(pl.col("explanation") != "").then("explanation")
    parts = [pl.when("named").then(seen), _payer(wording), pl.when(~pl.col("named")).then(seen),
             _amount(wording)]  # fmt: skip
    sentence = _joined(parts, ", ")
    return whole.with_columns(sentence.alias("explanation")).select(heads.columns).sort(KEY)


def _phrased(whole: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """``whole`` with the phrases that stand in many sentences: made once, not in each of them."""
    vendor = pl.col("party_type") == "vendor"
    who = [
        pl.when(vendor).then(wording.fill(f"{of}vendor", no="party_no"))
        .otherwise(wording.fill(f"{of}customer", no="party_no")).alias(f"{of}who")
        for of in ("", "of_")
    ]  # fmt: skip
    listed = pl.coalesce("documents", "one_document").alias("listed")
    named = pl.col("seen").str.starts_with(_NAMES).alias("named")
    of_whole = [_whole(wording, of).alias(f"{of}whole") for of in ("", "of_")]
    return whole.with_columns(
        *who, listed, named, _less(wording).alias("less_discount")
    ).with_columns(of_whole)


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


def _several(given: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """``documents`` of proposals of several rows, and whether of several parties (``parties``)."""
    settled = given.filter(pl.col("target") == "entry")
    many = settled.filter(pl.struct(KEY).is_duplicated()).sort(*KEY, "seq")
    found = many.group_by(KEY).agg(
        pl.col("document_no").unique(maintain_order=True).alias("documents"),
        pl.struct("party_type", "party_no").n_unique().alias("parties"),
    )
    return found.with_columns(_listed(pl.col("documents"), wording).alias("documents"))


def _differences(given: pl.DataFrame, money: pl.DataFrame, wording: Wording) -> pl.DataFrame:
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
        wording.amount(sums, name, "currency").alias(name) for name in _SUMS
    ).drop("currency")  # fmt: skip


def _per_cent() -> pl.Expr:
    """``per_cent``: tenths of the one per cent that all discounts are of their entries, or null."""
    taken = pl.col("discount_amount") != 0
    whole, discount = pl.col("amount").abs(), pl.col("discount_amount").abs()
    tenths = (discount * 1000 / whole).round().cast(pl.Int64)
    exact = ((whole * tenths / 1000).round() == discount).filter(taken).all()
    one = tenths.filter(taken).n_unique() == 1
    return pl.when(one & exact).then(tenths.filter(taken).first()).alias("per_cent")


def _listed(numbers: pl.Expr, wording: Wording) -> pl.Expr:
    """RE-1; RE-1 and RE-2; RE-1, RE-2 and RE-3; five and the count of the others."""
    count = numbers.list.len()
    listed = numbers.list.slice(0, count.clip(upper_bound=_MOST) - 1).list.join(", ")
    five = numbers.list.head(_MOST).list.join(", ")
    return (
        pl.when(count > _MOST)
        .then(wording.fill("more_documents", documents=five, count=count - _MOST))
        .when(count > 1)
        .then(wording.fill("last_document", documents=listed, last=numbers.list.last()))
        .otherwise(numbers.list.first())
    )


@lru_cache(8)
def _payer(wording: Wording) -> pl.Expr:
    """Who pays and how the line tells; null where no customer or vendor is meant."""
    account, told = pl.col("account"), pl.col("party")
    who = {"who": "who", "of_who": "of_who"}
    beside = _by(told, {name: wording.fill(f"beside_{name}") for name in _TOLD})
    alone = _by(told, {name: wording.fill(f"alone_{name}", **who)
                       for name in _TOLD})  # fmt: skip
    known = _by(account, {name: wording.fill(f"account_{name}", **who)
                          for name in ("on_file", "taught")})  # fmt: skip
    other = pl.when(account == "other").then(wording.fill("account_other"))
    by_name = _joined([pl.coalesce(alone, "who"), other], "")
    by_account = _joined([known, beside], "")
    first = pl.when(known.is_not_null()).then(by_account).otherwise(by_name)
    name = pl.when(told == "other").then(wording.fill("name_other"))
    some_party = pl.col("party_type").is_in(["customer", "vendor"]) & (pl.col("party_no") != "")
    return (
        pl.when(pl.col("parties") > 1).then(wording.fill("several_parties", count="parties"))
        .when(some_party).then(_joined([first, name], ", "))
    )  # fmt: skip


def _by(level: pl.Expr, said: Mapping[str, pl.Expr]) -> pl.Expr:
    """What is said of a level; null of any other."""
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for name, words in said.items():
        found = pl.when(level == name).then(words).otherwise(found)
    return found


def _joined(parts: list[pl.Expr], separator: str) -> pl.Expr:
    return pl.concat_str(parts, separator=separator, ignore_nulls=True)


@lru_cache(8)
def _amount(wording: Wording) -> pl.Expr:
    """How the amount comes about; null where no entry is settled."""
    more = pl.col("more").fill_null(False)
    charges = pl.when(_some("difference")).then("difference").otherwise("fee")
    blanks: dict[str, pl.Expr | str] = {
        "paid": pl.concat_str("paid", "currency", separator=" "),
        "original": pl.concat_str("original", "original_currency", separator=" "),
        "whole": "whole", "of_whole": "of_whole", "less": "less_discount", "charges": charges,
        "difference": "difference", "left_over": "left_over", "documents": "listed",
    }  # fmt: skip
    level = pl.col("amount")
    short = pl.when(more).then(pl.lit("tolerance_more")).otherwise(pl.lit("tolerance_less"))
    kind = pl.when(level == "tolerance").then(short).otherwise(level)
    keys = [key for key in wording.words if key.startswith("amount_")]
    said = {key.removeprefix("amount_"): wording.fill(key, **blanks) for key in keys}
    return pl.when(pl.col("entries_settled") > 0).then(_by(kind, said))


def _whole(wording: Wording, of: str) -> pl.Expr:
    """The open amount or the sum, with its documents where they are not named before."""
    several = pl.col("entries_settled") > 1
    what = pl.when(several).then(wording.fill(f"{of}sum")).otherwise(wording.fill(f"{of}open"))
    whole = wording.fill("of_documents", what=what, documents="listed")
    return pl.when("named").then(what).otherwise(whole)


def _less(wording: Wording) -> pl.Expr:
    """Less 2 % discount (40.00) due then; the amount only where its entries have no one per cent.

    Nothing where no discount is taken.
    """
    tenths = pl.col("per_cent")
    half = pl.when(tenths % 10 != 0).then(pl.format(f"{wording.point}{{}}", tenths % 10))
    share = pl.concat_str((tenths // 10).cast(pl.String), half.fill_null(""))
    of = wording.fill("discount_of", share=share, amount="discount")
    whole = wording.fill("discount", amount="discount")
    discount = pl.when(tenths.is_not_null()).then(of).otherwise(whole)
    due = wording.fill("less_due", discount=discount, day=wording.day(pl.col("due")))
    less = pl.when(pl.col("due").is_not_null()).then(due).otherwise(
        wording.fill("less", discount=discount)
    )  # fmt: skip
    return pl.when(_some("discount")).then(less)


def _some(amount: str) -> pl.Expr:
    return pl.col(amount).str.contains("[1-9]")
