"""What a journal entry says, as one hash: equal for a retry, other for other content.

It is made of what the rows keep, so that ``verify`` makes it again from them.
"""

import hashlib

import polars as pl

BETWEEN, BETWEEN_ROWS = "\x1f", "\n"
ENTRY = ("posting_date", "kind", "line_id", "reverses_key")
POSTING = (
    "seq", "gl_account", "currency", "amount", "party_type", "party_no", "bank_account_no",
)  # fmt: skip
APPLICATION = (
    "seq", "role", "entry_id", "bank_entry_id", "own", "party_type", "party_no", "gl_account",
    "applied_amount", "entry_amount", "discount_amount", "difference_amount", "difference_kind",
)  # fmt: skip
TAX = ("seq", "part", "tax_code", "rate", "gl_account", "base_amount", "tax_amount")


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
    parts = [
        frame.sort("key", "seq", *order).select("key", said.alias("rows"))
        for frame, said, order in (
            (postings, _valued(postings), ()),
            (applications, text(APPLICATION), ()),
            (taxes, text(TAX), ("part", "tax_code")),
        )
    ]
    own = [
        part.group_by("key", maintain_order=True).agg(pl.col("rows").str.join(BETWEEN_ROWS))
        for part in parts
    ]
    return hashes_of_texts(entries.select("key", text(ENTRY)), *own)


def hashes_of_texts(
    texts: pl.DataFrame, postings: pl.DataFrame, applications: pl.DataFrame, taxes: pl.DataFrame
) -> pl.DataFrame:
    """As ``hashes``, of what the rows say: ``key, text``, and ``key, rows`` of the other three."""
    for rows in (postings, applications, taxes):
        whole = pl.concat_str("text", pl.col("rows").fill_null(""), separator="\n\n")
        if rows is taxes:
            whole = pl.when(pl.col("rows").is_null()).then("text").otherwise(whole)
        joined = texts.join(rows, on="key", how="left", maintain_order="left")
        texts = joined.select("key", whole.alias("text"))
    sha256 = hashlib.sha256
    found = [sha256(said.encode()).hexdigest() for said in texts["text"].to_list()]
    return texts.select("key", pl.Series("payload_hash", found, dtype=pl.String))


def _valued(postings: pl.DataFrame) -> pl.Expr:
    own, value = text(POSTING), pl.col("amount_company")
    if postings["amount_company"].null_count() == postings.height:
        return own
    both = pl.concat_str(own, value.cast(pl.String), separator=BETWEEN)
    return pl.when(value.is_null()).then(own).otherwise(both)


def text(columns: tuple[str, ...]) -> pl.Expr:
    """What a row says in these columns, as ``text``; null is nothing at all."""
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
    return pl.concat_str(parts, separator=BETWEEN).alias("text")
