"""From chosen proposals to registers: what the steps ``post`` and ``park`` do with a ledger."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline import ledger, limits, matching, posting, taxes, valuing
from pipeline.config import Settings
from pipeline.domain import collector, frames
from pipeline.domain.errors import StaleProposalError
from pipeline.ledger import company, last_days, open_items, posted, reads, unchanged, writes
from pipeline.ledger.open_items import Standing

Receipt = dict[str, Any]
Guard = Callable[[Any], None]
"""What asks again, in the transaction of a register, what its journal takes for granted."""
_REGISTER_LINES = 20_000


def post(
    book: ledger.Ledger,
    settings: Settings,
    actor: str,
    through: dt.date | None = None,
    *,
    tie: bool = False,
    standing: Standing | None = None,
) -> Receipt:
    """Post what the policy allows, a register per booking date and bank account.

    ``through`` leaves lines booked after that day alone. ``standing`` is what a match has just
    stored, if one has: what changed since is found as each register is written.
    ``tie`` confirms bank entries of accounts that are reconciled separately, and posts no more.
    Lines whose items changed since they were matched wait for the next match (``stale_lines``).
    """
    found = standing or open_items.standing(book)
    lines, proposed = found.lines, found.proposed
    if through is not None:
        lines = lines.filter(pl.coalesce("booking_date", "value_date") <= through)
    chosen = limits.choose(book, settings, lines, found.proposals, proposed, tie=tie).post
    if tie:
        chosen = chosen.join(limits.to_tie(book, lines, proposed), on="line_id", how="semi")
    rows = proposed.filter(pl.col("rank") == 1)
    lines = lines.join(chosen.select("line_id"), on="line_id", how="semi")
    return _write_lines(
        book, lines, chosen, rows, found.entries, settings, kind="nightly", actor=actor
    )


def park(book: ledger.Ledger, settings: Settings, actor: str, left: pl.DataFrame) -> Receipt:
    """Book the lines of ``left`` to the clearing account where ``limits`` let them."""
    left = limits.may_park(book, settings, left)
    if left.is_empty():
        return {"parked_lines": 0, "registers": 0}
    lines = reads.open_lines(book).join(left.select("line_id"), on="line_id", how="semi")
    heads, rows = posting.parked(lines)
    entries = frames.empty(frames.ENTRIES)  # a parked line settles none
    done = _write_lines(book, lines, heads, rows, entries, settings, kind="parking", actor=actor)
    return {"parked_lines": done["posted_lines"], "registers": done["registers"]}


def left(book: ledger.Ledger, as_of: dt.date | None) -> pl.DataFrame:
    """``posted.lines_left`` that somebody is asked about, those booked until ``as_of`` or all."""
    asked = posted.asked_lines(book)
    found = posted.lines_left(book).join(asked, on="line_id", how="semi", maintain_order="left")
    return found if as_of is None else found.filter(pl.col("day") <= as_of)


def due(book: ledger.Ledger, settings: Settings, through: dt.date | None = None) -> pl.DataFrame:
    """Those of ``posted.lines_left`` that ``[policy] park`` says to park now, or on ``through``."""
    left = posted.lines_left(book)
    wanted = posting.due(left, posted.closing_dates(book), settings)
    if through is not None:
        wanted = wanted.filter(pl.col("due") <= through)
    return left.join(wanted, on="line_id", how="semi")


def stops(book: ledger.Ledger, settings: Settings, lines: pl.DataFrame) -> list[dt.date]:
    """Days that must be done before later lines are looked at (see ``steps.first_stop``).

    ``lines`` are the open ones.
    """
    left = limits.may_park(book, settings, posted.lines_left(book))
    if left["day"].n_unique() < 2:
        return []
    wanted = posting.due(left, posted.closing_dates(book), settings)
    return posting.stops(left, wanted, matching.returns(lines), last_days.decided(book))


def _write_lines(
    book: ledger.Ledger,
    lines: pl.DataFrame,
    chosen: pl.DataFrame,
    rows: pl.DataFrame,
    entries: pl.DataFrame,
    settings: Settings,
    *,
    kind: str,
    actor: str,
) -> Receipt:
    receipt: Receipt = {"posted_lines": 0, "registers": 0, "stale_lines": 0}
    if lines.is_empty():
        return receipt
    accounts, first_open = reads.bank_accounts(book), posted.first_open(book)
    generations, parked = reads.generations(book), posted.parked_lines(book)
    taxed, home = taxes.of_rows(book, settings, rows), company.fixed(book, settings)

    def journal(part: pl.DataFrame) -> "_Made":
        ids = part.select("line_id")
        own = rows.join(ids, on="line_id", how="semi")
        made = posting.post(
            part,
            chosen.join(ids, on="line_id", how="semi"),
            own,
            accounts,
            entries,
            settings,
            generations,
            parked,
            first_open,
            taxed,
            valuing.known(book, settings, part, own, entries, home),
        )
        said = writes.payload_hashes(
            made.journal_entries, made.postings, made.applications, made.taxes
        )
        return _Made(made, said, guard(made.journal_entries))

    def guard(journal_entries: pl.DataFrame) -> Guard:
        return unchanged.guard(journal_entries, rows, generations, parked)

    def put(made: "_Made") -> Receipt:
        return write(
            book, made.journal, settings, kind=kind, actor=actor, guard=made.guard,
            hashes=made.hashes,
        )  # fmt: skip

    foreign = valuing.foreign(lines, rows, entries, home).select("line_id")
    with book.connected(), collector.paused():
        for made in _journals(journal, guard, _batches(_registers(lines), foreign)):
            done, stale = _what_stands(made, lines, journal, put)
            receipt["posted_lines"] += done.get("journal_entries", 0)
            receipt["registers"] += 1 if done.get("journal_entries") else 0
            receipt["stale_lines"] += stale
    return receipt


@dataclass(frozen=True, slots=True)
class _Made:
    """A journal, its payload hashes and its guard, made beside the writing of the one before."""

    journal: posting.Journal
    hashes: pl.DataFrame
    guard: Guard


def _what_stands(
    made: _Made,
    lines: pl.DataFrame,
    journal: Callable[[pl.DataFrame], _Made],
    put: Callable[[_Made], Receipt],
) -> tuple[Receipt, int]:
    """Write a journal, without lines that changed meanwhile; these wait for the next match.

    Returns the receipt, and how many were left out.
    """
    stale: list[int] = []
    while True:
        try:
            return put(made), len(stale)
        except StaleProposalError as error:
            stale += error.line_ids
        posted_now = made.journal.journal_entries
        left = lines.join(posted_now, on="line_id", how="semi", maintain_order="left")
        left = left.filter(~pl.col("line_id").is_in(stale))
        if left.is_empty():
            return {}, len(stale)
        made = journal(left)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Registers whose journals are made at once, and whether before those before are written."""

    registers: list[pl.DataFrame]
    ahead: bool


def _journals(
    journal: Callable[[pl.DataFrame], _Made],
    guard: Callable[[pl.DataFrame], Guard],
    batches: list[_Batch],
) -> Iterator[_Made]:
    """The journal of each register in order; the next ones are made while the caller writes."""

    def parts(batch: _Batch) -> list[_Made]:
        whole = journal(pl.concat(batch.registers))
        found = [whole.journal.of(lines) for lines in batch.registers]
        return [_Made(own, whole.hashes, guard(own.journal_entries)) for own in found]

    with ThreadPoolExecutor(1) as worker:
        coming = None
        for place, batch in enumerate(batches):
            made = coming.result() if coming else parts(batch)
            following = batches[place + 1 : place + 2]
            ahead = [one for one in following if one.ahead]
            coming = worker.submit(parts, ahead[0]) if ahead else None
            yield from made


def _batches(registers: list[pl.DataFrame], foreign: pl.DataFrame) -> list[_Batch]:
    """Neighbours together, up to as many lines as one register may have.

    Small registers are made together: a frame costs about as much for ten lines as for a thousand.
    The first register alone: until its journal is made nothing can be written. One with ``foreign``
    lines too: what its entries are carried at hangs on what is written before.
    """
    found: list[_Batch] = []
    size = 0
    for lines in registers:
        size += lines.height
        ahead = lines.join(foreign, on="line_id", how="semi").is_empty()
        if len(found) < 2 or size > _REGISTER_LINES or not (ahead and found[-1].ahead):
            found.append(_Batch([], ahead))
            size = lines.height
        found[-1].registers.append(lines)
    return found


def _registers(lines: pl.DataFrame) -> list[pl.DataFrame]:
    ordered = lines.with_columns(pl.coalesce("booking_date", "value_date").alias("day")).sort(
        "day", "bank_account_no", "line_id"
    )
    parts = ordered.partition_by("day", "bank_account_no", maintain_order=True)
    return [
        part.slice(start, _REGISTER_LINES).drop("day")
        for part in parts
        for start in range(0, part.height, _REGISTER_LINES)
    ]


def write(
    book: ledger.Ledger,
    journal: posting.Journal,
    settings: Settings,
    *,
    kind: str,
    actor: str,
    reason: str = "",
    guard: Guard | None = None,
    hashes: pl.DataFrame | None = None,
) -> Receipt:
    """Write one journal as one register, under the policy of ``settings``.

    ``guard`` and ``hashes`` as ``writes.write_register`` takes them.
    """
    receipt: Receipt = writes.write_register(
        book,
        journal.journal_entries,
        journal.postings,
        journal.new_entries,
        journal.applications,
        journal.taxes,
        kind=kind,
        actor=actor,
        reason=reason,
        policy_hash=settings.policy_hash,
        guard=guard,
        hashes=hashes,
        values=journal.values,
    )
    return receipt
