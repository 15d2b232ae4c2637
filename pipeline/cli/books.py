"""The ledger and its books: set up, load, check, report, export."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pipeline.cli import auditing, handing_over
from pipeline.cli.output import report, show, writing
from pipeline.cli.parser import Commands, day, number
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

LOAD_KINDS = ("customers", "vendors", "bank-accounts", "ledger-entries", "bank-entries",
              "entry-taxes", "gl-accounts", "rates", "control-totals")  # fmt: skip
EXPORT_KINDS = ("applications", "lines", "statements", "exceptions", "entries", "bank-entries",
                "gl", "proposals", "revisions", "files", "tax-corrections", "mappings",
                "master-changes", "batches", "originals", "journal", "datev", "fec",
                "audit")  # fmt: skip


def register(commands: Commands) -> None:
    """Add init and load."""
    init = commands.add(
        "init", _init, "create the ledger, or upgrade it to this version", "lettrage init"
    )
    init.add_argument("--currency", metavar="CODE", help="the company's currency, ISO 4217")
    init.add_argument("--service-role", default="", metavar="NAME",
                      help="PostgreSQL: who may only insert and read")  # fmt: skip
    load = commands.add(
        "load", _load, "load a file of the books", "lettrage load customers customers.csv"
    )
    load.add_argument("kind", choices=LOAD_KINDS, metavar="KIND", help=", ".join(LOAD_KINDS))
    load.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="CSV or Parquet; as an ERP writes it: [load.KIND] of the settings",
    )
    load.add_argument("--snapshot", action="store_true", help="FILE is all that is open now")
    load.add_argument("--allow-closing", action="store_true", help="even more than 10 per cent")
    load.add_argument("--as-of", type=day, metavar="DATE", help="the day on which FILE was drawn")
    load.add_argument("--booked-through", type=number, default=0, metavar="REGISTER",
                      help="the other books have our postings until this register")  # fmt: skip


def register_outputs(commands: Commands) -> None:
    """Add export."""
    export = commands.add(
        "export", _export, "write what the ledger holds", "lettrage export lines -o lines.csv"
    )
    export.add_argument("kind", choices=EXPORT_KINDS, metavar="KIND", help=", ".join(EXPORT_KINDS))
    export.add_argument(
        "--format", help="csv, parquet or json; journal: beancount, hledger, ledger or csv"
    )
    export.add_argument("--since", type=day, metavar="DATE", help="leave out what is before")
    export.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        help="the day to which items age; audit: of the balance",
    )
    export.add_argument("-o", "--output", type=Path, metavar="FILE",
                        help="else standard output; for several files a folder")  # fmt: skip
    export.add_argument("--file", metavar="HASH", default="",
                        help="originals: the file_sha256, or how it begins")  # fmt: skip
    handing_over.add_options(export)
    auditing.add_options(export)


def _init(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import company

    ledger.init(settings.ledger, options.service_role)
    with ledger.open(settings.ledger) as book:
        if options.currency:
            held = company.choose_currency(book, settings, options.currency)
        else:
            held = company.currency(book, settings)
    return report(options, {"ledger": "ready", **({"company_currency": held} if held else {})})


def _load(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger, steps
    from pipeline.ledger.load import load

    if not options.file.is_file():
        wrong = "is no regular file" if options.file.exists() else "no such file"
        raise UsageError(f"{options.file}: {wrong}; expected a CSV or Parquet file")
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        receipt = load(
            book,
            options.kind,
            options.file,
            settings,
            snapshot=options.snapshot,
            allow_closing=options.allow_closing,
            as_of=options.as_of,
            booked_through=options.booked_through,
            actor=options.user,
        )
    if options.kind == "rates":
        receipt |= steps.value(settings, options.user)
    return report(options, receipt)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import company, export

    if options.kind in ("fec", "audit"):
        run = auditing.audit if options.kind == "audit" else handing_over.whole_year
        return run(options, settings)
    if options.kind == "datev" or (options.kind == "gl" and (options.new or options.batch)):
        return handing_over.hand_over(options, settings)
    _refuse_options_of_others(options)
    if options.kind == "originals":
        return _originals(options, settings)
    with ledger.open(settings.ledger) as book:
        if options.kind == "journal":
            content: Any = export.journal(
                book, options.format or "beancount", settings, since=options.since
            )
        else:
            content = export.export(
                book,
                options.kind,
                since=options.since,
                as_of=options.as_of,
                accounts=settings.accounts,
                company_currency=company.currency(book, settings),
            )
    if options.json:
        return _export_json(options, content)
    if options.output:
        _export_file(options, content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    else:
        if options.format == "parquet" and sys.stdout.isatty():
            raise UsageError("--format parquet: is not for a terminal; expected -o FILE")
        export.write(content, options.format or "csv", None)
    return 0


def _export_file(options: argparse.Namespace, content: Any) -> None:
    from pipeline.ledger import export

    with writing("--output", options.output):
        if isinstance(content, str):
            options.output.write_text(content, "utf-8")
        else:
            export.write(content, options.format or "csv", options.output)


def _refuse_options_of_others(options: argparse.Namespace) -> None:
    if options.new or options.batch:
        kinds = ", ".join(handing_over.KINDS)
        raise UsageError(f"--new and --batch: expected with one of {kinds}")
    if options.as_known_at is not None:
        raise UsageError(f"--as-known-at: expected with export audit, not {options.kind}")


def _originals(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import export

    if options.output is None:
        raise UsageError("export originals: expected -o FOLDER, the files are written into it")
    with ledger.open(settings.ledger) as book:
        written = export.originals(book, options.output, options.file)
    return report(options, {"folder": str(options.output), "files": len(written)})


def _export_json(options: argparse.Namespace, content: Any) -> int:
    """One object on standard output: the rows themselves, or how many went to the file."""
    if options.output:
        _export_file(options, content)
        counted = {} if isinstance(content, str) else {"rows": content.height}
        return report(options, {"file": str(options.output), **counted})
    rows = content if isinstance(content, str) else content.to_dicts()
    show(json.dumps({options.kind: rows}, default=str))
    return 0
