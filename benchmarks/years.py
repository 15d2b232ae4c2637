"""A large ledger out of a small one: what happened in it happens again, year after year.

The rows of real nights are written again under new numbers, with payload hashes, fingerprints and
chain links of their own, made by the functions that make those of any ledger.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import polars as pl
from sqlalchemy import LargeBinary, Text

from pipeline.domain import original
from pipeline.ledger import Ledger, chain, feed_lines, payload, reading
from pipeline.ledger.schema import metadata

_NUMBERED = {
    "register": ("no", "register_no", "after_register"),
    "journal_entry": ("no", "journal_entry_no"),
    "statement_line": ("line_id", "line_id"),
    "statement": ("id", "statement_id"),
    "entry": ("id", "entry_id", "target_id"),
    "exception_item": ("id",),
    "statement_event": ("id",),
}
"""What is numbered anew: its own key, and the columns of other tables that say such a number."""
_BALANCES = ("opening", "closing")
_AGAIN = (
    "register", "journal_entry", "posting", "application", "entry", "feed_file", "statement",
    "statement_event", "statement_chain", "statement_line", "exception_item", "proposal",
    "proposed",
)  # fmt: skip
_QUICK = ("synchronous=OFF", "cache_size=-2097152", "temp_store=MEMORY", "journal_mode=MEMORY")
_TOTALS = "UPDATE queue_total SET " + ", ".join(
    f"{name} = {name} * {{years}}" for name in ("items", "money_in", "money_out")
)
"""The same items wait of each year: what counts them is no rule while the years are written."""
Frames = dict[str, pl.DataFrame]


def repeat(ledger: Ledger, times: int) -> Iterator[int]:
    """Add ``times`` years to a SQLite ledger in which nothing was taken back; tells each."""
    base = {table: _all(ledger, table) for table in _AGAIN}
    link = ledger.rows("SELECT hash FROM register_seal ORDER BY register_no DESC LIMIT 1")[0][0]
    seals = ledger.frame(*_query("register_seal"))
    last = base["register"]["recorded_at"].max()
    base["register"] = base["register"].with_columns(recorded_at=pl.lit(last))
    with closing(reading._connect(ledger.engine)) as connection:
        rules = _rules(connection)
        _run(connection, *(f"PRAGMA {pragma}" for pragma in _QUICK),
             *(f"DROP TRIGGER {name}" for name in rules))  # fmt: skip
        for year in range(1, times + 1):
            rows = _year(base, year)
            rows["register_seal"], link = _sealed(rows, seals, link)
            _run(connection, "BEGIN")
            for table, frame in rows.items():
                _put(connection, table, frame)
            _run(connection, "COMMIT")
            yield year
        _run(connection, *(
            f"UPDATE counter SET value = (SELECT max(no) FROM {name}) WHERE name = '{name}'"
            for name in ("register", "journal_entry")
        ), _TOTALS.format(years=times + 1), *rules.values(),
             "PRAGMA journal_mode=WAL")  # fmt: skip


def _all(ledger: Ledger, table: str) -> pl.DataFrame:
    return ledger.frame(*_query(table))


def _query(table: str) -> tuple[str, dict[str, Any]]:
    columns = metadata.tables[table].columns
    kinds = {
        c.name: pl.String if isinstance(c.type, Text)
        else pl.Binary if isinstance(c.type, LargeBinary) else pl.Int64
        for c in columns
    }  # fmt: skip
    return f"SELECT {', '.join(kinds)} FROM {table}", kinds


def _year(base: Frames, year: int) -> Frames:
    rows = {table: frame.with_columns(_later(base, table, year)) for table, frame in base.items()}
    rows["feed_file"] = _files(base["feed_file"], year)
    told = pl.concat_str("bank_reference", pl.lit(f"/{year}")).alias("bank_reference")
    lines = rows["statement_line"].with_columns(told)
    known_by = pl.Series("identity", feed_lines.identities(lines, ofx=False))
    rows["statement_line"] = lines.with_columns(known_by)
    names = dict(zip(base["feed_file"]["sha256"], rows["feed_file"]["sha256"], strict=True))
    of_lines = rows["statement_line"].group_by("statement_id").agg("identity")
    said = rows["statement"].join(of_lines, left_on="id", right_on="statement_id", how="left")
    found = [feed_lines.fingerprint(*row) for row in said.select(*_BALANCES, "identity").rows()]
    rows["statement"] = rows["statement"].with_columns(
        pl.col("sha256").replace_strict(names), pl.Series("fingerprint", found)
    )
    rows["journal_entry"] = rows["journal_entry"].with_columns(_payloads(rows))
    return rows


def _later(base: Frames, table: str, year: int) -> list[pl.Expr]:
    """The columns of a table that say something else in a later year."""
    found = []
    for numbered, (key, *names) in _NUMBERED.items():
        step = int(base[numbered][key].max()) * year
        own = [key] if table == numbered else []
        found += [pl.col(name) + step for name in {*own, *names} & set(base[table].columns)]
    text = pl.lit(f"{year:05}")
    if table in ("statement", "statement_chain"):
        net = base["statement"].group_by("bank_account_no").agg(pl.col("net").sum() * year)
        own = pl.col("bank_account_no").replace_strict(net["bank_account_no"], net["net"])
        found += [pl.col(name) + own for name in _BALANCES]
    if table == "statement_chain":
        ord_ = pl.col("ord") + pl.col("ord").max().over("bank_account_no") * year
        found += [ord_, (ord_ - 1).alias("prev_ord")]
    elif table == "statement":
        found.append(pl.concat_str(text, "statement_no").alias("statement_no"))
    elif table == "journal_entry":
        found.append(pl.concat_str(pl.col("key").str.slice(5), text).alias("key"))
    elif table == "entry":
        found.append(pl.concat_str(text, pl.lit("/"), "document_no").alias("document_no"))
    return found


def _files(base: pl.DataFrame, year: int) -> pl.DataFrame:
    """The same files, each with so many empty lines more at its end."""
    data = [b"".join(original.unpacked(file)) + b"\r\n" * year for file in base["original"]]
    return base.with_columns(
        pl.Series("sha256", [hashlib.sha256(file).hexdigest() for file in data]),
        pl.Series("size", list(map(len, data))),
        pl.Series("original", list(map(original.packed, data)), dtype=pl.Binary),
    )


def _payloads(rows: Frames) -> pl.Series:
    """What the journal entries say, as ``verify`` makes it of their rows."""
    entries = rows["journal_entry"].select(
        pl.col("no").alias("key"), "posting_date", "kind", "line_id",
        pl.lit("").alias("reverses_key"),
    )  # fmt: skip
    own = rows["entry"].select(
        pl.col("id").alias("entry_id"), pl.col("journal_entry_no").alias("of")
    )
    applied = (
        rows["application"]
        .join(own, on="entry_id", how="left")
        .with_columns(
            own=(pl.col("of") == pl.col("journal_entry_no")).fill_null(False).cast(pl.Int64)
        )
    )
    applied = applied.with_columns(entry_id=pl.when(pl.col("own") == 0).then("entry_id"))
    keyed = [part.rename({"journal_entry_no": "key"}) for part in (rows["posting"], applied)]
    taxes = dict.fromkeys(("key", "seq", "base_amount", "tax_amount"), pl.Int64)
    taxes |= dict.fromkeys(("part", "tax_code", "rate", "gl_account"), pl.String)
    return payload.hashes(entries, *keyed, pl.DataFrame(schema=taxes))["payload_hash"]


def _sealed(rows: Frames, seals: pl.DataFrame, link: str) -> tuple[pl.DataFrame, str]:
    """The seals of a year's registers, and the last link."""
    parts = {}
    of_register = rows["journal_entry"].select(
        pl.col("no").alias("journal_entry_no"), "register_no"
    )
    for table in ("register", "journal_entry", "posting", "application", "entry"):
        frame = rows[table]
        if table == "register":
            frame = frame.with_columns(register_no="no")
        elif table != "journal_entry":
            frame = frame.join(of_register, on="journal_entry_no", maintain_order="left")
        parts[table] = frame.partition_by("register_no", as_dict=True)
    found = []
    for no, counts in zip(
        rows["register"].sort("no")["no"], seals.sort("register_no").rows(), strict=True
    ):
        made = chain.link(link, {table: own[no,] for table, own in parts.items() if (no,) in own})
        found.append((no, *counts[1:4], link, made))
        link = made
    return pl.DataFrame(found, schema=seals.schema, orient="row"), link


def _rules(connection: Any) -> dict[str, str]:
    books = reading.Snapshot(connection, sqlite=True)
    return dict(books.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


def _run(connection: Any, *statements: str) -> None:
    for sql in statements:
        with connection.statement() as statement:
            statement.set_sql_query(sql)
            statement.execute_query()


def _put(connection: Any, table: str, frame: pl.DataFrame) -> None:
    with connection.statement() as statement:
        marks = ", ".join("?" * frame.width)
        statement.set_sql_query(
            f"INSERT INTO {table} ({', '.join(frame.columns)}) VALUES ({marks})"
        )
        statement.bind_stream(frame)
        statement.execute_update()
