"""What is made again from the rows of registers: hash chain, payloads, texts about people."""

from typing import Any

import polars as pl
from sqlalchemy import Integer

from pipeline.domain import money
from pipeline.ledger import chain, payload
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.schema import metadata
from pipeline.ledger.verify.check import Work

_TEXT, _NUMBER = pl.String, pl.Int64
_RUN = 100_000


def _chain(books: Snapshot) -> list[Any]:
    """I11: one link per register, over its rows and the link before."""
    seals = books.frame(
        "SELECT register_no, prev_hash, hash, journal_entries FROM register_seal"
        " ORDER BY register_no",
        {"register_no": _NUMBER, "prev_hash": _TEXT, "hash": _TEXT, "size": _NUMBER},
    )
    broken = []
    previous = chain.GENESIS
    for part in _parts(seals):
        rows = _rows_of(books, part["register_no"].min(), part["register_no"].max())
        for number, prev_hash, link, _ in part.rows():
            own = {table: by_no[number,] for table, by_no in rows.items() if (number,) in by_no}
            if prev_hash != previous or chain.link(prev_hash, own) != link:
                broken.append(number)
            previous = link
    return broken


def _parts(seals: pl.DataFrame) -> list[pl.DataFrame]:
    """The seals in runs of about 100,000 journal entries, so that memory stays flat."""
    run = (pl.col("size").cum_sum() // _RUN).alias("run")
    return [p.drop("run") for p in seals.with_columns(run).partition_by("run", maintain_order=True)]


def _rows_of(books: Snapshot, first: Any, last: Any) -> dict[str, dict[tuple[Any, ...], Any]]:
    found = {}
    for table in chain.ORDER:
        names = chain.columns(table)
        kinds = {name: chain.kind(table, name) for name in names}
        own = {"register": "t.no", "journal_entry": "t.register_no"}.get(table, "j.register_no")
        wanted = ", ".join(f"t.{name}" for name in names)
        sql = (
            f"SELECT {own} AS of_register, {wanted} FROM {table} t"
            f"{' JOIN journal_entry j ON j.no = t.journal_entry_no' if own[0] == 'j' else ''}"
            f" WHERE {own} BETWEEN {int(first)} AND {int(last)}"
        )
        frame = books.frame(sql, {"of_register": _NUMBER, **kinds})
        found[table] = frame.partition_by("of_register", as_dict=True, maintain_order=True)
    return found


def _personal(books: Snapshot) -> list[Any]:
    """I11: a text about people is the one that was hashed, or it was erased with its salt."""
    broken: list[Any] = []
    for table, column in chain.PERSONAL.items():
        rows = books.frame(
            f"SELECT id, {column}, personal_salt, personal_hash FROM {table}"
            f" WHERE personal_hash <> '' OR personal_salt <> '' OR {column} NOT IN ('', '{{}}')",
            {"id": _NUMBER, "text": _TEXT, "salt": _TEXT, "hash": _TEXT},
        )
        for number, text, salt, kept in rows.iter_rows():
            erased = not salt and text in ("", "{}")
            if not erased and not (salt and chain.salted_hash(salt, text) == kept):
                broken.append(f"{table} {number}")
    return broken


_OWN = "CASE WHEN e.journal_entry_no = a.journal_entry_no THEN {own} ELSE {other} END"
"""By whether it is the payment entry that the journal entry itself created."""


def _payloads(books: Snapshot) -> list[Any]:
    """I9: what a journal entry says is what its key was given for."""
    broken: list[Any] = []
    last = int(books.rows("SELECT coalesce(max(no), 0) AS n FROM journal_entry")[0][0])
    for first in range(1, last + 1, _RUN):
        within = f"BETWEEN {first} AND {first + _RUN - 1}"
        entries = books.frame(
            "SELECT j.no, j.posting_date, j.kind, j.line_id, coalesce(o.key, ''), j.payload_hash"
            " FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no"
            f" WHERE j.no {within} ORDER BY j.no",
            {"key": _NUMBER, "posting_date": _TEXT, "kind": _TEXT, "line_id": _NUMBER,
             "reverses_key": _TEXT, "kept": _TEXT},
        )  # fmt: skip
        said = payload.hashes(
            entries,
            _postings(books, within),
            _applications(books, within),
            _taxes(books, within),
        )
        other = said.filter(said["payload_hash"] != entries["kept"])
        broken += other["key"].to_list()
    return broken


def _postings(books: Snapshot, within: str) -> pl.DataFrame:
    names = ("gl_account", "currency", "party_type", "party_no", "bank_account_no")
    amounts = ("amount", "amount_company")
    schema: dict[str, Any] = dict.fromkeys(("key", "seq", *amounts), _NUMBER)
    schema |= dict.fromkeys(names, _TEXT)
    sql = f"SELECT journal_entry_no, seq, {', '.join((*amounts, *names))} FROM posting"
    return books.frame(f"{sql} WHERE journal_entry_no {within}", schema)


def _applications(books: Snapshot, within: str) -> pl.DataFrame:
    texts = ("role", "party_type", "party_no", "gl_account", "difference_kind")
    numbers = (
        "seq", "bank_entry_id", "applied_amount", "entry_amount", "discount_amount",
        "difference_amount",
    )  # fmt: skip
    columns = ", ".join(f"a.{name}" for name in (*texts, *numbers))
    sql = (
        f"SELECT a.journal_entry_no, {_OWN.format(own='NULL', other='a.entry_id')},"
        f" {_OWN.format(own='1', other='0')}, {columns} FROM application a LEFT JOIN entry e"
        f" ON e.id = a.entry_id WHERE a.journal_entry_no {within}"
    )
    schema: dict[str, Any] = dict.fromkeys(("key", "entry_id", "own"), _NUMBER)
    schema |= {**dict.fromkeys(texts, _TEXT), **dict.fromkeys(numbers, _NUMBER)}
    return books.frame(sql, schema)


def _taxes(books: Snapshot, within: str) -> pl.DataFrame:
    schema: dict[str, Any] = dict.fromkeys(("key", "seq", "base_amount", "tax_amount"), _NUMBER)
    schema |= dict.fromkeys(("part", "tax_code", "rate", "gl_account"), _TEXT)
    columns = ", ".join(list(schema)[1:])
    sql = f"SELECT journal_entry_no, {columns} FROM application_tax"
    return books.frame(f"{sql} WHERE journal_entry_no {within}", schema)


def _currencies(books: Snapshot) -> list[Any]:
    """I3: every currency has a known number of decimals."""
    sql = " UNION ".join(
        f"SELECT currency FROM {table}"
        for table in ("posting", "entry", "bank_entry", "bank_account")
    )
    return [row[0] for row in books.rows(sql) if not _is_known(row[0])]


def _is_known(currency: str) -> bool:
    try:
        return money.exponent(currency) >= 0
    except ValueError:
        return False


def _whole_numbers(books: Snapshot) -> list[Any]:
    """I3: amounts are whole numbers, also where a file was written past the rules (SQLite)."""
    if not books.sqlite:
        return []  # PostgreSQL has the type for each column
    broken = []
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns if isinstance(column.type, Integer)]
        if names:
            wrong = " OR ".join(f"typeof({name}) NOT IN ('integer', 'null')" for name in names)
            rows = books.rows(f"SELECT count(*) AS n FROM {table.name} WHERE {wrong}")
            broken += [table.name] * int(rows[0][0])
    return broken


CHECKS: dict[str, Work] = {
    "I3b": Work("posting", _currencies),
    "I3c": Work("posting", _whole_numbers),
    "I9b": Work("journal_entry", _payloads),
    "I11": Work("register_seal", _chain),
    "I11b": Work("entry", _personal),
}
