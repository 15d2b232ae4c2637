"""Storing what a feed file held: each statement and line once, however often the file comes."""

import hashlib
from collections import Counter
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import frames
from pipeline.domain.bank_statement import BankStatement, FeedResult
from pipeline.ledger.connection import Ledger, insert, next_id

Receipt = dict[str, Any]
_STATEMENT = (
    "id", "sha256", "ordinal", "format", "kind", "account", "bank_account_no", "currency",
    "reference", "statement_no", "page", "from_date", "to_date", "opening", "closing",
    "line_count", "net", "complete", "fingerprint", "status", "reason", "detail",
)  # fmt: skip
_LINE = ("line_id", "statement_id", *frames.FEED_LINES, "identity", "occurrence", "before_cutover")


def store_file(
    ledger: Ledger, sha256: str, name: str, size: int, result: FeedResult, actor: str
) -> Receipt:
    """Store one file's statements in one transaction; a known file changes nothing.

    Returns counts and ``problems``: what was refused or held in this run, without payer data.
    """
    receipt: Counter[str] = Counter()
    problems: list[str] = []
    with ledger.transaction() as connection:
        mark = _mark(connection)
        known = connection.exec_driver_sql(
            f"SELECT 1 FROM feed_file WHERE sha256 = {mark}", (sha256,)
        ).first()
        if known:
            return {"duplicate_files": 1, "problems": []}
        status = "taken" if result.statements else "refused"
        detail = "; ".join(f"{item.reason}: {item.detail}" for item in result.refused)
        columns = ("sha256", "name", "size", "status", "detail")
        insert(connection, "feed_file", columns, [(sha256, name, size, status, detail)])
        for refused in result.refused:
            receipt["refused"] += 1
            problems.append(
                f"statement {refused.ordinal}, line {refused.file_line}: {refused.reason}:"
                f" {refused.detail}"
            )
        for statement in result.statements:
            fate, reason = _store(connection, sha256, statement)
            receipt[fate] += 1
            receipt["lines"] += statement.lines.height if fate != "duplicate" else 0
            if fate == "held":
                problems.append(f"statement {statement.ordinal} held: {reason}")
    return {**receipt, "problems": problems}


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _store(connection: Connection, sha256: str, statement: BankStatement) -> tuple[str, str]:
    account = _account(connection, statement)
    identity = _identities(statement, account["bank_account_no"] if account else "")
    print_ = hashlib.sha256(
        repr((statement.opening, statement.closing, sorted(identity))).encode()
    ).hexdigest()
    status, reason = _status(connection, statement, account, print_)
    if status == "duplicate":
        return status, reason
    lines, marks = _unknown(connection, statement, identity, account)
    if statement.format.startswith("ofx") and statement.lines.height and lines.is_empty():
        status, reason = "duplicate", ""
        return status, reason
    number = next_id(connection, "statement")
    dates = [str(day) if day else None for day in (statement.from_date, statement.to_date)]
    row = (
        number, sha256, statement.ordinal, statement.format, statement.kind, statement.account,
        account["bank_account_no"] if account else None, statement.currency, statement.reference,
        _statement_no(connection, statement, account), statement.page, *dates, statement.opening,
        statement.closing, lines.height, int(lines["amount"].sum() or 0), int(statement.complete),
        print_, status, reason, statement.detail,
    )  # fmt: skip
    insert(connection, "statement", _STATEMENT, [row])
    _insert_lines(connection, number, lines, marks, account)
    return status, reason


def _account(connection: Connection, statement: BankStatement) -> dict[str, Any] | None:
    written = [statement.iban, statement.account, statement.account.split("/")[-1]]
    mark = _mark(connection)
    for text in dict.fromkeys(item.replace(" ", "") for item in written if item):
        sql = (
            "SELECT bank_account_no, currency, last_statement_date FROM bank_account WHERE"
            f" replace(iban, ' ', '') = {mark} OR bank_account_no IN (SELECT bank_account_no"
            f" FROM bank_account_id WHERE replace(account_id, ' ', '') = {mark})"
        )
        rows = connection.exec_driver_sql(sql, (text, text)).mappings().all()
        if len(rows) == 1:
            return dict(rows[0])
    return None


def _identities(statement: BankStatement, bank_account_no: str) -> list[str]:
    ofx = statement.format.startswith("ofx")
    found = []
    for row in statement.lines.select(
        "booking_date", "value_date", "amount", "bank_reference", "text", "raw"
    ).rows():
        booking, value, amount, reference, text, raw = row
        known_by = (booking, amount, reference) if ofx and reference else row[:5]
        if not reference and not text:
            known_by = (booking, value, amount, raw)
        found.append(hashlib.sha256(repr((bank_account_no, known_by)).encode()).hexdigest()[:32])
    return found


def _status(
    connection: Connection,
    statement: BankStatement,
    account: dict[str, Any] | None,
    fingerprint: str,
) -> tuple[str, str]:
    if account is None:
        return "held", "unknown_account"
    if statement.currency != account["currency"]:
        return "held", "wrong_currency"
    if statement.kind == "announced":
        return "announced", ""
    same = _same_number(connection, statement, account["bank_account_no"])
    if any(row["fingerprint"] == fingerprint for row in same):
        return "duplicate", ""
    if statement.hold_reason:
        return "held", statement.hold_reason
    live = [row for row in same if row["status"] in ("received", "reconciled")]
    if live and not statement.format.startswith("ofx"):
        return "held", "number_reused"
    for row in same:
        if row["status"] == "held":
            number = int(row["id"])
            connection.exec_driver_sql(f"UPDATE statement SET status='replaced' WHERE id={number}")
    return "received", ""


def _same_number(
    connection: Connection, statement: BankStatement, account: str
) -> list[dict[str, Any]]:
    mark = _mark(connection)
    year = str(statement.to_date or statement.from_date or "")[:4]
    sql = (
        f"SELECT id, fingerprint, status FROM statement WHERE bank_account_no = {mark}"
        f" AND statement_no = {mark} AND page = {mark} AND kind = {mark}"
        f" AND coalesce(substr(to_date, 1, 4), '') = {mark} AND status <> 'replaced' ORDER BY id"
    )
    values = (account, statement.statement_no, statement.page, statement.kind, year)
    return [dict(row) for row in connection.exec_driver_sql(sql, values).mappings()]


def _statement_no(
    connection: Connection, statement: BankStatement, account: dict[str, Any] | None
) -> str:
    if account is None or not statement.format.startswith("ofx"):
        return statement.statement_no
    others = len(_same_number(connection, statement, account["bank_account_no"]))
    return f"{statement.statement_no}/{others + 1}" if others else statement.statement_no


def _unknown(
    connection: Connection,
    statement: BankStatement,
    identity: list[str],
    account: dict[str, Any] | None,
) -> tuple[pl.DataFrame, list[tuple[str, int]]]:
    """Lines that no earlier OFX file brought, with identity and occurrence; MT940 keeps all."""
    seen: Counter[str] = Counter()
    stored: Counter[str] = Counter()
    overlap = statement.format.startswith("ofx") and account is not None
    if overlap:
        for text in set(identity):
            sql = (
                "SELECT count(*) FROM statement_line l JOIN statement s ON s.id = l.statement_id"
                f" WHERE l.identity = '{text}' AND s.status IN ('received', 'reconciled')"
            )
            stored[text] = int(connection.exec_driver_sql(sql).scalar() or 0)
    keep, marks = [], []
    for index, text in enumerate(identity):
        seen[text] += 1
        if overlap and seen[text] <= stored[text]:
            continue
        keep.append(index)
        marks.append((text, seen[text]))
    lines = statement.lines[keep] if overlap else statement.lines
    if overlap:
        lines = lines.with_columns(pl.int_range(1, lines.height + 1).alias("line_no"))
    return lines, marks


def _insert_lines(
    connection: Connection,
    statement_id: int,
    lines: pl.DataFrame,
    identity: list[tuple[str, int]],
    account: dict[str, Any] | None,
) -> None:
    first = next_id(connection, "statement_line", "line_id")
    until = (account or {}).get("last_statement_date") or ""
    text = lines.with_columns(
        pl.col("booking_date", "value_date").cast(pl.String), pl.col("is_reversal").cast(pl.Int64)
    ).select(*frames.FEED_LINES)
    rows = []
    for offset, (row, mark) in enumerate(zip(text.rows(), identity, strict=True)):
        before = int(bool(until) and (row[1] or row[2] or "") <= until)
        rows.append((first + offset, statement_id, *row, *mark, before))
    insert(connection, "statement_line", _LINE, rows)


def resolve_accounts(ledger: Ledger) -> int:
    """Take held statements whose account is known by now; returns how many."""
    taken = 0
    with ledger.transaction() as connection:
        sql = "SELECT id, account, currency FROM statement WHERE reason = 'unknown_account'"
        for number, written, currency in connection.exec_driver_sql(sql).fetchall():
            stub = BankStatement(
                1, "", "booked", written, "", currency, "", "", "", None, None, None, None,
                True, False, frames.empty(frames.FEED_LINES),
            )  # fmt: skip
            account = _account(connection, stub)
            if account and account["currency"] == currency:
                mark = _mark(connection)
                connection.exec_driver_sql(
                    "UPDATE statement SET status = 'received', reason = '', bank_account_no ="
                    f" {mark} WHERE id = {int(number)} AND status = 'held'",
                    (account["bank_account_no"],),
                )
                taken += 1
    return taken
