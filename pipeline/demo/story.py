"""What the two nights did, told line by line: what settled it, or why it waits for a person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import config, ledger, steps
from pipeline.demo.company import NIGHTS
from pipeline.feeds import inbox
from pipeline.ledger.export import export
from pipeline.ledger.feed_history import file_fates
from pipeline.ledger.verify import verify
from pipeline.reports import night_text
from pipeline.reports.night import FATES

Say = Callable[[str], None]
Row = dict[str, Any]


def tell(settings: config.Settings, folder: Path, say: Say) -> list[str]:
    """Tell the story of the ledger; returns the invariants that do not hold."""
    with ledger.open(settings.ledger) as book:
        lines, applied = export(book, "lines"), export(book, "applications")
        statements, waiting = export(book, "statements"), export(book, "exceptions")
        fates = file_fates(book)
        broken = [check.invariant for check in verify(book) if check.violations]
    _files(fates, folder, say)
    _lines(lines, applied, statements, waiting, say)
    _exceptions(waiting, say)
    _control(steps.night_report(settings), folder, say)
    _where(folder, say)
    say("verify: " + (f"BROKEN {broken}" if broken else "every invariant of the books holds"))
    return broken


def _files(fates: pl.DataFrame, folder: Path, say: Say) -> None:
    """Each file that a bank sent and what became of it, those that brought nothing too."""
    seen: dict[str, str] = {}
    for name in NIGHTS:
        say(f"\n{name}")
        for path in inbox.listing([folder / "sample_feeds" / name]):
            digest = inbox.read(path).sha256
            first = seen.setdefault(digest, f"{name}/{path.name}")
            rows = fates.filter(pl.col("sha256") == digest).to_dicts()
            again = f"the same bytes as {first}: nothing to do"
            fate = ", ".join(map(_file, rows)) if first == f"{name}/{path.name}" else again
            say(f"  {path.name:<22} {fate}")


def _file(row: Row) -> str:
    what = f"{row['bank_account_no']} statement {row['statement_no']}"
    if row["status"] == "replaced":
        return f"{what}: held, {row['reason']}; a corrected one took its place"
    return f"{what}: {row['status']}" + (f", {row['reason']}" if row["reason"] else "")


def _key(row: Row) -> tuple[str, str, int]:
    return row["bank_account_no"], row["statement_no"], int(row["line_no"])


def _lines(
    lines: pl.DataFrame,
    applied: pl.DataFrame,
    statements: pl.DataFrame,
    waiting: pl.DataFrame,
    say: Say,
) -> None:
    settled: dict[tuple[str, str, int], list[str]] = {}
    for row in applied.filter(pl.col("status").is_in(["posted", "reversed"])).to_dicts():
        settled.setdefault(_key(row), []).append(_target(row))
    hints = {_key(row): row["hint"] for row in waiting.to_dicts()}
    for statement in statements.sort("to_date", "bank_account_no", "file_name").to_dicts():
        number = (statement["bank_account_no"], statement["statement_no"])
        held = statement["status"] == "held"
        reason = f" ({statement['reason']})" if statement["reason"] else ""
        say(
            f"\n{number[0]} statement {number[1]}, {statement['file_name']}:"
            f" {statement['opening'] or '?'} -> {statement['closing']} {statement['currency']},"
            f" {statement['status']}{reason}"
        )
        own = (pl.col("bank_account_no") == number[0]) & (pl.col("statement_no") == number[1])
        for row in lines.filter(own & (pl.col("status") != "held")).sort("line_no").to_dicts():
            if not held:
                say(_line(row, settled.get(_key(row), []), hints.get(_key(row), "")))


def _line(row: Row, settled: list[str], hint: str) -> str:
    head = f"  {row['line_no']:>3}  {row['booking_date']}  {row['amount']:>10}  {row['status']:<10}"
    who = f"{row['counterparty_name'] or row['text']:.26}"
    fate = f"waits: {row['reason']}. {hint}" if row["reason"] else ", ".join(settled)
    rule = "" if row["reason"] else f"  ({row['rule']})"
    return f"{head}  {who:<26}  {fate}{rule}"


def _target(row: Row) -> str:
    parts = []
    if row["status"] == "reversed":
        parts.append("taken back")
    if row["discount_amount"] not in ("0.00", "0"):
        parts.append(f"discount {row['discount_amount']}")
    if row["difference_kind"]:
        parts.append(f"{row['difference_kind'].replace('_', ' ')} {row['difference_amount']}")
    names = {"bank": f"bank entry {row['document_no']}", "gl": row["gl_account"]}
    name = names.get(row["party_type"]) or row["document_no"] or f"on account {row['party_no']}"
    return f"{name} [{', '.join(parts)}]" if parts else name


def _exceptions(waiting: pl.DataFrame, say: Say) -> None:
    say(f"\nexception queue: {waiting.height} items")
    counts = waiting.group_by("reason").len().sort("len", "reason", descending=[True, False])
    for reason, count in counts.rows():
        say(f"  {count:>3}  {reason}")


def _control(report: Row, folder: Path, say: Say) -> None:
    say(f"\ncontrol report of {report['as_of']}")
    for number, account in report["accounts"].items():
        lines, proof = account["lines"], account["proof"]
        found = ", ".join(f"{lines[fate]['count']} {fate.replace('_', ' ')}" for fate in FATES)
        say(f"  {number:<8} last statements: {found}; bank proof differs by {proof['difference']}")
    say("\n".join(f"  {line}" for line in night_text.result(report).splitlines()))
    say(f"  register {report['register']['no']}, hash {report['register']['hash'][:16]}")
    written = sorted((folder / "output" / "reports").glob("night-*.txt"))
    if written:
        say(f"  the whole report: {written[-1]}")


def _where(folder: Path, say: Say) -> None:
    sent = sorted((folder / "output" / "statements").rglob("statement-*.pdf"))
    say(f"\ncustomer statements: {len(sent)}")
    if sent:
        say(f"  {sent[0].parent}/  e.g. {sent[-1].name}")
    say(f"reports     {folder / 'output' / 'reports'}")
    say(f"ledger      {folder / 'ledger.db'}")
    say(f"to look on  lettrage --ledger sqlite:///{folder}/ledger.db exceptions list")
