"""I11: the link of each register is made again from its rows and the link before.

Runs of small registers are read together; one with more rows than a run comes in several frames.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.ledger import chain, payload
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.verify import canonical

_TEXT, _NUMBER = pl.String, pl.Int64
_RUN = 100_000
_KEYS = {"entry": "t.id", "bank_entry": "t.id", "register": "t.no", "journal_entry": "t.no"}
"""What a table is read by in ranges; the others by the number of their journal entry."""
Run = tuple[int, int, bool]
"""First and last register, and whether it is a single one that is too large for a frame."""


def runs(books: Snapshot) -> list[Run]:
    """The registers in runs of about 100,000 rows."""
    sizes = books.frame(
        "SELECT s.register_no, s.journal_entries + s.postings + s.applications + coalesce(e.n, 0)"
        " FROM register_seal s LEFT JOIN (SELECT j.register_no, CAST(sum(q.n) AS BIGINT) AS n FROM"
        " (SELECT journal_entry_no, count(*) AS n FROM entry GROUP BY journal_entry_no) q JOIN"
        " journal_entry j ON j.no = q.journal_entry_no GROUP BY j.register_no) e"
        " ON e.register_no = s.register_no ORDER BY s.register_no",
        {"no": _NUMBER, "size": _NUMBER},
    )
    large = pl.col("size") > _RUN
    run = pl.struct(pl.col("size").cum_sum() // _RUN, large.alias("large")).rle_id()
    found = sizes.group_by(run.alias("run"), maintain_order=True).agg(
        pl.col("no").min().alias("first"), pl.col("no").max().alias("last"),
        (large.any() & (pl.len() == 1)).alias("large"),
    )  # fmt: skip
    return found.select("first", "last", "large").rows()


def broken(books: Snapshot, run: Run) -> list[Any]:
    """Registers of a run whose link is not made of their rows, or not tied to the one before."""
    first, last, large = run
    seals = books.frame(
        "SELECT s.register_no, s.prev_hash, s.hash, coalesce(b.hash,"
        f" '{chain.GENESIS}') FROM register_seal s LEFT JOIN register_seal b ON b.register_no ="
        f" s.register_no - 1 WHERE s.register_no BETWEEN {first} AND {last} ORDER BY s.register_no",
        {"no": _NUMBER, "prev_hash": _TEXT, "hash": _TEXT, "before": _TEXT},
    )
    if large:
        made = {first: chain.link_of(seals["prev_hash"][0], _in_frames(books, first))}
    else:
        made = _as_text(books, seals)
        if made != dict(zip(seals["no"], seals["hash"], strict=True)):
            made = _as_frames(books, seals)
    return [
        number
        for number, prev_hash, link, before in seals.rows()
        if prev_hash != before or made[number] != link
    ]


def _as_text(books: Snapshot, seals: pl.DataFrame) -> dict[int, str]:
    """The links as the database writes the rows: quick, and right where they are as sealed."""
    first, last = seals["no"][0], seals["no"][-1]
    rows = {table: dict(_texts(books, table, first, last)) for table in _filled(books)}
    return {
        number: chain.link_of_bytes(prev_hash, {
            table: [by_no[number].encode()] for table, by_no in rows.items() if number in by_no
        })
        for number, prev_hash, *_ in seals.rows()
    }  # fmt: skip


def _filled(books: Snapshot) -> list[str]:
    """Tables with rows: to look for those of each journal entry takes as long where there are none.

    Many books have no taxes, values or bank entries.
    """
    asked = ", ".join(f"(SELECT 1 FROM {table} LIMIT 1) AS {table}" for table in chain.ORDER)
    (found,) = books.rows(f"SELECT {asked}")
    return [table for table, some in zip(chain.ORDER, found, strict=True) if some]


def _texts(books: Snapshot, table: str, first: int, last: int) -> list[tuple[int, str]]:
    """Each register of a table with its rows; their order is that of the table's key."""
    register = _register(table)
    own = canonical.row(table, sqlite=books.sqlite)
    if chain.ORDER[table] == ("id",):
        return _by_id(books, table, own, f"{register} BETWEEN {first} AND {last}")
    rows = canonical.together(table, own, sqlite=books.sqlite)
    return books.rows(
        f"SELECT {register} AS no, {rows} || '\n' AS said {_source(table)}"
        f" WHERE {register} BETWEEN {first} AND {last} GROUP BY {register}"
    )


def _by_id(books: Snapshot, table: str, own: str, where: str) -> list[tuple[int, str]]:
    """As ``_texts``, of rows read in the order of their ids: to sort them takes longer."""
    low, high = _span(books, table, where)
    rows = books.frame(
        f"SELECT j.register_no, {own} FROM {table} t CROSS JOIN journal_entry j WHERE"
        f" j.no = t.journal_entry_no AND t.id BETWEEN {low} AND {high} AND {where} ORDER BY t.id",
        {"no": _NUMBER, "said": _TEXT},
    )
    said = pl.col("said").str.join(payload.BETWEEN_ROWS) + payload.BETWEEN_ROWS
    return rows.group_by("no", maintain_order=True).agg(said).rows()


def _as_frames(books: Snapshot, seals: pl.DataFrame) -> dict[int, str]:
    """The links by the function that sealed the registers."""
    first, last = seals["no"][0], seals["no"][-1]
    rows = {table: _rows(books, table, first, last) for table in chain.ORDER}
    return {
        number: chain.link(prev_hash, {
            table: by_no[number,] for table, by_no in rows.items() if (number,) in by_no
        })
        for number, prev_hash, *_ in seals.rows()
    }  # fmt: skip


def _rows(
    books: Snapshot, table: str, first: int, last: int
) -> dict[tuple[Any, ...], pl.DataFrame]:
    frame = _read(books, table, f"{_register(table)} BETWEEN {first} AND {last}")
    return frame.partition_by("of_register", as_dict=True, maintain_order=True)


def _in_frames(books: Snapshot, register: int) -> dict[str, Iterator[pl.DataFrame]]:
    """Each table of one register, in the order of its key."""
    return {table: _frames(books, table, register) for table in chain.ORDER}


def _frames(books: Snapshot, table: str, register: int) -> Iterator[pl.DataFrame]:
    key = _KEYS.get(table, "t.journal_entry_no")
    own = f"{_register(table)} = {register}"
    low, high = _span(books, table, own)
    ordered = chain.ORDER[table][0] in ("no", "id", "journal_entry_no")
    step = _RUN if ordered else max(high + 1 - low, 1)
    for start in range(low, high + 1, step):
        yield _read(books, table, f"{own} AND {key} BETWEEN {start} AND {start + step - 1}")


def _span(books: Snapshot, table: str, where: str) -> tuple[int, int]:
    """Least and greatest key of rows; of none a span of nothing."""
    key = _KEYS.get(table, "t.journal_entry_no")
    (low, high), *_ = books.rows(
        f"SELECT coalesce(min({key}), 0) AS low, coalesce(max({key}), -1) AS high {_source(table)}"
        f" WHERE {where}"
    )
    return int(low), int(high)


def _read(books: Snapshot, table: str, where: str) -> pl.DataFrame:
    names = chain.columns(table)
    kinds = {name: chain.kind(table, name) for name in names}
    wanted = ", ".join(f"t.{name}" for name in names)
    sql = f"SELECT {_register(table)} AS of_register, {wanted} {_source(table)} WHERE {where}"
    return books.frame(sql, {"of_register": _NUMBER, **kinds})


def _source(table: str) -> str:
    joined = " JOIN journal_entry j ON j.no = t.journal_entry_no"
    return f"FROM {table} t{joined if _register(table)[0] == 'j' else ''}"


def _register(table: str) -> str:
    return {"register": "t.no", "journal_entry": "t.register_no"}.get(table, "j.register_no")
