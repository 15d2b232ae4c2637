"""The command line: one sub-command per step, errors that help, exit codes of the contract."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import config
from pipeline.domain.errors import LettrageError, UsageError

Command = Callable[[argparse.Namespace, config.Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 found something, 2 wrong usage)."""
    options = _parser().parse_args(arguments)
    try:
        settings = config.read(getattr(options, "config", None), getattr(options, "ledger", None))
        run: Command = options.run
        return run(options, settings)
    except UsageError as error:
        _say(f"lettrage: {error}")
        return 2
    except LettrageError as error:
        _say(f"lettrage: {error}")
        return 1
    except BrokenPipeError:
        return 0


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _progress(step: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        filled = 30 * done // max(total, 1)
        sys.stderr.write(f"\r{step:<10} [{'#' * filled:<30}] {done}/{total}")
        if done == total:
            sys.stderr.write("\n")
    elif done == total:
        _say(f"{step}: {done}/{total}")


def _report(options: argparse.Namespace, receipt: dict[str, Any]) -> int:
    if getattr(options, "json", False):
        _print(json.dumps(receipt, sort_keys=True, default=str))
    else:
        _print(_text(receipt))
    return 1 if _problems(receipt) else 0


def _problems(receipt: dict[str, Any]) -> list[str]:
    found = list(receipt.get("problems", []))
    for value in receipt.values():
        if isinstance(value, dict):
            found += _problems(value)
    return found


def _text(receipt: dict[str, Any], indent: str = "") -> str:
    rows = []
    for key, value in receipt.items():
        name = key.replace("_", " ")
        if isinstance(value, dict):
            rows += [f"{indent}{name}:", _text(value, indent + "  ")]
        elif isinstance(value, list):
            rows += [f"{indent}{name}: {len(value)}", *(f"{indent}  {item}" for item in value)]
        else:
            rows.append(f"{indent}{name}: {value}")
    return "\n".join(rows)


def _init(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger

    ledger.init(settings.ledger)
    return _report(options, {"ledger": "ready"})


def _load(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger.load import load

    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        receipt = load(
            book,
            options.kind,
            options.file,
            settings,
            snapshot=options.snapshot,
            allow_closing=options.allow_closing,
            actor=options.user,
        )
    return _report(options, receipt)


def _ingest(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    steps.open_batch(settings)
    return _report(options, steps.ingest(settings, options.paths, options.user, _progress))


def _match(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    return _report(options, steps.match(settings, options.user))


def _post(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    return _report(options, steps.post(settings, options.user, options.min_confidence))


def _reconcile(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    return _report(options, steps.reconcile(settings, actor=options.user))


def _nightly(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    return _report(options, steps.nightly(settings, options.paths, options.user, _progress))


def _statements(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import steps

    return _report(options, steps.customer_statements(settings, options.as_of, options.out))


def _export(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import export

    with ledger.open(settings.ledger) as book:
        if options.kind == "journal":
            text = export.journal(book, options.format or "beancount", settings)
            if options.output:
                options.output.write_text(text, "utf-8")
            else:
                sys.stdout.write(text)
        else:
            frame = export.export(book, options.kind)
            export.write(frame, options.format or "csv", options.output)
    return 0


def _verify(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger.verify import verify

    with ledger.open(settings.ledger) as book:
        results = verify(book)
    broken = [check for check in results if check.violations]
    if options.json:
        _print(json.dumps({check.invariant: check.violations for check in results}))
    else:
        for check in results:
            mark = "ok" if not check.violations else f"{check.violations} VIOLATIONS {check.ids}"
            _print(f"{check.invariant:<5} {check.checked:>9} checked  {mark}")
        _print(f"{len(results)} invariants, {len(broken)} broken")
    return 1 if broken else 0


def _exceptions(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import export

    with ledger.open(settings.ledger) as book:
        frame = export.export(book, "exceptions")
    rows = frame.to_dicts()
    if options.json:
        _print(json.dumps({"exceptions": rows}, default=str))
        return 0
    for row in rows:
        _print(
            f"{row['id']:>5}  {row['bank_account_no']:<10} {row['statement_no']:>8}/"
            f"{row['line_no']:<4} {row['remaining']:>14} {row['currency']}  "
            f"{row['reason']:<24} {row['hint']}"
        )
    _print(f"{len(rows)} exception items")
    return 0


def _report_command(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import report

    with ledger.open(settings.ledger) as book:
        return _report(options, report.night_report(book))


def _demo(options: argparse.Namespace, settings: config.Settings) -> int:
    from pipeline import demo

    return demo.run(options.dir, options.user)


def _dags_path(options: argparse.Namespace, settings: config.Settings) -> int:
    beside = Path(__file__).parent
    inside = beside / "_dags"
    _print(str(inside if inside.exists() else beside.parent / "dags"))
    return 0


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, expected YYYY-MM-DD") from error


def _globals(parser: argparse.ArgumentParser, default: Any) -> None:
    parser.add_argument("--ledger", metavar="URL", default=default, help="ledger database")
    parser.add_argument("--config", metavar="FILE", type=Path, default=default, help="settings")
    parser.add_argument("--user", default=default, help="the actor that is recorded")
    parser.add_argument("--json", action="store_true", default=default, help="one JSON object")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lettrage",
        description="Nightly bank reconciliation in the open.",
        epilog="example: lettrage nightly inbox/",
    )
    _globals(parser, None)
    parser.set_defaults(user=f"{getpass.getuser()}", json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str, example: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=text, description=text, epilog=f"example: {example}"
        )
        _globals(command, argparse.SUPPRESS)
        command.set_defaults(run=run)
        return command

    add("init", _init, "create the ledger, or upgrade it", "lettrage init")
    load = add("load", _load, "load a file of the books", "lettrage load customers customers.csv")
    load.add_argument("kind", choices=LOAD_KINDS)
    load.add_argument("file", type=Path)
    load.add_argument("--snapshot", action="store_true", help="the file is the complete list")
    load.add_argument("--allow-closing", action="store_true", help="even beyond 10 per cent")
    ingest = add("ingest", _ingest, "read feed files", "lettrage ingest inbox/")
    ingest.add_argument("paths", type=Path, nargs="+")
    add("match", _match, "propose applications for open lines", "lettrage match")
    post = add("post", _post, "post what the policy allows", "lettrage post")
    post.add_argument("--min-confidence", choices=("medium", "high"), default=None)
    add("reconcile", _reconcile, "close settled statements", "lettrage reconcile")
    nightly = add("nightly", _nightly, "ingest, match, post, reconcile", "lettrage nightly inbox/")
    nightly.add_argument("paths", type=Path, nargs="+")
    statements = add(
        "statements",
        _statements,
        "customer statements as PDF",
        "lettrage statements --as-of 2026-10-31 --out statements/",
    )
    statements.add_argument("--as-of", type=_date, required=True)
    statements.add_argument("--out", type=Path, default=Path("statements"))
    export = add("export", _export, "write what the ledger holds", "lettrage export lines -o l.csv")
    export.add_argument("kind", choices=EXPORT_KINDS)
    export.add_argument("--format", default=None)
    export.add_argument("-o", "--output", type=Path, default=None)
    queue = add("exceptions", _exceptions, "the exception queue", "lettrage exceptions list")
    queue.add_argument("action", choices=("list",))
    report = add("report", _report_command, "reports", "lettrage report night")
    report.add_argument("kind", choices=("night",))
    add("verify", _verify, "check every invariant of the books", "lettrage verify")
    demo = add("demo", _demo, "two nights on sample data", "lettrage demo demo/")
    demo.add_argument("dir", type=Path, nargs="?", default=Path("lettrage-demo"))
    add("dags-path", _dags_path, "where the DAG files are", "lettrage dags-path")
    return parser


LOAD_KINDS = (
    "customers",
    "vendors",
    "bank-accounts",
    "ledger-entries",
    "bank-entries",
    "entry-taxes",
    "gl-accounts",
    "rates",
    "control-totals",
)
EXPORT_KINDS = (
    "applications",
    "lines",
    "statements",
    "exceptions",
    "entries",
    "bank-entries",
    "gl",
    "proposals",
    "journal",
)


if __name__ == "__main__":
    raise SystemExit(main())
