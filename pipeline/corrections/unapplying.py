"""Un-applying: what a payment settled is open again, the payment stands on account."""

import datetime as dt
from typing import Any

import polars as pl

from pipeline import booking, books, ledger, posting, steps
from pipeline.config import Settings
from pipeline.corrections import naming
from pipeline.corrections.reversing import reverse
from pipeline.domain import money
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import applied, decisions, on_account, posted, values
from pipeline.ledger import corrections as stored
from pipeline.named import named_party

Receipt = dict[str, Any]


@books.kept_open
def unapply(
    settings: Settings,
    named: str,
    actor: str,
    reason: str,
    *,
    party: str = "",
    on: dt.date | None = None,
) -> Receipt:
    """Un-apply a document from the payment that settles it, or all that a bank line settles.

    Discount, tax and difference are taken back with it; what was paid stays with the party, on
    account. Dated as what is un-applied, or on the first open day, or ``on``. The line stays
    posted and its statement reconciled. Afterwards as after a night: what is left is matched.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why it is un-applied")
    with books.opened(settings) as book:
        by_hand = on_account.applied_by(book, named)
        by_hand = by_hand if applied.of_document(book, named).is_empty() else []
    if by_hand:  # no line brought that money: the whole application is taken back
        return reverse(settings, [str(by_hand[-1])], actor, reason, on)
    with books.opened(settings) as book:
        rows = _applied(book, named, party)
        day = naming.day(named, rows["posting_date"].max(), on, posted.first_open(book))  # type: ignore[arg-type]
        journal = posting.unapply(rows, applied.taxes(book, rows), day, reason, settings)
        _accounts_of_then(book, journal, rows)
        detail = {"unapplied": sorted(rows["document_no"])}
        lines = rows["line_id"].unique().sort().to_list()
        record = decisions.recording_lines("unapply", lines, actor, reason, detail)
        booking.write(book, journal, settings, kind="unapplication", actor=actor, reason=reason,
                      guard=record)  # fmt: skip
    matched = steps.propose(settings, actor)
    return {
        "line": rows["line"][0],
        "on": day.isoformat(),
        "open_again": _sums(rows, ["document_no", "currency"], pl.col("entry_amount")),
        "on_account": _sums(rows, ["party_no", "currency"], posting.brought_amount()),
        "exceptions": matched["exceptions"],
    }


def _applied(book: ledger.Ledger, named: str, party: str) -> pl.DataFrame:
    """What is to be un-applied: rows of one line; UsageError where that is not one thing."""
    document = applied.documents(book, named) > 0
    if document:
        rows = applied.of_document(book, named)
    else:
        rows = applied.of_line(book, naming.line(book, named, or_document=True))
    if party:
        party_type, party_no = named_party(book, party)
        rows = rows.filter(party_type=party_type, party_no=party_no)
    if rows.is_empty():
        raise UsageError(f"{named}: no payment is applied {'to it' if document else 'by it'}")
    parties = rows.select("party_type", "party_no").unique().height
    if document and parties > 1:
        raise UsageError(f"{named}: {parties} parties have this document; name one: --party NO")
    lines = rows["line"].unique().sort().to_list()
    if len(lines) > 1:
        raise UsageError(f"{named}: several lines settle it, name one: {', '.join(lines)}")
    return rows


def _accounts_of_then(book: ledger.Ledger, journal: posting.Journal, rows: pl.DataFrame) -> None:
    """What was given up goes back to the account that it was posted to, whatever is set by now."""
    numbers = rows["journal_entry_no"].unique().to_list()
    first = stored.journals_of(book, [*numbers, *values.valuations_of(book, numbers)])
    then = set(first["postings"]["gl_account"])
    given = journal.postings.filter(pl.col("party_no") == "")["gl_account"].unique().sort()
    for account in given:
        if account not in then:
            raise LedgerError(
                f"{rows['line'][0]}: its discount or difference was not posted to {account!r}, the"
                " account that [accounts] names now; expected the settings of then"
            )


def _sums(rows: pl.DataFrame, by: list[str], amount: pl.Expr) -> dict[str, str]:
    found = rows.group_by(by).agg(amount.sum()).sort(by)
    return {
        name: f"{money.text(value, currency)} {currency}" for name, currency, value in found.rows()
    }
