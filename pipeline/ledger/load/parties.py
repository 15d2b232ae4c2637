"""Customers, vendors and G/L accounts: inserted or updated by their number."""

import json
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.ledger import bulk
from pipeline.ledger.connection import next_id
from pipeline.ledger.load import log
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
            "SELECT party_no, id, name, name_2, blocked, control_account, fields FROM party"
            f" WHERE party_type = '{party_type}'"
        ).fetchall()
        names = ("no", "id", "old_name", "old_name_2", "old_blocked", "old_control", "old_fields")
        schema = {name: pl.Int64 if name == "id" else pl.String for name in names}
        known = pl.DataFrame([tuple(row) for row in found], schema=schema, orient="row")
        joined = table.join(known, on="no", how="left", maintain_order="left")
        fresh = pl.col("id").is_null()
        free = next_id(connection, "party") - 1
        numbered = joined.with_columns(pl.coalesce("id", free + fresh.cum_sum()).alias("id"))
        party = _party(numbered, party_type, rows.given)
        bulk.keep_only(connection, "loaded_party", numbered.select("id"))
        changed = _changed(connection, numbered, joined.filter(fresh)["no"], party, rows.given)
        log.changes(connection, books.logged(connection), party_type, changed)
        bulk.upsert_frame(connection, "party", ("id",), party)
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


def _changed(
    connection: Connection,
    numbered: pl.DataFrame,
    fresh: pl.Series,
    party: pl.DataFrame,
    given: frozenset[str],
) -> pl.DataFrame:
    """What the load changes of parties that stood before, as ``log.changes`` takes it."""
    both = numbered.join(
        party.select("id", pl.col("blocked", "name_2", "control_account").name.prefix("new_")),
        on="id", maintain_order="left",
    ).filter(~pl.col("no").is_in(fresh.implode()))  # fmt: skip
    for column, name in _LISTS.items():
        for before, listed in (("old", _stored(connection, name)),
                               ("new", _listed(both, name, column))):  # fmt: skip
            whole = listed.group_by("party_id").agg(pl.col(name).sort().str.join(";"))
            whole = whole.rename({"party_id": "id", name: f"{before}_{column}"})
            both = both.join(whole, on="id", how="left", maintain_order="left")
    lists = sorted(_LISTS.keys() & given)
    pairs = [log.pair("name", pl.col("old_name"), pl.col("name"))]
    pairs += [log.pair(n, pl.col(o), pl.col(f"new_{n}")) for n, o in
              (("name_2", "old_name_2"), ("blocked", "old_blocked"),
               ("control_account", "old_control"))]  # fmt: skip
    pairs += [log.pair(n, pl.col(f"old_{n}"), pl.col(f"new_{n}")) for n in lists]
    shown = sorted(given - {"no", *_OWN, *_LISTS, "receivables_account", "payables_account"})
    pairs += [log.pair(n, pl.col("old_fields").str.json_path_match(f"$.{n}"), pl.col(n))
              for n in shown]  # fmt: skip
    return log.told(both, pairs, fresh)


def _stored(connection: Connection, name: str) -> pl.DataFrame:
    """What stood in a list of the parties that are loaded."""
    sql = (
        f"SELECT party_id, {name} FROM party_{name} WHERE party_id IN (SELECT id FROM loaded_party)"
    )
    rows = [tuple(row) for row in connection.exec_driver_sql(sql)]
    return pl.DataFrame(rows, schema={"party_id": pl.Int64, name: pl.String}, orient="row")


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
        _log_accounts(connection, books, frame)
        bulk.upsert_frame(connection, "gl_account", ("no",), frame)
    return {"rows": table.height, **rows.said()}


def _log_accounts(connection: Connection, books: Books, frame: pl.DataFrame) -> None:
    stored = connection.exec_driver_sql("SELECT no, name, kind FROM gl_account")
    names = dict.fromkeys(("no", "old_name", "old_kind"), pl.String)
    known = pl.DataFrame([tuple(row) for row in stored], schema=names, orient="row")
    both = frame.join(known, on="no", maintain_order="left")
    fresh = frame.join(known, on="no", how="anti")["no"]
    pairs = [log.pair(n, pl.col(f"old_{n}"), pl.col(n)) for n in ("name", "kind")
             if n in frame.columns]  # fmt: skip
    log.changes(connection, books.logged(connection), "gl_account", log.told(both, pairs, fresh))
