"""Ledger entries: booked once at what remains of them, then compared (accounting, section 7).

Of a cash sale nothing remains: it is no entry, and kept for what its customer is told.
"""

import datetime as dt
import json

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import money
from pipeline.domain.errors import Problem, UsageError
from pipeline.domain.money import exponent
from pipeline.ledger import company, last_days
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import cash_sales, compare, log, snapshot, worth
from pipeline.ledger.load.amounts import minor_units
from pipeline.ledger.load.journal import Books, LoadJournal, Receipt, grouped
from pipeline.ledger.load.kinds import ENTRY_KEY, SIDES
from pipeline.ledger.load.read import Rows

_KEY = list(ENTRY_KEY)
_DATES = ("due_date", "document_date", "discount_date", "discount_tolerance_date",
          "discount_date_2")  # fmt: skip
_STORED = (
    "key", *_KEY, "posting_date", "currency", "amount", "external_document_no",
    "payment_reference", "on_hold", "mandate_id", "amount_company", "remaining_company",
)  # fmt: skip
_DISCOUNTS = ("discount_amount", "discount_amount_2")
_FIELDS = ("description", "project", "your_reference")
"""Text that is kept with the entry and may be erased."""


def load_entries(
    books: Books,
    rows: Rows,
    *,
    whole: bool,
    allow_closing: bool,
    as_of: dt.date | None,
    booked_through: int,
) -> Receipt:
    """Insert new entries against ``opening`` or ``external``, compare those that are known.

    ``whole``: the file is all that is open at its source on ``as_of`` (a snapshot), which has
    booked all that we posted until register ``booked_through``.
    """
    if not 0 <= booked_through <= books.head:
        raise UsageError(
            f"--booked-through: found {booked_through}, expected a register from 1 to {books.head}"
        )
    snapshot.check_age(books.ledger, as_of)
    _check(books, rows)
    table = rows.take().with_columns(pl.col("instalment").cast(pl.Int64))
    if "remaining_amount" in rows.given:  # without the column the file says nothing of it
        table = table.with_columns(cash_sales.remaining())
    drawn = str(as_of or last_days.booked(books.ledger) or "")
    said = compare.Said(whole, "on_hold" in rows.given, drawn, booked_through)
    new, found = _sorted_out(books.ledger, table, said, ask=not allow_closing)
    sold, told = cash_sales.sorted_out(books.ledger, cash_sales.among(new))
    fresh = new.filter(pl.col("remaining_amount") != 0)
    if not snapshot.is_news(books, found.settled):
        found.acknowledged = found.acknowledged.clear()
    counts = {"rows": table.height, "new": fresh.height, "settled_outside": found.settled.height,
              "behind": found.behind}  # fmt: skip
    counts |= {"cash_sales": sold.height} if sold.height else {}
    del table, new
    journal = LoadJournal()
    day = max(company.cutover(books.ledger, books.settings), books.first_open_day())
    loaded = {}
    if counts["new"]:
        loaded["entry"] = _entries(books, journal, fresh, day, rows.given)
    del fresh
    compare.settle(journal, found.settled, books.settings, max(day, drawn), books.ledger)

    def store(connection: Connection) -> None:
        compare.store(connection, found, books.actor)
        load_id = books.logged(connection)
        cash_sales.store(connection, load_id, sold)
        if found.behind_since:
            log.lag(connection, load_id, found.behind, found.behind_since)
        snapshot.remember(connection, as_of)

    done = journal.write(books, "load ledger-entries", store, loaded)
    listed = snapshot.listed(found.settled)
    listed |= {"behind_since": found.behind_since} if found.behind_since else {}
    problems = [f"{rows.name}, {text}" for text in (*found.problems, *told)]
    return {**counts, **done, **listed, "problems": problems, **rows.said()}


def _sorted_out(
    ledger: Ledger, table: pl.DataFrame, said: compare.Said, *, ask: bool
) -> tuple[pl.DataFrame, compare.Compared]:
    """The rows that are new, and what the file says of those that are known."""
    ours = compare.ours(ledger)
    pairs = compare.known(table, ours)
    moved = compare.other_party(table, ours, pairs, whole=said.whole)
    found = compare.compare(ledger, table, ours, pairs, moved, said)
    if said.whole and ask:
        snapshot.guard(found.settled, ours)
    new = pairs.filter(pl.col("id").is_null()).select("row").join(moved, on="row", how="anti")
    fresh = table.join(new, on="row", how="semi", maintain_order="left")
    return fresh.with_columns(cash_sales.remaining()), found


def _check(books: Books, rows: Rows) -> None:
    """What a row must be besides its text: parties known, nothing beyond the amount."""
    amount, remaining = pl.col("amount"), pl.col("remaining_amount")
    beyond = (remaining.abs() > amount.abs()) | (remaining * amount.sign() < 0)
    _check_amounts(rows, "remaining_amount", beyond, "an amount from 0 to")
    owed = rows.frame.filter((pl.col("document_type") == cash_sales.TYPE) & (remaining != 0))
    for row, found, code in owed.select("row", remaining, "currency").iter_rows():
        said = money.text(found, code), "nothing: a cash sale is paid at once"
        rows.warnings.append(Problem(f"row {row}", "remaining_amount", *said))
    for name in ("discount_amount", "discount_amount_2"):
        _check_amounts(rows, name, pl.col(name).abs() > amount.abs(), "at most")
    known = books.ledger.frame(
        "SELECT party_type, party_no FROM party",
        dict.fromkeys(("party_type", "party_no"), pl.String),
    )
    sides = pl.col("party_type").is_in(SIDES) & (pl.col("party_no") != "")
    missing = rows.frame.filter(sides).join(known, on=known.columns, how="anti")
    rows.bad(missing, "party_no", "a party that is loaded; load customers and vendors first")
    if "control_account" in rows.given:
        rows.check_accounts(books.ledger, "control_account")
    _company_amounts(rows, company.decided(books.ledger, books.settings)[0])


def _check_amounts(rows: Rows, name: str, wrong: pl.Expr, expected: str) -> None:
    bad = rows.frame.filter(wrong).select("row", name, "amount", "currency")
    for row, found, amount, currency in bad.iter_rows():
        shown = money.text(found, currency), f"{expected} {money.text(amount, currency)}"
        rows.problems.append(Problem(f"row {row}", name, *shown))


def _entries(
    books: Books, journal: LoadJournal, fresh: pl.DataFrame, day: str, given: frozenset[str]
) -> pl.DataFrame:
    """The rows of the table ``entry``, each with the key of its journal entry."""
    accounts = books.settings.accounts
    control = pl.col("party_type").replace_strict(
        {"customer": accounts["receivables"], "vendor": accounts["payables"]}
    )
    own = pl.col("control_account")
    keyed = grouped(
        journal,
        worth.of_entries(books.ledger, books.settings, fresh).with_columns(
            pl.max_horizontal("posting_date", pl.lit(day)).alias("day"),
            pl.when(own == "").then(control).otherwise(own).alias("control"),
            books.counterpart("party_type", _begun(books.ledger)).alias("counterpart"),
            pl.lit("").alias("owner"),
            pl.concat_str(_KEY, separator="|").alias("identity"),
        ),
        "remaining_amount",
    )
    sign = pl.col("amount").sign()
    return keyed.select(
        *_STORED,
        "remaining_amount",
        "start_company",
        pl.col("remaining_amount").alias("initial_amount"),
        pl.col("control").alias("control_account"),
        *[pl.when(pl.col(name) != "").then(name).alias(name) for name in _DATES],
        *[(pl.col(n).fill_null(0).abs() * sign).alias(n) for n in _DISCOUNTS],
        *_fields(keyed, given),
    )


def _begun(ledger: Ledger) -> list[str]:
    """The sides of which the ledger holds an entry, loaded or brought by a payment."""
    sql = "SELECT 1 FROM entry WHERE party_type = '{}' LIMIT 1"
    return [side for side in SIDES if ledger.rows(sql.format(side))]


def _fields(table: pl.DataFrame, given: frozenset[str]) -> list[pl.Series]:
    """What the file says beside the columns of the table, as JSON; nothing where it says none."""
    names = [name for name in _FIELDS if name in given]
    if not names:
        return []
    texts = [
        json.dumps({n: v for n, v in zip(names, row, strict=True) if v}, ensure_ascii=False)
        for row in table.select(names).iter_rows()
    ]
    return [pl.Series("fields", texts, dtype=pl.String)]


def _company_amounts(rows: Rows, currency: str) -> None:
    """Amounts in the company's currency as minor units; rows are named while it is undecided."""
    for name in ("amount_company", "remaining_company"):
        if name not in rows.given:
            nothing = pl.lit(None, dtype=pl.Int64).alias(name)
            rows.frame = rows.frame.with_columns(nothing)
        elif not currency:
            stated = rows.frame.filter(pl.col(name) != "")
            rows.bad(stated, name, "none before the company's currency is set or decided")
        else:
            whole = rows.frame.with_columns(pl.lit(currency).alias("currency"))
            places = pl.lit(exponent(currency), dtype=pl.Int64)
            column, wrong = minor_units(whole, name, places)
            rows.frame = rows.frame.with_columns(column)
            rows.problems += wrong
            other = rows.frame.filter(pl.col(name) * pl.col("amount").sign() < 0)
            rows.bad(other, name, "the sign of amount")
