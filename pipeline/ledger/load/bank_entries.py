"""Bank entries: what the books show on a bank account before the bank confirms it."""

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import Problem
from pipeline.ledger import company
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.load import worth
from pipeline.ledger.load.journal import Books, LoadJournal, Receipt, grouped
from pipeline.ledger.load.read import Rows
from pipeline.ledger.reading import quoted

_KEY = ["bank_account_no", "entry_no"]
_SOURCE = ("open", "stopped", "voided")
_CONFLICT = "source_conflict"
"""Status of a bank entry that its source changed: it takes no automatic posting."""


def load_bank_entries(books: Books, rows: Rows) -> Receipt:
    """Insert bank entries once, against ``<gl_account>-TRANSIT``; later loads compare.

    A status that the source changed is taken over; a changed amount is a conflict.
    """
    transit = dict(books.ledger.rows("SELECT bank_account_no, transit_account FROM bank_account"))
    _check(rows, set(transit))
    table = rows.take()
    nothing = table.filter(pl.col("amount") == 0).select("row").to_series().to_list()
    rows.warnings += [Problem(f"row {n}", "amount", "0", "an amount; left out") for n in nothing]
    ours = _ours(books)
    fresh = table.join(ours, on=_KEY, how="anti").filter(pl.col("amount") != 0)
    both = table.join(ours, on=_KEY, how="inner", suffix="_ours", maintain_order="left")
    moves, problems = _compare(both, rows)
    journal = LoadJournal()
    cutover = max(company.cutover(books.ledger, books.settings), books.first_open_day())
    loaded = {}
    if fresh.height:
        own = company.decided(books.ledger, books.settings)[0]
        dated = fresh.with_columns(pl.col("posting_date").alias("day"))
        keyed = grouped(
            journal,
            worth.at_the_rate(books.ledger, books.settings, dated, own).with_columns(
                pl.col("rate").fill_null(""),
                pl.col("rate_date").cast(pl.String).fill_null(""),
                pl.max_horizontal("posting_date", pl.lit(cutover)).alias("day"),
                pl.col("bank_account_no").replace_strict(transit).alias("control"),
                books.counterpart("bank_account_no", _begun(books, ours, fresh)).alias(
                    "counterpart"
                ),
                pl.col("bank_account_no").alias("owner"),
                pl.concat_str(*_KEY, separator="|").alias("identity"),
            ),
            "amount",
        )
        loaded["bank_entry"] = keyed.drop(
            "row", "day", "control", "owner", "identity", "own_currency"
        ).with_columns(
            pl.col("amount").alias("remaining_amount"), pl.col("status").replace("", "open")
        )

    def store(connection: Connection) -> None:
        mark = placeholder(connection)
        if moves:
            sql = f"UPDATE bank_entry SET status = {mark} WHERE id = {mark}"
            connection.exec_driver_sql(sql, moves)

    done = journal.write(books, "load bank-entries", store, loaded)
    counts = {"rows": table.height, "new": fresh.height, "changed": len(moves)}
    return {**counts, **done, "problems": problems, **rows.said()}


def _check(rows: Rows, known: set[str]) -> None:
    unknown = rows.frame.filter(~pl.col("bank_account_no").is_in(sorted(known)))
    rows.bad(unknown, "bank_account_no", "a bank account that is loaded; load bank-accounts first")
    other = rows.frame.filter(
        (pl.col("own_currency") != "") & (pl.col("currency") != pl.col("own_currency"))
    )
    rows.bad(other, "currency", "the currency of the bank account")


def _ours(books: Books) -> pl.DataFrame:
    text, number = pl.String, pl.Int64
    schema = {"bank_account_no": text, "entry_no": text, "id": number, "amount": number,
              "status": text}  # fmt: skip
    sql = f"SELECT {', '.join(schema)} FROM bank_entry ORDER BY id"
    return books.ledger.frame(sql, schema)


def _begun(books: Books, ours: pl.DataFrame, fresh: pl.DataFrame) -> set[str]:
    """The bank accounts of ``fresh`` that had bank entries before, or of which a line is posted."""
    begun = set(ours["bank_account_no"])
    posted = (
        "SELECT 1 FROM statement s JOIN statement_line l ON l.statement_id = s.id JOIN"
        " journal_entry j ON j.line_id = l.line_id WHERE s.bank_account_no = {} LIMIT 1"
    )
    asked = set(fresh["bank_account_no"]) - begun
    return begun | {no for no in asked if books.ledger.rows(posted.format(quoted(no)))}


def _compare(both: pl.DataFrame, rows: Rows) -> tuple[list[tuple[str, int]], list[str]]:
    """Changes of status by id, and a sentence for each changed amount."""
    changed = pl.col("amount") != pl.col("amount_ours")
    given = (
        pl.when(changed).then(pl.lit(_CONFLICT))
        .when(pl.col("status") != "").then("status")
        .when(pl.col("status_ours") == _CONFLICT).then(pl.lit("open"))
        .otherwise("status_ours")
    )  # fmt: skip
    found = both.with_columns(given.alias("new"), changed.alias("changed"))
    ours = pl.col("status_ours").is_in([*_SOURCE, _CONFLICT])
    moved = found.filter(ours & (pl.col("new") != pl.col("status_ours")))
    problems = [
        f"{rows.name}, row {row}: bank entry {account} {no}: source_conflict: another amount than"
        " when it was loaded"
        for row, account, no in found.filter("changed").select("row", *_KEY).iter_rows()
    ]
    return moved.select("new", "id").rows(), problems
