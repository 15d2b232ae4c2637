"""Frames into the database, by statements of many rows or COPY, and rows as bytes."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

_PART = 50_000
_ROWS = 200  # of one statement on SQLite: far below its limit of 32,766 values
_LITERALS = {None: "NULL", "": "''", 0: "0", 1: "1"}


def placeholder(database: Connection | Engine) -> str:
    """What stands for a value in a statement that its driver fills in."""
    return "?" if database.dialect.name == "sqlite" else "%s"


def any_of(database: Connection | Engine, kind: str = "BIGINT") -> str:
    """SQL for the values of a JSON array that a statement gets as its one parameter.

    One text however many they are, which the driver knows from before.
    """
    if database.dialect.name == "sqlite":
        return "SELECT value FROM json_each(?)"
    return f"SELECT CAST(json_array_elements_text(%s::json) AS {kind})"


def insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert a few rows; column and table names come from our own constants."""
    if not rows:
        return
    marks = ", ".join([placeholder(connection)] * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    connection.exec_driver_sql(sql, [tuple(row) for row in rows])


def insert_frame(
    connection: Connection, table: str, frame: pl.DataFrame, *, copy: bool = True
) -> None:
    """Insert all rows of a frame; its columns are the table's, dates become ISO text.

    ``copy`` false is for raw text of files: a line of it could end the COPY of PostgreSQL.
    """
    if frame.is_empty():
        return
    if connection.dialect.name == "sqlite":
        _insert_many(connection, table, plain(frame))
    elif not copy:
        insert(connection, table, frame.columns, plain(frame).rows())
    else:
        _copy(connection, table, plain(frame))


def _insert_many(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Many rows a statement: SQLite guards each statement that can fire a trigger by a savepoint.

    For single rows that takes half of the time. What is the same in all rows stands in the text.
    """
    into = f"INSERT INTO {table} ({', '.join(frame.columns)}) VALUES "
    for part in frame.iter_slices(_ROWS * 10):
        columns = [column.to_list() for column in part]
        marks = [_literal(column) or "?" for column in columns]
        asked = [column for column, mark in zip(columns, marks, strict=True) if mark == "?"]
        row = f"({', '.join(marks)})"
        for start in range(0, part.height, _ROWS):
            height = min(_ROWS, part.height - start)
            cells: list[Any] = [None] * (height * len(asked))
            for place, column in enumerate(asked):
                cells[place :: len(asked)] = column[start : start + height]
            connection.exec_driver_sql(into + ", ".join([row] * height), tuple(cells))


def _literal(column: list[Any]) -> str:
    """The one value of a column as SQL, when it is null, no text, 0 or 1; else nothing.

    Of few values, so that SQLite's driver knows most of the statements from before.
    """
    first = column[0]
    text = "" if isinstance(first, float) else _LITERALS.get(first, "")
    return text if text and column.count(first) == len(column) else ""


def upsert_frame(
    connection: Connection, table: str, key: Sequence[str], frame: pl.DataFrame
) -> None:
    """Insert the rows of a frame, or update the row that has the same ``key``."""
    if frame.is_empty():
        return
    rows = plain(frame)
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.columns if name not in key)
    clash = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
    names = ", ".join(rows.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * rows.width)
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) {clash}"
        for part in rows.iter_slices(_PART):
            connection.exec_driver_sql(sql, part.rows())
        return
    stage = f"stage_{table}"
    columns = f"SELECT {names} FROM {table} WITH NO DATA"
    connection.exec_driver_sql(f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS {columns}")
    _copy(connection, stage, rows)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage} {clash}")
    connection.exec_driver_sql(f"DROP TABLE {stage}")


def keep_only(connection: Connection, name: str, frame: pl.DataFrame) -> None:
    """A temporary table ``name`` with the rows of ``frame`` for the transaction (numbers only)."""
    columns = ", ".join(f"{column} BIGINT" for column in frame.columns)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    connection.exec_driver_sql(f"CREATE TEMP TABLE {name} ({columns})")
    insert_frame(connection, name, frame)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as ISO text and flags as 0 or 1, as both databases store them."""
    columns = [
        *[pl.col(name).cast(pl.String) for name, kind in frame.schema.items() if kind == pl.Date],
        *[pl.col(name).cast(pl.Int64) for name, kind in frame.schema.items() if kind == pl.Boolean],
    ]
    return frame.with_columns(columns) if columns else frame


def canonical(frame: pl.DataFrame) -> bytes:
    """The rows as bytes that no other rows have: text in quotes, null as nothing at all."""
    text = plain(frame).write_csv(include_header=False, quote_style="non_numeric")
    return text.encode()


def _copy(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    raw = connection.connection.driver_connection
    sql = f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN (FORMAT csv)"
    with raw.cursor() as cursor, cursor.copy(sql) as copy:  # type: ignore[union-attr]
        for part in frame.iter_slices(_PART):
            copy.write(canonical(part))


def next_id(connection: Connection, table: str, key: str = "id") -> int:
    """The next free surrogate id of a table; the caller holds the ledger's lock."""
    found = connection.exec_driver_sql(f"SELECT coalesce(max({key}), 0) + 1 FROM {table}").scalar()
    return int(found or 1)
