"""Applying: money that stands open with a party settles a document of the same party."""

import datetime as dt
from typing import Any

import polars as pl

from pipeline import booking, books, ledger, posting, steps, taxes
from pipeline.config import Settings
from pipeline.corrections import naming
from pipeline.domain import frames, money, values
from pipeline.domain.errors import UsageError
from pipeline.ledger import chosen, company, decisions, on_account, posted
from pipeline.ledger.values import carried
from pipeline.matching import by_hand
from pipeline.named import named_party

Receipt = dict[str, Any]
Row = dict[str, Any]
_PAYMENTS = ("payment", "refund")
"""What pays, and may take discount and tolerance; a credit memo takes neither."""


@books.kept_open
def apply(
    settings: Settings,
    named: str,
    document: str,
    actor: str,
    reason: str,
    *,
    amount: str = "",
    party: str = "",
    on: dt.date | None = None,
) -> Receipt:
    """Settle a document by what is open of another entry of its party: a payment, a credit memo.

    ``named`` is a document number, or the bank line that left the money. All that is open of it, or
    ``amount`` (decimal text), as the night would: discount and tolerance where a payment closes the
    document in time, by its value date. Dated as the later of the two, or on the first open day, or
    ``on``. The bank is not touched. Afterwards as after a night: what is left is matched.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why it is applied")
    with books.opened(settings) as book:
        paid = _money(book, named, party)
        owed = _owed(book, document, paid)
        source = on_account.source(book, paid["entry_id"])
        row = _settled(book, settings, paid, owed, source, _wanted(paid, amount))
        latest = on_account.booked(book, [paid["entry_id"], owed["entry_id"]])
        day = naming.day(document, latest, on, posted.first_open(book))
        applied = pl.DataFrame([row], schema=frames.APPLIED)
        given = taxes.of_rows(book, settings, on_account.as_proposed(applied))
        journal = posting.apply(applied, given, day, reason, settings)
        if journal.refused.height:
            raise UsageError(f"{document}: [accounts] has no account for its discount or tax")
        lines = [] if row["line_id"] is None else [row["line_id"]]
        detail = {"applied": [owed["document_no"]]}
        record = decisions.recording_lines("apply-money", lines, actor, reason, detail)
        booking.write(book, journal, settings, kind="application", actor=actor, reason=reason,
                      guard=record)  # fmt: skip
    matched = steps.propose(settings, actor)
    code = owed["currency"]
    said = {name: f"{money.text(abs(row[f'{name}_amount']), code)} {code}" for name in
            ("applied", "discount", "difference") if row[f"{name}_amount"]}  # fmt: skip
    left = money.text(owed["remaining_amount"] - row["entry_amount"], code)
    return {"document": owed["document_no"], "on": day.isoformat(), **said,
            "still_open": f"{left} {code}", "exceptions": matched["exceptions"]}  # fmt: skip


def _money(book: ledger.Ledger, named: str, party: str) -> Row:
    """The one open entry that pays: by its number, or left by a bank line."""
    found = chosen.entries_named(book, named)
    if found.is_empty() and named.count("/") >= 2:
        found = on_account.left_by(book, naming.line(book, named, or_document=True))
    if party:
        party_type, party_no = named_party(book, party)
        found = found.filter(party_type=party_type, party_no=party_no)
    return _only(found, named, "money", "--party NO")


def _owed(book: ledger.Ledger, document: str, paid: Row) -> Row:
    """The one open document of the same party and currency that the money can settle."""
    found = chosen.entries_named(book, document)
    own = found.filter(party_type=paid["party_type"], party_no=paid["party_no"])
    if own.is_empty():
        who = f"{paid['party_type']} {paid['party_no']}"
        raise UsageError(
            f"{document}: nothing of this number is open with {who}, whose money it is"
        )
    entry = _only(own, document, "document", "each instalment by its payment")
    if entry["currency"] != paid["currency"]:
        raise UsageError(
            f"{document}: is in {entry['currency']}, the money in {paid['currency']}; expected one"
            " currency"
        )
    if entry["remaining_amount"] * paid["remaining_amount"] > 0:
        raise UsageError(f"{document}: both are owed the same way; expected a debt and a credit")
    for one in (entry, paid):
        if one["on_hold"]:
            why = "differs from its source" if one["source_conflict"] else "is on hold"
            raise UsageError(f"{one['document_no']}: {why}; settle that first")
    return entry


def _only(found: pl.DataFrame, word: str, what: str, how: str) -> Row:
    if found.height == 1:
        return found.row(0, named=True)
    if found.is_empty():
        raise UsageError(f"{word}: no open entry has this number; see: lettrage export entries")
    raise UsageError(f"{word}: {found.height} entries are open; name one {what}: {how}")


def _wanted(paid: Row, amount: str) -> int:
    """How much of the money is applied, as it counts for the bank: money in is positive."""
    whole = -int(paid["remaining_amount"])
    if not amount:
        return whole
    code = paid["currency"]
    try:
        size = money.minor(amount, code)
    except ValueError as error:
        raise UsageError(f"--amount {amount}: {error}") from None
    if not 0 < size <= abs(whole):
        text = money.text(abs(whole), code)
        raise UsageError(f"--amount {amount}: open is {text} {code}; expected no more than that")
    return size if whole > 0 else -size


def _settled(
    book: ledger.Ledger, settings: Settings, paid: Row, owed: Row, source: Row, amount: int
) -> Row:
    """The application (``frames.APPLIED``), with its values where the currency is foreign."""
    if source["currency"] not in ("", paid["currency"]):
        raise UsageError(
            f"{paid['document_no']}: came as {source['currency']}; reverse what its line posts and"
            f" decide the line anew: lettrage reverse {source['line']}"
        )
    row = {
        "journal_entry_no": 0, "seq": on_account.times(book, paid["entry_id"]) + 1,
        "key": f"{paid['entry_id']}/{owed['entry_id']}", "line_id": source["line_id"],
        "line": source["line"], "posting_date": paid["posting_date"], "entry_id": owed["entry_id"],
        "document_no": owed["document_no"], "currency": owed["currency"],
        "control_account": owed["control_account"], "payment_id": paid["entry_id"],
        "payment_account": paid["control_account"], "confidence": "manual", "rule": "application",
        **_share(settings, paid, owed, source["value_date"] or paid["posting_date"], amount),
    }  # fmt: skip
    own = company.currency(book, settings)
    if not own or owed["currency"] == own:
        return row | dict.fromkeys(values.PARTS)
    targets = pl.DataFrame({"target": "entry", "target_id": [owed["entry_id"], paid["entry_id"]]})
    known = carried(book, targets)
    if known.height < 2:
        raise UsageError(
            f"{owed['document_no']}: it or the money has no value in {own} yet; load the rate of"
            " its day first: lettrage load rates FILE"
        )
    return row | posting.applied_values(row, known)


def _share(settings: Settings, paid: Row, owed: Row, day: dt.date, amount: int) -> Row:
    """What the document takes of the money: as the night settles it, where that is a payment."""
    party = {"party_type": owed["party_type"], "party_no": owed["party_no"]}
    nothing = {"discount_amount": 0, "difference_amount": 0, "difference_kind": ""}
    if paid["document_type"] in _PAYMENTS:
        line = {"amount": amount, "currency": owed["currency"], "value_date": day, "text": "",
                "charges": 0, "original_amount": 0, "original_currency": ""}  # fmt: skip
        found = by_hand.settle(line, [owed], by_hand.Terms(), settings)
        if found:
            return {**nothing, **found.rows[0], **party}
    taken = min(abs(amount), abs(owed["remaining_amount"])) * (1 if amount > 0 else -1)
    return {**nothing, **party, "applied_amount": taken, "entry_amount": taken}
