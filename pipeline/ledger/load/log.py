"""Which files were loaded, by whom and when; and whether one is older than what came since."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from pipeline.ledger.bulk import insert, insert_frame, placeholder
from pipeline.ledger.connection import Ledger, next_id, now

_COLUMNS = ("id", "kind", "sha256", "file_name", "as_of", "actor", "after_register", "recorded_at")
_HEAD = "SELECT value FROM counter WHERE name = 'register'"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is loaded, known by its content."""

    kind: str
    name: str
    sha256: str
    as_of: str
    """The day that its sender names, ISO; empty where nobody did."""


def source(path: Path, kind: str, as_of: object) -> Source:
    """The file at ``path``; nothing is known of one that cannot be read."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        sha256 = ""
    return Source(kind, path.name, sha256, str(as_of or ""))


def record(connection: Connection, found: Source, actor: str) -> int:
    """Number of the load of this file; a new one unless it was the last of its kind."""
    mark = placeholder(connection)
    sql = f"SELECT id, sha256, as_of FROM load_file WHERE kind = {mark} ORDER BY id DESC LIMIT 1"
    last = connection.exec_driver_sql(sql, (found.kind,)).first()
    if last and (last[1], last[2]) == (found.sha256, found.as_of):
        return int(last[0])
    number = next_id(connection, "load_file")
    head = connection.exec_driver_sql(_HEAD).scalar()
    row = (number, found.kind, found.sha256, found.name, found.as_of, actor, head, now(connection))
    insert(connection, "load_file", _COLUMNS, [row])
    return number


def lag(connection: Connection, load_id: int, entries: int, since: str) -> None:
    """Keep how many of our entries a list shows as before we settled them, and since when."""
    mark = placeholder(connection)
    sql = f"SELECT 1 FROM source_lag WHERE load_id = {mark}"
    if connection.exec_driver_sql(sql, (load_id,)).first() is None:  # the same list again
        insert(
            connection, "source_lag", ("load_id", "entries", "since"), [(load_id, entries, since)]
        )


def changes(connection: Connection, load_id: int, kind: str, found: pl.DataFrame) -> None:
    """Keep what a load changes of master data: ``no, field, old_value, new_value``, text.

    Rows with two equal values are none. What is new is a row with its number as the new value.
    """
    changed = found.filter(pl.col("old_value") != pl.col("new_value")).sort("no", "field")
    first = next_id(connection, "master_change")
    insert_frame(
        connection,
        "master_change",
        changed.select(
            pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("id"),
            pl.lit(load_id, dtype=pl.Int64).alias("load_id"),
            pl.lit(kind).alias("kind"),
            "no", "field", "old_value", "new_value",
        ),
    )  # fmt: skip


def pair(field: str, old: pl.Expr, new: pl.Expr) -> pl.Expr:
    """One field before and after, for ``told``."""
    return pl.struct(
        pl.lit(field).alias("field"),
        old.cast(pl.String).fill_null("").alias("old_value"),
        new.cast(pl.String).fill_null("").alias("new_value"),
    )


def told(known: pl.DataFrame, pairs: Sequence[pl.Expr], fresh: pl.Series) -> pl.DataFrame:
    """The frame that ``changes`` takes: each pair of each row, and of ``fresh`` numbers no more."""
    of_known = [known.select("no", pair.alias("_")).unnest("_") for pair in pairs]
    new = pl.DataFrame({"no": fresh}).select(
        "no", pl.lit("no").alias("field"), pl.lit("").alias("old_value"),
        pl.col("no").alias("new_value"),
    )  # fmt: skip
    return pl.concat([new, *of_known])


def came_before(ledger: Ledger, found: Source) -> str:
    """When a file was loaded that others followed, and nothing says that it is current; or empty.

    A later ``as_of`` than that of all before says so.
    """
    sql = (
        "SELECT id, sha256, as_of, recorded_at, actor FROM load_file WHERE kind ="
        f" '{found.kind}' ORDER BY id"
    )
    rows = ledger.rows(sql)
    same = [row for row in rows if row[1] == found.sha256]
    if not same or rows[-1][1] == found.sha256 or found.as_of > max(row[2] for row in rows):
        return ""
    return f"{same[-1][3][:16]} by {same[-1][4]}"
