"""Which statements close: tied, following the last closed one, every line of them settled."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import chain, frames, money
from pipeline.posting.journal import Journal

Row = dict[str, Any]
_SHOWN = 20


@dataclass(slots=True)
class Closing:
    """What ``reconcile`` decides about the received statements."""

    closing: list[Row] = field(default_factory=list)
    """In chain order, with ``ord``, ``opening`` and ``closing`` as they enter the chain, and
    ``assumed`` where the first opening balance is taken from the statement itself."""
    waiting: list[Row] = field(default_factory=list)
    """With ``waits_for``: the missing statement or balance, or the lines that are still open."""
    warnings: list[str] = field(default_factory=list)
    """Numbers that jump although the balances tie."""


def reconcile(statements: pl.DataFrame) -> Closing:
    """Statements to close, per bank account in chain order, and what the others wait for.

    ``statements`` as ``ledger.closings.statements_to_reconcile`` gives them. The balance chain
    decides, not the numbers; a held statement or a missing one lets later ones wait.
    """
    found = Closing()
    for (_,), part in statements.group_by("bank_account_no", maintain_order=True):
        _account(part.to_dicts(), found)
    return found


def at_posting(statements: pl.DataFrame, bank_accounts: pl.DataFrame) -> pl.DataFrame:
    """Those of ``statements`` whose account is not reconciled separately, by a person."""
    separate = bank_accounts.filter(pl.col("reconcile") == "separate")
    return statements.join(separate, on="bank_account_no", how="anti", maintain_order="left")


def beyond_gap(statements: pl.DataFrame) -> list[int]:
    """Ids of statements that do not follow the last known balance, and of all after them."""
    found = []
    for _, part in statements.group_by("bank_account_no", maintain_order=True):
        rows = [row for row in part.to_dicts() if row["status"] == "received"]
        last = rows[0]["last_closing"] if rows else None
        found += [row["statement_id"] for row in chain.walk(rows, last)[1]]
    return sorted(found)


def _account(rows: list[Row], found: Closing) -> None:
    last, date = rows[0]["last_closing"], rows[0]["last_date"]
    parts: dict[str, list[Row]] = {"held": [], "early": [], "live": []}
    for row in sorted(rows, key=chain.order):
        early = bool(date and row["to_date"] and row["to_date"] < date)
        parts["held" if row["status"] == "held" else "early" if early else "live"].append(row)
    groups, rest = chain.walk(parts["live"], last)
    previous = {"statement_no": rows[0]["last_no"], "to_date": date}
    ordinal, blocker = rows[0]["last_ord"], ""
    for group in groups:
        problem = blocker or _open(group)
        blocker = blocker or (problem and f"statement {group[-1]['statement_no']}")
        if problem:
            found.waiting += [{**row, "waits_for": problem} for row in group]
            continue
        for row in group:
            ordinal, begins = ordinal + 1, chain.begins(group) if last is None else last
            assumed, last = last is None, (begins or 0) + row["net"]
            found.closing.append(
                {**row, "ord": ordinal, "opening": begins, "closing": last, "assumed": assumed}
            )
        found.warnings += _jump(previous, group[0])
        previous = group[-1]
    end = groups[-1][-1]["closing"] if groups else last
    held = [
        row for row in parts["held"] if not date or not row["to_date"] or row["to_date"] >= date
    ]
    found.waiting += [{**row, "waits_for": _gap(row, rest, held, end)} for row in rest]
    found.waiting += [{**row, "waits_for": "place in the chain"} for row in parts["early"]]
    found.waiting += [{**row, "waits_for": ""} for row in parts["held"]]


def _open(group: list[Row]) -> str:
    """The lines of a group that nothing settles yet, or by how much the bank G/L differs."""
    numbers = [str(number) for row in group for number in row["open_lines"]]
    if numbers:
        more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
        return f"line{'s' * (len(numbers) > 1)} {', '.join(numbers[:_SHOWN])}{more}"
    difference = sum(row["booked"] - row["net"] for row in group)
    if difference:
        return f"bank proof, which differs by {money.text(difference, group[0]['currency'])}"
    return ""


def _gap(row: Row, rest: list[Row], held: list[Row], end: int | None) -> str:
    """What a statement that follows no known balance waits for."""
    first = rest[0]
    if row["closing"] is None:
        return "closing balance"
    if row is not first and (chain.start(row) != end or row["to_date"] != first["to_date"]):
        return f"statement {first['statement_no']}".rstrip()
    if end is not None and chain.start(row) != end:
        code = row["currency"]
        amounts = f"{money.text(end, code)} to {money.text(chain.start(row) or 0, code)}"
        return f"{_missing(row, held)} from balance {amounts}"
    return f"page {int(row['page']) + 1 if row['page'].isdigit() else 2}"


def _missing(row: Row, held: list[Row]) -> str:
    before = [one for one in held if chain.order(one)[:4] <= chain.order(row)[:4]]
    if before:
        return f"statement {before[-1]['statement_no']} ({before[-1]['reason']})"
    number = str(row["statement_no"])
    return f"missing statement {int(number) - 1}" if _counts(number) else "missing statement"


def _counts(number: str) -> bool:
    return number.isascii() and number.isdigit() and int(number) > 1


def _jump(previous: Row, row: Row) -> list[str]:
    """A warning where numbers do not go on although the balances tie (accounting, section 4)."""
    before, number, rule = previous["statement_no"], row["statement_no"], row["numbering"]
    if rule not in ("continuous", "yearly") or not (before.isdigit() and number.isdigit()):
        return []
    years = [str(one["to_date"] or "")[:4] for one in (previous, row)]
    allowed = {int(before), int(before) + 1} | ({1} if years[0] != years[1] else set())
    if rule == "continuous" and years[0] != years[1]:
        allowed.discard(1)
    if int(number) in allowed:
        return []
    return [f"{row['bank_account_no']}: statement {number} follows {before}, the balances tie"]


def opening(
    closing: list[Row],
    bank_accounts: pl.DataFrame,
    settings: Settings,
    first_open: dt.date | None = None,
) -> tuple[Journal, list[str]]:
    """Opening postings of accounts without a known balance: what their first statement says.

    Dated the day before the first bank line, or the first day of the open periods; against
    ``accounts.opening``; with a sentence each.
    """
    accounts = {row["bank_account_no"]: row for row in bank_accounts.to_dicts()}
    entries, postings, said = [], [], []
    for row in closing:
        if not row["assumed"]:
            continue
        number, amount = row["bank_account_no"], row["opening"]
        text = f"{money.text(amount, row['currency'])} {row['currency']}"
        said.append(f"{number}: opening balance {text} is taken from its first statement")
        if not amount:
            continue
        first = row["first_booking"] or row["from_date"] or row["to_date"]
        day = max(first - dt.timedelta(days=1), first_open or dt.date.min)
        key = hashlib.sha256(f"assumed opening|{number}".encode()).hexdigest()
        entries.append({"key": key, "posting_date": day, "kind": "opening", "line_id": None})
        bank = accounts[number]["gl_account"]
        legs = ((bank, amount, number), (settings.accounts["opening"], -amount, ""))
        postings += [
            {"key": key, "seq": seq, "gl_account": account, "currency": row["currency"],
             "amount": value, "bank_account_no": owner}
            for seq, (account, value, owner) in enumerate(legs, 1)
        ]  # fmt: skip
    journal = Journal(
        frames.conform(pl.DataFrame(entries), frames.JOURNAL_ENTRIES),
        frames.conform(pl.DataFrame(postings), frames.POSTINGS),
        frames.empty(frames.NEW_ENTRIES),
        frames.empty(frames.APPLICATIONS),
        pl.DataFrame(schema={"line_id": pl.Int64, "reason": pl.String}),
    )
    return journal, said
