"""What people undo: reverse, unapply, undo-statement; what they apply, refuse and close."""

import argparse

from pipeline.cli.output import report, show, table
from pipeline.cli.parser import Commands, Parser, day
from pipeline.config import Settings

_REASON = "why; kept with what it changes"


def register(commands: Commands) -> None:
    """Add reverse, unapply, apply, undo-statement, refuse-statement, period and conflict."""
    reverse = commands.add(
        "reverse",
        _reverse,
        "undo what lines posted: its exact negation, a new posting; the lines ask again",
        "lettrage reverse DE-EUR/211/1 --reason 'paid another invoice'",
    )
    reverse.add_argument(
        "named", nargs="+", metavar="NO",
        help="a journal entry, or the bank line that it posts: BANK_ACCOUNT/STATEMENT_NO/LINE_NO",
    )  # fmt: skip
    _dated(reverse)
    _register_unapply(commands)
    _register_apply(commands)
    _register_undo(commands)
    _register_period(commands)
    _register_conflict(commands)


def _register_conflict(commands: Commands) -> None:
    conflict = commands.add("conflict", None, "entries of which their source says otherwise",
                            "lettrage conflict list")  # fmt: skip
    actions = Commands(conflict, "ACTION")
    actions.add("list", _conflicts, "what we have open, what the source says, and since when",
                "lettrage conflict list")  # fmt: skip
    end = actions.add(
        "end",
        _end_conflict,
        "ours stands until the source says something else; the entry is posted to again",
        "lettrage conflict end RE-1007 --reason 'the ERP has it from its old system'",
    )
    end.add_argument("named", metavar="DOCUMENT", help="the number of the document")
    end.add_argument("--party", default="", metavar="NO", help="where several have this document")
    end.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)


def _register_unapply(commands: Commands) -> None:
    unapply = commands.add(
        "unapply",
        _unapply,
        "open a document again; what was paid stays with the party, on account",
        "lettrage unapply RE-1003 --reason 'paid for another invoice'",
    )
    unapply.add_argument(
        "named", metavar="DOCUMENT",
        help="a document number, or a bank line: BANK_ACCOUNT/STATEMENT_NO/LINE_NO",
    )  # fmt: skip
    unapply.add_argument("--party", default="", metavar="NO",
                         help="where several have this document")  # fmt: skip
    _dated(unapply)


def _register_apply(commands: Commands) -> None:
    apply = commands.add(
        "apply",
        _apply,
        "settle a document by what is open with its party: a payment on account, a credit memo",
        "lettrage apply DE-EUR/211/3 RE-1004 --reason 'meant for this one'",
    )
    apply.add_argument(
        "named", metavar="MONEY",
        help="the bank line that left it, BANK_ACCOUNT/STATEMENT_NO/LINE_NO, or the number of a"
        " credit memo or payment",
    )  # fmt: skip
    apply.add_argument("document", metavar="DOCUMENT", help="the number of what it settles")
    apply.add_argument("--amount", default="", metavar="AMOUNT",
                       help="how much of it; else all that is open of it")  # fmt: skip
    apply.add_argument("--party", default="", metavar="NO",
                       help="where several have this number")  # fmt: skip
    _dated(apply)


def _register_undo(commands: Commands) -> None:
    undo = commands.add(
        "undo-statement",
        _undo_statement,
        "take back that a statement is reconciled: one person asks, a second one says the same",
        "lettrage undo-statement DE-EUR 211 --reason 'line 4 was for another customer'",
    )
    undo.add_argument("account", metavar="BANK_ACCOUNT", help="its number")
    undo.add_argument("number", metavar="STATEMENT_NO", help="the last one that is reconciled")
    undo.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)
    refuse = commands.add(
        "refuse-statement",
        _refuse_statement,
        "end that a held statement waits, which is not ours: one person asks, a second one says"
        " the same",
        "lettrage refuse-statement DE91100000000123456789 17 --reason 'of another company'",
    )
    refuse.add_argument("account", metavar="ACCOUNT",
                        help="the bank account's number, or as the file names it")  # fmt: skip
    refuse.add_argument("number", metavar="STATEMENT_NO", help="as the exceptions list it")
    refuse.add_argument("--file", default="", metavar="SHA256",
                        help="how the hash of its file begins, where several have it")  # fmt: skip
    refuse.add_argument("--restore", action="store_true",
                        help="let one that was refused wait again, by two people too")  # fmt: skip
    refuse.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)


def _register_period(commands: Commands) -> None:
    period = commands.add("period", None, "closed periods", "lettrage period list")
    actions = Commands(period, "ACTION")
    actions.add("list", _periods, "how far the books are closed, and by whom",
                "lettrage period list")  # fmt: skip
    close = actions.add(
        "close",
        _close,
        "close the books through a day; refused with a list of what is not settled or proved",
        "lettrage period close --through 2025-12-31",
    )
    _through(close, "nothing is posted on this day or before it any more")
    close.add_argument("--reason", default="", metavar="TEXT", help=_REASON)
    reopen = actions.add(
        "reopen",
        _reopen,
        "open what is later than a day again: one person asks, a second one says the same",
        "lettrage period reopen --through 2025-11-30 --reason 'an invoice of December'",
    )
    _through(reopen, "the books stay closed through this day")
    reopen.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)


def _through(command: Parser, text: str) -> None:
    command.add_argument("--through", type=day, required=True, metavar="DATE", help=text)


def _dated(command: Parser) -> None:
    command.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)
    command.add_argument(
        "--on", type=day, metavar="DATE",
        help="posting date; else that of what it is about, or the first open day",
    )  # fmt: skip


def _reverse(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import corrections

    receipt = corrections.reverse(settings, options.named, options.user, options.reason, options.on)
    return report(options, receipt)


def _unapply(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import corrections

    receipt = corrections.unapply(
        settings, options.named, options.user, options.reason, party=options.party, on=options.on
    )
    return report(options, receipt)


def _apply(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import corrections

    receipt = corrections.apply(
        settings, options.named, options.document, options.user, options.reason,
        amount=options.amount, party=options.party, on=options.on,
    )  # fmt: skip
    return report(options, receipt)


def _undo_statement(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import statements

    receipt = statements.undo(
        settings, options.account, options.number, options.user, options.reason
    )
    return report(options, receipt)


def _refuse_statement(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import statements

    act = statements.restore if options.restore else statements.refuse
    receipt = act(settings, options.account, options.number, options.user, options.reason,
                  file=options.file)  # fmt: skip
    return report(options, receipt)


def _periods(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import periods

    found = periods.listed(settings)
    if options.json:
        return report(options, found)
    columns = dict.fromkeys(("action", "closed through", "by", "and", "at", "reason"), "left")
    names = ("action", "closed_through", "actor", "second_actor", "recorded_at", "reason")
    rows = [[row[name] for name in names] for row in found["events"]]
    rows += [
        ["asked: reopen", row["through"], row["by"], "", row["at"], row["reason"]]
        for row in found["reopening_asked"]
    ]
    closed = found["closed_through"]
    title = f"The books are closed through {closed}." if closed else "Every period is open."
    table(columns, rows, title) if rows else show(title)
    return 0


def _close(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import periods

    return report(options, periods.close(settings, options.through, options.user, options.reason))


def _reopen(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import periods

    return report(options, periods.reopen(settings, options.through, options.user, options.reason))


def _conflicts(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import conflicts

    found = conflicts.listed(settings)
    if options.json:
        return report(options, {"conflicts": found})
    columns = dict.fromkeys(("party", "document", "open here", "source says", "since", "loaded by",
                             "end asked by"), "left")  # fmt: skip
    names = ("party", "document", "open_here", "source_says", "since", "loaded_by")
    rows = [[*[row[name] for name in names], ", ".join(row["asked_by"])] for row in found]
    said = "No entry is in conflict with its source."
    table(columns, rows, "Entries of which their source says otherwise") if rows else show(said)
    return 0


def _end_conflict(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline.corrections import conflicts

    receipt = conflicts.end(
        settings, options.named, options.user, options.reason, party=options.party
    )
    return report(options, receipt)
