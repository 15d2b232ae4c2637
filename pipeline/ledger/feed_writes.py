"""Storing what a feed file held: each statement and line once, however often the file comes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection

from pipeline.domain.bank_statement import BankStatement, FeedResult, RefusedStatement
from pipeline.domain.original import Original
from pipeline.domain.pages import is_page, joined
from pipeline.ledger import feed_lines
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.connection import Ledger, insert, next_id
from pipeline.ledger.feed_accounts import Account, Accounts
from pipeline.ledger.feed_fates import Fate, decide, follows, same_number
from pipeline.ledger.feed_held import HELD_PAGES, load_held, replace_held
from pipeline.ledger.feed_revisions import Stored, keep_changed

Receipt = dict[str, Any]
_STATEMENT = (
    "id", "sha256", "ordinal", "format", "kind", "account", "bank_account_no", "currency",
    "reference", "statement_no", "page", "from_date", "to_date", "opening", "closing",
    "line_count", "net", "complete", "fingerprint", "status", "reason", "detail",
)  # fmt: skip


class _Stored(NamedTuple):
    fate: Fate
    lines: int
    changed_texts: int


def store_file(ledger: Ledger, original: Original, result: FeedResult, actor: str) -> Receipt:
    """Store one file's statements in one transaction; a known file changes nothing.

    ``actor`` brought the file, whose bytes are kept when it is taken. Returns counts and what was
    refused or held in this run: ``problems`` as sentences with what stands in the file, ``codes``
    as places and reason codes only, for logs.
    """
    receipt: Counter[str] = Counter()
    problems: list[str] = []
    codes: list[str] = []
    with ledger.transaction() as connection:
        mark = placeholder(ledger.engine)
        sql = f"SELECT 1 FROM feed_file WHERE sha256 = {mark}"
        if connection.exec_driver_sql(sql, (original.sha256,)).first():
            return {"duplicate_files": 1, "problems": [], "codes": []}
        _insert_file(connection, original, result, actor)
        accounts = Accounts(connection)
        for refused in result.refused:
            receipt["refused"] += 1
            place = f"statement {refused.ordinal}, line {refused.file_line}"
            problems.append(f"{place}: {refused.reason}: {refused.detail}")
            codes.append(f"{place}: {refused.reason}")
            _insert_refused(connection, original.sha256, refused, accounts)
        for statement in _whole(result.statements):
            stored = _store(connection, original.sha256, statement, accounts)
            receipt[stored.fate.status] += 1
            receipt["lines"] += stored.lines
            if stored.changed_texts:
                receipt["changed_texts"] += stored.changed_texts
            if stored.fate.status == "held":
                codes.append(f"statement {statement.ordinal} held: {stored.fate.reason}")
                problems.append(f"{codes[-1]}: {stored.fate.told(statement)}")
    return {**receipt, "problems": problems, "codes": codes}


def _insert_file(
    connection: Connection, original: Original, result: FeedResult, actor: str
) -> None:
    sha256, name, size, packed, encoding = original
    status, kept = ("taken", packed) if result.statements else ("refused", None)
    detail = "; ".join(f"{item.reason}: {item.detail}" for item in result.refused)
    reason = result.refused[0].reason if result.refused and not result.statements else ""
    columns = (
        "sha256", "name", "size", "status", "reason", "detail", "actor", "encoding", "original",
    )  # fmt: skip
    row = (sha256, name, size, status, reason, detail, actor, encoding, kept)
    insert(connection, "feed_file", columns, [row])


def _insert_refused(
    connection: Connection, sha256: str, refused: RefusedStatement, accounts: Accounts
) -> None:
    account = accounts.find(refused.account)
    row = (
        next_id(connection, "statement"), sha256, refused.ordinal, "", "booked", refused.account,
        account.no if account else None, refused.currency, refused.reference, refused.statement_no,
        refused.page, None, None, refused.opening, None, refused.line_count,
        refused.credits - refused.debits, 0, "", "refused", refused.reason, refused.detail,
    )  # fmt: skip
    insert(connection, "statement", _STATEMENT, [row])


def _whole(statements: Iterable[BankStatement]) -> Iterator[BankStatement]:
    """Pages of one number that are complete within the file as one statement; those left at last.

    Other statements pass one by one, so that the lines of a big file are never all in memory.
    """
    waiting: list[BankStatement] = []
    for statement in statements:
        if not is_page(statement):
            yield statement
            continue
        waiting.append(statement)
        key = (statement.account, statement.statement_no)
        pages = [page for page in waiting if (page.account, page.statement_no) == key]
        if together := joined(pages):
            whole, used = together
            waiting = [page for page in waiting if all(page is not other for other in used)]
            yield whole
    yield from waiting


def _store(
    connection: Connection, sha256: str, statement: BankStatement, accounts: Accounts
) -> _Stored:
    """Store one statement; returns what became of it and what it brought."""
    account = accounts.find(statement.account, statement.iban)
    if account and is_page(statement) and not statement.hold_reason:
        held = load_held(connection, HELD_PAGES, account.no, statement.statement_no)
        together = joined([statement, *(page for _, page in held)])
        if together and any(page is statement for page in together[1]):
            used = [number for number, page in held if any(page is p for p in together[1])]
            replace_held(connection, used)
            whole = together[0]
            statement = replace(whole, ordinal=statement.ordinal, reference=statement.reference)
    ofx = statement.format.startswith("ofx")
    pieces = statement.lines.pieces(*feed_lines.IDENTIFYING)
    identity = [key for piece in pieces for key in feed_lines.identities(piece, ofx=ofx)]
    print_ = feed_lines.fingerprint(statement.opening, statement.closing, identity)
    known: dict[str, list[Stored]] = {}
    if account and _may_overlap(connection, statement, account):
        known = feed_lines.stored(connection, account.no, identity)
    if ofx:
        fresh = feed_lines.new_lines(statement.lines, identity, known)
    else:
        fresh = feed_lines.all_lines(identity)
    fate = decide(connection, statement, account, print_, fresh, known)
    changed = 0
    if ofx and fate.status in ("received", "duplicate"):
        changed = keep_changed(connection, sha256, statement.lines, identity, known)
    if fate.status == "duplicate":
        return _Stored(fate, 0, changed)
    places = fresh if fate.keep is None else fate.keep
    number = next_id(connection, "statement")
    cutover = account.last_statement_date if account else ""
    net = feed_lines.insert_lines(connection, number, statement.lines, places, cutover)
    lines = (len(places), net)
    _insert_statement(connection, number, sha256, statement, account, print_, fate, lines)
    return _Stored(fate, len(places), changed)


def _may_overlap(connection: Connection, statement: BankStatement, account: Account) -> bool:
    """An MT940 statement that follows the last one brings new lines by its balances."""
    if statement.kind != "booked":
        return False
    return statement.format.startswith("ofx") or not follows(connection, statement, account)


def _insert_statement(
    connection: Connection,
    number: int,
    sha256: str,
    statement: BankStatement,
    account: Account | None,
    fingerprint: str,
    fate: Fate,
    lines: tuple[int, int],
) -> None:
    """The statement comes behind its lines (how many, net): the database compares it with them."""
    line_count, net = lines
    opening, closing = statement.opening, statement.closing
    if statement.format.startswith("ofx") and closing is not None:
        closing += fate.beyond
        opening = closing - net
    detail = "; ".join([text for text in (fate.detail, *statement.warnings) if text])
    row = (
        number, sha256, statement.ordinal, statement.format, statement.kind, statement.account,
        account.no if account else None, statement.currency, statement.reference,
        _free_number(connection, statement, account), statement.page,
        *(str(day) if day else None for day in (statement.from_date, statement.to_date)),
        opening, closing, line_count, net, int(statement.complete), fingerprint,
        fate.status, fate.reason, detail,
    )  # fmt: skip
    insert(connection, "statement", _STATEMENT, [row])


def _free_number(connection: Connection, statement: BankStatement, account: Account | None) -> str:
    """The bank's number, else the closing date; ``/2``, ``/3`` where a live one has it already."""
    number = statement.statement_no or str(statement.to_date or "")
    if account is None or statement.kind != "booked":
        return number
    others = same_number(connection, replace(statement, statement_no=number), account.no)
    live = [row for row in others if row["status"] in ("received", "reconciled")]
    if not live or (statement.statement_no and not statement.format.startswith("ofx")
                    and account.numbering != "none"):  # fmt: skip
        return number
    return f"{number}/{len(live) + 1}"


def resolve_accounts(ledger: Ledger) -> int:
    """Take held statements whose account is known and right by now; returns how many."""
    taken = 0
    with ledger.transaction() as connection:
        accounts = Accounts(connection)
        for number, statement in load_held(
            connection, ("unknown_account", "wrong_currency", "account_inactive")
        ):
            account = accounts.find(statement.account, statement.iban)
            if account is None or account.wrong(statement):
                continue
            sha256 = replace_held(connection, [number])
            fate = _store(connection, sha256, statement, accounts).fate
            taken += int(fate.status == "received")
    return taken
