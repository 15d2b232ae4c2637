"""Which open bank entries a line names: check, end-to-end id, document or batch number. In bulk."""

import polars as pl

from pipeline.matching.text import CHECK_WORDS, plain

_KEY = ["bank_account_no", "key"]
_SHORTEST_IBAN = 15


def named(lines: pl.DataFrame, found: pl.DataFrame, bank_entries: pl.DataFrame) -> pl.DataFrame:
    """``line_id, bank_entry_id, batch``: entries of the line's own account that it names.

    ``batch`` is true where the batch is named and not the entry itself.
    """
    account = lines.select("line_id", "bank_account_no")
    words = found.join(account, on="line_id").rename({"token": "key"})
    numbered = words.filter(~pl.col("is_date"))  # a payment run is often numbered by its day
    entries = bank_entries.with_columns(pl.col("bank_entry_id"))
    ids = ("bank_account_no", "bank_entry_id")
    checks = _keys(entries, "check_no", pl.col("check_no").str.strip_chars_start("0"))
    stated = lines.filter(pl.col("check_no") != "").select(
        "line_id", "bank_account_no", pl.col("check_no").str.strip_chars_start("0").alias("key")
    )
    by_word = lines.filter(pl.col("text").str.contains(CHECK_WORDS)).select("line_id")
    in_text = words.join(by_word, on="line_id", how="semi").with_columns(
        pl.col("key").str.strip_chars_start("0")
    )
    same = lines.filter(pl.col("end_to_end_id") != "").select(
        "line_id", "bank_account_no", pl.col("end_to_end_id").alias("key")
    )
    numbers = _keys(entries, "document_no", plain(pl.col("document_no")))
    numbers = numbers.filter(pl.col("key").str.len_chars() >= 4)
    batches = _keys(entries, "batch_no", plain(pl.col("batch_no")))
    batches = batches.filter(pl.col("key").str.len_chars() >= 4)
    pairs = [
        (stated, checks, False),
        (in_text, checks, False),
        (same, _keys(entries, "end_to_end_id", pl.col("end_to_end_id")), False),
        (numbered, numbers, False),
        (numbered, batches, True),
    ]
    hits = [
        asked.join(keys, on=_KEY).select("line_id", ids[1], pl.lit(batch).alias("batch"))
        for asked, keys, batch in pairs
    ]
    both = pl.concat(hits).group_by("line_id", "bank_entry_id").agg(pl.col("batch").min())
    return both.sort("line_id", "bank_entry_id")


def _keys(entries: pl.DataFrame, column: str, key: pl.Expr) -> pl.DataFrame:
    kept = entries.filter(pl.col(column) != "")
    return kept.select("bank_account_no", "bank_entry_id", key.alias("key")).filter(
        pl.col("key") != ""
    )


def own_accounts_in_text(lines: pl.DataFrame, bank_accounts: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines whose text holds the IBAN of another bank account of ours."""
    ibans = bank_accounts.select("bank_account_no", plain(pl.col("iban")).alias("iban"))
    ibans = ibans.filter(pl.col("iban").str.len_chars() >= _SHORTEST_IBAN).sort("iban")
    text = plain(pl.col("text"))
    known = ibans["iban"].to_list()
    if not known:
        return lines.select("line_id").clear()
    told = lines.filter(text.str.contains_any(known))
    found = told.select(
        "line_id",
        "bank_account_no",
        text.str.extract_many(known).cast(pl.List(pl.String)).alias("iban"),
    ).explode("iban", empty_as_null=True)
    other = found.join(ibans, on="iban", suffix="_other").filter(
        pl.col("bank_account_no") != pl.col("bank_account_no_other")
    )
    return other.select("line_id").unique().sort("line_id")
