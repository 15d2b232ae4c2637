"""``verify`` finds a schema, a table or a file that is not as this release makes it."""

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pipeline import cli, config, ledger
from pipeline.ledger import Ledger
from pipeline.ledger.reading import quoted
from pipeline.ledger.verify import verify
from tests.ledger.behind_the_back import open_to_all, run, stripped, verified

SCHEMA: dict[str, tuple[str, str, str]] = {  # check, SQLite, PostgreSQL
    "a rule is gone": ("I5", "DROP TRIGGER posting_no_update",
                       "DROP TRIGGER posting_no_update ON posting"),
    "a rule is off": ("I5", "", "ALTER TABLE posting DISABLE TRIGGER posting_no_update"),
    "a rule is off for replicas": (
        "I5", "", "ALTER TABLE posting ENABLE TRIGGER posting_no_update"),
    "a rule does nothing": (
        "I5", "DROP TRIGGER seal_unbalanced; CREATE TRIGGER seal_unbalanced BEFORE INSERT ON"
        " register_seal BEGIN SELECT 1; END",
        "CREATE OR REPLACE FUNCTION rule_seal_check() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END'"),
    "a trigger of somebody else": (
        "I5", "CREATE TRIGGER more AFTER INSERT ON posting BEGIN SELECT 1; END",
        "CREATE TRIGGER more AFTER INSERT ON posting EXECUTE FUNCTION rule_counter_no_delete()"),
    "a check is gone": ("I42", "", "ALTER TABLE posting DROP CONSTRAINT posting_amount_check"),
    "a foreign key is gone": (
        "I42", "", "ALTER TABLE posting DROP CONSTRAINT posting_gl_account_fkey"),
    "null is allowed": ("I42", "", "ALTER TABLE posting ALTER currency DROP NOT NULL"),
    "another default": ("I42", "", "ALTER TABLE posting ALTER currency SET DEFAULT 'EUR'"),
    "another type": ("I42", "", "ALTER TABLE application ALTER rule TYPE varchar"),
    "a unique index is gone": ("I42", "DROP INDEX journal_entry_reverses",
                               "DROP INDEX journal_entry_reverses"),
    "a column more": ("I42", "ALTER TABLE posting ADD COLUMN more TEXT",
                      "ALTER TABLE posting ADD COLUMN more TEXT"),
    "rights for all": ("I42b", "", "GRANT UPDATE ON posting TO PUBLIC"),
    "rights on a column": ("I42b", "", "GRANT UPDATE (amount) ON posting TO PUBLIC"),
    "a right to empty": ("I42b", "", "GRANT TRUNCATE ON statement TO PUBLIC"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMA)
def test_a_schema_that_this_release_does_not_make_is_found(book: Ledger, name: str) -> None:
    check, *dialects = SCHEMA[name]
    statements = dialects[0 if book.sqlite else 1]
    if not statements:
        pytest.skip("PostgreSQL only")
    parts = (
        statements.split("; ", 1) if statements.startswith("DROP TRIGGER seal") else [statements]
    )
    with open_to_all(book) as connection:
        run(connection, *parts)
        found = [one.invariant for one in verified(book, connection) if one.violations]
    assert found == [check]


def test_a_table_without_its_constraints_is_found(book: Ledger) -> None:
    with open_to_all(book) as connection:
        run(connection, *stripped("posting", sqlite=book.sqlite))
        found = {one.invariant for one in verified(book, connection) if one.violations}
    assert "I42" in found


def test_a_table_that_is_gone_is_named_by_what_cannot_be_checked(book: Ledger) -> None:
    if not book.sqlite:
        pytest.skip("PostgreSQL ends a transaction at its first error: the next test is for both")
    with open_to_all(book) as connection:
        run(connection, "DROP TABLE line_revision")
        found = {one.invariant: one.ids for one in verified(book, connection) if one.violations}
    assert found["I42"][0] == "table line_revision"
    assert found["I40 line_revision.line_id"] == ("line_revision cannot be read",)
    others = {name for name in found if "line_revision" not in name}
    assert others <= {"I3c", "I5", "I42"}, "what does not ask the table is none the worse"


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("table", ["posting", "register", "counter"])
def test_the_command_names_a_renamed_table_and_goes_on(
    settings: config.Settings, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(settings.ledger)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO elsewhere")
    engine.dispose()
    words = ["--ledger", settings.ledger, "verify", "--json", "--head", "0" * 64]
    assert cli.main(words) == 1
    said = json.loads(capsys.readouterr().out)
    found = {check["invariant"]: check for check in said["invariants"]}
    assert f"table {table}" in found["I42"]["ids"]
    unread = [name for name in said["broken"] if f"{table} cannot be read" in found[name]["ids"]]
    assert unread or table == "counter"
    assert len(said["broken"]) < len(found) / 2
    assert set(said["not_checked"]) == {"I24"}


@pytest.mark.breaks_the_books
def test_a_damaged_file_is_found(book: Ledger, tmp_path: Path) -> None:
    """An index that lost a row answers wrongly and says nothing."""
    if not book.sqlite:
        pytest.skip("PostgreSQL keeps checksums of its own pages")
    file = tmp_path / "damaged.db"
    with contextlib.closing(sqlite3.connect(str(book.engine.url.database))) as connection:
        connection.execute(f"VACUUM INTO '{file}'")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'journal_entry_line'"
        ).fetchone()[0]
    content = bytearray(file.read_bytes())
    start = (page - 1) * size
    cells = int.from_bytes(content[start + 3 : start + 5], "big")
    content[start + 3 : start + 5] = (cells - 1).to_bytes(2, "big")
    file.write_bytes(content)
    with ledger.open(f"sqlite:///{file}") as copy:
        assert "I42b" in {c.invariant for c in verify(copy) if c.violations}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("wrong", ["amount = amount + 0.5", "currency = CAST(currency AS BLOB)"])
def test_a_cell_of_another_type_in_a_strict_table_is_found(
    book: Ledger, tmp_path: Path, wrong: str
) -> None:
    """Written while the table was not strict, as by somebody who edits the file's schema."""
    if not book.sqlite:
        pytest.skip("PostgreSQL has the type for each column")
    file = tmp_path / "loose.db"
    with contextlib.closing(sqlite3.connect(str(book.engine.url.database))) as connection:
        connection.execute(f"VACUUM INTO '{file}'")
    of_posting = "FROM sqlite_master WHERE tbl_name = 'posting'"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        rules = connection.execute(f"SELECT name, sql {of_posting} AND type = 'trigger'").fetchall()
        (strict,) = connection.execute(f"SELECT sql {of_posting} AND type = 'table'").fetchone()
    loose = re.sub(r",\s*STRICT", "", strict)
    assert loose != strict
    _write(file, _defined(loose), *(f"DROP TRIGGER {name}" for name, _ in rules))
    _write(file, f"UPDATE posting SET {wrong} WHERE (journal_entry_no, seq) = (1, 1)")
    _write(file, _defined(strict), *(sql for _, sql in rules))
    with ledger.open(f"sqlite:///{file}") as copy:
        found = {c.invariant: c.ids for c in verify(copy) if c.violations}
    assert "I42" not in found, "the schema is whole again"
    assert "posting" in str(found["I42b"])


def _defined(table: str) -> str:
    return f"UPDATE sqlite_master SET sql = {quoted(table)} WHERE name = 'posting'"


def _write(file: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for sql in statements:
            connection.execute(sql)
        connection.commit()
