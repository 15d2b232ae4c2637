"""The story of a night: each step reads, decides, writes; safe to repeat and to run twice at once.

The command line and the Airflow tasks call these functions and nothing else. Each returns a
receipt of ids and counts, never business data.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import (
    booking,
    books,
    intake,
    ledger,
    own_transfers,
    posting,
    proposing,
    reporting,
    valuations,
)
from pipeline.config import Settings
from pipeline.feeds import inbox
from pipeline.ledger import closings, last_days, months, posted, reads
from pipeline.proposing import Run

Receipt = dict[str, Any]
_NO_BOOKS = (
    "no bank account is loaded, so nothing posts: is this the right ledger, are the books loaded?"
)
Progress = Callable[[str, int, int], None]


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def open_batch(settings: Settings) -> Receipt:
    """Bring the ledger to this version and name the batch by the state that it starts from.

    A ledger without a bank account gives a warning: a wrong place makes a new one.
    """
    ledger.init(settings.ledger)
    with books.opened(settings) as book:
        head = reads.register_head(book)
        known = book.rows("SELECT 1 FROM bank_account LIMIT 1")
    batch = {"batch_id": f"{head['no']}-{head['hash'][:12]}", "register_no": head["no"]}
    return batch if known else {**batch, "warnings": [_NO_BOOKS]}


def feed_files(paths: Iterable[Path]) -> list[Path]:
    """The feed files under ``paths`` in a total order (see ``feeds.inbox.listing``)."""
    return inbox.listing(paths)


def discover(settings: Settings, paths: Iterable[Path]) -> list[Receipt]:
    """The files that the ledger does not know yet: place in the listing and hash, no names."""
    listing = feed_files(paths)
    with books.opened(settings) as book:
        known = reads.known_files(book)
    fresh = []
    for index, path in enumerate(listing):
        digest = inbox.read(path).sha256
        if digest not in known:
            fresh.append({"index": index, "sha256": digest})
    return fresh


def ingest(
    settings: Settings,
    paths: Iterable[Path],
    actor: str,
    progress: Progress = quiet,
    workers: int | None = None,
    chosen: Iterable[Receipt] | None = None,
) -> Receipt:
    """Read feed files and store their statements; a file that is refused stops no other.

    The receipt counts files, statements by fate and lines. ``problems`` says what was refused or
    held in this run (exit 1 of the command line) and names the files; ``problems_by_hash`` says
    the same for logs, which name no files. Files are taken by closing date, then in the order of
    the listing, so that their names decide nothing that their content decides. ``chosen`` limits
    the run to files that ``discover`` gave; one that changed since is left for the next run.
    """
    listing = feed_files(paths)
    if chosen is not None:
        listing = intake.chosen_of(listing, chosen)
    fallback = settings.feeds["encoding_fallback"]
    with books.opened(settings) as book:
        return intake.ingest(book, listing, fallback, actor, progress, workers)


def match(settings: Settings, actor: str, through: dt.date | None = None) -> Receipt:
    """Propose applications for every line that is not settled; store them where they changed.

    ``through`` leaves lines booked after that day alone, and the exceptions as they are.
    """
    with books.opened(settings) as book:
        return proposing.match(book, settings, through).receipt


def propose(settings: Settings, actor: str) -> Receipt:
    """Propose for every line; ask about those only that the next ``post`` looks at first.

    Of several nights that came at once, a later line is no question before the first are done.
    """
    with books.opened(settings) as book:
        lines = reads.open_lines(book)
        stop = next(iter(booking.stops(book, settings, lines)), None)
        return proposing.match(book, settings, None, asked=stop, lines=lines).receipt


def post(settings: Settings, actor: str, through: dt.date | None = None) -> Receipt:
    """Post the proposals that the policy allows, a register per booking date and bank account.

    ``through`` leaves lines booked after that day alone.
    """
    with books.opened(settings) as book:
        return booking.post(book, settings, actor, through)


@books.kept_open
def post_all(settings: Settings, actor: str) -> Receipt:
    """Post the proposals, then go on as a night does: match, post and park, stop by stop.

    After ``propose`` and this the books are what a night makes of the same lines.
    """
    stop = first_stop(settings)
    if stop is not None:  # what was proposed with later lines in sight
        match(settings, actor, stop)
    receipt = post(settings, actor, stop)
    settled = settle(settings, actor)
    receipt["posted_lines"] += settled.pop("posted_lines")
    settled["parked_lines"] += park_due(settings, actor)["parked_lines"]
    return {**receipt, **settled}


def first_stop(settings: Settings) -> dt.date | None:
    """The first day that must be done before later lines are looked at; None when there is none.

    On such a day lines become due for parking or the bank takes back a payment, and later lines
    are there too: several nights in one run, which must end as these nights one by one.
    """
    with books.opened(settings) as book:
        return next(iter(booking.stops(book, settings, reads.open_lines(book))), None)


@books.kept_open
def settle(settings: Settings, actor: str, run: Run | None = None) -> Receipt:
    """Match and post until nothing more posts, stop by stop; what is due at a stop is parked.

    The fixed point that this ends at is left alone by a second run. ``run`` is that of a match
    before it.
    """
    run = run or Run()
    with books.opened(settings) as book:
        left = reads.open_lines(book)
        stops = booking.stops(book, settings, left)
    total = _nothing()
    lines: pl.DataFrame | None = left
    for day in stops:
        _fixed_point(settings, actor, day, total, run, lines)
        total["parked_lines"] += park_due(settings, actor, day)["parked_lines"]
        lines = None  # read again: some are settled by now
    return {**_fixed_point(settings, actor, None, total, run, lines), **total}


def _nothing() -> Receipt:
    return {"rounds": 0, "posted_lines": 0, "parked_lines": 0}


def _fixed_point(
    settings: Settings,
    actor: str,
    through: dt.date | None,
    total: Receipt,
    run: Run,
    lines: pl.DataFrame | None,
) -> Receipt:
    """Match and post lines booked until ``through`` until nothing more posts; count in ``total``.

    What changed between match and post is matched again. ``lines`` are the open ones where they
    were just read. Returns the receipt of the last match.
    """
    stale = 0
    while True:
        with books.opened(settings) as book:
            found = proposing.match(book, settings, through, run=run, lines=lines)
            done = booking.post(book, settings, actor, through, standing=found.standing)
        if not done["posted_lines"] and done["stale_lines"] in (0, stale):
            return found.receipt
        stale, lines = done["stale_lines"], None
        total["rounds"] += 1
        total["posted_lines"] += done["posted_lines"]


def park(settings: Settings, as_of: dt.date | None, actor: str) -> Receipt:
    """Book every line that is left to the clearing account, whatever ``[policy] park`` says.

    Lines booked after ``as_of`` stay, and are no question unless they were one. Each parked line
    keeps its exception until it is explained: it is asked about before, and what the next ``post``
    posts by itself is not left.
    """
    with books.opened(settings) as book:
        asked = as_of and max(as_of, last_days.decided(book) or as_of)
        proposing.match(book, settings, None, asked=asked)
        return booking.park(book, settings, actor, booking.left(book, as_of))


def park_due(settings: Settings, actor: str, through: dt.date | None = None) -> Receipt:
    """Park what ``[policy] park`` says to park now; the files decide, never the clock.

    ``through`` parks what was due on that day and leaves the rest to later.
    """
    with books.opened(settings) as book:
        return booking.park(book, settings, actor, booking.due(book, settings, through))


def reconcile(
    settings: Settings,
    bank_account: str | None = None,
    actor: str = "system",
    *,
    separate: bool = False,
) -> Receipt:
    """Close the statements whose lines are all settled and that follow the last closed one.

    All bank accounts, or one: they may run side by side. Accounts that are reconciled separately
    wait for a person who says so (``separate``): their bank entries are confirmed then. The
    receipt says what is assumed and where numbers jump (``warnings``). At the end what is posted in
    other currencies and had no rate gets its value, where there is one now (``valued``), and what
    the sides of own transfers differ by is realised (``exchanged``).
    """
    with books.opened(settings) as book:
        if separate:
            booking.post(book, settings, actor, tie=True)
        received = closings.statements_to_reconcile(book, bank_account)
        accounts = reads.bank_accounts(book)
        if not separate:
            received = posting.at_posting(received, accounts)
        found = posting.reconcile(received)
        journal, said = posting.opening(found.closing, accounts, settings, posted.first_open(book))
        if journal.journal_entries.height:
            booking.write(book, journal, settings, kind="opening", actor=actor)
        closed = closings.close_statements(book, found.closing, found.waiting, actor)
        valued = valuations.value(book, settings, actor)
        exchanged = own_transfers.settle(book, settings, actor)
    return {
        "reconciled": closed,
        "valued": valued,
        "exchanged": exchanged,
        "waiting": len(found.waiting),
        "warnings": [*said, *found.warnings],
    }


def nightly(
    settings: Settings, paths: Iterable[Path], actor: str, progress: Progress = quiet
) -> Receipt:
    """Ingest, match, post, park, reconcile; a second run on unchanged input writes nothing."""
    batch = open_batch(settings)
    return {"batch": batch, **_night(settings, paths, actor, progress)}


@books.kept_open
def _night(settings: Settings, paths: Iterable[Path], actor: str, progress: Progress) -> Receipt:
    receipt = {"ingest": ingest(settings, paths, actor, progress)}
    run = Run()
    stop, found = _match_and_post(settings, actor, run, progress)
    receipt |= found
    if stop is None and not receipt["post"]["posted_lines"]:  # the fixed point already
        receipt["rematch"] = {**receipt["match"], "proposals_changed": 0, **_nothing()}
    else:
        receipt["rematch"] = settle(settings, actor, run)
    receipt["park"] = park_due(settings, actor)
    receipt["park"]["parked_lines"] += receipt["rematch"].pop("parked_lines")
    progress("reconcile", 0, 1)
    receipt["reconcile"] = reconcile(settings, actor=actor)
    progress("reconcile", 1, 1)
    receipt["report"] = night_report(settings)
    return receipt


def _match_and_post(
    settings: Settings, actor: str, run: Run, progress: Progress
) -> tuple[dt.date | None, Receipt]:
    """The first match of a night, until its first stop, and what may post by then.

    Returns the stop too (see ``first_stop``).
    """
    with books.opened(settings) as book:
        lines = reads.open_lines(book)
        stop = next(iter(booking.stops(book, settings, lines)), None)
        progress("match", 0, 1)
        found = proposing.match(book, settings, stop, run=run, lines=lines)
        progress("match", 1, 1)
        progress("post", 0, 1)
        standing = found.standing if stop is None else None
        done = booking.post(book, settings, actor, standing=standing)
        progress("post", 1, 1)
    return stop, {"match": found.receipt, "post": done}


def night_report(settings: Settings) -> Receipt:
    """The night's control report (accounting, section 8)."""
    return reporting.night(settings)


def value(settings: Settings, actor: str) -> Receipt:
    """Give a value to what is posted in other currencies and had no rate until now."""
    with books.opened(settings) as book:
        valued = valuations.value(book, settings, actor)
        return {"valued": valued, "exchanged": own_transfers.settle(book, settings, actor)}


def bank_accounts(settings: Settings) -> list[str]:
    """Numbers of all bank accounts, in order."""
    with books.opened(settings) as book:
        frame = reads.bank_accounts(book)
    return sorted(frame["bank_account_no"].to_list())


def complete_months(settings: Settings) -> list[str]:
    """Months (YYYY-MM) that are complete for every active bank account (interface, section 5)."""
    with books.opened(settings) as book:
        return months.complete_months(book)
