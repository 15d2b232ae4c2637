"""Cash sales: paid at once, so that they open nothing; kept as what their customers are told."""

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import money
from pipeline.ledger.bulk import insert_frame
from pipeline.ledger.connection import Ledger, next_id

_KEY = ["party_no", "document_no", "instalment"]
_SAID = ["posting_date", "currency", "amount"]
TYPE = "cash_sale"


def remaining() -> pl.Expr:
    """``remaining_amount`` where a row is silent: of a cash sale nothing, else its amount."""
    silent = pl.when(pl.col("document_type") == TYPE).then(0).otherwise("amount")
    return pl.coalesce("remaining_amount", silent).alias("remaining_amount")


def among(fresh: pl.DataFrame) -> pl.DataFrame:
    """The rows of new entries that are cash sales to customers of which nothing is open."""
    paid = pl.col("remaining_amount") == 0
    return fresh.filter(paid & (pl.col("document_type") == TYPE), party_type="customer")


def sorted_out(ledger: Ledger, found: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Those that are not kept yet, and what the file says otherwise of those that are."""
    if found.is_empty():
        return found, []
    schema = {**dict.fromkeys(_KEY[:2], pl.String), "instalment": pl.Int64,
              "kept_date": pl.String, "kept_currency": pl.String, "kept": pl.Int64}  # fmt: skip
    names = ", ".join(_KEY + _SAID)
    kept = ledger.frame(f"SELECT {names} FROM cash_sale", schema)
    both = found.join(kept, on=_KEY, how="inner", maintain_order="left")
    same = (pl.col("amount") == pl.col("kept")) & (pl.col("currency") == pl.col("kept_currency"))
    same &= pl.col("posting_date").cast(pl.String) == pl.col("kept_date")
    problems = [_sentence(row) for row in both.filter(~same).iter_rows(named=True)]
    return found.join(kept, on=_KEY, how="anti", maintain_order="left"), problems


def _sentence(row: dict[str, object]) -> str:
    there, here = (
        f"{money.text(int(str(amount)), str(code))} {code} on {day}"
        for amount, code, day in (
            (row["amount"], row["currency"], row["posting_date"]),
            (row["kept"], row["kept_currency"], row["kept_date"]),
        )
    )
    return (
        f"row {row['row']}: {TYPE} {row['document_no']}: found {there}, expected {here}, as it was"
        " told"
    )


def store(connection: Connection, load_id: int, new: pl.DataFrame) -> None:
    """Keep new cash sales with the load that brought them."""
    if new.is_empty():
        return
    first = next_id(connection, "cash_sale")
    project = pl.col("project") if "project" in new.columns else pl.lit("")
    rows = new.sort(_KEY).select(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("id"),
        pl.lit(load_id, dtype=pl.Int64).alias("load_id"),
        *_KEY, *_SAID, project.fill_null("").alias("project"),
    )  # fmt: skip
    insert_frame(connection, "cash_sale", rows)
