"""What the page shows beside a list and an item: entries to find, postings to see, figures."""

import argparse
from typing import Any

from pipeline.cli import queue_lists
from pipeline.cli.output import report, table
from pipeline.cli.parser import Commands, number
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import UsageError

Row = dict[str, Any]


def register(actions: Commands) -> None:
    """Add find, together, posted and figures."""
    find = actions.add("find", _find, "open entries that a line may settle",
                       "lettrage exceptions find 1 'Sommer 250.00~1'")  # fmt: skip
    find.add_argument("id", type=number, metavar="ID", help="number of the item")
    find.add_argument("words", metavar="WORDS", help="number, party or amount~tolerance")
    together = actions.add(
        "together", _together,
        "one decision about many items, in one register; shown first, made with --post",
        "lettrage exceptions together 1 2 --account bank_fees",
    )  # fmt: skip
    together.add_argument("ids", type=number, nargs="*", metavar="ID", help="numbers of items")
    together.add_argument("--filter", metavar="NAME", help="all that this filter of yours finds")
    together.add_argument("--account", metavar="ACCOUNT", help="all of each line to this account")
    together.add_argument("--on-account", metavar="PARTY", help="each line on account of a party;"
                          " without either the best proposal of each")  # fmt: skip
    together.add_argument("--post", action="store_true", help="make it; else it is shown only")
    together.add_argument("--reason", default="", metavar="TEXT", help="kept with the register")
    posted = actions.add("posted", _posted, "what people posted, newest first, and whether it"
                         " stands; lettrage reverse takes it back",
                         "lettrage exceptions posted")  # fmt: skip
    posted.add_argument("--register", type=number, default=0, metavar="N", help="of this register")
    posted.add_argument("--limit", type=number, default=100, metavar="N", help="at most N rows")
    figures = actions.add("figures", _figures, "what posts itself and what waits, by day, age and"
                          " account, and how many waited on each day",
                          "lettrage exceptions figures")  # fmt: skip
    figures.add_argument("--bank-account", metavar="NO", help="how many of this account waited")
    figures.add_argument("--reason", metavar="CODE", help="how many for this reason waited")


def _find(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.decisions.items import item_of
    from pipeline.ledger import entry_search

    with ledger.open(settings.ledger) as book:
        entries = entry_search.OpenEntries()
        entries.refresh(book)
        found = entries.found(book, options.words, item_of(book, options.id))
    for row in found:
        for name in ("amount", "remaining_amount"):
            row[name] = money.text(row[name], row["currency"])
        row["to"] = f"entry:{row['id']}"
    if options.json:
        return report(options, {"entries": found})
    columns = {"--to": "left", "document": "left", "party": "left", "name": "left", "due": "left",
               "open": "right", "": "left"}  # fmt: skip
    names = ("to", "document_no", "party_no", "party_name", "due_date", "remaining_amount",
             "currency")  # fmt: skip
    table(columns, [[row[name] or "" for name in names] for row in found])
    return 0


def _together(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions, ledger
    from pipeline.decisions import together
    from pipeline.ledger import decisions as stored

    wish: decisions.Wish | None = decisions.Wish(
        accounts=((options.account, ""),) if options.account else (),
        on_account=options.on_account,
    )
    wish = None if wish == decisions.Wish() else wish
    numbers = list(options.ids)
    if options.filter is not None:
        with ledger.open(settings.ledger) as book:
            numbers += queue_lists.found_by(book, settings, options.filter, options.user)
    if not numbers:
        raise UsageError("expected numbers of items, or --filter NAME that finds some")
    found = together.preview(settings, numbers, wish)
    left = [f"exception {one}: {why}" for one, why in found.left.items()]
    if not options.post or not found.taken:
        sums = [{**row, **{name: money.text(row[name], row["currency"])
                           for name in ("debit", "credit")}} for row in found.sums]  # fmt: skip
        told = report(options, {"would_post": list(found.taken), "postings": sums, "left": left})
        return 1 if options.post else told
    with ledger.open(settings.ledger) as book:
        items = [stored.item(book, one) for one in found.taken]
    seen = {item["id"]: item["version"] for item in items if item}
    done = together.decide(settings, seen, wish, options.user, options.reason,
                           found.digest)  # fmt: skip
    return report(options, {**done, "left": left})


def _posted(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import decided

    with ledger.open(settings.ledger) as book:
        rows = decided.posted(book, register=options.register, size=options.limit)
    told = [{**row, "amount": money.text(row["amount"], row["currency"])} for row in rows]
    if options.json:
        return report(options, {"posted": told})
    columns = {"when": "left", "by": "left", "did": "left", "item": "right", "bank line": "left",
               "amount": "right", "": "left", "register": "right", "journal entry": "right",
               "reversed by": "right"}  # fmt: skip
    names = ("recorded_at", "actor", "action", "item", "place", "amount", "currency",
             "register_no", "journal_entry_no", "reversed_by")  # fmt: skip
    for row in told:
        row["place"] = f"{row['bank_account_no']}/{row['statement_no']}/{row['line_no']}"
    table(columns, [["" if row[n] is None else row[n] for n in names] for row in told])
    return 0


def _figures(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import figures, queue_days

    with ledger.open(settings.ledger) as book:
        waited = queue_days.last(book, 60, options.bank_account or "", options.reason or "")
        found = {"by_day": figures.by_day(book, 60), "by_age": figures.by_age(book),
                 "waited": waited, "by_account_and_reason": figures.by_account_and_reason(book),
                 "registers": figures.runs(book, 20)}  # fmt: skip
    if options.json:
        return report(options, found)
    for title, rows in found.items():
        if rows:
            table(dict.fromkeys(rows[0], "left"), [list(row.values()) for row in rows],
                  title=title.replace("_", " "))  # fmt: skip
    return 0
