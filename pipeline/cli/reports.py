"""The reports: the night's control report, bank reconciliation, aging, trial balance."""

import argparse
import functools
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.cli.output import problems, say, show, stop, writing
from pipeline.cli.parser import Commands, Parser, as_known_at, day
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

Report = dict[str, Any]
Form = Callable[[Report], str | bytes]


def register(commands: Commands) -> None:
    """Add report with its kinds."""
    reports = commands.add("report", None, "reports as of a date", "lettrage report night")
    kinds = Commands(reports, "KIND")
    night = kinds.add("night", _night, "the night's control report", "lettrage report night")
    _options(night, needed=False, forms=("table", "json"))
    night.add_argument("--mail", action="store_true",
                       help="send it to [report] mail_to too, to nobody twice")  # fmt: skip
    proof = kinds.add(
        "bank-reconciliation",
        _bank_reconciliation,
        "the bank proof of each account with every outstanding item",
        "lettrage report bank-reconciliation --as-of 2026-10-31",
    )
    _options(proof, needed=True, forms=("table", "csv", "json", "pdf"))
    aging = kinds.add(
        "aging",
        _aging,
        "open entries by how long they are overdue, unapplied payments apart",
        "lettrage report aging --as-of 2026-10-31 --party-type customer",
    )
    _options(aging, needed=True, forms=("table", "csv", "json"))
    aging.add_argument("--party-type", choices=("customer", "vendor"), help="else both sides")
    trial = kinds.add(
        "trial-balance",
        _trial_balance,
        "every account of the general ledger, debits beside credits",
        "lettrage report trial-balance --as-of 2026-10-31 --from 2026-10-01",
    )
    _options(trial, needed=True, forms=("table", "csv", "json"))
    trial.add_argument("--from", dest="since", type=day, metavar="DATE",
                       help="opening balances on that day, and what moved since")  # fmt: skip


def _options(command: Parser, *, needed: bool, forms: tuple[str, ...]) -> None:
    command.add_argument(
        "--as-of", type=day, required=needed, metavar="DATE",
        help="the day it is seen from" if needed else "else the latest booking date",
    )  # fmt: skip
    as_known_at(command)
    command.add_argument("--format", choices=forms, default="table", help=", ".join(forms))
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="else standard output")


def _night(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import reporting
    from pipeline.reports import night_text

    report = reporting.night(settings, options.as_of, options.as_known_at)
    failed = options.mail and _mailed(options, settings, report)
    return _out(options, report, {"table": night_text.text}) or int(failed)


def _mailed(options: argparse.Namespace, settings: Settings, report: Report) -> bool:
    """Mail the control report and say so; whether a server refused an address for good."""
    from pipeline import night

    if not settings.report["mail_to"]:
        raise UsageError("--mail: [report] mail_to names nobody; expected it in the settings file")
    done = night.mail_report(settings, report, options.user)
    said = ", ".join(f"{name} {count}" for name, count in done.items() if count)
    say(f"mail: {said}")
    return bool(done["failed"])


def _bank_reconciliation(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import reporting
    from pipeline.reports import bank_reconciliation as reconciliation

    report = reporting.bank_reconciliation(settings, options.as_of, options.as_known_at)
    forms: Mapping[str, Form] = {
        "table": reconciliation.text,
        "csv": reconciliation.comma_separated,
        "pdf": functools.partial(reconciliation.pdf, company=settings.company["name"]),
    }
    return _out(options, report, forms)


def _aging(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import reporting
    from pipeline.reports import aging

    report = reporting.aging(settings, options.as_of, options.as_known_at, options.party_type)
    return _out(options, report, {"table": aging.text, "csv": aging.comma_separated})


def _trial_balance(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import reporting
    from pipeline.reports import trial_balance as trial

    if options.since and options.since > options.as_of:
        raise UsageError(f"--from {options.since}: is after --as-of {options.as_of}")
    report = reporting.trial_balance(settings, options.as_of, options.as_known_at, options.since)
    return _out(options, report, {"table": trial.text, "csv": trial.comma_separated})


def _out(options: argparse.Namespace, report: Report, forms: Mapping[str, Form]) -> int:
    """Print a report, or write it to a file; 1 when something in it does not tie."""
    stop()
    form = "json" if options.json and not options.output else options.format
    if form == "pdf" and options.output is None:
        raise UsageError("--format pdf: expected -o FILE")
    content = _json(report) if form == "json" else forms[form](report)
    data = content if isinstance(content, bytes) else content.encode()
    found = problems(report)
    if options.output is None:
        sys.stdout.write(data.decode())
    else:
        with writing("--output", options.output):
            options.output.write_bytes(data)
        written = {"file": str(options.output), "problems": found}
        show(json.dumps(written) if options.json else f"written to {options.output}")
    for problem in found:
        say(f"lettrage: {problem}")
    return 1 if found else 0


def _json(report: Report) -> str:
    return json.dumps(report, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
