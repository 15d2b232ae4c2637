"""The exception queue: what waits for a person, and what people decide."""

import argparse
from collections.abc import Callable
from typing import Any

from pipeline.cli import queue_lists, queue_views
from pipeline.cli.output import report, say, table
from pipeline.cli.parser import Commands, Parser, number
from pipeline.config import Settings

_REASON = "why; kept with the decision and its register"


def register(commands: Commands) -> None:
    """Add exceptions with its actions."""
    queue = commands.add("exceptions", None, "what waits for a person", "lettrage exceptions list")
    actions = Commands(queue, "ACTION")
    _register_looks(actions)
    _register_apply(actions)
    _register_short(actions)
    _register_runs(actions)


def _register_looks(actions: Commands) -> None:
    queue_lists.register(actions)
    queue_views.register(actions)
    show = actions.add("show", _show, "one item, whole", "lettrage exceptions show 1")
    _id(show)


def _register_apply(actions: Commands) -> None:
    apply = actions.add(
        "apply",
        _apply,
        "say what a line settles, and post it; discount and tolerance by the rules of the night",
        "lettrage exceptions apply 1 --to RE-1001",
    )
    _id(apply)
    pair: dict[str, Any] = {"action": "append", "default": [], "type": _pair}
    apply.add_argument("--to", metavar="DOCUMENT[=AMOUNT]", help="an open entry: NUMBER,"
                       " PARTY/NUMBER or bank:NUMBER", **pair)  # fmt: skip
    apply.add_argument("--account", metavar="ACCOUNT=AMOUNT", help="part of it to a G/L account",
                       **pair)  # fmt: skip
    apply.add_argument("--on-account", metavar="PARTY", nargs="?", const="", default=None,
                       help="what is left stays on account (of the documents' party)")  # fmt: skip
    text = "[DOCUMENT=]AMOUNT"
    apply.add_argument("--discount", metavar=text, help="grant this discount", **pair)
    apply.add_argument("--charges", metavar=text, help="bank charges that were withheld", **pair)
    apply.add_argument("--write-off", metavar=text, help="give up this much", **pair)
    _decides(apply)
    _previews(apply)
    _teaches(apply)
    _remembers(apply)
    account = actions.add(
        "to-account",
        _to_account,
        "book a line to one or several G/L accounts",
        "lettrage exceptions to-account 2 bank_fees --reason 'yearly fee'",
    )
    _id(account)
    account.add_argument(
        "accounts",
        nargs="+",
        type=_pair,
        metavar="ACCOUNT[=AMOUNT]",
        help="a number of the chart or a key of [accounts]; one may take what is left",
    )
    _remembers(account)
    _decides(account)
    _previews(account)


def _register_short(actions: Commands) -> None:
    for name, run, text, example in (
        ("accept", _accept, "post a proposal, or approve a colleague's decision", "accept 3"),
        ("reject", _reject, "never propose this again for the line", "reject 4 --rank 1"),
    ):
        command = actions.add(name, run, text, f"lettrage exceptions {example}")
        _id(command)
        command.add_argument(
            "--rank", type=number, default=1, metavar="N", help="default: the best"
        )
        _decides(command)
        if name == "accept":
            _teaches(command)
            _previews(command)
    dismiss = actions.add(
        "dismiss",
        _dismiss,
        "end two items whose lines cancel each other; both lines stay booked",
        "lettrage exceptions dismiss 5 --with 6",
    )
    _id(dismiss)
    dismiss.add_argument("--with", dest="pair", type=number, metavar="ID", help="the other item")
    _decides(dismiss)
    _previews(dismiss)
    assign = actions.add(
        "assign", _assign, "say who takes care", "lettrage exceptions assign 4 --to anna"
    )
    _id(assign)
    assign.add_argument("--to", required=True, metavar="NAME", help="empty: nobody")
    later = actions.add("later", _later, "put an item off until a day",
                        "lettrage exceptions later 4 --until 2099-12-31")  # fmt: skip
    _id(later)
    later.add_argument("--until", required=True, metavar="DATE", help="empty: no longer")
    later.add_argument("--reason", default="", metavar="TEXT", help="kept with it")
    note = actions.add(
        "comment", _comment, "note something", "lettrage exceptions comment 4 'asked the customer'"
    )
    _id(note)
    note.add_argument("text")


def _register_runs(actions: Commands) -> None:
    """What the DAGs exception_queue and apply_decisions do, one command a step."""
    actions.add("route", _route, "give what nobody has, and what is old, to whom [queue] says",
                "lettrage exceptions route")  # fmt: skip
    actions.add("notify", _notify, "mail people what is new for them, by [queue.addresses]",
                "lettrage exceptions notify")  # fmt: skip
    actions.add("waiting", _waiting, "decisions that wait for a second person",
                "lettrage exceptions waiting")  # fmt: skip
    actions.add("approve", _approve, "post all that others prepared and that waits",
                "lettrage exceptions approve")  # fmt: skip


def _id(command: Parser) -> None:
    command.add_argument("id", type=number, metavar="ID", help="number of the item")


def _previews(command: Parser) -> None:
    command.add_argument("--preview", action="store_true", help="show the postings, make none")


def _decides(command: Parser) -> None:
    command.add_argument("--reason", default="", metavar="TEXT", help=_REASON)
    command.add_argument("--seen", default="", metavar="VERSION",
                         help="refuse if the item is not as shown (version of show)")  # fmt: skip


def _teaches(command: Parser) -> None:
    command.add_argument("--once", action="store_true", help="remember nothing of this payer")


def _remembers(command: Parser) -> None:
    command.add_argument("--remember", default="", metavar="WORDS",
                         help="lines with these words lead there too: a mapping")  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    """``WORD=AMOUNT``, ``WORD``, or for the amounts of a single document ``AMOUNT``."""
    word, found, amount = text.rpartition("=")
    if found and not (word and amount):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=AMOUNT")
    return (word, amount) if found else (text, "")


def _amounts(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(("", word) if not amount else (word, amount) for word, amount in pairs)


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.cli import queue_tables

    return queue_tables.shown(options, settings)


def _apply(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    wish = decisions.Wish(
        documents=tuple(options.to),
        accounts=tuple(options.account),
        on_account=options.on_account,
        discounts=_amounts(options.discount),
        charges=_amounts(options.charges),
        write_offs=_amounts(options.write_off),
    )
    if options.preview:
        return _show_postings(options, decisions.previewing.of_wish(settings, options.id, wish))
    return _decide(options, settings, decisions.apply, wish=wish, once=options.once,
                   remember=options.remember)  # fmt: skip


def _to_account(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    wish = decisions.Wish(accounts=tuple(options.accounts))
    if options.preview:
        return _show_postings(options, decisions.previewing.of_wish(settings, options.id, wish))
    return _decide(options, settings, decisions.apply, wish=wish, action="to-account",
                   remember=options.remember)  # fmt: skip


def _accept(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    if options.preview:
        found = decisions.previewing.of_proposal(settings, options.id, options.rank)
        return _show_postings(options, found)
    return _decide(options, settings, decisions.accept, rank=options.rank, once=options.once)


def _reject(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    return _decide(options, settings, decisions.reject, rank=options.rank)


def _dismiss(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    if options.preview and options.pair is not None:
        found = decisions.previewing.of_pair(settings, options.id, options.pair)
        return _show_postings(options, found)
    return _decide(options, settings, decisions.dismiss, pair=options.pair)


def _show_postings(options: argparse.Namespace, found: Any) -> int:
    """What a decision would post: nothing is written."""
    from pipeline.domain import money

    rows = [{**row, "amount": money.text(row["amount"], row["currency"])} for row in found.postings]
    names = ("gl_account", "party_no", "bank_account_no", "amount", "currency")
    told = [{name: row[name] for name in names} for row in rows]
    if options.json:
        days = [str(day) for day in found.posting_dates]
        return report(options, {"would_post": told, "posting_dates": days,
                                "needs_approval": found.needs_approval})  # fmt: skip
    columns = {"account": "left", "party": "left", "bank account": "left", "amount": "right",
               "": "left"}  # fmt: skip
    table(columns, [[row[name] for name in names] for row in told])
    if found.needs_approval:
        say(f"passes the limit {found.needs_approval}: it would wait for a second person")
    return 0


def _decide(
    options: argparse.Namespace, settings: Settings, act: Callable[..., Any], **more: Any
) -> int:
    receipt = act(
        settings,
        number=options.id,
        actor=options.user,
        reason=options.reason,
        seen=options.seen,
        **more,
    )
    return report(options, receipt)


def _assign(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    return report(options, decisions.assign(settings, options.id, options.user, options.to))


def _later(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    return report(options, decisions.later(settings, options.id, options.user, options.until,
                                           options.reason))  # fmt: skip


def _comment(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import decisions

    return report(options, decisions.comment(settings, options.id, options.user, options.text))


def _route(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import exception_queue

    return report(options, exception_queue.route(settings, options.user))


def _notify(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import exception_queue

    return report(options, exception_queue.notify(settings, options.user))


def _waiting(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import exception_queue

    return report(options, exception_queue.waiting(settings))


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import exception_queue

    asked = exception_queue.waiting(settings)["asked"]
    return report(options, exception_queue.approve(settings, asked, options.user))
