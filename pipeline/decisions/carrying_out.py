"""A decision in the books: its record, the limits of its write-offs, its postings, what follows."""

import hashlib
import json
from typing import Any

import polars as pl

from pipeline import booking, books, ledger, posting, review, steps, taxes, valuing
from pipeline.config import Settings
from pipeline.decisions.explaining import Explained
from pipeline.decisions.items import as_seen, item_of
from pipeline.decisions.wish import Pair
from pipeline.domain import money
from pipeline.domain.errors import NotPostedError, StaleDecisionError
from pipeline.ledger import chosen, company, decisions, posted, reads

Receipt = dict[str, Any]
Row = dict[str, Any]


def record_of(action: str, actor: str, reason: str, detail: Row) -> Row:
    """The record of a decision that posts; ``detail`` is what was asked, and the rows of it."""
    empty = {"prepared_by": "", "party_type": "", "party_no": "", "written_off": 0}
    more = {"outcome": "posted", "register_no": None}
    return {"action": action, "actor": actor, "reason": reason, "detail": detail, **empty, **more}


def note_of(action: str, actor: str, text: str, detail: Row) -> Row:
    """The record of what posts nothing."""
    return record_of(action, actor, text, detail) | {"outcome": "recorded"}


def beyond_limits(book: ledger.Ledger, line: Row, found: Explained, settings: Settings) -> str:
    """The name of the limit that a person's write-off passes, else empty."""
    if not found.written_off:
        return ""
    before = decisions.written_off(book, line, found.party)
    currency = line["currency"]
    for limit, total in (
        ("write_off_line", found.written_off),
        ("write_off_party_month", found.written_off + before["party_month"]),
        ("write_off_night", found.written_off + before["night"]),
    ):
        if total > (settings.amount_limit(limit, currency) or 0):
            return limit
    return ""


def post(
    book: ledger.Ledger,
    item: Row,
    rows: list[Row],
    how: Pair,
    decision: Row,
    settings: Settings,
    seen: str,
    shown: str = "",
) -> None:
    """Post the line of one item as ``rows`` say; ``seen`` is the version that the person saw."""
    versions = as_seen(item, seen)
    post_all(book, [item["line_id"]], [rows], [how], decision, settings, versions, shown)


def post_all(
    book: ledger.Ledger,
    line_ids: list[int],
    rows: list[list[Row]],
    how: list[Pair],
    decision: Row,
    settings: Settings,
    seen: dict[int, str],
    shown: str = "",
) -> None:
    """Post lines as decided: limits, accounts and journal as in the night, one register.

    StaleDecisionError where that is not what a preview has ``shown``; empty: there was none.
    """
    made = journal(book, line_ids, rows, how, settings)
    if shown and shown != digest(made, rows):
        raise StaleDecisionError(
            "what it would post changed since it was shown, as another decision or night came"
            " between; nothing was written; look at the postings again"
        )
    guard = decisions.recording(decision, seen, resolves=True)
    reason = decision["reason"] or f"{decision['action']} exception {min(seen)}"
    booking.write(book, made, settings, kind="decision", actor=decision["actor"], reason=reason,
                  guard=guard)  # fmt: skip


def journal(
    book: ledger.Ledger,
    line_ids: list[int],
    rows: list[list[Row]],
    how: list[Pair],
    settings: Settings,
) -> posting.Journal:
    """What lines post when they are explained by ``rows``; NotPostedError where some may not.

    ``how``: confidence and rule of each line.
    """
    each = zip(line_ids, rows, how, strict=True)
    parts = [review.proposal(line_id, own, *by) for line_id, own, by in each]
    heads = pl.concat([head for head, _ in parts])
    proposed = pl.concat([own for _, own in parts])
    lines = chosen.lines(book, line_ids)
    may = posting.choose(lines, heads, settings)
    if may.held.height:
        raise NotPostedError(dict(may.held.select("line_id", "held_reason").rows()))
    entries = chosen.entries(book, proposed["target_id"].to_list())
    made = posting.post(lines, may.post, proposed, reads.bank_accounts(book),
                           entries, settings, reads.generations(book),
                           posted.parked_lines(book), posted.first_open(book),
                           taxes.of_rows(book, settings, proposed),
                           valuing.known(book, settings, lines, proposed, entries,
                                         company.currency(book, settings)))  # fmt: skip
    if made.refused.height:
        raise NotPostedError(dict(made.refused.select("line_id", "reason").rows()))
    return made


def digest(made: posting.Journal, rows: list[list[Row]]) -> str:
    """Sixteen characters that change when what is posted, when, or what it settles does."""
    names = ("gl_account", "party_type", "party_no", "bank_account_no", "currency", "amount")
    moved = made.postings.sort("key", "seq").select(names).rows()
    days = made.journal_entries.sort("key")["posting_date"].to_list()
    told = json.dumps([moved, [str(day) for day in days], rows], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def follow_up(
    settings: Settings, actor: str, number: int, action: str, over: str, *, follow: bool
) -> Receipt:
    """After a decision as after a night: match what is left, close what is settled.

    Without ``follow`` neither is done, and the receipt does not count it.
    """
    done: Receipt = {}
    if follow:
        done["exceptions"] = steps.propose(settings, actor)["exceptions"]
        done["reconciled"] = steps.reconcile(settings, actor=actor)["reconciled"]
    with books.opened(settings) as book:
        item = item_of(book, number)
        receipt = {"exception": number, "action": action, "changed": True, "status": item["status"]}
        if not over and action != "reject":
            receipt["posted"] = _told(book, item)
    if over:
        receipt |= {"outcome": "waiting", "needs_approval": over}
    return {**receipt, **done}


def _told(book: ledger.Ledger, item: Row) -> list[str]:
    """A sentence for each document or account that the line of an item was posted to."""
    told = []
    for row in chosen.settled(book, item["line_id"]):
        party = f"{row['party_type']} {row['party_no']}"
        where = row["document_no"] and f"{row['document_no']} of {party}" if row["party_no"] else ""
        where = where or row["gl_account"] or row["document_no"] or f"on account of {party}"
        sentence = f"{where}: {money.text(row['amount'], item['currency'])} {item['currency']}"
        if row["left_open"]:
            left = money.text(row["left_open"], row["currency"])
            sentence += f", {left} {row['currency']} left open"
        told.append(sentence)
    return told
