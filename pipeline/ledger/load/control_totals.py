"""Control totals: the other books' balances, which prove receivables, payables and bank here."""

import polars as pl

from pipeline.domain import money
from pipeline.ledger import bulk
from pipeline.ledger.load.journal import Books, Receipt
from pipeline.ledger.load.read import Rows

_KEY = ["account", "currency", "date"]


def load_control_totals(books: Books, rows: Rows) -> Receipt:
    """Store the totals and compare them; each difference is a problem, with both balances.

    Debit is positive. Compared is what postings until the date leave on receivables, payables and
    bank accounts; of a bank, bank and transit together, since other books have one account. Other
    accounts are not compared: their postings stand elsewhere too.
    """
    table = rows.take().select(*_KEY, "balance").sort(_KEY)
    with books.ledger.transaction() as connection:
        books.logged(connection)
        bulk.upsert_frame(connection, "control_total", _KEY, table)
    transit = _transit(books)
    control = _control(books)
    balances = _balances(books)
    problems, proved, left = [], 0, 0
    for account, currency, date, stated in table.iter_rows():
        if account not in control and account not in transit:
            left += 1
            continue
        ours = sum(
            amount
            for no, code, day, amount in balances
            if no in (account, transit.get(account)) and code == currency and day <= date
        )
        proved += ours == stated
        if ours != stated:
            found, expected, less = (
                money.text(value, currency) for value in (ours, stated, ours - stated)
            )
            problems.append(
                f"{rows.name}: {account} {currency} {date}: found {found} in the ledger, expected"
                f" {expected}, difference {less}"
            )
    missing = _missing(table, balances, control | set(transit))
    counts = {"rows": table.height, "proved": proved, "not_compared": left}
    return {**counts, **missing, "problems": problems, **rows.said()}


def _transit(books: Books) -> dict[str, str]:
    sql = "SELECT gl_account, transit_account FROM bank_account"
    return dict(books.ledger.rows(sql))


def _control(books: Books) -> set[str]:
    own = {books.settings.accounts[name] for name in ("receivables", "payables")}
    sql = "SELECT DISTINCT control_account FROM entry"
    return own | {row[0] for row in books.ledger.rows(sql)}


def _balances(books: Books) -> list[tuple[str, str, str, int]]:
    """What each day moved on control and bank accounts: ``account, currency, date, amount``."""
    sql = (
        "SELECT p.gl_account, p.currency, j.posting_date, CAST(sum(p.amount) AS BIGINT)"
        " FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no"
        " GROUP BY p.gl_account, p.currency, j.posting_date"
        " ORDER BY p.gl_account, p.currency, j.posting_date"
    )
    return [tuple(row) for row in books.ledger.rows(sql)]


def _missing(
    table: pl.DataFrame, balances: list[tuple[str, str, str, int]], ours: set[str]
) -> dict[str, list[str]]:
    """Accounts that we keep and the file leaves out: nothing proves them."""
    stated = set(table.select("account", "currency").iter_rows())
    kept = {(no, code) for no, code, _, _ in balances if no in ours}
    left = sorted(kept - stated)
    return {"not_proved": [f"{no} {code}" for no, code in left]} if left else {}
