"""What is made again from the rows of registers: hash chain, payloads, texts about people."""

from typing import Any

import polars as pl
from sqlalchemy import Integer, Table, Text

from pipeline.domain import money
from pipeline.ledger import chain, payload
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.schema import metadata
from pipeline.ledger.verify import canonical, links_of_chain
from pipeline.ledger.verify.check import Ranges, Work

_TEXT, _NUMBER = pl.String, pl.Int64
_RUN = 50_000


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


_TO_ENTRY = " LEFT JOIN entry e ON e.id = t.entry_id"
_OWN = "CASE WHEN e.journal_entry_no = t.journal_entry_no THEN 1 ELSE 0 END"
"""Whether it is the payment entry that the journal entry itself created."""
_OTHER = "CASE WHEN e.journal_entry_no = t.journal_entry_no THEN NULL ELSE t.entry_id END"


def _runs(books: Snapshot) -> list[str]:
    """Conditions on a journal number: so many entries that memory stays flat."""
    last = int(books.rows("SELECT coalesce(max(no), 0) AS n FROM journal_entry")[0][0])
    return [f"BETWEEN {n} AND {n + _RUN - 1}" for n in range(1, max(last, 1) + 1, _RUN)]


def _payloads(books: Snapshot, within: str) -> list[Any]:
    """I9: what a journal entry says is what its key was given for."""
    entries = books.frame(
        "SELECT j.no, j.posting_date, j.kind, j.line_id, coalesce(o.key, ''), j.payload_hash"
        " FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no"
        f" WHERE j.no {within} ORDER BY j.no",
        {"key": _NUMBER, "posting_date": _TEXT, "kind": _TEXT, "line_id": _NUMBER,
         "reverses_key": _TEXT, "kept": _TEXT},
    )  # fmt: skip
    texts = entries.select("key", payload.text(payload.ENTRY).alias("text"))
    said = payload.hashes_of_texts(texts, *_texts(books, within))
    if not said["payload_hash"].equals(entries["kept"]):
        said = payload.hashes(
            entries,
            _postings(books, within),
            _applications(books, within),
            _taxes(books, within),
        )
    return said.filter(said["payload_hash"] != entries["kept"])["key"].to_list()


def _texts(books: Snapshot, within: str) -> list[pl.DataFrame]:
    """What the rows of each journal entry say, as the database writes it."""
    stands_for = {"entry_id": _OTHER, "own": _OWN}
    found = []
    for table, names, joined, more in (
        (
            "posting",
            payload.POSTING,
            "",
            f" || coalesce('{payload.BETWEEN}' || amount_company, '')",
        ),
        ("application", payload.APPLICATION, _TO_ENTRY, ""),
        ("application_tax", payload.TAX, "", ""),
    ):
        cells = [(stands_for.get(name, f"t.{name}"), False) for name in names]
        own = canonical.written(cells, payload.BETWEEN, sqlite=books.sqlite) + more
        rows = canonical.together(table, own, sqlite=books.sqlite)
        sql = f"SELECT t.journal_entry_no, {rows} FROM {table} t{joined} WHERE t.journal_entry_no"
        found.append(
            books.frame(
                f"{sql} {within} GROUP BY t.journal_entry_no", {"key": _NUMBER, "rows": _TEXT}
            )
        )
    return found


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
    columns = ", ".join(f"t.{name}" for name in (*texts, *numbers))
    sql = (
        f"SELECT t.journal_entry_no, {_OTHER}, {_OWN}, {columns} FROM application t{_TO_ENTRY}"
        f" WHERE t.journal_entry_no {within}"
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
    own = "SELECT currency FROM bank_account"
    sql = own + "".join(
        f" UNION SELECT currency FROM {table} WHERE currency NOT IN ({own})"
        for table in ("posting", "entry", "bank_entry")
    )
    return [row[0] for row in books.rows(sql) if not _is_known(row[0])]


def _is_known(currency: str) -> bool:
    try:
        return money.exponent(currency) >= 0
    except ValueError:
        return False


def _kinds(books: Snapshot) -> list[Any]:
    """I3: numbers are whole and texts are texts, also where a file was written past the rules.

    SQLite's own check (I42b) asks that of each cell of a strict table, as all of ours are; only of
    another one it is asked here. No check of it knows of what goes on behind a zero.
    """
    if not books.sqlite:
        return []  # PostgreSQL has the type for each column
    strict = {row[0] for row in books.rows("SELECT name FROM pragma_table_list WHERE strict = 1")}
    asked = []
    for table in metadata.sorted_tables:
        wrong = _hidden(table)
        if table.name not in strict:
            wrong = [*wrong, *_of_other_types(table)]
        if wrong:
            asked.append(f"SELECT '{table.name}' FROM {table.name} WHERE {' OR '.join(wrong)}")
    return [row[0] for row in books.rows(" UNION ALL ".join(asked))]


def _of_other_types(table: Table) -> list[str]:
    return [
        f"typeof({column.name}) NOT IN ('{own}', 'null')"
        for column in table.columns
        for kind, own in ((Integer, "integer"), (Text, "text"))
        if isinstance(column.type, kind)
    ]


def _hidden(table: Table) -> list[str]:
    """True for a row with a text that goes on behind a zero, where ``canonical`` ends.

    Texts about people are hashed whole (I11b).
    """
    hashed = chain.PERSONAL.get(table.name)
    texts = [column.name for column in table.columns if isinstance(column.type, Text)]
    names = [name for name in texts if name != hashed]
    return [f"instr(concat({', '.join(names)}), char(0)) > 0"] if names else []


CHECKS: dict[str, Work | Ranges] = {
    "I3b": Work("posting", "each currency in use has a known number of decimals", _currencies),
    "I3c": Work(
        "posting", "numbers are whole numbers and texts are texts, in every column", _kinds
    ),
    "I9b": Ranges(
        "journal_entry",
        "each journal entry says what its payload hash was made of",
        _runs,
        _payloads,
    ),
    "I11": Ranges(
        "register_seal",
        "the hash of each register is made of its rows and of the hash before it",
        links_of_chain.runs,
        links_of_chain.broken,
    ),
    "I11b": Work(
        "entry",
        "a text about people is the one that was sealed, or was erased with its salt",
        _personal,
    ),
}
