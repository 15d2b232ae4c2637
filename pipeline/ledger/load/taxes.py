"""Tax splits of entries: stored here, for postings that correct taxes."""

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import money
from pipeline.domain.errors import Problem
from pipeline.ledger import bulk
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load.journal import Books, Receipt
from pipeline.ledger.load.kinds import ENTRY_KEY
from pipeline.ledger.load.read import Rows

_KEY = list(ENTRY_KEY)
_COLUMNS = ("rate", "base_amount", "tax_amount", "tax_account", "discount_tax_account")


def entries(ledger: Ledger) -> pl.DataFrame:
    """The currency, id and amount of each entry by its key as a file writes it."""
    sql = (
        "SELECT party_type, party_no, document_type, document_no, CAST(instalment AS TEXT),"
        " currency, id, amount FROM entry ORDER BY id"
    )
    names = dict.fromkeys((*_KEY, "currency"), pl.String)
    return ledger.frame(sql, {**names, "id": pl.Int64, "amount": pl.Int64})


def load_taxes(books: Books, rows: Rows, known: pl.DataFrame) -> Receipt:
    """Store the split of entries over their tax codes; a file replaces all codes of its entries.

    Base and tax get the sign of their entry; together they may not go beyond its amount.
    """
    frame = rows.frame.join(known.drop("currency"), on=_KEY, how="left", maintain_order="left")
    stated = pl.all_horizontal(pl.col(n) != "" for n in _KEY)
    missing = frame.filter(pl.col("id").is_null() & stated)
    rows.bad(missing, "document_no", "an entry that is loaded; load ledger-entries first")
    for name in ("tax_account", "discount_tax_account"):
        rows.check_accounts(books.ledger, name)
    rows.bad(frame.filter(pl.col("rate").str.starts_with("-")), "rate", "a rate from 0")
    _check_sums(rows, frame)
    table = rows.take().join(known.drop("currency"), on=_KEY, how="left", maintain_order="left")
    sign = (pl.col("base_amount") + pl.col("tax_amount")).sum().over("id").sign()
    turn = pl.when(sign == -pl.col("amount").sign()).then(-1).otherwise(1)
    wanted = table.select(pl.col("id").alias("entry_id"), "tax_code", *_COLUMNS).with_columns(
        table.select(turn.alias("turn"))["turn"]
    )
    wanted = wanted.with_columns(
        pl.col("base_amount", "tax_amount") * pl.col("turn")
    ).drop("turn").sort("entry_id", "tax_code")  # fmt: skip
    with books.ledger.transaction() as connection:
        books.logged(connection)
        changed = _store(connection, wanted)
    return {"rows": table.height, "changed": changed, **rows.said()}


def _check_sums(rows: Rows, frame: pl.DataFrame) -> None:
    """Beyond the amount is refused, less than the amount is said."""
    parts = frame.unique(rows.rules.key, keep="first", maintain_order=True)
    whole = pl.col("base_amount") + pl.col("tax_amount")
    sums = parts.filter(pl.col("id").is_not_null()).group_by("id", maintain_order=True).agg(
        whole.sum().abs().alias("sum"), pl.col("row", "amount", "currency").first()
    )  # fmt: skip
    size = pl.col("amount").abs()
    for row, total, amount, code in sums.filter(pl.col("sum") != size).select(
        "row", "sum", "amount", "currency"
    ).iter_rows():  # fmt: skip
        shown = money.text(total, code), money.text(abs(amount), code)
        beyond = total > abs(amount)
        expected = f"base and tax of its entry together {'at most ' * beyond}{shown[1]}"
        problem = Problem(f"row {row}", "base_amount", shown[0], expected)
        (rows.problems if beyond else rows.warnings).append(problem)


def _store(connection: Connection, wanted: pl.DataFrame) -> int:
    """Replace the codes of the entries that the file names; returns how many rows are new."""
    bulk.keep_only(connection, "loaded_tax", wanted.select("entry_id").unique().sort("entry_id"))
    of_file = "entry_id IN (SELECT entry_id FROM loaded_tax)"
    names = ", ".join(wanted.columns)
    sql = f"SELECT {names} FROM entry_tax WHERE {of_file} ORDER BY entry_id, tax_code"
    found = [tuple(row) for row in connection.exec_driver_sql(sql)]
    known = pl.DataFrame(found, schema=wanted.schema, orient="row")
    changed = wanted.join(known, on=wanted.columns, how="anti").height
    if changed or known.height != wanted.height:
        connection.exec_driver_sql(f"DELETE FROM entry_tax WHERE {of_file}")
        bulk.insert_frame(connection, "entry_tax", wanted)
    connection.exec_driver_sql("DROP TABLE loaded_tax")
    return changed
