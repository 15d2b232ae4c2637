"""Customers, vendors and G/L accounts: inserted or updated by their number."""

import json
from typing import Any

import polars as pl

from pipeline.ledger import bulk
from pipeline.ledger.connection import next_id
from pipeline.ledger.load.journal import Books, Receipt
from pipeline.ledger.load.read import Rows

_OWN = ("name", "name_2", "blocked")
_LISTS = {"ibans": "iban", "aliases": "alias"}


def load_parties(books: Books, rows: Rows, party_type: str) -> Receipt:
    """Insert or update parties; columns that the file lacks keep what stands."""
    table = rows.take().sort("no")
    ledger = books.ledger
    with ledger.transaction() as connection:
        found = connection.exec_driver_sql(
            "SELECT party_no, id, name_2, blocked, control_account, fields FROM party"
            f" WHERE party_type = '{party_type}'"
        ).fetchall()
        names = ("no", "id", "old_name_2", "old_blocked", "old_control", "old_fields")
        schema = {name: pl.Int64 if name == "id" else pl.String for name in names}
        known = pl.DataFrame([tuple(row) for row in found], schema=schema, orient="row")
        joined = table.join(known, on="no", how="left", maintain_order="left")
        fresh = pl.col("id").is_null()
        free = next_id(connection, "party") - 1
        numbered = joined.with_columns(pl.coalesce("id", free + fresh.cum_sum()).alias("id"))
        party = _party(numbered, party_type, rows.given)
        bulk.upsert_frame(connection, "party", ("id",), party)
        bulk.keep_only(connection, "loaded_party", numbered.select("id"))
        for column, name in _LISTS.items():
            if column in rows.given:
                connection.exec_driver_sql(
                    f"DELETE FROM party_{name} WHERE party_id IN (SELECT id FROM loaded_party)"
                )
                bulk.insert_frame(connection, f"party_{name}", _listed(numbered, name, column))
        connection.exec_driver_sql("DROP TABLE loaded_party")
    return {"rows": table.height, "new": joined.filter(fresh).height, **rows.said()}


def _party(rows: pl.DataFrame, party_type: str, given: frozenset[str]) -> pl.DataFrame:
    side = "receivables_account" if party_type == "customer" else "payables_account"
    shown = sorted(given - {"no", *_OWN, *_LISTS, side})
    said = rows.select("old_fields", *shown).iter_rows(named=True)
    fields = [_fields(row.pop("old_fields"), row) for row in said]

    def kept(column: str, old: str) -> pl.Expr:
        return pl.col(column) if column in given else pl.col(old).fill_null("")

    return rows.select(
        "id",
        pl.lit(party_type).alias("party_type"),
        pl.col("no").alias("party_no"),
        "name",
        kept("name_2", "old_name_2").alias("name_2"),
        kept("blocked", "old_blocked").replace("", "0").alias("blocked"),
        kept(side, "old_control").alias("control_account"),
        pl.Series("fields", fields, dtype=pl.String),
    )


def _fields(old: str | None, new: dict[str, Any]) -> str:
    whole = {**json.loads(old or "{}"), **new}
    filled = {name: whole[name] for name in sorted(whole) if whole[name]}
    return json.dumps(filled, ensure_ascii=False)


def _listed(rows: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    """One row for each value of a column that holds several (``;``)."""
    value = pl.col(column).str.split(";").alias(name)
    each = rows.select(pl.col("id").alias("party_id"), value).explode(name, empty_as_null=True)
    text = pl.col(name).str.strip_chars()
    if name == "iban":
        text = text.str.replace_all(r"\s+", "").str.to_uppercase()
    return each.with_columns(text).filter(pl.col(name) != "").unique().sort("party_id", name)


def load_gl_accounts(books: Books, rows: Rows) -> Receipt:
    """Insert or update the chart; with it no G/L account is created by a posting any more."""
    table = rows.take().sort("no")
    columns = [name for name in ("no", "name", "kind") if name in rows.given]
    frame = table.select(*columns, pl.lit("loaded").alias("origin"))
    with books.ledger.transaction() as connection:
        bulk.upsert_frame(connection, "gl_account", ("no",), frame)
    return {"rows": table.height, **rows.said()}
