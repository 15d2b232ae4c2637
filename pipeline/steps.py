"""The story of a night: each step reads, decides, writes; safe to repeat and to run twice at once.

The command line and the Airflow tasks call these functions and nothing else. Each returns a
receipt of ids and counts, never business data.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import booking, ledger, matching, posting, review, statements
from pipeline.config import Settings
from pipeline.feeds import inbox, pool
from pipeline.ledger import as_of as open_as_of
from pipeline.ledger import closings, decisions, feed_writes, months, posted, reads, report, writes

Receipt = dict[str, Any]
Progress = Callable[[str, int, int], None]


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def open_batch(settings: Settings) -> Receipt:
    """Bring the ledger to this version and name the batch by the state that it starts from."""
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        head = reads.register_head(book)
    return {"batch_id": f"{head['no']}-{head['hash'][:12]}", "register_no": head["no"]}


def feed_files(paths: Iterable[Path]) -> list[Path]:
    """The feed files under ``paths`` in a total order (see ``feeds.inbox.listing``)."""
    return inbox.listing(paths)


def discover(settings: Settings, paths: Iterable[Path]) -> list[Receipt]:
    """The files that the ledger does not know yet: place in the listing and hash, no names."""
    listing = feed_files(paths)
    with ledger.open(settings.ledger) as book:
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
        kept = [(f["index"], f["sha256"]) for f in chosen if f["index"] < len(listing)]
        listing = [listing[i] for i, sha256 in kept if inbox.read(listing[i]).sha256 == sha256]
    total: Receipt = {"files": len(listing), "problems": [], "problems_by_hash": []}
    with ledger.open(settings.ledger) as book:
        feed_writes.resolve_accounts(book)
        fresh, size = _fresh(book, listing, total)
        fallback = settings.feeds["encoding_fallback"]
        done = len(listing) - len(fresh)
        for file, result in pool.parsed(fresh, size, fallback, workers):
            done += 1
            progress("ingest", done, len(listing))
            if result is None:
                _add(total, _unread(file))
                continue
            name = file.path.name
            stored = feed_writes.store_file(book, file.sha256, name, file.size, result, actor)
            problems = stored.pop("problems", [])
            _add(total, stored)
            _problems(total, file, problems)
    return total


def _fresh(
    book: ledger.Ledger, listing: list[Path], total: Receipt
) -> tuple[list[tuple[Path, str]], int]:
    """Files that the ledger does not know, each once, in the order in which they are taken."""
    known = reads.known_files(book)
    found: list[tuple[str, int, Path, str]] = []
    size = 0
    for place, path in enumerate(listing):
        file = inbox.read(path)
        if file.problem or file.growing:
            _add(total, _unread(file))
        elif file.sha256 in known:
            _add(total, {"duplicate_files": 1})
        else:
            known.add(file.sha256)
            found.append((file.date, place, path, file.sha256))
            size += file.size
        del file  # a big one would stay in memory beside the next
    return [(path, sha256) for _, _, path, sha256 in sorted(found)], size


def _unread(file: inbox.FeedFile) -> Receipt:
    if file.growing:
        return {"growing": 1}
    return {
        "refused": 1,
        "problems": [f"{file.path.name}: {file.problem}"],
        "problems_by_hash": [f"a file that cannot be read: {file.problem}"],
    }


def _problems(total: Receipt, file: inbox.FeedFile, problems: list[str]) -> None:
    total["problems"] += [f"{file.path.name}: {text}" for text in problems]
    total["problems_by_hash"] += [f"{file.sha256[:12]}: {text}" for text in problems]


def _add(total: Receipt, part: Receipt) -> None:
    for key, value in part.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            total[key] = total.get(key, 0) + value
        elif isinstance(value, list):
            total.setdefault(key, []).extend(value)


def match(settings: Settings, actor: str) -> Receipt:
    """Propose applications for every line that is not settled; store them where they changed."""
    with ledger.open(settings.ledger) as book:
        lines = reads.open_lines(book)
        rejected, waiting = decisions.standing(book)
        proposals, proposed = matching.propose(
            lines,
            reads.open_entries(book),
            reads.open_bank_entries(book),
            reads.parties(book),
            reads.bank_accounts(book),
            settings,
            reads.closed_entries(book),
            rejected=rejected,
        )
        proposals, proposed = _take_back(book, lines, proposals, proposed)
        proposals, proposed = review.overlay(proposals, proposed, rejected, waiting)
        changed = writes.store_proposals(book, proposals, proposed)
        items = _exceptions(book, lines, proposals, proposed, settings)
    best = proposals.filter(pl.col("rank") == 1)
    levels = best.group_by("confidence").len().sort("confidence").rows()
    return {
        "lines": lines.height,
        "proposals_changed": changed,
        "exceptions": items,
        **dict(levels),
    }


def _take_back(
    book: ledger.Ledger, lines: pl.DataFrame, proposals: pl.DataFrame, proposed: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answer the returns among ``lines``; posted lines are read only when there are any."""
    asked = proposals.filter(pl.col("reason") == "possible_return").select("line_id")
    returns = lines.join(asked, on="line_id", how="semi")
    if returns.is_empty():
        return proposals, proposed
    amounts = returns.select(-pl.col("amount") - pl.col("charges")).to_series().unique()
    originals = posted.originals(book, amounts.to_list())
    return matching.take_back(lines, proposals, proposed, originals)


def _exceptions(
    book: ledger.Ledger,
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    settings: Settings,
) -> int:
    chosen = posting.choose(lines, proposals, settings)
    waiting = lines.join(chosen.post.select("line_id"), on="line_id", how="anti")
    items = review.triage(waiting, chosen.reasoned(proposals), proposed)
    return int(writes.store_exceptions(book, items))


def post(settings: Settings, actor: str, min_confidence: str | None = None) -> Receipt:
    """Post the proposals that the policy allows, a register per booking date and bank account."""
    with ledger.open(settings.ledger) as book:
        return booking.post(book, settings, actor, min_confidence)


def settle(settings: Settings, actor: str) -> Receipt:
    """Match and post until nothing more posts: the fixed point, which a second run leaves alone."""
    rounds = posted = 0
    while True:
        receipt = match(settings, actor)
        done = post(settings, actor)["posted_lines"]
        if not done:
            return {**receipt, "rounds": rounds, "posted_lines": posted}
        rounds, posted = rounds + 1, posted + done


def park(settings: Settings, as_of: dt.date | None, actor: str) -> Receipt:
    """Book every line that is left to the clearing account, whatever ``[policy] park`` says.

    Lines booked after ``as_of`` stay. Each parked line keeps its exception until it is explained.
    """
    with ledger.open(settings.ledger) as book:
        left = posted.lines_left(book)
        if as_of is not None:
            left = left.filter(pl.col("day") <= as_of)
        return booking.park(book, settings, actor, left)


def park_due(settings: Settings, actor: str) -> Receipt:
    """Park what ``[policy] park`` says to park now; the files decide, never the clock."""
    with ledger.open(settings.ledger) as book:
        return booking.park(book, settings, actor, booking.due(book, settings))


def reverse(
    settings: Settings, number: int, actor: str, reason: str, on: dt.date | None = None
) -> Receipt:
    """Reverse one journal entry; what it settled is open again and its line waits anew."""
    with ledger.open(settings.ledger) as book:
        return booking.reverse(book, settings, number, actor, reason, on)


def reconcile(
    settings: Settings, bank_account: str | None = None, actor: str = "system"
) -> Receipt:
    """Close the statements whose lines are all settled and that follow the last closed one.

    All bank accounts, or one: they may run side by side. The receipt says what is assumed and
    where numbers jump (``warnings``).
    """
    with ledger.open(settings.ledger) as book:
        received = closings.statements_to_reconcile(book, bank_account)
        found = posting.reconcile(received)
        journal, said = posting.opening(found.closing, reads.bank_accounts(book), settings)
        if journal.journal_entries.height:
            booking.write(book, journal, settings, kind="opening", actor=actor)
        closed = closings.close_statements(book, found.closing, found.waiting, actor)
    return {
        "reconciled": closed,
        "waiting": len(found.waiting),
        "warnings": [*said, *found.warnings],
    }


def nightly(
    settings: Settings, paths: Iterable[Path], actor: str, progress: Progress = quiet
) -> Receipt:
    """Ingest, match, post, park, reconcile; a second run on unchanged input writes nothing."""
    receipt = {"batch": open_batch(settings), "ingest": ingest(settings, paths, actor, progress)}
    receipt["match"] = match(settings, actor)
    progress("match", 1, 1)
    receipt["post"] = post(settings, actor)
    progress("post", 1, 1)
    receipt["rematch"] = settle(settings, actor)
    receipt["park"] = park_due(settings, actor)
    receipt["reconcile"] = reconcile(settings, actor=actor)
    progress("reconcile", 1, 1)
    receipt["report"] = night_report(settings)
    return receipt


def night_report(settings: Settings) -> Receipt:
    """The night's control report (accounting, section 8)."""
    with ledger.open(settings.ledger) as book:
        return report.night_report(book)


def bank_accounts(settings: Settings) -> list[str]:
    """Numbers of all bank accounts, in order."""
    with ledger.open(settings.ledger) as book:
        frame = reads.bank_accounts(book)
    return sorted(frame["bank_account_no"].to_list())


def complete_months(settings: Settings) -> list[str]:
    """Months (YYYY-MM) that are complete for every active bank account (interface, section 5)."""
    with ledger.open(settings.ledger) as book:
        return months.complete_months(book)


def customer_statements(settings: Settings, as_of: dt.date, out: Path) -> Receipt:
    """One statement as PDF for each customer with open entries as of a date."""
    with ledger.open(settings.ledger) as book:
        head = reads.register_head(book)
        entries = open_as_of.customer_entries(book, as_of, head["no"])
        customers = open_as_of.customers(book)
    written = statements.write_all(
        entries, customers, as_of, out, company=settings.company, head=head["hash"]
    )
    return {"as_of": as_of.isoformat(), "statements": written}
