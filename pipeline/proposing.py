"""From open lines to stored proposals and exception items: what the step ``match`` does."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from pipeline import ledger, limits, matching, review, transfer_pairs
from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.ledger import (
    decisions,
    last_days,
    mappings,
    own_transfers,
    payment_parts,
    posted,
    reads,
    writes,
)
from pipeline.ledger.open_items import OpenEntries, Parties, Standing
from pipeline.reports.items import late_sides

Receipt = dict[str, Any]
_WAIT_DAYS = 14  # calendar days that hold five banking days and to spare


@dataclass(frozen=True, slots=True)
class Run:
    """What all matches of one run read and search once."""

    entries: OpenEntries = field(default_factory=OpenEntries)
    parties: Parties = field(default_factory=Parties)
    searches: matching.Searches = field(default_factory=matching.Searches)


@dataclass(frozen=True, slots=True)
class Matched:
    """What a match counted, and the proposals of the lines that it looked at, as it stored them."""

    receipt: Receipt
    standing: Standing


def match(
    book: ledger.Ledger,
    settings: Settings,
    through: dt.date | None,
    asked: dt.date | None = None,
    run: Run | None = None,
    lines: pl.DataFrame | None = None,
) -> Matched:
    """Propose for every open line, or for those booked until ``through``, and store what changed.

    Exception items are written when all lines were looked at: what is not asked yet is no question.
    They are those of lines booked until ``asked``, where that is given. ``run`` is that of
    the matches before this one; ``lines`` are the open ones where they were just read.
    """
    run = run or Run()
    lines = _until(reads.open_lines(book) if lines is None else lines, through)
    owed = frames.empty(frames.ENTRIES)
    if lines.height:  # else nothing is read that only lines ask for
        owed = run.entries.read(book)
    rejected, waiting = decisions.standing(book)
    undone, was = review.reversed_answers(posted.reversed_lines(book), settings.accounts)
    raw = _propose(book, lines, owed, settings, review.together(rejected, was), run)
    proposals, proposed = review.overlay(*raw, rejected, waiting, undone)
    chosen = limits.choose(book, settings, lines, proposals, proposed)
    if chosen.post.is_empty():
        raw = _take_back(book, lines, *raw, settings)
        proposals, proposed = review.overlay(*raw, rejected, waiting, undone)
        chosen = limits.choose(book, settings, lines, proposals, proposed)
    looked_at = None if through is None else lines.select("line_id")
    changed = writes.store_proposals(book, proposals, proposed, looked_at)
    best = proposals.filter(pl.col("rank") == 1)
    levels = dict(best.group_by("confidence").len().sort("confidence").rows())
    receipt = {"lines": lines.height, "proposals_changed": changed}
    if through is None:
        left = _until(lines, asked).join(chosen.post.select("line_id"), on="line_id", how="anti")
        asks = [review.triage(left, chosen.reasoned(proposals), proposed),
                review.late_sides(_late_sides(book, settings))]  # fmt: skip
        items = pl.concat(asks).unique("line_id", keep="first", maintain_order=True)
        receipt["exceptions"] = int(writes.store_exceptions(book, items))
    named = _named(book, proposed, owed)
    return Matched({**receipt, **levels}, Standing(lines, proposals, proposed, named))


def _late_sides(book: ledger.Ledger, settings: Settings) -> list[dict[str, Any]]:
    """Lines that stand booked as own transfers, and whose other side has not come in time."""
    account = settings.accounts["transfers"]
    rows = own_transfers.not_cancelled(book, account, reads.LIVE).to_dicts() if account else []
    newest = last_days.booked(book) if rows else None
    late = late_sides(rows, newest) if newest else []
    clears = transfer_pairs.in_two_currencies(book, settings) if late else set()
    return [row for row in late if row["line_id"] is not None and row["no"] not in clears]


def _named(book: ledger.Ledger, proposed: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    """The entries that answers name: open ones, or such as were closed, which a return opens."""
    rows = proposed.filter((pl.col("rank") == 1) & (pl.col("target") == "entry"))
    if rows.join(owed, left_on="target_id", right_on="entry_id", how="anti").height:
        return reads.proposed_entries(book)
    return owed.join(rows, left_on="entry_id", right_on="target_id", how="semi")


def _until(lines: pl.DataFrame, day: dt.date | None) -> pl.DataFrame:
    return lines if day is None else lines.filter(pl.coalesce("booking_date", "value_date") <= day)


def _propose(
    book: ledger.Ledger,
    lines: pl.DataFrame,
    entries: pl.DataFrame,
    settings: Settings,
    rejected: Mapping[int, Collection[str]],
    run: Run,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if lines.is_empty():
        return frames.empty(frames.PROPOSALS), frames.empty(frames.PROPOSED)
    transfers = partial(posted.transferred, book, settings.accounts["transfers"], _since(lines))
    few = (reads.closed_entries, reads.own_references, reads.open_bank_entries,
           reads.cleared_checks, reads.bank_accounts,
           partial(mappings.in_force, two_people=settings.two_people),
           partial(payment_parts.named, references=lines["payment_reference"]))  # fmt: skip
    parties, transferred, closed, references, bank, checks, accounts, taught, parts = book.together(
        [partial(run.parties.read, book), transfers, *[partial(one, book) for one in few]]
    )
    return matching.propose(
        lines,
        entries,
        pl.concat([bank, checks]),
        parties,
        accounts,
        settings,
        closed,
        rejected=rejected,
        transferred=transferred,
        mappings=taught,
        references=references,
        parts=parts,
        searches=run.searches,
    )


def _since(lines: pl.DataFrame) -> dt.date | None:
    """The first day of which a transfer may wait for one of ``lines``."""
    first: dt.date | None = lines.select(pl.coalesce("booking_date", "value_date").min()).item()
    return first - dt.timedelta(days=_WAIT_DAYS) if first else None


def _take_back(
    book: ledger.Ledger,
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    settings: Settings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answer the returns among ``lines``; posted lines are read only when there are any.

    Asked once nothing else posts any more: what a return takes back then hangs on the books
    alone, and not on which of that day's lines happened to be posted before it.
    """
    asked = proposals.filter(pl.col("reason") == "possible_return").select("line_id")
    returns = lines.join(asked, on="line_id", how="semi")
    if returns.is_empty():
        return proposals, proposed
    amounts = returns.select(matching.original_amount()).to_series().unique()
    originals = posted.originals(book, amounts.to_list())
    return matching.take_back(lines, proposals, proposed, originals, settings)
