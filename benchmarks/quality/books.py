"""The books and lines that every peer gets: as Lettrage has them after the history.

Peers read no bank files: they get the lines as Lettrage reads them, without lines that its
feeds hold back, and the accounts from which parties have paid before.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.quality.lettrage import Ran, export, minor

_ENTRY = ("party_type", "party_no", "document_type", "document_no", "instalment")
_TEXT = ("external_document_no", "payment_reference", "your_reference", "mandate_id")
_DATES = ("discount_date", "discount_tolerance_date")


@dataclass(frozen=True, slots=True)
class Books:
    """Frames for peers; amounts in minor units, dates as ``Date``, texts never null.

    ``parties``: ``party_type, party_no, name, aliases`` (``;``), ``city, address``.
    ``accounts``: ``party_type, party_no, account`` on file or paid from before.
    ``entries``: open ones not on hold, with ``remaining``, ``discount`` and ``late`` (the last
    day on which it may be taken).
    ``bank_entries``: open ones. ``lines``: ``line_ref, bank_account_no, booking_date,
    value_date, amount, currency, name, account, text``.
    """

    parties: pl.DataFrame
    accounts: pl.DataFrame
    entries: pl.DataFrame
    bank_entries: pl.DataFrame
    lines: pl.DataFrame

    def write(self, folder: Path) -> None:
        """One Parquet file for each frame."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.__slots__:
            getattr(self, name).write_parquet(folder / f"{name}.parquet")

    @classmethod
    def read(cls, folder: Path) -> "Books":
        """What ``write`` wrote."""
        return cls(*(pl.read_parquet(folder / f"{name}.parquet") for name in cls.__slots__))


def books(world: Path, ran: Ran) -> Books:
    """What the ledger had open before the feeds, and the lines of the feeds."""
    files = world / "books"
    earlier = export(ran.before, "lines")
    lines = export(ran.after, "lines").filter(
        ~pl.col("status").is_in(("held", "announced", "before_cutover"))
    )
    parties = _parties(files)
    return Books(
        parties.drop("ibans"),
        _accounts(parties, earlier),
        _entries(files, export(ran.before, "entries")),
        _bank_entries(files, export(ran.before, "bank-entries")),
        _lines(lines.join(earlier, on="bank_reference", how="anti")),
    )


def _csv(file: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """These columns as text; a file or column that is not there is empty."""
    if not file.exists():
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    frame = pl.read_csv(file, infer_schema=False)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit("").alias(name)).fill_null("")
        for name in columns
    )


def _parties(files: Path) -> pl.DataFrame:
    columns = ("no", "name", "name_2", "aliases", "city", "address", "ibans")
    sides = [
        _csv(files / f"{side}s.csv", columns).with_columns(pl.lit(side).alias("party_type"))
        for side in ("customer", "vendor")
    ]
    return pl.concat(sides).rename({"no": "party_no"}).sort("party_type", "party_no")


def _accounts(parties: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    on_file = parties.select(
        "party_type", "party_no", pl.col("ibans").str.split(";").alias("account")
    ).explode("account")
    paid = earlier.filter(
        pl.col("party_type").is_in(("customer", "vendor"))
        & pl.col("status").is_in(("posted", "reconciled"))
    ).select("party_type", "party_no", pl.col("counterparty_account").alias("account"))
    both = pl.concat([on_file, paid]).with_columns(
        pl.col("account").str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    )
    return both.filter((pl.col("account") != "") & (pl.col("party_no") != "")).unique().sort(
        "party_type", "party_no", "account"
    )  # fmt: skip


def _entries(files: Path, state: pl.DataFrame) -> pl.DataFrame:
    columns = (*_ENTRY, *_TEXT, *_DATES, "discount_amount", "amount")
    texts = _csv(files / "ledger-entries.csv", columns).with_columns(
        pl.col("instalment").replace("", "0").cast(pl.Int64)
    )
    remaining = state.filter(pl.col("on_hold").fill_null("").is_in(("", "false"))).select(
        *_ENTRY, "currency", *minor("remaining_amount"),
        pl.col("posting_date", "due_date").str.to_date(strict=False),
        pl.col("amount").str.split(".").list.get(1, null_on_oob=True).str.len_bytes()
        .fill_null(0).alias("_digits"),
    ).filter(pl.col("remaining_amount") != 0)  # fmt: skip
    joined = remaining.join(texts, on=list(_ENTRY), how="left").sort("posting_date", *_ENTRY)
    dates = [pl.col(name).str.to_date(strict=False) for name in _DATES]
    # The magnitude on file in minor units, with the sign of the entry.
    magnitude = pl.col("discount_amount").cast(pl.Decimal(20, 4), strict=False).fill_null(0)
    units = (magnitude.cast(pl.Float64) * 10.0 ** pl.col("_digits")).round().cast(pl.Int64)
    return joined.with_columns(*dates).select(
        *_ENTRY, "currency", "posting_date", "due_date",
        pl.col("remaining_amount").alias("remaining"),
        (units * pl.col("remaining_amount").sign()).alias("discount"),
        pl.max_horizontal(*_DATES).alias("late"),
        *(pl.col(name).fill_null("") for name in _TEXT),
    )  # fmt: skip


def _bank_entries(files: Path, state: pl.DataFrame) -> pl.DataFrame:
    texts = ("description", "party_type", "party_no", "batch_no", "end_to_end_id",
             "applies_to_document_no")  # fmt: skip
    more = _csv(files / "bank-entries.csv", ("bank_account_no", "entry_no", *texts))
    return (
        state.filter(pl.col("status") == "open")
        .join(more, on=["bank_account_no", "entry_no"], how="left")
        .select(
            "bank_account_no", "entry_no", pl.col("posting_date").str.to_date(), *minor("amount"),
            "entry_type", *(pl.col(key).fill_null("") for key in ("document_no", "check_no")),
            *(pl.col(key).fill_null("") for key in texts),
        )
        .sort("bank_account_no", "posting_date", "entry_no")
    )  # fmt: skip


def _lines(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(
        pl.col("bank_reference").alias("line_ref"),
        "bank_account_no",
        pl.col("booking_date", "value_date").str.to_date(),
        *minor("amount"),
        "currency",
        pl.col("counterparty_name").fill_null("").alias("name"),
        pl.col("counterparty_account")
        .fill_null("")
        .str.to_uppercase()
        .str.replace_all("[^A-Z0-9]", "")
        .alias("account"),
        pl.col("text").fill_null(""),
    ).sort("booking_date", "line_ref")
