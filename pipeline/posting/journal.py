"""One balanced journal entry a statement line (accounting rules, section 1 and 2)."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.domain.values import Values
from pipeline.posting import legs, values
from pipeline.posting.legs import fx_accounts, less_accounts
from pipeline.posting.taxes import Taxes, shares

_PARKED = {"line_id": pl.Int64, "clearing_account": pl.String}


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as frames of ``domain.frames``; ``refused`` says what could not be made."""

    journal_entries: pl.DataFrame
    postings: pl.DataFrame
    new_entries: pl.DataFrame
    applications: pl.DataFrame
    refused: pl.DataFrame
    """``line_id, reason``: ``account_not_set``."""
    taxes: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.APPLICATION_TAXES))
    values: Values = field(default_factory=Values)

    def of(self, lines: pl.DataFrame) -> "Journal":
        """The part that posts ``lines``, as if they had been posted alone."""
        own = self.journal_entries.join(lines, on="line_id", how="semi", maintain_order="left")
        postings, new_entries, applications, taxes = (
            frame.join(own, on="key", how="semi", maintain_order="left")
            for frame in (self.postings, self.new_entries, self.applications, self.taxes)
        )
        refused = self.refused.join(lines, on="line_id", how="semi", maintain_order="left")
        return Journal(
            own, postings, new_entries, applications, refused, taxes, self.values.of(own)
        )


def post(
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    bank_accounts: pl.DataFrame,
    entries: pl.DataFrame,
    settings: Settings,
    generations: pl.DataFrame | None = None,
    parked: pl.DataFrame | None = None,
    first_open: dt.date | None = None,
    taxes: Taxes | None = None,
    known: values.Known | None = None,
) -> Journal:
    """The journal of ``lines``: bank against what each settles, on its booking date.

    ``first_open``, the first day of the open periods, is the day for those booked before it.

    Amounts are minor units, debit positive. ``generations`` (``line_id, generation``) counts
    earlier postings of a line, so that its next posting has a key of its own. A line that is
    ``parked`` (``line_id, clearing_account``) is released: clearing in place of the bank.
    ``taxes`` of entries split what is given up of them; without, it is posted whole. ``known``
    values lines of other currencies than the company's; without, they have no value yet.
    """
    base = _base(lines, proposals, bank_accounts, generations, parked, first_open)
    rows, valuations = values.of_rows(base, _rows(base, proposed, entries, settings), known)
    split = values.of_taxes(shares(rows, taxes or Taxes()), rows)
    untold = split.filter((pl.col("tax_amount") != 0) & (pl.col("gl_account") == ""))
    unset = rows.filter(_unset(settings) | pl.col("key").is_in(untold["key"].implode()))
    refused = unset.select("line_id").unique().sort("line_id")
    base = base.join(refused, on="line_id", how="anti")
    rows = rows.join(refused, on="line_id", how="anti")
    split = split.join(base, on="key", how="semi")
    posted = legs.postings(base, rows, split, settings)
    created = _new_entries(base, rows)
    applications = _applications(pl.concat([rows, _released(base, rows)]), created)
    journal_entries = _journal_entries(base, rows)
    return Journal(
        frames.conform(journal_entries, frames.JOURNAL_ENTRIES),
        frames.conform(posted, frames.POSTINGS),
        frames.conform(created, frames.NEW_ENTRIES),
        frames.conform(applications, frames.APPLICATIONS),
        refused.with_columns(pl.lit("account_not_set").alias("reason")),
        _of_applications(split, applications),
        Values(
            applications=values.of_applications(rows, applications),
            valuations=valuations.join(base, on="key", how="semi", maintain_order="left"),
        ),
    )


def _base(
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    bank_accounts: pl.DataFrame,
    generations: pl.DataFrame | None,
    parked: pl.DataFrame | None,
    first_open: dt.date | None,
) -> pl.DataFrame:
    schema = {"line_id": pl.Int64, "generation": pl.Int64}
    again = generations if generations is not None else pl.DataFrame(schema=schema)
    waiting = parked if parked is not None else pl.DataFrame(schema=_PARKED)
    accounts = bank_accounts.select("bank_account_no", "gl_account", "transit_account")
    chosen = proposals.select("line_id", "confidence", "rule")
    base = (
        lines.join(chosen, on="line_id")
        .join(accounts, on="bank_account_no")
        .join(again, on="line_id", how="left")
        .join(waiting, on="line_id", how="left")
        .with_columns(
            pl.max_horizontal(
                pl.coalesce("booking_date", "value_date"), pl.lit(first_open, dtype=pl.Date)
            ).alias("posting_date"),
            pl.col("generation").fill_null(0),
        )
        .sort("line_id")
    )
    known_by = (
        pl.when(pl.col("line_key") != "")
        .then("line_key")
        .otherwise(pl.concat_str("statement_no", "line_no", separator="|"))
    )
    identity = base.select(
        pl.concat_str("bank_account_no", known_by, "generation", separator="|")
    ).to_series()
    keys = [hashlib.sha256(f"line|{text}".encode()).hexdigest() for text in identity]
    return base.with_columns(pl.Series("key", keys, dtype=pl.String))


def _rows(
    base: pl.DataFrame, proposed: pl.DataFrame, entries: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """The proposed rows with the G/L account that each one posts against."""
    own = entries.select(
        pl.col("entry_id").alias("target_id"), "control_account",
        pl.col("currency").alias("entry_currency"), pl.lit("entry").alias("target"),
    )  # fmt: skip
    names = ("line_id", "key", "transit_account", "currency", "confidence", "rule")
    rows = legs.brought(
        proposed.join(base.select(names), on="line_id").join(
            own, on=["target", "target_id"], how="left"
        )
    )
    side = {
        "customer": settings.accounts["receivables"],
        "vendor": settings.accounts["payables"],
    }
    control = pl.col("party_type").replace_strict(side, default="-")
    named = pl.when(pl.col("control_account").fill_null("") != "")
    named_control = named.then("control_account").otherwise(control)
    mapped = pl.col("gl_account").replace(dict(settings.accounts))
    target = pl.col("target")
    account = (
        pl.when(target == "bank_entry")
        .then("transit_account")
        .when(target == "gl")
        .then(mapped)
        .when(target == "transfer")
        .then(pl.lit(settings.accounts["transfers"]))
        .when(target == "entry")
        .then(named_control)
        .otherwise(control)
    )
    return rows.with_columns(account.alias("account"), control.alias("control")).sort(
        "line_id", "seq"
    )


def _unset(settings: Settings) -> pl.Expr:
    """True for rows that need an account which the settings leave empty."""
    discount, difference = less_accounts(settings)
    realised, back = fx_accounts(settings)
    return (
        (pl.col("account") == "")
        | (pl.col("control") == "")
        | ((pl.col("discount_amount") != 0) & (discount == ""))
        | ((pl.col("difference_amount") != 0) & (difference == ""))
        | (legs.position(settings) == "")
        | (realised == "")
        | (back == "")
    )


def _new_entries(base: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The payment and refund entries: minus what the line brings to each party."""
    party = rows.filter(pl.col("target").is_in(["entry", "on_account"]))
    value = pl.col("applied_company")
    sums = party.group_by("line_id", "key", "party_type", "party_no").agg(
        (-pl.col("brought_amount").sum()).alias("amount"), pl.col("account").first(),
        pl.col("entry_currency").first().alias("currency"),
        pl.when(~value.has_nulls()).then(-value.sum()).alias("start_company"),
    )  # fmt: skip
    day = base.select(
        "line_id", "posting_date", "bank_account_no", "rule",
    )  # fmt: skip
    document = pl.concat_str(
        pl.lit(frames.LINE_DOCUMENT), "bank_account_no", pl.lit("/"),
        pl.col("key").str.slice(0, 16),
    )  # fmt: skip
    paid = (pl.col("party_type") == "customer") == (pl.col("amount") < 0)
    return (
        sums.filter(pl.col("amount") != 0)
        .join(day, on="line_id")
        .with_columns(
            document.alias("document_no"),
            pl.when(pl.col("rule").is_in(["return", "return_fee"])).then(pl.lit("payment_return"))
            .when(paid).then(pl.lit("payment")).otherwise(pl.lit("refund"))
            .alias("document_type"),
            pl.col("account").alias("control_account"),
        )
        .sort("line_id", "party_type", "party_no")
    )  # fmt: skip


def _released(base: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that take released lines off the clearing account, by the columns of ``rows``."""
    bare = {name: pl.lit(0) if kind == pl.Int64 else pl.lit("") for name, kind in
            rows.schema.items()}  # fmt: skip
    named = {
        **{name: pl.col(name) for name in ("line_id", "key", "currency", "transit_account")},
        "rank": pl.lit(1),
        "target": pl.lit("gl"),
        "account": pl.col("clearing_account"),
        "applied_amount": -pl.col("amount"),
        "confidence": pl.lit("none"),
        "rule": pl.lit("parking"),
    }
    columns = [{**bare, **named}[name].cast(kind).alias(name) for name, kind in rows.schema.items()]
    return base.drop_nulls("clearing_account").select(columns)


def _applications(rows: pl.DataFrame, created: pl.DataFrame) -> pl.DataFrame:
    target = pl.col("target")
    settles = rows.with_columns(
        pl.lit("settles").alias("role"),
        pl.when(target == "transfer").then(pl.lit("gl")).otherwise(target).alias("target"),
        pl.when(target.is_in(["gl", "transfer"])).then("account").otherwise(pl.lit(""))
        .alias("gl_account"),
        pl.when(target == "bank_entry").then("applied_amount").otherwise("entry_amount")
        .alias("entry_amount"),
    )  # fmt: skip
    entry_rows = rows.filter(pl.col("target") == "entry")
    applied = entry_rows.group_by("key", "party_type", "party_no").agg(
        (-pl.col("brought_amount").sum()).alias("entry_amount")
    )
    counter = (
        created.join(applied, on=["key", "party_type", "party_no"])
        .filter(pl.col("entry_amount") != 0)
        .join(entry_rows.select("key", "confidence").unique(), on="key")
        .with_columns(pl.lit("counter").alias("role"), pl.lit("new_entry").alias("target"))
        .sort("line_id", "party_type", "party_no")
    )
    both = [frames.conform(part, frames.APPLICATIONS) for part in (settles, counter)]
    return (
        pl.concat(both)
        .with_columns((pl.col("role") == "counter").alias("last"))
        .sort("line_id", "last", "seq", "party_type", "party_no")
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key").alias("seq"))
    )


def _of_applications(split: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """The shares by the application that they belong to (``frames.APPLICATION_TAXES``)."""
    if split.is_empty():
        return frames.empty(frames.APPLICATION_TAXES)
    own = applications.filter((pl.col("role") == "settles") & (pl.col("target") == "entry"))
    joined = split.join(own.select("key", "target_id", "seq"), on=["key", "target_id"])
    ordered = joined.sort("key", "seq", "part", "tax_code")
    return frames.conform(ordered, frames.APPLICATION_TAXES)


def _journal_entries(base: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Named by what a line does besides confirming: a fee with a check is no mere confirmation."""
    names = ("payment", "transfer", "gl", "confirmation")
    places = {"transfer": 1, "gl": 2, "bank_entry": 3}
    place = pl.col("target").replace_strict(places, default=0, return_dtype=pl.Int64)
    kinds = rows.group_by("key").agg(place.min().alias("place"))
    kind = pl.col("place").replace_strict(dict(enumerate(names)))
    joined = base.join(kinds, on="key")
    named = (
        pl.when(pl.col("clearing_account").is_not_null()).then(pl.lit("release"))
        .when(pl.col("rule").is_in(["parking", "return"])).then("rule").otherwise(kind)
    )  # fmt: skip
    return joined.with_columns(named.alias("kind"), pl.lit("").alias("reason")).sort("line_id")
