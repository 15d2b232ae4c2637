"""The rows of a register that say what its postings in other currencies are worth."""

from collections.abc import Callable, Mapping

import polars as pl

from pipeline.domain.values import Values

_START = ("entry_id", "bank_entry_id", "journal_entry_no", "amount_company")


def rows(
    values: Values,
    numbers: pl.DataFrame,
    created: pl.DataFrame,
    books: Mapping[str, pl.DataFrame],
    known: Callable[[list[str]], dict[str, int]],
) -> dict[str, pl.DataFrame]:
    """By table. ``numbers`` (``key, no``) are those of the register's journal entries.

    ``created`` (``no, id, start_company``) are its payment entries, ``books`` what was loaded.
    ``known`` gives the numbers of journal entries of before, by key.
    """
    if values.valuations.join(numbers, on="key", how="semi").is_empty():
        return {}
    given = pl.concat([values.applications["of_key"], values.valuations["of_key"]]).unique()
    here = dict(numbers.select("key", "no").rows())
    of = here | known(given.filter((given != "") & ~given.is_in(list(here))).to_list())
    found = {
        "application_value": _of_journal(values.applications, numbers, of, "application_no"),
        "valuation": _of_journal(values.valuations, numbers, of, "values_no"),
        "entry_value": _starts(values, numbers, created, books),
    }
    return {table: frame for table, frame in found.items() if frame.height}


def _of_journal(
    frame: pl.DataFrame, numbers: pl.DataFrame, of: dict[str, int], name: str
) -> pl.DataFrame:
    """``name``: the number of the journal entry that has the value."""
    own = frame.join(numbers, on="key", maintain_order="left").rename({"no": "journal_entry_no"})
    other = pl.when(pl.col("of_key") == "").then("key").otherwise("of_key")
    named = own.with_columns(other.replace_strict(of, return_dtype=pl.Int64).alias(name))
    return named.drop("key", "of_key").sort(name)


def _starts(
    values: Values,
    numbers: pl.DataFrame,
    created: pl.DataFrame,
    books: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    late = values.entries.join(numbers, on="key").rename({"no": "journal_entry_no"})
    parts = [late, _started("entry", created.rename({"no": "journal_entry_no"}))]
    parts += [_started(table, frame) for table, frame in sorted(books.items())]
    return pl.concat([part.select(_START) for part in parts]).sort("entry_id", "bank_entry_id")


def _started(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame with ``id`` and ``start_company`` that have a value."""
    if "start_company" not in frame.columns:
        return pl.DataFrame(schema=dict.fromkeys(_START, pl.Int64))
    number, nothing = pl.col("id"), pl.lit(None, dtype=pl.Int64)
    return frame.filter(pl.col("start_company").is_not_null()).select(
        (number if table == "entry" else nothing).alias("entry_id"),
        (number if table == "bank_entry" else nothing).alias("bank_entry_id"),
        "journal_entry_no",
        pl.col("start_company").alias("amount_company"),
    )
