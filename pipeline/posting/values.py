"""Values in the company's currency: what a line brings at the rate, what an entry is carried at.

Accounting rules, section 1. The difference of the two is the realised gain or loss. All that a
payment brings with it (bank, discount, charges, tax) is worth the rate of its day, as its document
has one rate; entries and bank entries leave the books at what they came in at. Where the bank
states what a line is in the company's currency, or settles an entry of another currency than the
line's, the pair of amounts is the rate.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.domain import rates, values
from pipeline.domain.frames import conform

_TARGET = ["target", "target_id"]
_SAME = ("entry_amount", "discount_amount", "difference_amount")
_BESIDE = {
    "line_company": pl.Int64,  # what the line's side is worth; null in the company's currency
    "fx_back": pl.Int64,  # the part of a realised difference that takes an earlier one back
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know of values: ``rates`` no older than ``age`` days, what is ``carried``.

    ``applied`` (``values.APPLIED``) is what may be taken back; ``parked`` (``line_id, rate,
    rate_date``) at what rate lines stand on clearing.
    """

    company: str
    age: int
    rates: pl.DataFrame
    carried: pl.DataFrame
    applied: pl.DataFrame
    parked: pl.DataFrame


def of_rows(
    base: pl.DataFrame, rows: pl.DataFrame, known: Known | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``rows`` with ``values.PARTS``, ``line_company``, ``fx_back``; the ``VALUATIONS`` of them.

    A journal entry is valued wholly or not at all: without a rate, or where one of its entries has
    no value, all of its values are null. ``PARTS`` are null too where the entry is in the company's
    currency.
    """
    names = {**values.PARTS, **_BESIDE}
    if known is None:
        nothing = pl.lit(None, dtype=pl.Int64)
        bare = rows.with_columns(nothing.alias(name) for name in names)
        return bare, conform(pl.DataFrame(), values.VALUATIONS)
    rated = _rated(base, known)
    whole = rows.sort("key", "seq").join(
        rated.select("key", "rate", "rate_date", "up", "down"), on="key", how="left",
        maintain_order="left",
    )  # fmt: skip
    whole = whole.with_columns(pl.lit(known.company).alias("company"))
    whole = _received(_released(whole.join(known.carried, on=_TARGET, how="left",
                                           maintain_order="left"), known.applied))  # fmt: skip
    parts = ("entry_company", "applied_company", "discount_company", "difference_company")
    own = pl.all_horizontal(pl.col(name).is_not_null() for name in parts)
    line, entry = (pl.col(name) != known.company for name in ("currency", "entry_currency"))
    known_all = (own | ~entry) & (pl.col("line_company").is_not_null() | ~line)
    whole = whole.with_columns((known_all.all() & (line | entry).any()).over("key").alias("valued"))
    valued = whole.select(*rows.columns, *[
        pl.when(pl.col("valued") & (line if name == "line_company" else entry)).then(name)
        .alias(name) for name in names
    ]).sort("line_id", "seq")  # fmt: skip
    keys = whole.filter("valued").select("key", "rate", "rate_date").unique("key").sort("key")
    said = keys.with_columns(
        pl.col("rate").fill_null(""),
        pl.col("rate_date").cast(pl.String).fill_null(""),
    )
    return valued, conform(said, values.VALUATIONS)


def _rated(base: pl.DataFrame, known: Known) -> pl.DataFrame:
    """``base`` with the rate of its day; a release from clearing at the rate of its parking.

    Where the bank states the line in the company's currency both amounts are the rate, but for a
    line that an older release parked at a rate of its day.
    """
    dated = base.select("key", "line_id", "currency", "amount", "charges", "original_amount",
                        "original_currency", pl.col("posting_date").alias("day"),
                        pl.col("clearing_account").is_not_null().alias("released"))  # fmt: skip
    found = rates.on_the_day(dated, known.rates, known.age).join(
        known.parked, on="line_id", how="left", suffix="_parked", maintain_order="left"
    )
    parked = pl.col("released") & pl.col("rate_parked").is_not_null()
    chosen = found.with_columns(
        pl.when(parked).then(f"{name}_parked").otherwise(name).alias(name)
        for name in ("rate", "rate_date")
    )
    foreign = pl.col("currency") != known.company
    pair = (
        foreign & ~parked & (pl.col("original_currency") == known.company)
        & (pl.col("original_amount") != 0) & (pl.col("charges") == 0)
    )  # fmt: skip
    both = (("up", pl.col("original_amount")), ("down", pl.col("amount").abs()))
    return rates.with_factor(chosen, known.company).with_columns(
        *[pl.when(pair).then(amount.cast(pl.Int128)).otherwise(name).alias(name)
          for name, amount in both],
        *[pl.when(foreign & ~pair).then(name).alias(name) for name in ("rate", "rate_date")],
    )  # fmt: skip


def _released(rows: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """``entry_company``: what each entry is carried at, by the share that is applied of it.

    By all that was applied so far: the last application takes the exact remainder, and payments
    one by one take what they take at once. What undoes an application takes its own value back.
    """
    opposite = pl.col("entry_amount").sign() != pl.col("start_amount").sign()
    rows = _undone(rows.with_columns(opposite.fill_null(value=False).alias("opposite")), applied)
    upto = pl.col("used_amount") + pl.col("entry_amount").cum_sum().over(_TARGET)
    fresh = rates.share(pl.col("start_company"), upto, pl.col("start_amount"))
    back = pl.when("opposite").then(-pl.col("entry_undone")).otherwise(0).cum_sum().over(_TARGET)
    anchor = pl.when(~pl.col("opposite")).then(fresh - back).forward_fill().over(_TARGET)
    total = anchor.fill_null(pl.col("used_company")) + back
    rows = rows.with_columns(total.alias("total"))
    before = pl.col("total").shift(1).over(_TARGET).fill_null(pl.col("used_company"))
    carried = pl.col("target").is_in(["entry", "bank_entry"])
    lost = pl.col("opposite") & pl.col("entry_undone").is_null()
    value = pl.when(~carried).then(0).when(~lost).then(pl.col("total") - before)
    return rows.with_columns(value.alias("entry_company"))


def _undone(rows: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the values of the application that each takes back, as ``..._undone``."""
    first = applied.sort("application").unique([*_TARGET, *_SAME], keep="first")
    undone = first.select(
        *_TARGET, *[(-pl.col(name)).alias(name) for name in _SAME],
        *[pl.col(name).alias(f"{name.removesuffix('_company')}_undone") for name in values.PARTS],
        pl.lit(value=True).alias("opposite"),
    )  # fmt: skip
    return rows.join(undone, on=[*_TARGET, *_SAME, "opposite"], how="left", maintain_order="left")


def _received(rows: pl.DataFrame) -> pl.DataFrame:
    """What the line brings, at the rate: the bank's side first, so that it is exact as a whole."""
    up, down = pl.col("up"), pl.col("down")
    bank, home = pl.col("target") == "bank_entry", pl.col("currency") == pl.col("company")
    applied = pl.when(bank).then(0).otherwise("applied_amount")
    upto = applied.cum_sum().over("key")
    share = rates.worth(upto, up, down) - rates.worth(upto - applied, up, down)
    worth = pl.when(bank).then("entry_company").when(home).then("applied_amount").otherwise(share)
    rows = rows.with_columns(
        worth.alias("applied_company"), worth.alias("line_company"),
        *[
            pl.when("opposite").then(-pl.col(f"{name}_undone"))
            .when(pl.col(f"{name}_amount") == 0).then(0)
            .otherwise(rates.worth(pl.col(f"{name}_amount"), up, down)).alias(f"{name}_company")
            for name in ("discount", "difference")
        ],
    )  # fmt: skip
    entry = pl.col("target") == "entry"
    left = pl.col("entry_company") - pl.col("applied_company")
    fx = left - pl.col("discount_company") - pl.col("difference_company")
    return rows.with_columns(
        pl.when(entry).then(fx).otherwise(0).alias("fx_company"),
        pl.when(entry & pl.col("opposite")).then(-pl.col("fx_undone")).otherwise(0)
        .alias("fx_back"),
    )  # fmt: skip


def of_taxes(split: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """``split`` with ``tax_company``: the tax in what a discount or difference is worth."""
    if split.is_empty():
        return split.with_columns(pl.lit(None, dtype=pl.Int64).alias("tax_company"))
    parts = rows.filter(pl.col("target") == "entry").unpivot(
        ["discount_company", "difference_company"], index=["key", "target_id", "discount_amount",
        "difference_amount"], variable_name="part", value_name="company",
    )  # fmt: skip
    of = pl.when(pl.col("part") == "discount_company").then("discount_amount")
    named = parts.select(
        "key", "target_id", of.otherwise("difference_amount").alias("of"), "company",
        pl.col("part").str.replace("_company", ""),
    )  # fmt: skip
    by = ["key", "target_id", "part"]
    joined = split.join(named, on=by, how="left", maintain_order="left")
    upto = pl.col("tax_amount").cum_sum().over(by)
    whole, of_all = pl.col("company"), pl.col("of")
    tax = rates.share(whole, upto, of_all) - rates.share(whole, upto - pl.col("tax_amount"), of_all)
    return joined.with_columns(tax.alias("tax_company")).drop("of", "company")


def of_applications(rows: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """The values of ``applications`` (``values.APPLICATIONS``), those of ``rows`` and counters."""
    valued = rows.filter(pl.col("applied_company").is_not_null())
    if valued.is_empty():
        return conform(pl.DataFrame(), values.APPLICATIONS)
    own = applications.filter(pl.col("role") == "settles").join(
        valued.filter(pl.col("target").is_in(["entry", "bank_entry"])).select(
            "key", *_TARGET, *values.PARTS
        ),
        on=["key", *_TARGET],
    )
    party = ["key", "party_type", "party_no"]
    sums = valued.filter(pl.col("target") == "entry").group_by(party).agg(
        (-pl.col("applied_company").sum()).alias("entry_company")
    )  # fmt: skip
    counters = applications.filter(pl.col("role") == "counter").join(sums, on=party)
    zero = [pl.lit(0, dtype=pl.Int64).alias(name) for name in list(values.PARTS)[1:]]
    both = [conform(part, values.APPLICATIONS) for part in (own, counters.with_columns(*zero))]
    return pl.concat(both).sort("key", "seq")
