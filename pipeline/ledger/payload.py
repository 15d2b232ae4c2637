"""What a journal entry says, as one hash: equal for a retry, other for other content.

It is made of what the rows keep, so that ``verify`` makes it again from them.
"""

import hashlib

import polars as pl

_ENTRY = ("posting_date", "kind", "line_id", "reverses_key")
_POSTING = (
    "seq", "gl_account", "currency", "amount", "party_type", "party_no", "bank_account_no",
)  # fmt: skip
_APPLICATION = (
    "seq", "role", "entry_id", "bank_entry_id", "own", "party_type", "party_no", "gl_account",
    "applied_amount", "entry_amount", "discount_amount", "difference_amount", "difference_kind",
)  # fmt: skip
_TAX = ("seq", "part", "tax_code", "rate", "gl_account", "base_amount", "tax_amount")


def named(applications: pl.DataFrame) -> pl.DataFrame:
    """``frames.APPLICATIONS`` with ``entry_id, bank_entry_id`` and ``own`` for their targets.

    ``own`` marks the payment entry that the journal entry itself creates: its id is not known yet.
    """
    target, number = pl.col("target"), pl.col("target_id")
    return applications.with_columns(
        pl.when(target == "entry").then(number).alias("entry_id"),
        pl.when(target == "bank_entry").then(number).alias("bank_entry_id"),
        (target == "new_entry").cast(pl.Int64).alias("own"),
    )


def hashes(
    entries: pl.DataFrame, postings: pl.DataFrame, applications: pl.DataFrame, taxes: pl.DataFrame
) -> pl.DataFrame:
    """``key, payload_hash`` in the order of ``entries``; ``key`` ties the four together.

    ``applications`` as ``named`` gives them. An entry without taxes says nothing of them, a
    posting without a value in company currency nothing of that.
    """
    texts = entries.select("key", _text(_ENTRY))
    for frame, columns in ((postings, _POSTING), (applications, _APPLICATION), (taxes, _TAX)):
        order = ["key", "seq", *(["part", "tax_code"] if columns is _TAX else [])]
        text = _valued(frame) if columns is _POSTING else _text(columns)
        rows = frame.sort(order).select("key", text.alias("rows"))
        own = rows.group_by("key", maintain_order=True).agg(pl.col("rows").str.join("\n"))
        whole = pl.concat_str("text", pl.col("rows").fill_null(""), separator="\n\n")
        if columns is _TAX:
            whole = pl.when(pl.col("rows").is_null()).then("text").otherwise(whole)
        texts = texts.join(own, on="key", how="left", maintain_order="left").select(
            "key", whole.alias("text")
        )
    found = [hashlib.sha256(text.encode()).hexdigest() for text in texts["text"]]
    return texts.select("key", pl.Series("payload_hash", found, dtype=pl.String))


def _valued(postings: pl.DataFrame) -> pl.Expr:
    text, value = _text(_POSTING), pl.col("amount_company")
    if postings["amount_company"].null_count() == postings.height:
        return text
    both = pl.concat_str(text, value.cast(pl.String), separator="\x1f")
    return pl.when(value.is_null()).then(text).otherwise(both)


def _text(columns: tuple[str, ...]) -> pl.Expr:
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
    return pl.concat_str(parts, separator="\x1f").alias("text")
