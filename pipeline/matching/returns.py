"""Which posted payment a bank takes back; a unique one is answered, all else stays a question.

A return names the end-to-end id, the mandate or the bank's reference of its original; else amount
and payer's account tell. Always on the same account, over the same amount, the fees that the bank
states set apart; within 60 days, within 13 months for a direct debit (accounting, section 6).
"""

import polars as pl

from pipeline.domain import frames
from pipeline.matching.rules import RETURN_CODES, RETURN_TYPES, RETURN_WORDS

_DAYS = 60
_DEBIT_MONTHS = "13mo"
_KEYS = ("end_to_end_id", "mandate_id", "reference", "account")
_EMPTY = ("", "NONREF", "NOTPROVIDED")
_EVIDENCE = {
    "end_to_end_id": "takes back the line of this end-to-end id",
    "mandate_id": "takes back the direct debit of this mandate",
    "reference": "takes back the line of this reference",
    "account": "takes back the only line of this amount and payer",
}


def looks_like_return() -> pl.Expr:
    """True for lines (``frames.LINES``) by which the bank takes back an earlier one."""
    words = pl.col("text").str.to_uppercase().str.contains_any(list(RETURN_WORDS))
    by_code = pl.col("type_code").is_in(list(RETURN_TYPES))
    by_code |= pl.col("business_code").is_in(list(RETURN_CODES))
    return pl.col("is_reversal") | by_code | words


def returns(lines: pl.DataFrame) -> pl.DataFrame:
    """The ``line_id`` of the ``lines`` that look like returns."""
    return lines.filter(looks_like_return()).select("line_id")


def find(
    lines: pl.DataFrame, proposals: pl.DataFrame, proposed: pl.DataFrame, originals: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``proposals`` and ``proposed``, with the answers for returns whose original is found.

    ``originals``: the rows of posted lines (``frames.ORIGINALS``), those that nothing undid.
    """
    asked = proposals.filter((pl.col("rank") == 1) & (pl.col("reason") == "possible_return"))
    returns = lines.join(asked.select("line_id"), on="line_id", how="semi")
    if returns.is_empty() or originals.is_empty():
        return proposals, proposed
    found = _unique(_pairs(_with_keys(returns), _with_keys(_whole(originals))))
    if found.is_empty():
        return proposals, proposed
    rows = _rows(found, originals)
    heads = _heads(found, rows)
    return (
        pl.concat([proposals.join(found, on="line_id", how="anti"), heads]).sort("line_id", "rank"),
        pl.concat([proposed.join(found, on="line_id", how="anti"), rows]).sort(
            "line_id", "rank", "seq"
        ),
    )


def _whole(originals: pl.DataFrame) -> pl.DataFrame:
    """One row a line whose whole amount settles entries in a way that can be undone as it was."""
    return (
        originals.group_by("original_id", maintain_order=True)
        .agg(
            pl.all().first(),
            pl.col("undoable").all().alias("all_undoable"),
            pl.col("party_no").n_unique().alias("parties"),
            pl.col("applied_amount").sum().alias("applied"),
        )
        .filter(
            pl.col("all_undoable")
            & (pl.col("parties") == 1)
            & (pl.col("applied") == pl.col("amount"))
        )
    )


def _with_keys(lines: pl.DataFrame) -> pl.DataFrame:
    reference = pl.when(pl.col("customer_reference").is_in(_EMPTY)).then("bank_reference")
    return lines.with_columns(
        pl.coalesce("booking_date", "value_date").alias("day"),
        reference.otherwise("customer_reference").alias("reference"),
        pl.col("counterparty_account").alias("account"),
    )


def _pairs(returns: pl.DataFrame, originals: pl.DataFrame) -> pl.DataFrame:
    """Each return with each line that it may take back, and the place of the key that says so."""
    back = returns.with_columns(
        # A fee makes money out more: -92.00 takes back 89.00 with a fee of 3.00.
        (-pl.col("amount") - pl.col("charges").abs()).alias("original_amount")
    ).select("line_id", "bank_account_no", "currency", "day", "charges", "amount", *_KEYS,
             "original_amount")  # fmt: skip
    own = originals.select("original_id", "bank_account_no", "currency", "day", *_KEYS,
                           pl.col("amount").alias("original_amount"))  # fmt: skip
    found = []
    for place, key in enumerate(_KEYS):
        on = ["bank_account_no", "currency", "original_amount", key]
        named = back.filter(~pl.col(key).is_in(_EMPTY))
        # Each key is asked again under its own name, so that the months of a mandate are known.
        both = named.join(own, on=on, suffix="_of_original")
        mandate = "mandate_id" if key == "mandate_id" else "mandate_id_of_original"
        debit = pl.col(mandate) != ""
        first = pl.when(debit).then(pl.col("day").dt.offset_by(f"-{_DEBIT_MONTHS}")).otherwise(
            pl.col("day").dt.offset_by(f"-{_DAYS}d")
        )  # fmt: skip
        near = pl.col("day_of_original").is_between(first, pl.col("day"))
        other = [_differ(name) for name in ("end_to_end_id", "mandate_id") if name != key]
        taken = both.filter(near & ~pl.any_horizontal(other))
        found.append(
            taken.select("line_id", "original_id", "charges", "amount",
                         pl.lit(place).alias("place"), pl.lit(key).alias("key"))
        )  # fmt: skip
    return pl.concat(found)


def _differ(name: str) -> pl.Expr:
    own, original = pl.col(name), pl.col(f"{name}_of_original")
    return ~own.is_in(_EMPTY) & ~original.is_in(_EMPTY) & (own != original)


def _unique(pairs: pl.DataFrame) -> pl.DataFrame:
    """Returns whose best key names one line that no other return names."""
    best = pairs.filter(pl.col("place") == pl.col("place").min().over("line_id"))
    alone = (pl.len().over("line_id") == 1) & (pl.len().over("original_id") == 1)
    return best.filter(alone).sort("line_id")


def _rows(found: pl.DataFrame, originals: pl.DataFrame) -> pl.DataFrame:
    """What the original settled, negated; what it left on account, taken; the fee on its own."""
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")
    undone = found.select("line_id", "original_id").join(originals, on="original_id").with_columns(
        *[-pl.col(name) for name in amounts]
    )  # fmt: skip
    fees = found.filter(pl.col("charges") != 0).select(
        "line_id", pl.lit("gl").alias("target"), pl.lit("bank_fees").alias("gl_account"),
        (-pl.col("charges").abs()).alias("applied_amount"),
    )  # fmt: skip
    entries = undone.with_columns(pl.lit("entry").alias("target"))
    rows = pl.concat([entries, fees.with_columns(pl.lit(1_000_000).alias("place"))],
                     how="diagonal_relaxed")  # fmt: skip
    numbered = rows.sort("line_id", "place").with_columns(
        pl.lit(1).alias("rank"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("line_id").alias("seq"),
    )
    text = [pl.col(n).fill_null("") for n in ("party_type", "party_no", "gl_account")
            if n in numbered.columns]  # fmt: skip
    numbers = [pl.col(n).fill_null(0) for n in ("target_id", *amounts[1:])]
    kind = pl.col("difference_kind").fill_null("")
    return frames.conform(numbered.with_columns(*text, *numbers, kind), frames.PROPOSED)


def _heads(found: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    party = rows.filter(pl.col("party_no") != "").group_by("line_id").agg(
        pl.col("party_type").first(), pl.col("party_no").first()
    )  # fmt: skip
    heads = found.join(party, on="line_id").select(
        "line_id", pl.lit(1).alias("rank"), pl.lit("high").alias("confidence"),
        pl.lit("return").alias("rule"), "party_type", "party_no",
        pl.col("key").replace_strict(_EVIDENCE).alias("explanation"),
    )  # fmt: skip
    return frames.conform(heads, frames.PROPOSALS)
