"""Mappings: what people taught, seen and changed, and tried without writing."""

import argparse
import json
from typing import Any

from pipeline.cli.output import report, say, show, table
from pipeline.cli.parser import Commands, Parser, number
from pipeline.config import Settings

_SIDES = ("in", "out", "both")
_LIST = {"no": "right", "of": "left", "pattern": "left", "leads to": "left", "side": "left",
         "limit": "right", "as it stands": "left", "by": "left", "at": "left",
         "learnt from": "left", "reason": "left"}  # fmt: skip


def register(commands: Commands) -> None:
    """Add mapping with its actions."""
    group = commands.add(
        "mapping", None, "what people taught: text or payer -> party or account",
        "lettrage mapping list",
    )  # fmt: skip
    actions = Commands(group, "ACTION")
    _register_looks(actions)
    _register_changes(actions)


def _register_looks(actions: Commands) -> None:
    listed = actions.add("list", _list, "what stands, and where it comes from",
                         "lettrage mapping list")  # fmt: skip
    listed.add_argument("--history", action="store_true",
                        help="every state of every mapping, removed ones too")  # fmt: skip
    attempt = actions.add(
        "try", _try, "what a payer or text would hit, and in which open lines it stands",
        "lettrage mapping try --text 'Zeitschrift'",
    )  # fmt: skip
    _patterns(attempt)


def _register_changes(actions: Commands) -> None:
    add = actions.add(
        "add", _add, "teach where a payer or text leads; used from the next run on",
        "lettrage mapping add --text Zeitschrift --account bank_fees --limit 100.00 --side out",
    )  # fmt: skip
    _patterns(add)
    _says(add)
    edit = actions.add(
        "edit", _edit, "change a mapping; what was approved must be approved anew",
        "lettrage mapping edit 1 --limit 80.00",
    )  # fmt: skip
    _number(edit)
    edit.add_argument("--pattern", metavar="TEXT", default="", help="another account, name or text")
    _says(edit)
    approve = actions.add(
        "approve", _approve, "let a mapping to an account post within its limit; a second person",
        "lettrage mapping approve 1 --user berta",
    )  # fmt: skip
    _number(approve)
    _reason(approve)
    remove = actions.add("remove", _remove, "end a mapping; its states stay on record",
                         "lettrage mapping remove 1 --reason 'contract ended'")  # fmt: skip
    _number(remove)
    _reason(remove)


def _number(command: Parser) -> None:
    command.add_argument("mapping", type=number, metavar="NO", help="number of the mapping")


def _reason(command: Parser) -> None:
    command.add_argument("--reason", default="", metavar="TEXT", help="why; kept with the mapping")


def _patterns(command: Parser) -> None:
    add = command.add_argument
    add(
        "--payer-account", metavar="IBAN", default="", help="the payer's account, as banks write it"
    )
    add("--payer-name", metavar="NAME", default="", help="the payer's whole name")
    add("--text", metavar="WORDS", default="", help="whole words of the line's text")


def _says(command: Parser) -> None:
    command.add_argument("--party", metavar="PARTY", default="",
                         help="who pays: NUMBER, customer/NUMBER or vendor/NUMBER")  # fmt: skip
    command.add_argument("--account", metavar="ACCOUNT", default="",
                         help="a number of the chart or a key of [accounts]")  # fmt: skip
    command.add_argument("--side", choices=_SIDES, default="", metavar="SIDE",
                         help="money in, out or both (default both; in for a party)")  # fmt: skip
    command.add_argument("--limit", metavar="AMOUNT", default="",
                         help="up to this it may post to the account by itself, once approved;"
                         " 'AMOUNT CURRENCY' for another than the company's")  # fmt: skip
    _reason(command)


def _asked(options: argparse.Namespace) -> dict[str, str]:
    return {kind: getattr(options, kind) for kind in ("payer_account", "payer_name", "text")}


def _target(options: argparse.Namespace) -> tuple[str, str] | None:
    from pipeline.domain.errors import UsageError

    if options.party and options.account:
        raise UsageError("expected --party or --account, not both")
    if options.party:
        return ("party", options.party)
    return ("account", options.account) if options.account else None


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching
    from pipeline.domain.errors import UsageError

    given = [(kind, pattern) for kind, pattern in _asked(options).items() if pattern]
    to = _target(options)
    if len(given) != 1:
        raise UsageError("expected one of --payer-account, --payer-name and --text")
    if to is None:
        raise UsageError("expected where it leads to: --party PARTY or --account ACCOUNT")
    more = {"side": options.side, "limit": options.limit, "reason": options.reason}
    return report(options, teaching.add(settings, *given[0], to, options.user, **more))


def _edit(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching

    receipt = teaching.edit(
        settings, options.mapping, options.user, pattern=options.pattern, to=_target(options),
        side=options.side, limit=options.limit, reason=options.reason,
    )  # fmt: skip
    return report(options, receipt)


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching

    done = teaching.approve(settings, options.mapping, options.user, reason=options.reason)
    return report(options, done)


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching

    done = teaching.remove(settings, options.mapping, options.user, reason=options.reason)
    return report(options, done)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching

    rows = teaching.listing(settings, history=options.history)
    if options.json:
        show(json.dumps({"mappings": rows}))
        return 0
    _table(rows)
    say(f"{len(rows)} {'states of mappings' if options.history else 'mappings'}")
    return 0


def _try(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import teaching

    found = teaching.attempt(settings, _asked(options))
    if options.json:
        show(json.dumps(found))
        return 0
    if found["mappings"]:
        _table(found["mappings"])
    columns = {"exception": "right", "booked": "left", "amount": "right", "": "left",
               "from or to": "left", "text": "left"}  # fmt: skip
    if found["lines"]:
        table(columns, [_line(row) for row in found["lines"]], title="Open lines")
    say(f"{found['answer']}; {len(found['lines'])} open lines")
    return 0


def _table(rows: list[dict[str, Any]]) -> None:
    table(_LIST, [_row(row) for row in rows])


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    kind = "account" if row["target_type"] == "gl" else row["target_type"]
    source = f"exception {row['exception']}" if row["exception"] else ""
    if row["exception_prepared_by"]:
        source += f", prepared by {row['exception_prepared_by']}"
    by = f"{row['actor']}, after {row['prepared_by']}" if row["prepared_by"] else row["actor"]
    state = row["state"]
    if also := row.get("also_paid_for"):
        state += f"; also paid for {', '.join(also[:3])}"
    return (row["mapping"], row["kind"].replace("_", " "), row["pattern"],
            f"{kind} {row['target_no']}", row["side"], row["limit"], state, by,
            row["recorded_at"], source, row["reason"])  # fmt: skip


def _line(row: dict[str, Any]) -> tuple[object, ...]:
    return (row["exception"] or "", row["booking_date"], row["amount"], row["currency"],
            row["counterparty_name"], row["text"])  # fmt: skip
