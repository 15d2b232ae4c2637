"""Bank accounts: inserted or updated; where the books begin is taken once (accounting, 7)."""

import re
from typing import Any

import polars as pl
from sqlalchemy import Connection
from stdnum import iban

from pipeline.domain import money
from pipeline.domain.errors import Problem
from pipeline.ledger import bulk, company
from pipeline.ledger.connection import insert
from pipeline.ledger.load import log, worth
from pipeline.ledger.load.checks import account, pieces
from pipeline.ledger.load.journal import Books, Legs, LoadJournal, Receipt
from pipeline.ledger.load.read import Rows

Row = dict[str, Any]
_BEGIN = ("last_statement_no", "last_statement_balance", "last_statement_date")
_FIXED = ("currency", "gl_account")
_COLUMNS = (
    "bank_account_no", "name", "currency", "iban", "gl_account", "transit_account", *_BEGIN,
    "statement_frequency", "statement_numbering", "reconcile", "active_from", "closed_on",
)  # fmt: skip
_DATES = ("last_statement_date", "active_from", "closed_on")
_UNDATED = "1970-01-01"
_SWISS_IBAN = re.compile("(CH|LI)[0-9]{2}[A-Z0-9]{17}")


def load_bank_accounts(books: Books, rows: Rows) -> Receipt:
    """Insert or update accounts; an opening balance is booked once, against ``opening``.

    What an account began with (last statement, currency, G/L account) stays once it is used.
    """
    known = _known(books)
    accounts = [_merged(row, known, rows) for row in rows.frame.sort("no").to_dicts()]
    owners = dict(books.ledger.rows("SELECT account_id, bank_account_no FROM bank_account_id"))
    _check_ids(rows, owners)
    table = rows.take().sort("no")
    wanted = {row["bank_account_no"]: row for row in accounts}
    journal = LoadJournal()
    latest = max([row["last_statement_date"] or "" for row in wanted.values()], default="")
    cutover = company.cutover(books.ledger, books.settings, latest)
    currencies = {number: row["currency"] for number, row in wanted.items()}
    own = company.decided(books.ledger, books.settings, currencies)[0]
    for number in sorted(wanted):
        if not known.get(number, {}).get("used"):
            _open(journal, books, wanted[number], cutover, own)

    def store(connection: Connection) -> None:
        accounts = _framed(wanted)
        _log(connection, books, _framed(known), accounts)
        _store(connection, accounts, table, ids="account_id" in rows.given)

    done = journal.write(books, "load bank-accounts", store, banks=currencies, latest=latest)
    fresh = len(set(wanted) - set(known))
    return {"rows": table.height, "new": fresh, **done, **rows.said()}


def _known(books: Books) -> dict[str, Row]:
    used = (
        "CASE WHEN EXISTS (SELECT 1 FROM posting p WHERE p.bank_account_no = b.bank_account_no)"
        " OR EXISTS (SELECT 1 FROM statement s WHERE s.bank_account_no = b.bank_account_no)"
        " THEN 1 ELSE 0 END"
    )
    sql = f"SELECT {', '.join(_COLUMNS)}, {used} FROM bank_account b"
    names = (*_COLUMNS, "used")
    return {row[0]: dict(zip(names, row, strict=True)) for row in books.ledger.rows(sql)}


def _merged(row: Row, known: dict[str, Row], rows: Rows) -> Row:
    """What the account is after the load; columns that the file lacks keep what stands."""
    old = known.get(row["no"], {})
    new: Row = {"bank_account_no": row["no"]}
    for name in _COLUMNS[1:]:
        given = name in rows.given
        value = row[name] if given else old.get(name)
        if name in _DATES:
            value = value or None
        elif name != "last_statement_balance":
            value = value or ""
        new[name] = value
    new["iban"] = account(new["iban"])
    new["gl_account"] = new["gl_account"] or old.get("gl_account") or f"BANK-{row['no']}"
    new["transit_account"] = f"{new['gl_account']}-TRANSIT"
    if old.get("used"):
        _keep(row["row"], old, new, rows)
    return new


def _keep(number: int, old: Row, new: Row, rows: Rows) -> None:
    """Refuse what would part the account from its postings; keep where its books began."""
    place = f"row {number}"
    for name in _FIXED:
        if old[name] != new[name]:
            expected = f"{old[name]!r}, since the account is in use"
            rows.problems.append(Problem(place, name, str(new[name])[:40], expected))
    for name in _BEGIN:
        if old[name] != new[name] and name in rows.given:
            shown = [_shown(value, old["currency"]) for value in (new[name], old[name])]
            expected = f"what the books began with, {shown[1]!r}, which is kept"
            rows.warnings.append(Problem(place, name, shown[0], expected))
        new[name] = old[name]


def _shown(value: Any, currency: str) -> str:
    return money.text(value, currency) if isinstance(value, int) else str(value or "")


def _check_ids(rows: Rows, owners: dict[str, str]) -> None:
    """An ``account_id`` names one bank account, whatever blanks and letters it is written with."""
    listed = rows.frame.sort("no", "row").select("row", "no", "account_id").to_dicts()
    loaded = {row["no"] for row in listed} if "account_id" in rows.given else set()
    taken = {account(text): no for text, no in owners.items() if no not in loaded}
    for row in listed:
        for text in pieces(row["account_id"]):
            if _SWISS_IBAN.fullmatch(account(text)) and not iban.is_valid(account(text)):
                expected = "an IBAN or QR-IBAN whose check digits are right, or an account number"
                rows.warnings.append(
                    Problem(f"row {row['row']}", "account_id", text[:40], expected)
                )
            owner = taken.setdefault(account(text), row["no"])
            if owner != row["no"]:
                expected = f"an account_id of one bank account; {owner} has it"
                place = f"row {row['row']}"
                rows.problems.append(Problem(place, "account_id", text[:40], expected))


def _open(journal: LoadJournal, books: Books, row: Row, cutover: str, own: str) -> None:
    """Book the balance of the last statement; its date counts where the cut-over is later."""
    balance, number = row["last_statement_balance"], row["bank_account_no"]
    if not balance:
        return
    last = row["last_statement_date"]
    day = min(last or cutover, cutover or last) if last or cutover else _UNDATED
    day = max(day, books.first_open_day())
    value, *rate = worth.of_one(books.ledger, books.settings, row["currency"], day, balance, own)
    legs: Legs = [
        (row["gl_account"], balance, number, value),
        (books.settings.accounts["opening"], -balance, "", None if value is None else -value),
    ]
    journal.add(f"bank|{number}", day, "opening", row["currency"], legs, (rate[0], rate[1]))


def _framed(accounts: dict[str, Row]) -> pl.DataFrame:
    kinds = {n: pl.Int64 if n == "last_statement_balance" else pl.String for n in _COLUMNS}
    return pl.DataFrame(list(accounts.values()), schema=kinds, orient="row")


def _log(connection: Connection, books: Books, known: pl.DataFrame, accounts: pl.DataFrame) -> None:
    """Keep what the load changes of accounts that stood before, and which ones are new."""
    names = [name for name in _COLUMNS[1:] if name != "transit_account"]
    old, new = (frame.rename({"bank_account_no": "no"}) for frame in (known, accounts))
    both = new.join(old, on="no", suffix="_old")
    fresh = new.join(both, on="no", how="anti")["no"]
    pairs = [log.pair(name, pl.col(f"{name}_old"), pl.col(name)) for name in names]
    log.changes(connection, books.logged(connection), "bank_account", log.told(both, pairs, fresh))


def _store(
    connection: Connection, accounts: pl.DataFrame, table: pl.DataFrame, *, ids: bool
) -> None:
    bulk.upsert_frame(connection, "bank_account", ("bank_account_no",), accounts)
    if not ids:
        return
    mark = bulk.placeholder(connection)
    owned = set()
    for number, texts in table.select("no", "account_id").iter_rows():
        sql = f"DELETE FROM bank_account_id WHERE bank_account_no = {mark}"
        connection.exec_driver_sql(sql, (number,))
        owned |= {(account(text), number) for text in pieces(texts)}
    insert(connection, "bank_account_id", ("account_id", "bank_account_no"), sorted(owned))
