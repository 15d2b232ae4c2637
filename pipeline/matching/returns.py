"""Which posted payment a bank takes back; a unique one is answered, all else stays a question.

A return names the end-to-end id, the mandate or the bank's reference of its original; else amount
and payer's account or name tell. Always on the same account, over the same amount, the fees that
the bank states set apart; within 60 days, within 13 months for a direct debit (accounting, section
6). One return inside a batch takes back its part: by the bank entry's end-to-end id, by the mandate
or by the document that it names.
"""

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.domain.seen import kept, said, saw
from pipeline.matching import probability
from pipeline.matching.rules import (
    BANKS_RETURN_WORDS,
    RETURN_CODES,
    RETURN_TYPES,
    RETURN_WORDS,
)
from pipeline.matching.text import TOKEN, folded, plain

_DAYS = 60
_DEBIT_MONTHS = "13mo"
_KEYS = ("end_to_end_id", "mandate_id", "reference", "document", "account", "name")
_WHOLE = 0
_EMPTY = ("", "NONREF", "NOTPROVIDED")


def looks_like_return() -> pl.Expr:
    """True for lines (``frames.LINES``) by which the bank takes back an earlier one."""
    return _by_code() | _speaks(RETURN_WORDS)


def _said_by_bank() -> pl.Expr:
    """Is it the bank that says so, and not only a word that people use for goods too?

    A refund for returned goods takes nothing back: the invoice stays paid.
    """
    return _by_code() | _speaks(BANKS_RETURN_WORDS)


def _by_code() -> pl.Expr:
    by_code = pl.col("type_code").is_in(list(RETURN_TYPES))
    return pl.col("is_reversal") | by_code | pl.col("business_code").is_in(list(RETURN_CODES))


def _speaks(words: tuple[str, ...]) -> pl.Expr:
    return pl.col("text").str.to_uppercase().str.contains_any(list(words))


def returns(lines: pl.DataFrame) -> pl.DataFrame:
    """The ``line_id`` of the ``lines`` that look like returns."""
    return lines.filter(looks_like_return()).select("line_id")


def original_amount() -> pl.Expr:
    """The amount that a return takes back: a fee makes money out more, -92.00 is 89.00 and 3.00."""
    return -pl.col("amount") - _fee()


def _fee() -> pl.Expr:
    """The fee inside a return: stated, or what the line is more than its stated original amount."""
    out = pl.col("amount") < 0
    more = pl.col("amount").abs() - pl.col("original_amount")
    more = pl.when(out).then(more).otherwise(-more)
    own = (pl.col("original_currency") == "") | (pl.col("original_currency") == pl.col("currency"))
    stated = pl.col("charges").abs()
    by_original = (stated == 0) & (pl.col("original_amount") > 0) & (more > 0) & own
    return pl.when(by_original).then(more).otherwise(stated)


def find(
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    originals: pl.DataFrame,
    settings: Settings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``proposals`` and ``proposed``, with the answers for returns whose original is found.

    ``originals``: the rows of posted lines (``frames.ORIGINALS``), those that nothing undid. The
    fee is ours, or charged to the party again where ``[policy] return_fee`` says so.
    """
    asked = proposals.filter((pl.col("rank") == 1) & (pl.col("reason") == "possible_return"))
    returns = lines.join(asked.select("line_id"), on="line_id", how="semi")
    returns = returns.filter(_said_by_bank())
    if returns.is_empty() or originals.is_empty():
        return proposals, proposed
    candidates = pl.concat([_whole(originals), _parts(originals)], how="diagonal")
    found = _unique(_pairs(_with_keys(returns), candidates))
    if found.is_empty():
        return proposals, proposed
    rows = _rows(found, originals, settings)
    heads = _heads(found, rows)
    return (
        pl.concat([proposals.join(found, on="line_id", how="anti"), heads]).sort("line_id", "rank"),
        pl.concat([proposed.join(found, on="line_id", how="anti"), rows]).sort(
            "line_id", "rank", "seq"
        ),
    )


def _whole(originals: pl.DataFrame) -> pl.DataFrame:
    """One row a line whose whole amount settles entries in a way that can be undone as it was."""
    lines = (
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
    named = _with_keys(lines.with_columns(pl.lit("").alias("document")))
    return named.with_columns(pl.lit(_WHOLE, dtype=pl.Int64).alias("part"))


def _parts(originals: pl.DataFrame) -> pl.DataFrame:
    """One row for each part of a line that paid several; known by its own ids only."""
    parts = originals.filter(pl.col("undoable") & (pl.col("applied_amount") != pl.col("amount")))
    empty = pl.lit("")
    return parts.select(
        "original_id", "bank_account_no", "currency", pl.col("place").alias("part"), _day(),
        pl.col("applied_amount").alias("amount"),
        pl.col("part_end_to_end_id").alias("end_to_end_id"),
        pl.col("part_mandate_id").alias("mandate_id"),
        plain(pl.col("document_no")).alias("document"),
        *[empty.alias(name) for name in ("reference", "account", "name")],
    )  # fmt: skip


def _day() -> pl.Expr:
    return pl.coalesce("booking_date", "value_date").alias("day")


def _with_keys(lines: pl.DataFrame) -> pl.DataFrame:
    reference = pl.when(pl.col("customer_reference").is_in(_EMPTY)).then("bank_reference")
    return lines.with_columns(
        _day(),
        reference.otherwise("customer_reference").alias("reference"),
        pl.col("counterparty_account").alias("account"),
        folded(pl.col("counterparty_name")).alias("name"),
    )


def _pairs(returns: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Each return with all that it may take back, and the place of the key that says so."""
    words = pl.col("text").str.to_uppercase().str.extract_all(TOKEN)
    back = returns.with_columns(
        original_amount().alias("original_amount"), _fee().alias("fee"),
        words.list.eval(plain(pl.element())).alias("document"),
    )  # fmt: skip
    columns = ["line_id", "bank_account_no", "currency", "day", "fee", *_KEYS, "original_amount"]
    back = back.select(columns)
    own = candidates.select("original_id", "part", "bank_account_no", "currency", "day", *_KEYS,
                            pl.col("amount").alias("original_amount"))  # fmt: skip
    found = []
    for place, key in enumerate(_KEYS):
        on = ["bank_account_no", "currency", "original_amount", key]
        asked = back.explode("document", empty_as_null=True) if key == "document" else back
        named = asked.filter(pl.col(key).is_not_null() & ~pl.col(key).is_in(_EMPTY))
        # Each key is asked again under its own name, so that the months of a mandate are known.
        both = named.join(own, on=on, suffix="_of_original")
        mandate = "mandate_id" if key == "mandate_id" else "mandate_id_of_original"
        debit = pl.col(mandate) != ""
        first = pl.when(debit).then(pl.col("day").dt.offset_by(f"-{_DEBIT_MONTHS}")).otherwise(
            pl.col("day").dt.offset_by(f"-{_DAYS}d")
        )  # fmt: skip
        near = pl.col("day_of_original").is_between(first, pl.col("day"))
        other = [_differ(name) for name in ("end_to_end_id", "mandate_id") if name != key]
        if key == "name":  # one name on two accounts is two payers
            other.append(_differ("account"))
        taken = both.filter(near & ~pl.any_horizontal(other))
        found.append(
            taken.select("line_id", "original_id", "part", "fee",
                         pl.lit(place).alias("place"), pl.lit(key).alias("key")).unique()
        )  # fmt: skip
    return pl.concat(found)


def _differ(name: str) -> pl.Expr:
    own, original = pl.col(name), pl.col(f"{name}_of_original")
    return ~own.is_in(_EMPTY) & ~original.is_in(_EMPTY) & (own != original)


def _unique(pairs: pl.DataFrame) -> pl.DataFrame:
    """Returns whose best key names one line, or one part of one, that no other return names."""
    best = pairs.filter(pl.col("place") == pl.col("place").min().over("line_id"))
    of_line = pl.len().over("line_id") == 1
    of_part = pl.len().over("original_id", "part") == 1
    with_whole = (pl.len().over("original_id") > 1) & (
        (pl.col("part") == _WHOLE).any().over("original_id")
    )
    return best.filter(of_line & of_part & ~with_whole).sort("line_id")


def _rows(found: pl.DataFrame, originals: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """What the original settled, negated; what it left on account, taken; the fee on its own."""
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")
    undone = found.select("line_id", "original_id", "part").join(originals, on="original_id")
    undone = undone.filter((pl.col("part") == _WHOLE) | (pl.col("part") == pl.col("place")))
    undone = undone.with_columns(*[-pl.col(name) for name in amounts])
    fees = _fees(found, undone, settings)
    rows = pl.concat([undone, fees], how="diagonal_relaxed")
    numbered = rows.sort("line_id", "place").with_columns(
        pl.lit(1).alias("rank"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("line_id").alias("seq"),
    )
    text = [pl.col(name).fill_null("") for name in ("gl_account", "difference_kind")]
    numbers = [pl.col(name).fill_null(0) for name in ("target_id", *amounts[1:])]
    return frames.conform(numbered.with_columns(*text, *numbers), frames.PROPOSED)


def _fees(found: pl.DataFrame, undone: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The fee of each return: an expense, or owed by the party whose payment comes back.

    A party whose documents are in another currency than the bank's fee is not charged: what it
    owes would be in neither.
    """
    other = pl.col("entry_currency") != pl.col("currency")
    party = undone.group_by("line_id", maintain_order=True).agg(
        pl.col("party_type").first(), pl.col("party_no").first(), other.any().alias("other")
    )
    fees = found.filter(pl.col("fee") != 0).join(party, on="line_id")
    customer = (pl.col("party_type") == "customer") & ~pl.col("other")
    again = customer & pl.lit(settings.policy["return_fee"] == "recharge")
    who = [pl.when(again).then(name).otherwise(pl.lit("")).alias(name) for name in
           ("party_type", "party_no")]  # fmt: skip
    return fees.select(
        "line_id", pl.lit(1_000_000, dtype=pl.Int64).alias("place"),
        pl.when(again).then(pl.lit("on_account")).otherwise(pl.lit("gl")).alias("target"),
        pl.when(again).then(pl.lit("")).otherwise(pl.lit("bank_fees")).alias("gl_account"),
        (-pl.col("fee")).alias("applied_amount"), *who,
    )  # fmt: skip


def _heads(found: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    party = rows.filter(pl.col("party_no") != "").group_by("line_id", maintain_order=True).agg(
        pl.col("party_type").first(), pl.col("party_no").first()
    )  # fmt: skip
    seen = {key: saw(f"back_{key}") for key in _KEYS}
    heads = found.join(party, on="line_id").sort("line_id").select(
        "line_id", pl.lit(1).alias("rank"), pl.lit("high").alias("confidence"),
        pl.lit("return").alias("rule"), "party_type", "party_no",
        pl.col("key").replace_strict({key: said(how) for key, how in seen.items()})
        .alias("explanation"),
        pl.col("key").replace_strict({key: kept(how) for key, how in seen.items()}).alias("seen"),
        pl.concat_str(pl.lit("return="), "key").alias("evidence"),
    )  # fmt: skip
    return probability.state(frames.conform(heads, frames.PROPOSALS), rows)
