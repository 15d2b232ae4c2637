"""Parts of the exception queue: filtered, searched, sorted and grouped as on the page."""

import argparse
import datetime as dt
import difflib
import json
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from pipeline.cli.output import report, say, show, table
from pipeline.cli.parser import Commands, number
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import UsageError

Row = dict[str, Any]
_LIST = {"id": "right", "age": "right", "bank line": "left", "amount": "right", "": "left",
         "reason": "left", "best candidate": "left", "assigned to": "left"}  # fmt: skip
_SORTS = ("age", "amount", "payer", "reason")
_GROUPS = ("reason", "payer", "account")


def register(actions: Commands) -> None:
    """Add list and filters."""
    listed = actions.add(
        "list", _list, "what waits, oldest first", "lettrage exceptions list --reason unknown_payer"
    )
    for option, name, metavar, text in (
        ("--reason", "reason", "CODE", "only items of this reason"),
        ("--bank-account", "account", "NO", "only lines of this account"),
        ("--assigned-to", "who", "NAME", "only items of this person"),
        ("--search", "q", "WORDS", "part of payer, text or reference, or the amount"),
        ("--payer", "payer", "NAME", "only this payer, as the bank writes it"),
        ("--currency", "currency", "CODE", "only this currency"),
        (
            "--confidence",
            "confidence",
            "LEVEL",
            "only where the best proposal is at least high, medium or low",
        ),
    ):
        listed.add_argument(option, dest=name, metavar=metavar, help=text)
    for option, name, value, text in (
        ("--unassigned", "who", "nobody", "only items of nobody"),
        ("--overdue", "overdue", "1", "only what is older than [queue] overdue_days"),
        ("--later", "later", "1", "only what is put off"),
        ("--down", "down", "1", "the largest first"),
    ):
        listed.add_argument(option, dest=name, action="store_const", const=value, help=text)
    listed.add_argument("--sort", choices=_SORTS, help="default: age")
    listed.add_argument("--by", choices=_GROUPS, help="count and sum up instead, by this")
    listed.add_argument("--filter", metavar="NAME", help="one of your own filters, and what else"
                        " is said here")  # fmt: skip
    listed.add_argument("--save", metavar="NAME", help="keep this filter under a name")
    listed.add_argument("--limit", type=number, metavar="N", help="at most N rows")
    kept = actions.add("filters", _filters, "your own filters", "lettrage exceptions filters")
    kept.add_argument("--remove", metavar="NAME", help="forget one")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.exception_queue import wanted
    from pipeline.ledger import attention, decisions, held_statements, last_days, queue

    with ledger.open(settings.ledger) as book:
        given = _given(book, options)
        today = last_days.covered(book)
        chosen = _filter(book, settings, given, options.user)
        if options.save is not None:
            if not options.save.strip():
                raise UsageError("--save: the name is empty; expected one to find the filter by")
            attention.keep_filter(book, options.user, options.save, wanted.query(given))
        sums = queue.totals(book, chosen)
        if options.by:
            return _grouped(options, queue.groups(book, chosen, options.by, options.limit or 10**6))
        numbers = queue.numbers(book, chosen, *wanted.order_of(given))[: options.limit]
        items = decisions.items(book, numbers)
        held = [] if given.get("reason") else held_statements.listed(book)
    _print(options, items, sums, held, today)
    return 0


def found_by(book: Any, settings: Settings, name: str, user: str) -> list[int]:
    """The numbers of the items that a kept filter of this person finds, in its order."""
    from pipeline.exception_queue import wanted
    from pipeline.ledger import attention, queue

    kept = attention.filters(book, user)
    _known("--filter", name, kept)
    given = wanted.given_of(kept[name])
    return queue.numbers(book, _filter(book, settings, given, user), *wanted.order_of(given))


def _filter(book: Any, settings: Settings, given: Mapping[str, str], user: str) -> Any:
    from pipeline.exception_queue import wanted
    from pipeline.ledger import attention, item_search, last_days, queue

    search = partial(item_search.OpenItems().found, book)
    before = queue.overdue_before(last_days.covered(book), settings.queue["overdue_days"])
    return wanted.filter_of(given, user, wanted.Days(before, attention.today(book)), search)


def _print(
    options: argparse.Namespace,
    rows: list[Row],
    sums: list[Row],
    held: list[Row],
    today: dt.date | None,
) -> None:
    from pipeline.cli import queue_tables as tables

    if options.json:
        found = {"exceptions": [tables.as_json(row, today) for row in rows], "totals": _sums(sums),
                 "held_statements": [tables.held_json(row) for row in held]}  # fmt: skip
        show(json.dumps(found))
        return
    table(_LIST, [tables.list_row(row, today) for row in rows])
    if held:
        columns = dict.fromkeys(("held statement", "until", "lines", "reason", "detail"), "left")
        held_rows = [tables.held_row(row) for row in held]
        table(columns, held_rows, title="Held: nothing of them is posted")
    for row in _sums(sums):
        say(f"{row['currency']} {row['items']}: {row['money_in']} in, {row['money_out']} out")
    found_all = sum(row["items"] for row in sums)
    say(f"{found_all} exceptions, {len(held)} held statements; look at one: lettrage exceptions"
        " show ID")  # fmt: skip


def _given(book: Any, options: argparse.Namespace) -> Mapping[str, str]:
    """What is asked: a kept filter, and over it what the options say."""
    from pipeline import review
    from pipeline.exception_queue import wanted
    from pipeline.ledger import attention, queue

    given: dict[str, str] = {}
    if options.filter is not None:
        kept = attention.filters(book, options.user)
        _known("--filter", options.filter, kept)
        given = wanted.given_of(kept[options.filter])
    said = {name: getattr(options, name, None) for name in wanted.NAMES}
    given |= {name: value for name, value in said.items() if value is not None}
    if given.get("reason"):
        _known("--reason", given["reason"], {*review.HINTS, *queue.reasons(book)})
    if given.get("confidence"):
        _known("--confidence", given["confidence"], queue.LEVELS)
    if given.get("account"):
        _known("--bank-account", given["account"], queue.bank_accounts(book))
    return given


def _known(option: str, word: str, known: Collection[str]) -> None:
    """A filter that is mistyped must not look like an empty queue."""
    if word not in known:
        near = difflib.get_close_matches(word, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{option} {word}: not known{hint} (known: {', '.join(sorted(known))})")


def _sums(sums: list[Row]) -> list[Row]:
    amounts = ("money_in", "money_out")
    return [
        {"currency": row["currency"], "items": row["items"],
         **{name: money.text(row[name], row["currency"]) for name in amounts}}
        for row in sums
    ]  # fmt: skip


def _grouped(options: argparse.Namespace, rows: list[Row]) -> int:
    told = [{**row, "amount": money.text(row["amount"], row["currency"])} for row in rows]
    if options.json:
        return report(options, {"groups": told})
    columns = {options.by: "left", "items": "right", "amount": "right", "": "left",
               "oldest": "left"}  # fmt: skip
    names = ("name", "items", "amount", "currency", "oldest")
    table(columns, [[row[name] for name in names] for row in told])
    return 0


def _filters(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import attention

    with ledger.open(settings.ledger) as book:
        kept = attention.filters(book, options.user)
        if options.remove is not None:
            _known("--remove", options.remove, kept)
            attention.keep_filter(book, options.user, options.remove, "")
            del kept[options.remove]
    return report(options, {"filters": kept})
