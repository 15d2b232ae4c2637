"""Valuation: a journal entry that had no value gets one, by a posting that moves values alone.

It is made again from what the ledger holds of it; where its postings come out as they stand, their
values are posted beside them, with what was realised.
"""

import datetime as dt
import hashlib

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames, values
from pipeline.domain.values import Values
from pipeline.posting import legs
from pipeline.posting.journal import Journal
from pipeline.posting.values import Known, of_applications, of_rows, of_taxes

_LEG = ["key", "gl_account", "currency", "party_type", "party_no", "bank_account_no", "amount"]


def of_lines(
    stored: Journal,
    places: pl.DataFrame,
    created: pl.DataFrame,
    settings: Settings,
    known: Known,
) -> tuple[pl.DataFrame, Values]:
    """The legs and values of journal entries of lines, by the keys that they have.

    ``places``: ``key, line_id, currency, posting_date, amount, charges, original_amount,
    original_currency`` (of the line), ``gl_account, transit_account, bank_account_no,
    clearing_account`` (where it is released), ``rule``.
    ``created``: ``key, entry_id, party_type, party_no, control_account``. Those that lack a rate,
    or a value of what they apply to, are left out; so are those whose postings come out otherwise.
    """
    rows = _knowable(_rows(stored, places, created, settings), known)
    base = places.join(rows, on="key", how="semi", maintain_order="left")
    rows, valuations = of_rows(base, rows, known)
    own = stored.applications.filter(pl.col("role") == "settles").select("key", "seq", "target_id")
    split = stored.taxes.join(own, on=["key", "seq"]).drop("seq")
    split = split.join(rows, on=["key", "target_id"], how="semi", maintain_order="left")
    posted = legs.postings(base, rows, of_taxes(split, rows), settings)
    known_again = same(posted.join(valuations, on="key", how="semi"), stored.postings)
    rows, valuations, posted = (
        frame.join(known_again, on="key", how="semi", maintain_order="left")
        for frame in (rows, valuations, posted)
    )
    return posted, Values(
        applications=of_applications(rows, stored.applications),
        entries=_starts(rows, created),
        valuations=valuations,
    )


def _rows(
    stored: Journal, places: pl.DataFrame, created: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """What each line settles, with its G/L account; what was taken off clearing stays out."""
    party = ["key", "party_type", "party_no"]
    controls = created.select(*party, pl.col("control_account").alias("on_account"))
    side = {"customer": settings.accounts["receivables"], "vendor": settings.accounts["payables"]}
    target = pl.col("target")
    account = (
        pl.when(target == "gl").then("gl_account")
        .when(target == "bank_entry").then("transit_account")
        .when(target == "entry").then("control_account")
        .otherwise(pl.coalesce("on_account", pl.col("party_type").replace_strict(side, default="")))
    )  # fmt: skip
    named = places.select("key", "currency", "transit_account", "clearing_account")
    taken_off = pl.col("clearing_account").is_not_null() & (pl.col("rule") == "parking")
    settled = stored.applications.filter(pl.col("role") == "settles")
    found = (
        settled.join(named, on="key")
        .filter(~taken_off)
        .join(controls, on=party, how="left", maintain_order="left")
        .with_columns(account.alias("account"))
        .sort("line_id", "seq")
    )
    return legs.brought(found)


def _knowable(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """``rows`` of journal entries all of whose entries have a value, or one that is taken back."""
    targets = ["target", "target_id"]
    same = ("entry_amount", "discount_amount", "difference_amount")
    foreign = pl.col("entry_currency") != known.company
    carried = rows.filter(pl.col("target").is_in(["entry", "bank_entry"]) & foreign)
    sides = carried.join(known.carried.select(*targets, "start_amount"), on=targets, how="left")
    opposite = pl.col("entry_amount").sign() != pl.col("start_amount").sign()
    back = sides.filter(opposite).with_columns(-pl.col(name) for name in same)
    lost = pl.concat([
        sides.filter(pl.col("start_amount").is_null()).select("key"),
        back.join(known.applied, on=[*targets, *same], how="anti").select("key"),
    ])  # fmt: skip
    return rows.join(lost, on="key", how="anti", maintain_order="left")


def same(made: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """The keys of journal entries whose postings were ``made`` again as they are ``stored``."""
    own = made.filter(pl.col("amount") != 0).select(_LEG)
    there = stored.join(made, on="key", how="semi").select(_LEG)
    counted = [
        frame.group_by(_LEG).agg(pl.len().cast(pl.Int64) * sign)
        for frame, sign in ((own, 1), (there, -1))
    ]
    odd = pl.concat(counted).group_by(_LEG).agg(pl.col("len").sum()).filter(pl.col("len") != 0)
    return made.select("key").unique().join(odd, on="key", how="anti").sort("key")


def _starts(rows: pl.DataFrame, created: pl.DataFrame) -> pl.DataFrame:
    """What the payment entries of valued journal entries are carried at (``values.ENTRIES``)."""
    party = ["key", "party_type", "party_no"]
    worth = pl.col("applied_company")
    brought = rows.filter(pl.col("target").is_in(["entry", "on_account"]) & worth.is_not_null())
    sums = brought.group_by(party).agg((-worth.sum()).alias("amount_company"))
    found = created.join(sums, on=party).with_columns(
        pl.lit(None, dtype=pl.Int64).alias("bank_entry_id")
    )
    return frames.conform(found.sort("entry_id"), values.ENTRIES)


def valuation(
    posted: pl.DataFrame, found: Values, entries: pl.DataFrame, first_open: dt.date | None
) -> Journal:
    """The journal of valuations: an entry for each of ``entries`` (``key, posting_date``).

    ``posted`` are legs with the key of what they value; only their values are posted, on the day of
    that, or the first open one.
    """
    keys = {
        key: hashlib.sha256(f"valuation|{key}".encode()).hexdigest()
        for key in found.valuations["key"]
    }
    new_key = pl.col("key").replace_strict(keys, return_dtype=pl.String).alias("key")
    of_key = pl.col("key").alias("of_key")
    heads = entries.join(found.valuations, on="key", how="semi").with_columns(
        new_key,
        pl.max_horizontal("posting_date", pl.lit(first_open, dtype=pl.Date)).alias("posting_date"),
        pl.lit("valuation").alias("kind"),
        pl.lit(None, dtype=pl.Int64).alias("line_id"),
    )  # fmt: skip
    moved = posted.join(found.valuations, on="key", how="semi").filter(
        pl.col("amount_company") != 0
    )
    moved = moved.sort("key", "seq").with_columns(
        pl.lit(0, dtype=pl.Int64).alias("amount"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key").alias("seq"),
    )
    return Journal(
        frames.conform(heads, frames.JOURNAL_ENTRIES),
        frames.conform(moved.with_columns(new_key), frames.POSTINGS),
        frames.empty(frames.NEW_ENTRIES),
        frames.empty(frames.APPLICATIONS),
        pl.DataFrame(schema={"line_id": pl.Int64, "reason": pl.String}),
        values=Values(
            applications=found.applications.with_columns(new_key, of_key),
            entries=found.entries.with_columns(new_key),
            valuations=found.valuations.with_columns(new_key, of_key),
        ),
    )
