"""Items of the exception queue on paper: rows of lists, and one item with all that is known."""

import argparse
import datetime as dt
import json
from typing import Any

from pipeline import ledger
from pipeline.cli.output import say, show, table
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import LedgerError
from pipeline.domain.plain import plain
from pipeline.ledger import attention, decisions, last_days, queue

Row = dict[str, Any]
_READ = ("payment_reference", "end_to_end_id", "mandate_id", "creditor_id", "check_no",
         "customer_reference", "type_code", "business_code")  # fmt: skip


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


def list_row(row: Row, today: dt.date | None) -> tuple[object, ...]:
    """One row of the list."""
    age = _age(row, today)
    amount = money.text(row["remaining"], row["currency"])
    return (row["id"], "" if age is None else f"{age} d", _place(row), amount, row["currency"],
            row["reason"], _best(row), row["assigned_to"])  # fmt: skip


def as_json(row: Row, today: dt.date | None) -> Row:
    """An item of the list for programs."""
    names = ("id", "bank_account_no", "statement_no", "line_no", "bank_reference", "reason",
             "status", "opened_on", "assigned_to", "currency", "hint", "version")  # fmt: skip
    return {
        **{name: row[name] for name in names},
        "age_days": _age(row, today),
        "remaining": money.text(row["remaining"], row["currency"]),
        "candidates": json.loads(row["candidates"]),
    }


def held_row(row: Row) -> tuple[object, ...]:
    """One row of the held statements."""
    account = row["bank_account_no"] or f"unknown account {row['account']}"
    asked = row["asked_by"]
    told = (row["detail"], f"refusal asked for by {asked}" if asked else "")
    return (f"{account} {row['statement_no']}", row["to_date"] or "", row["line_count"],
            row["reason"], "; ".join(filter(None, told)))  # fmt: skip


def held_json(row: Row) -> Row:
    """A held statement for programs."""
    names = ("bank_account_no", "account", "statement_no", "from_date", "to_date", "line_count",
             "reason", "detail")  # fmt: skip
    return {**{name: row[name] for name in names}, "refusal_asked_by": row["asked_by"]}


def shown(options: argparse.Namespace, settings: Settings) -> int:
    """Print one item: its line, why it waits, what was proposed, what people did."""
    from pipeline.decisions.items import item_of

    with ledger.open(settings.ledger) as book:
        item = item_of(book, options.id)
        found = decisions.candidates(book, item["line_id"])
        past = decisions.history(book, item["line_id"])
        seen = attention.seen(book, item["id"])
        until = attention.put_off_until(book, item["id"])
        item = {**queue.line(book, item["line_id"]), **item}
        today = last_days.covered(book)
    _tell(options, item, found, past, (seen, until, today))
    try:
        with ledger.open(settings.ledger) as book:  # last, as a night may write just now
            attention.saw(book, item["id"], options.user, item["version"])
    except LedgerError as error:  # who may only read, looks all the same
        say(f"that you saw it is not kept: {error}")
    return 0


def _tell(
    options: argparse.Namespace, item: Row, found: list[Row], past: list[Row], more: Any
) -> None:
    seen, until, today = more
    if options.json:
        told = _whole(item, found, past, today)
        show(json.dumps({**told, "seen_by": seen, "put_off_until": until}))
        return
    _print_item(item, today)
    _print_candidates(found, item["currency"])
    for row in past:
        show(plain(f"  {row['recorded_at']}  {row['actor']}: {_said(row)}"))
    if until:
        show(f"  put off until {until}")
    for row in seen:
        show(plain(f"  {row['recorded_at']}  {row['name']} saw it ({row['version']})"))


def _print_item(item: Row, today: dt.date | None) -> None:
    amount = f"{money.text(item['amount'], item['currency'])} {item['currency']}"
    age = _age(item, today)
    facts = {
        "bank line": f"{_place(item)}  {amount}  ({item['bank_reference'] or 'no reference'})",
        "booked": f"{item['booking_date'] or '-'}, value {item['value_date'] or '-'}",
        "from or to": f"{item['counterparty_name']} {item['counterparty_account']}".strip(),
        "text": item["text"],
        **{name.removesuffix("_id").replace("_", " "): item[name] for name in _READ},
        "charges": money.text(item["charges"], item["currency"]) if item["charges"] else "",
        "original": f"{money.text(item['original_amount'], item['original_currency'])}"
        f" {item['original_currency']}"
        if item["original_amount"]
        else "",
        "status": f"{item['status']}, {item['reason']}, {age} days old",
        "settles it": item["hint"],
        "assigned to": item["assigned_to"],
        "version": item["version"],
    }
    show(f"exception {item['id']}")
    for name, value in facts.items():
        if value:
            show(plain(f"  {name:<18} {value}"))
    for place, line in enumerate(str(item["raw"]).splitlines()):
        show(plain(f"  {'' if place else 'as it came':<18} {line}"))


def _print_candidates(found: list[Row], currency: str) -> None:
    columns = {"rank": "right", "confidence": "left", "likely": "right", "rule": "left",
               "party": "left", "settles": "left", "applied": "right", "discount": "right",
               "other": "right", "left open": "right", "why": "left"}  # fmt: skip
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
            amount("discount_amount"), amount("difference_amount"), amount("left_open"),
            row["explanation"])  # fmt: skip


def _said(row: Row) -> str:
    detail = row["detail"]
    to = f" to {detail['to']}" if row["action"] in ("assign", "escalate", "later") else ""
    waits = ", waits for a second person" if row["outcome"] == "waiting" else ""
    taught = "".join(f", remembers {words!r}" for words in _taught(row).values())
    register = f", register {row['register_no']}" if row["register_no"] else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"{row['action']}{to}{taught}{waits}{register}{reason}"


def _taught(row: Row) -> Row:
    """The words of the text that a decision is to remember (``remember``), where it has any."""
    words = row["detail"].get("asked", {}).get("remember", "")
    return {"remember": words} if words else {}


def _whole(item: Row, found: list[Row], past: list[Row], today: dt.date | None) -> Row:
    currency = item["currency"]
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount",
               "left_open")  # fmt: skip
    rows = [
        {**row, **{name: money.text(row[name], _currency(row, name, currency)) for name in amounts}}
        for row in found
    ]
    names = ("booking_date", "value_date", "counterparty_name", "counterparty_account", "text",
             *_READ, "original_currency", "raw")  # fmt: skip
    said = ("action", "actor", "prepared_by", "reason", "outcome", "register_no", "recorded_at")
    return {
        **as_json(item, today),
        "amount": money.text(item["amount"], currency),
        "charges": money.text(item["charges"], currency),
        "original_amount": money.text(
            item["original_amount"], item["original_currency"] or currency
        ),
        **{name: item[name] for name in names},
        "proposals": rows,
        "history": [{name: row[name] for name in said} | _taught(row) for row in past],
    }
