"""The exception queue on paper: the list that people scan, and one item with all that is known."""

import argparse
import datetime as dt
import difflib
import json
from collections.abc import Collection
from typing import Any

from pipeline import ledger, review
from pipeline.cli.output import say, show, table
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.domain.plain import plain
from pipeline.ledger import decisions, reads

Row = dict[str, Any]
_LIST = {"id": "right", "age": "right", "bank line": "left", "amount": "right", "": "left",
         "reason": "left", "best candidate": "left", "assigned to": "left"}  # fmt: skip


def listed(options: argparse.Namespace, settings: Settings) -> int:
    """Print the queue as a table or as one JSON object; held statements stand beside it."""
    with ledger.open(settings.ledger) as book:
        rows = decisions.items(book)
        accounts = reads.bank_accounts(book)["bank_account_no"].to_list()
        _known("--reason", options.reason, {*review.HINTS, *(row["reason"] for row in rows)})
        _known("--bank-account", options.bank_account, accounts)
        rows = [row for row in rows if _wanted(row, options)]
        held = [] if options.reason else decisions.held_statements(book)
        today = _last_day(book)
    found = len(rows)
    rows = rows[: options.limit] if options.limit else rows
    if options.json:
        items = [_as_json(row, today) for row in rows]
        show(json.dumps({"exceptions": items, "held_statements": [_held_json(r) for r in held]}))
        return 0
    table(_LIST, [_list_row(row, today) for row in rows])
    if held:
        columns = dict.fromkeys(("held statement", "until", "lines", "reason", "detail"), "left")
        table(columns, [_held_row(row) for row in held], title="Held: nothing of them is posted")
    say(
        f"{found} exceptions, {len(held)} held statements; look at one: lettrage exceptions show ID"
    )
    return 0


def _known(option: str, word: str | None, known: Collection[str]) -> None:
    """A filter that is mistyped must not look like an empty queue."""
    if word is not None and word not in known:
        near = difflib.get_close_matches(word, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{option} {word}: not known{hint} (known: {', '.join(sorted(known))})")


def _wanted(row: Row, options: argparse.Namespace) -> bool:
    return (
        options.reason in (None, row["reason"])
        and options.bank_account in (None, row["bank_account_no"])
        and options.assigned_to in (None, row["assigned_to"])
        and not (options.unassigned and row["assigned_to"])
    )


def _last_day(book: ledger.Ledger) -> dt.date | None:
    """The latest booking date of the ledger: ages count from the files, not from the clock."""
    rows = book.rows("SELECT max(coalesce(booking_date, value_date)) FROM statement_line")
    return dt.date.fromisoformat(rows[0][0]) if rows[0][0] else None


def _age(row: Row, today: dt.date | None) -> int | None:
    if not (row["opened_on"] and today):
        return None
    return (today - dt.date.fromisoformat(row["opened_on"])).days


def _place(row: Row) -> str:
    return f"{row['bank_account_no']}/{row['statement_no']}/{row['line_no']}"


def _best(row: Row) -> str:
    found = json.loads(row["candidates"])
    if not found or not (found[0]["party_no"] or found[0]["targets"]):
        return ""
    best = found[0]
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    return (
        f"{best['confidence']} {best['party_type']} {best['party_no']}: {best['explanation']}{more}"
    )


def _list_row(row: Row, today: dt.date | None) -> tuple[object, ...]:
    age = _age(row, today)
    amount = money.text(row["remaining"], row["currency"])
    return (row["id"], "" if age is None else f"{age} d", _place(row), amount, row["currency"],
            row["reason"], _best(row), row["assigned_to"])  # fmt: skip


def _as_json(row: Row, today: dt.date | None) -> Row:
    names = ("id", "bank_account_no", "statement_no", "line_no", "bank_reference", "reason",
             "status", "opened_on", "assigned_to", "currency", "hint", "version")  # fmt: skip
    return {
        **{name: row[name] for name in names},
        "age_days": _age(row, today),
        "remaining": money.text(row["remaining"], row["currency"]),
        "candidates": json.loads(row["candidates"]),
    }


def _held_row(row: Row) -> tuple[object, ...]:
    account = row["bank_account_no"] or f"unknown account {row['account']}"
    return (f"{account} {row['statement_no']}", row["to_date"] or "", row["line_count"],
            row["reason"], row["detail"])  # fmt: skip


def _held_json(row: Row) -> Row:
    names = ("bank_account_no", "account", "statement_no", "from_date", "to_date", "line_count",
             "reason", "detail")  # fmt: skip
    return {name: row[name] for name in names}


def shown(options: argparse.Namespace, settings: Settings) -> int:
    """Print one item: its line, why it waits, what was proposed, what people did."""
    with ledger.open(settings.ledger) as book:
        item = decisions.item(book, options.id)
        if item is None:
            raise UsageError(f"exception {options.id} does not exist; see: exceptions list")
        found = decisions.candidates(book, item["line_id"])
        past = decisions.history(book, item["line_id"])
        today = _last_day(book)
    if options.json:
        show(json.dumps(_whole(item, found, past, today)))
        return 0
    _print_item(item, today)
    _print_candidates(found, item["currency"])
    for row in past:
        show(plain(f"  {row['recorded_at']}  {row['actor']}: {_said(row)}"))
    return 0


def _print_item(item: Row, today: dt.date | None) -> None:
    amount = f"{money.text(item['amount'], item['currency'])} {item['currency']}"
    age = _age(item, today)
    facts = {
        "bank line": f"{_place(item)}  {amount}  ({item['bank_reference'] or 'no reference'})",
        "booked": f"{item['booking_date'] or '-'}, value {item['value_date'] or '-'}",
        "from or to": f"{item['counterparty_name']} {item['counterparty_account']}".strip(),
        "text": item["text"],
        "end to end": item["end_to_end_id"],
        "mandate": item["mandate_id"],
        "status": f"{item['status']}, {item['reason']}, {age} days old",
        "settles it": item["hint"],
        "assigned to": item["assigned_to"],
        "version": item["version"],
    }
    show(f"exception {item['id']}")
    for name, value in facts.items():
        if value:
            show(plain(f"  {name:<12} {value}"))


def _print_candidates(found: list[Row], currency: str) -> None:
    columns = {"rank": "right", "confidence": "left", "likely": "right", "rule": "left",
               "party": "left", "settles": "left", "applied": "right", "discount": "right",
               "other": "right", "why": "left"}  # fmt: skip
    if found:
        table(columns, [_candidate_row(row, currency) for row in found])


def _currency(row: Row, amount: str, of_line: str) -> str:
    """What is applied is in the line's currency, all else in the entry's."""
    return of_line if amount == "applied_amount" else row["entry_currency"] or of_line


def _candidate_row(row: Row, currency: str) -> tuple[object, ...]:
    def amount(name: str) -> str:
        return money.text(row[name], _currency(row, name, currency)) if row[name] else ""

    settles = row["document_no"] or row["gl_account"] or row["target"].replace("_", " ")
    return (row["rank"], row["confidence"], row["probability"], row["rule"],
            f"{row['party_type']} {row['party_no']}", settles, amount("applied_amount"),
            amount("discount_amount"), amount("difference_amount"), row["explanation"])  # fmt: skip


def _said(row: Row) -> str:
    detail = row["detail"]
    to = f" to {detail['to']}" if row["action"] in ("assign", "escalate") else ""
    waits = ", waits for a second person" if row["outcome"] == "waiting" else ""
    register = f", register {row['register_no']}" if row["register_no"] else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"{row['action']}{to}{waits}{register}{reason}"


def _whole(item: Row, found: list[Row], past: list[Row], today: dt.date | None) -> Row:
    currency = item["currency"]
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")
    rows = [
        {**row, **{name: money.text(row[name], _currency(row, name, currency)) for name in amounts}}
        for row in found
    ]
    names = ("booking_date", "value_date", "counterparty_name", "counterparty_account", "text",
             "end_to_end_id", "mandate_id")  # fmt: skip
    said = ("action", "actor", "prepared_by", "reason", "outcome", "register_no", "recorded_at")
    return {
        **_as_json(item, today),
        "amount": money.text(item["amount"], currency),
        **{name: item[name] for name in names},
        "proposals": rows,
        "history": [{name: row[name] for name in said} for row in past],
    }
