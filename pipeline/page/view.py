"""What one item shows, read from the ledger."""

from typing import Any

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import attention, chosen, decided, decisions, entry_search, last_days
from pipeline.ledger import queue as stored
from pipeline.page.evidence import sentences_of
from pipeline.page.highlight import marked, needles
from pipeline.page.queue import age
from pipeline.page.words import Words

Row = dict[str, Any]
_READ = ("payment_reference", "end_to_end_id", "mandate_id", "creditor_id", "check_no",
         "customer_reference", "bank_reference", "type_code", "business_code")  # fmt: skip


def item(book: ledger.Ledger, number: int, words: Words) -> Row | None:
    """An item with its line, proposals and history; None when there is none of this number.

    What proposals rest on is said in ``words``.
    """
    found = decisions.item(book, number)
    if found is None:
        return None
    line = stored.line(book, found["line_id"])
    rows = stored.proposed_documents(book, found["line_id"])
    heads = chosen.proposals(book, [found["line_id"]])[0].to_dicts()
    past = decisions.history(book, found["line_id"])
    told = sentences_of(book, words, [found["line_id"]])
    for head in heads:
        head["explanation"] = told.get((head["line_id"], head["rank"]), head["explanation"])
    proposals = [_proposal(head, rows, line) for head in heads]
    wanted = needles(
        [row[name] for row in rows for name in ("document_no", "external_document_no")],
        [*(row["party_name"] for row in rows), *(row["party_no"] for row in rows)],
    )
    best = proposals[0] if proposals else None
    today, later = attention.today(book), attention.put_off_until(book, number)
    return {
        "item": found,
        "line": line,
        "age": age(found["opened_on"], last_days.covered(book)),
        "proposals": proposals,
        "text": marked(line["text"], wanted),
        "payer": marked(line["counterparty_name"], wanted),
        "read": [(name, line[name]) for name in _READ if line[name]],
        "history": past,
        "journal": decided.journal(book, found["line_id"]),
        "waiting": _waiting(past),
        "guess": best["party_no"] if best else "",
        "behind": stored.neighbour(book, number, today),
        "seen_by": attention.seen(book, number),
        "until": later if later > today else "",
        "today": today,
    }


def entries(
    book: ledger.Ledger,
    search: entry_search.OpenEntries,
    number: int,
    find: str,
    ticked: list[int],
) -> list[Row]:
    """Open entries for the line of an item: what is ticked already, and what is looked for now."""
    line = decisions.item(book, number)
    if line is None:
        return []
    kept = entry_search.chosen(book, ticked, line) if ticked else []
    found = search.found(book, find, line) if find else []
    known = {row["id"] for row in kept}
    return [*kept, *(row for row in found if row["id"] not in known)]


def following(book: ledger.Ledger, number: int) -> int | None:
    """The item that waits behind one; None at the end of the queue."""
    return stored.neighbour(book, number, attention.today(book))


def waits(settings: Settings, number: int) -> bool:
    """Does a decision about the item wait for a second person?"""
    with ledger.open(settings.ledger) as book:
        found = decisions.item(book, number)
        return found is not None and bool(_waiting(decisions.history(book, found["line_id"])))


def _waiting(past: list[Row]) -> Row | None:
    deciding = [row for row in past if row["action"] in decisions.DECIDING]
    return deciding[-1] if deciding and deciding[-1]["outcome"] == "waiting" else None


def _proposal(head: Row, rows: list[Row], line: Row) -> Row:
    own = [row for row in rows if row["rank"] == head["rank"]]
    left = line["amount"] - sum(row["applied_amount"] for row in own)
    settled = [{**row, "left_open": row["remaining_amount"] - row["entry_amount"]} for row in own]
    name = next((row["party_name"] for row in own if row["party_name"]), "")
    return {**head, "rows": settled, "left": left, "party_name": name}
