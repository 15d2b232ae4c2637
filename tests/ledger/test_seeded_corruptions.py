"""One cell or row, anywhere in what the books rest on, changed behind every rule: it is found.

``LETTRAGE_TEST_EXAMPLES=300 pytest tests/ledger/test_seeded_corruptions.py`` makes three hundred
on each database. That nothing is found where nothing is wrong a thousand times over, the same does
with ``test_any_corrections.py``, which verifies after each step.
"""

import random

import pytest
from sqlalchemy import Integer

from pipeline.domain import frames
from pipeline.ledger import Ledger, chain
from pipeline.ledger.verify import CHECKS
from pipeline.ledger.verify.check import SHOWN
from tests.ledger.behind_the_back import FILES, asked, open_to_all, run, stripped
from tests.ledger.corruptions import KEYS, ledger_table
from tests.long import examples

FOUND_BY = ("I11", "I11b", "I14", "I14b", "I28b", "I28c", "I24b", "I2", "I26")
"""Who finds most of it; only where none of them does all the others are asked too."""
LINE = ["booking_date", "value_date", "amount", "bank_reference", "identity", "occurrence",
        "before_cutover", "statement_id"]  # fmt: skip
SAID = [name for name in frames.FEED_LINES if name not in LINE]
"""What else a line says: ``verify --files`` compares it with its file."""
CELLS = {
    **{table: chain.columns(table) for table in chain.ORDER},
    "register_seal": ["journal_entries", "postings", "applications", "prev_hash", "hash"],
    "statement_line": [*LINE, *SAID],
    "statement": ["net", "line_count", "status"],
    "statement_chain": ["ord", "statement_id", "opening", "closing"],
    "feed_file": ["sha256", "size"],
}  # fmt: skip
CELLS["entry"] += ["remaining_amount", "fields"]
CELLS["bank_entry"] += ["remaining_amount", "description"]


def corrupted(book: Ledger, seed: int) -> tuple[str, str]:
    """A table, and a statement that changes, deletes or doubles one of its rows."""
    chance = random.Random(seed)
    table = chance.choice([name for name in CELLS if book.rows(f"SELECT 1 FROM {name} LIMIT 1")])
    columns = ledger_table(table).columns
    keys = KEYS.get(table, "id").split(", ")
    column = chance.choice(CELLS[table])
    where = f"FROM {table} WHERE {column} IS NOT NULL"
    count = int(book.rows(f"SELECT count(*) {where}")[0][0])
    if not count:  # a column that no row of these books fills
        column, where = keys[0], f"FROM {table} WHERE 1 = 1"
        count = int(book.rows(f"SELECT count(*) {where}")[0][0])
    row = chance.randrange(count)
    names = ", ".join(keys)
    one = f"({names}) IN (SELECT {names} {where} ORDER BY {names} LIMIT 1 OFFSET {row})"
    how = chance.choice(["change", "change", "change", "delete", "double"])
    if how == "delete":
        return table, f"DELETE FROM {table} WHERE {one}"
    if how == "double" and isinstance(columns[keys[-1]].type, Integer):
        said = [f"{c.name} + 1000" if c.name == keys[-1] else c.name for c in columns]
        return table, f"INSERT INTO {table} SELECT {', '.join(said)} FROM {table} WHERE {one}"
    if isinstance(columns[column].type, Integer):
        more = chance.choice([-1, 1]) * chance.randint(1, 999)
        return table, f"UPDATE {table} SET {column} = {column} + {more} WHERE {one}"
    return table, f"UPDATE {table} SET {column} = {column} || '{chance.choice('x0')}' WHERE {one}"


@pytest.mark.parametrize("seed", range(1, 1 + examples(8)))
def test_whatever_is_changed_is_found(book: Ledger, seed: int) -> None:
    table, change = corrupted(book, seed)
    others = [*[name for name in CHECKS if name not in FOUND_BY], FILES]
    with open_to_all(book) as connection:
        run(connection, *stripped(table, sqlite=book.sqlite), change)
        names = (*FOUND_BY, *others)
        assert any(asked(book, connection, name).violations for name in names), change


@pytest.mark.parametrize("kind", ["mt", "ofx"])
def test_each_column_of_a_line_is_compared_with_its_file(book: Ledger, kind: str) -> None:
    """Each of a line of its own; where the bank left it empty it says something now."""
    of_kind = (
        "SELECT l.line_id FROM statement_line l JOIN statement s ON s.id = l.statement_id WHERE"
        f" substr(s.format, 1, {len(kind)}) = '{kind}' ORDER BY l.line_id"
    )
    lines = [row[0] for row in book.rows(of_kind)][:SHOWN]
    columns = ledger_table("statement_line").columns
    for start in range(0, len(frames.FEED_LINES), len(lines)):
        names = list(frames.FEED_LINES)[start : start + len(lines)]
        more = {
            name: f"{name} + 1"
            if isinstance(columns[name].type, Integer)
            else f"coalesce({name}, '') || '0'"
            for name in names
        }
        changed = dict(zip(lines, names, strict=False))
        changes = [
            f"UPDATE statement_line SET {name} = {more[name]} WHERE line_id = {line}"
            for line, name in changed.items()
        ]
        with open_to_all(book) as connection:
            assert asked(book, connection, FILES).violations == 0
            run(connection, *stripped("statement_line", sqlite=book.sqlite), *changes)
            assert asked(book, connection, FILES).ids == tuple(f"line {line}" for line in changed)
