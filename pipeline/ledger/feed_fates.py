"""What becomes of a statement: received, held with a reason, announced, or known already."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.pages import is_page
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.feed_accounts import Account
from pipeline.ledger.feed_lines import Places
from pipeline.ledger.feed_revisions import Stored

MIDDLE = "begins with :60M:"
_LIVE = ("received", "reconciled")
_LOOK_BACK = 50
ENDED_BY = {
    "unknown_account": "no bank account has this iban or account_id; load bank-accounts with it",
    "wrong_currency": "its bank account has another one; load bank-accounts with the right one",
    "account_inactive": "it is before active_from or after closed_on of its bank account",
    "does_not_tie": "opening balance and lines do not come to the closing balance; ask the bank",
    "number_reused": "a statement of this number came with other lines; ask the bank which holds",
}
"""What is wrong where the reason is one, and what ends it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Status and reason code of a statement; ``keep`` the lines of an OFX file that count."""

    status: str
    reason: str = ""
    detail: str = ""
    keep: Places | None = None
    beyond: int = 0
    """Net of the kept lines booked after the day of the balance, which it does not hold yet."""

    def told(self, statement: BankStatement) -> str:
        """Which statement it is, what is wrong with it, and what ends that."""
        which = f"account {statement.account}, {statement.currency}"
        which += f", number {statement.statement_no}" if statement.statement_no else ""
        which += f", until {statement.to_date}" if statement.to_date else ""
        said = (which, self.detail, ENDED_BY.get(self.reason, ""))
        return "; ".join(text for text in said if text)


def decide(
    connection: Connection,
    statement: BankStatement,
    account: Account | None,
    fingerprint: str,
    fresh: Places,
    known: dict[str, list[Stored]],
) -> Fate:
    """The fate of a statement; held ones of the same number that it replaces are marked so."""
    if _is_refused(connection, statement, fingerprint):
        return Fate("duplicate")
    if wrong := account.wrong(statement) if account else "unknown_account":
        # Kept for the day when the account is loaded: what else is wrong with the statement.
        also = f"{statement.hold_reason}: {statement.detail}" if statement.hold_reason else ""
        return Fate("held", wrong, also)
    assert account is not None
    if statement.kind == "announced":
        return _announced(connection, statement, account, fingerprint)
    same = same_number(connection, statement, account.no)
    if any(row["fingerprint"] == fingerprint for row in same):
        return Fate("duplicate")
    if statement.hold_reason:
        return Fate("held", statement.hold_reason, statement.detail)
    if is_page(statement):
        begins = "" if statement.opens else f"{MIDDLE}; "
        return Fate("held", "incomplete", f"{begins}pages are missing; expected :60F: to :62F:")
    ofx = statement.format.startswith("ofx")
    fate = _ofx(connection, statement, account, fresh, same) if ofx else None
    fate = fate or (None if ofx else _mt940(connection, statement, account, same, known))
    if fate and fate.status != "received":
        return fate
    _replace_others(connection, statement, account, same)
    return fate or Fate("received")


def _is_refused(connection: Connection, statement: BankStatement, fingerprint: str) -> bool:
    """Whether people refused this statement of this account, in whatever file it comes again."""
    mark = placeholder(connection)
    sql = (
        "SELECT s.statement_no FROM statement_refusal f CROSS JOIN statement s WHERE s.id ="
        f" f.statement_id AND s.status = 'refused' AND s.fingerprint = {mark} AND s.account ="
        f" {mark} AND s.currency = {mark} AND coalesce(s.to_date, '') = {mark}"
    )
    until = str(statement.to_date or "")
    values = (fingerprint, statement.account, statement.currency, until)
    number = statement.statement_no or until
    numbers = connection.exec_driver_sql(sql, values).scalars()
    return any(known == number or known.startswith(f"{number}/") for known in numbers)


def _mt940(
    connection: Connection,
    statement: BankStatement,
    account: Account,
    same: list[dict[str, Any]],
    known: dict[str, list[Stored]],
) -> Fate | None:
    live = [row for row in same if row["status"] in _LIVE]
    if statement.statement_no and any(_is_reused(row, statement, account) for row in live):
        found = "another content came under this number before; expected the same or a new number"
        return Fate("held", "number_reused", found)
    if known and not follows(connection, statement, account):
        detail = f"{len(known)} lines are in other statements and the balances do not follow"
        return Fate("held", "overlap", detail)
    return None


def _is_reused(row: dict[str, Any], statement: BankStatement, account: Account) -> bool:
    same_day = row["to_date"] == str(statement.to_date or "")
    return account.numbering != "none" or same_day


def _ofx(
    connection: Connection,
    statement: BankStatement,
    account: Account,
    fresh: Places,
    same: list[dict[str, Any]],
) -> Fate | None:
    live = [row for row in same if row["status"] in _LIVE]
    if not fresh and (live or statement.closing is None):
        return Fate("duplicate")
    before = _last_closing(connection, account)
    twice = _repeated(statement, fresh)
    once = [item for item in fresh if item not in twice]
    for keep in (fresh, once) if twice else ():
        if before is not None and before in _openings(statement, keep, account):
            dropped = len(fresh) - len(keep)
            detail = f"{dropped} repeated lines dropped, as the balance shows" if dropped else ""
            return _received(statement, keep, account, before, detail)
    if twice:
        found = f"{len(twice)} lines repeat a FITID with the same content; no balance decides"
        return Fate("held", "duplicate_fitid", found, keep=fresh)
    assumed = before is None and statement.closing is not None
    detail = "opening balance assumed: ledger balance less lines" if assumed else ""
    return _received(statement, fresh, account, before, detail)


def _received(
    statement: BankStatement, keep: Places, account: Account, before: int | None, detail: str
) -> Fate:
    """Lines behind the day of LEDGERBAL count on top of it, unless the chain says it has them."""
    later = _net(statement, keep, after=str(statement.to_date or "9999"))
    stated = _openings(statement, keep, account)
    if not later or statement.closing is None or (before is not None and before == stated[0]):
        return Fate("received", detail=detail, keep=keep)
    said = "closing balance: ledger balance and the lines booked after its day"
    return Fate("received", detail="; ".join(filter(None, (detail, said))), keep=keep, beyond=later)


def _openings(
    statement: BankStatement, keep: Places, account: Account
) -> tuple[int | None, int | None]:
    """With what the books open, if LEDGERBAL holds all lines, and if only those until its day."""
    if statement.closing is None:
        return None, None
    net = _net(statement, keep, after=account.last_statement_date)
    later = _net(statement, keep, after=str(statement.to_date or "9999"))
    return statement.closing - net, statement.closing - net + later


def _net(statement: BankStatement, keep: Places, after: str) -> int:
    """Sum of the kept lines booked after a day; a line without a date is before every day."""
    lines = statement.lines.frame("booking_date", "value_date", "amount")
    if len(keep) < lines.height:
        lines = lines[[place for place, _, _ in keep]]
    day = pl.coalesce("booking_date", "value_date").cast(pl.String).fill_null("")
    counted = lines.filter(day > after) if after else lines
    return int(counted["amount"].sum())


def _repeated(statement: BankStatement, fresh: Places) -> Places:
    """Lines whose FITID, amount, date and text one file has more than once, but for the first."""
    if len({key for _, key, _ in fresh}) == len(fresh):
        return []
    texts = statement.lines["text"].to_list()
    references = statement.lines["bank_reference"].to_list()
    seen: set[tuple[str, str]] = set()
    found = []
    for item in fresh:
        key = (item[1], texts[item[0]])
        if references[item[0]] and key in seen:
            found.append(item)
        seen.add(key)
    return found


def _announced(
    connection: Connection, statement: BankStatement, account: Account, fingerprint: str
) -> Fate:
    """Announced lines live until a booked statement or a newer announcement takes them over."""
    mark = placeholder(connection)
    sql = (
        f"SELECT 1 FROM statement WHERE bank_account_no = {mark} AND kind = 'announced'"
        f" AND fingerprint = {mark} AND status <> 'refused'"
    )
    if connection.exec_driver_sql(sql, (account.no, fingerprint)).first():
        return Fate("duplicate")
    beats = ">=" if statement.format == "mt942" else ">"
    sql = (
        f"SELECT 1 FROM statement WHERE bank_account_no = {mark} AND kind = 'booked'"
        f" AND status IN ('received', 'reconciled') AND to_date {beats} {mark}"
    )
    if connection.exec_driver_sql(sql, (account.no, str(statement.to_date or ""))).first():
        return Fate("replaced")
    if statement.format.startswith("ofx"):
        sql = (
            f"UPDATE statement SET status = 'replaced' WHERE bank_account_no = {mark}"
            f" AND status = 'announced' AND format = {mark}"
        )
        connection.exec_driver_sql(sql, (account.no, statement.format))
    return Fate("announced")


def _replace_others(
    connection: Connection,
    statement: BankStatement,
    account: Account,
    same: list[dict[str, Any]],
) -> None:
    """A received statement takes the place of held ones of its number and of what announced it."""
    for row in same:
        numbered = bool(statement.statement_no) or row["opening"] == statement.opening
        if row["status"] in ("held", "refused") and numbered:
            number = int(row["id"])
            connection.exec_driver_sql(f"UPDATE statement SET status='replaced' WHERE id={number}")
    mark = placeholder(connection)
    until = str(statement.to_date or "")
    sql = (
        f"UPDATE statement SET status = 'replaced' WHERE bank_account_no = {mark}"
        f" AND status = 'announced' AND (to_date < {mark} OR (format = 'mt942' AND to_date ="
        f" {mark}))"
    )
    connection.exec_driver_sql(sql, (account.no, until, until))


def same_number(
    connection: Connection, statement: BankStatement, bank_account_no: str
) -> list[dict[str, Any]]:
    """Statements of the account, year, number and page that are not replaced, oldest first."""
    mark = placeholder(connection)
    until = str(statement.to_date or statement.from_date or "")
    number = statement.statement_no or until
    sql = (
        "SELECT id, fingerprint, status, opening, to_date FROM statement WHERE bank_account_no ="
        f" {mark} AND (statement_no = {mark} OR statement_no LIKE {mark}) AND page = {mark}"
        f" AND kind = {mark} AND coalesce(substr(to_date, 1, 4), '') IN ('', {mark})"
        " AND status <> 'replaced' ORDER BY id"
    )
    values = (
        bank_account_no, number, f"{number}/%", statement.page, statement.kind, until[:4],
    )  # fmt: skip
    return [dict(row) for row in connection.exec_driver_sql(sql, values).mappings()]


def follows(connection: Connection, statement: BankStatement, account: Account) -> bool:
    """Whether a statement opens with the balance that the account's last one closed with."""
    last = _last_closing(connection, account)
    return last is None or statement.opening == last


def _last_closing(connection: Connection, account: Account) -> int | None:
    """The last stated balance, and the lines of statements without one that came behind it."""
    mark = placeholder(connection)
    sql = (
        f"SELECT id, closing FROM statement WHERE bank_account_no = {mark} AND kind = 'booked' AND"
        f" status IN ('received', 'reconciled') ORDER BY to_date DESC, id DESC LIMIT {_LOOK_BACK}"
    )
    behind: list[str] = []
    balance = account.last_statement_balance
    for number, closing in connection.exec_driver_sql(sql, (account.no,)).all():
        if closing is not None:
            balance = closing
            break
        behind.append(str(number))
    if balance is None or not behind:
        return balance
    sql = (
        "SELECT coalesce(sum(amount), 0) FROM statement_line WHERE before_cutover = 0"
        f" AND statement_id IN ({', '.join(behind)})"
    )
    return balance + int(connection.exec_driver_sql(sql).scalar() or 0)
