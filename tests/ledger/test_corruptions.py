"""``verify`` finds what got past every rule: rows changed in the tables behind the ledger's back.

Each corruption names the check that has to find all of its rows. It is made in a transaction of its
own on a table without constraints or triggers, verified there, and rolled back.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from pipeline import cli, config, ledger
from pipeline.ledger import Ledger, bulk
from pipeline.ledger.verify import checks, compare, structure, verify
from pipeline.ledger.verify.check import Check

SEVEN = 7
KEYS = {
    "posting": "journal_entry_no, seq", "application": "journal_entry_no, seq",
    "journal_entry": "no", "register": "no", "register_seal": "register_no", "counter": "name",
    "statement_line": "line_id", "closed_statement": "statement_id", "feed_file": "sha256",
    "bank_account": "bank_account_no", "exception_item": "line_id",
}  # fmt: skip


@dataclass(frozen=True)
class Corruption:
    """Up to seven rows of ``table`` where ``where`` holds are changed, deleted or doubled."""

    table: str
    change: str
    where: str = "1 = 1"
    found: int | None = None
    """How many violations; as many as rows where that is not stated."""


def twice(table: str, where: str = "1 = 1", **changed: str) -> Corruption:
    """Rows are there twice, but for the columns that are ``changed``."""
    columns = [column.name for column in ledger_table(table).columns]
    values = ", ".join(changed.get(name, name) for name in columns)
    return Corruption(table, f"INSERT INTO {table} SELECT {values} FROM {table}", where)


def ledger_table(name: str) -> Any:
    from pipeline.ledger.schema import metadata

    return metadata.tables[name]


NEXT = "(SELECT max(no) FROM journal_entry)"
LIVE = "status IN ('received', 'reconciled')"
REVERSAL = "journal_entry_no IN (SELECT no FROM journal_entry WHERE reverses_no IS NOT NULL)"
OF_CLOSED = "line_id IN (SELECT l.line_id FROM statement_line l JOIN closed_statement c ON"
OF_CLOSED += " c.statement_id = l.statement_id WHERE l.amount <> 0)"
PARKED = "SELECT line_id FROM journal_entry WHERE kind = 'parking'"

CORRUPTIONS: dict[str, list[Corruption]] = {
    "I1": [
        Corruption("posting", "amount = amount + 1", "seq = 1"),
        Corruption("posting", "DELETE", "seq = 1"),
        Corruption("posting", "currency = 'JPY'", "seq = 1"),
    ],
    "I2": [
        Corruption("application", "DELETE", found=1),
        Corruption("register_seal", "postings = postings + 1"),
        Corruption("register_seal", "journal_entries = journal_entries - 1"),
    ],
    "I2b": [Corruption("register_seal", "DELETE")],
    "I2c": [Corruption("posting", "DELETE", "seq > 1", found=1)],
    "I3": [
        Corruption("posting", "amount = 0"),
        Corruption("posting", "amount = 9000000000000001"),
    ],
    "I3b": [Corruption("posting", "currency = 'ABC'", found=1)],
    "I4": [Corruption("posting", "currency = 'JPY'", "bank_account_no <> ''")],
    "I5": [],
    "I6": [Corruption("posting", "amount = amount * 2", REVERSAL, found=1)],
    "I6b": [
        Corruption("journal_entry", "reason = ''", "reverses_no IS NOT NULL"),
        Corruption("journal_entry", "reverses_no = no + 1", "reverses_no IS NOT NULL"),
    ],
    "I6c": [Corruption("journal_entry", "reverses_no = 1", found=1)],
    "I7": [Corruption("journal_entry", "DELETE", "no > 3", found=1)],
    "I7b": [Corruption("register", "DELETE", "no = 2")],
    "I7c": [Corruption("counter", "value = value + 1"), Corruption("counter", "DELETE")],
    "I8": [Corruption("register", "recorded_at = '2000-01-01'", "no > 1", found=1)],
    "I9": [twice("journal_entry", no=f"no + {NEXT}")],
    "I9b": [
        Corruption("journal_entry", "posting_date = '2026-01-01'"),
        Corruption("journal_entry", "kind = 'other'"),
        Corruption("posting", "gl_account = 'CLEARING'", "gl_account <> 'CLEARING'", found=1),
        Corruption("application", "difference_kind = 'write_off'", found=1),
        Corruption("application", "entry_id = entry_id + 1", "entry_id IS NOT NULL", found=1),
    ],
    "I10": [Corruption("journal_entry", "posting_date = '2025-12-01'",
                       "register_no > (SELECT max(after_register) FROM period_event)")],
    "I10b": [Corruption("period_event", "action = 'reopen'")],
    "I11": [
        Corruption("register_seal", "hash = hash || 'x'"),
        Corruption("register", "actor = 'nobody'"),
        Corruption("register", "policy_hash = ''", "policy_hash <> ''"),
        Corruption("application", "confidence = 'low'", "confidence = 'high'", found=1),
        Corruption("entry", "document_no = 'X'", found=1),
        Corruption("entry", "due_date = '2030-01-01'", found=1),
    ],
    "I11b": [
        Corruption("entry", "fields = 'somebody'", "personal_salt = ''"),
        Corruption("bank_entry", "personal_salt = ''", "personal_salt <> ''"),
        Corruption("bank_entry", "description = 'somebody else'", "personal_salt <> ''"),
        Corruption("bank_entry", "personal_hash = 'x'", "personal_salt <> ''"),
    ],
    "I12": [Corruption("posting", "amount = amount + 1", "currency = 'EUR'", found=1)],
    "I12b": [Corruption("posting", "amount_company = 7", "journal_entry_no = 1", found=1)],
    "I13": [
        Corruption("entry", "remaining_amount = 0", "remaining_amount <> 0", found=1),
        Corruption("posting", "amount = amount + 1", "party_no <> ''", found=1),
    ],
    "I14": [
        Corruption("entry", "remaining_amount = remaining_amount - 1", "remaining_amount > 1"),
        Corruption("application", "entry_amount = entry_amount + 1", "entry_id IS NOT NULL",
                   found=1),
    ],
    "I14b": [Corruption("bank_entry", "remaining_amount = amount", "remaining_amount = 0")],
    "I15": [
        Corruption("entry", "remaining_amount = initial_amount * 2", "initial_amount <> 0"),
        Corruption("entry", "amount = 0", "initial_amount <> 0"),
    ],
    "I15b": [Corruption("bank_entry", "remaining_amount = -amount", "amount <> 0")],
    "I16": [Corruption("application", "applied_amount = applied_amount + 1",
                       "role = 'settles' AND line_id IS NOT NULL", found=1)],
    "I16b": [Corruption("posting", "amount = amount + 1", "bank_account_no <> '' AND"
                        " journal_entry_no IN (SELECT no FROM journal_entry WHERE line_id IS NOT"
                        " NULL)")],
    "I17": [twice("journal_entry", "kind = 'payment' AND no NOT IN (SELECT coalesce(reverses_no, 0)"
                  " FROM journal_entry)", no=f"no + {NEXT}", key="key || 'x'")],
    "I17b": [Corruption("journal_entry", "kind = 'release'", "kind = 'payment' AND no NOT IN"
                        " (SELECT coalesce(reverses_no, 0) FROM journal_entry)")],
    "I18": [Corruption("application", "party_no = 'X'", "entry_id IS NOT NULL", found=1)],
    "I18b": [Corruption("entry", "currency = 'JPY'", "initial_amount <> remaining_amount",
                        found=1)],
    "I18c": [Corruption("application", "bank_entry_id = (SELECT max(e.id) FROM bank_entry e WHERE"
                        " e.bank_account_no <> (SELECT b.bank_account_no FROM bank_entry b WHERE"
                        " b.id = bank_entry_id))", "bank_entry_id IS NOT NULL")],
    "I19": [
        Corruption("application", "entry_amount = entry_amount + 1", "role = 'settles'"),
        Corruption("application", "discount_amount = discount_amount + 1",
                   "role = 'settles' AND entry_id IS NOT NULL"),
    ],
    "I19b": [Corruption("application", "entry_amount = -entry_amount",
                        "role = 'settles' AND entry_id IS NOT NULL AND unapplies_no IS NULL")],
    "I20": [
        Corruption("application", "entry_amount = entry_amount - 1", "unapplies_no IS NOT NULL"),
        Corruption("application", "unapplies_seq = 99", "unapplies_no IS NOT NULL"),
    ],
    "I20b": [Corruption("application", "unapplies_no = 1, unapplies_seq = 1", found=1)],
    "I22": [
        Corruption("application", "entry_amount = entry_amount * 3", "entry_id IS NOT NULL",
                   found=1),
        Corruption("entry", "initial_amount = 0, remaining_amount = 0",
                   "initial_amount <> remaining_amount"),
    ],
    "I22b": [Corruption("application", "entry_amount = -entry_amount", "bank_entry_id IS NOT NULL",
                        found=1)],
    "I23": [twice("feed_file"), Corruption("feed_file", "sha256 = 'x'", found=1)],
    "I23b": [
        Corruption("feed_file", "original = NULL", "status = 'taken'"),
        Corruption("feed_file", "original = substr(original, 1, length(original) - 9)",
                   "status = 'taken'"),
        Corruption("feed_file", "original = (SELECT f.original FROM feed_file f WHERE f.status ="
                   " 'taken' ORDER BY f.sha256 LIMIT 1)", "status = 'taken'", found=1),
        Corruption("feed_file", "size = size + 1", "status = 'taken'"),
    ],
    "I24": [twice("statement", id="id + 1000", ordinal="ordinal + 1000")],
    "I24b": [
        Corruption("statement", "fingerprint = 'x'", "format = 'mt940'"),
        Corruption("statement", "opening = opening + 1", "format = 'mt940'"),
    ],
    "I25": [
        Corruption("closed_statement", "opening = opening + 1", "ord > 1"),
        Corruption("closed_statement", "DELETE", "ord = 1", found=1),
    ],
    "I26": [
        Corruption("statement", "closing = closing + 1", LIVE),
        Corruption("statement", "net = net + 1"),
        Corruption("statement_line", "DELETE", found=1),
        Corruption("statement_line", "amount = amount + 1", found=1),
    ],
    "I27": [
        Corruption("statement", "status = 'held'", "status = 'reconciled'", found=1),
        Corruption("statement_line", "before_cutover = 1", OF_CLOSED, found=1),
    ],
    "I28": [twice("statement_line", line_id="line_id + 1000")],
    "I28b": [
        Corruption("statement_line", "text = 'other words'", "text <> ''", found=1),
        Corruption("statement_line", "booking_date = '2026-01-01'"),
        Corruption("statement_line", "identity = 'x'"),
    ],
    "I28c": [Corruption("statement_line", "occurrence = occurrence + 1")],
    "I29": [Corruption("statement", "currency = 'JPY'", LIVE)],
    "I30": [Corruption("statement", "status = 'received'", "status = 'reconciled'")],
    "I30b": [Corruption("statement_event", "DELETE", "new_status = 'reconciled'")],
    "I30c": [Corruption("statement_event", "old_status = 'announced'", "old_status = ''")],
    "I31": [Corruption("posting", "amount = amount + 1", "bank_account_no <> '' AND"
                       " journal_entry_no IN (SELECT no FROM journal_entry WHERE line_id IS NOT"
                       " NULL OR kind = 'opening')", found=1)],
    "I31b": [Corruption("closed_statement", "closing = closing + 1")],
    "I31c": [Corruption("journal_entry", "line_id = NULL", "line_id IS NOT NULL AND kind IN"
                        " ('payment', 'confirmation', 'gl')")],
    "I32": [Corruption("journal_entry", "DELETE", f"reverses_no IS NULL AND {OF_CLOSED} AND no"
                       " NOT IN (SELECT coalesce(reverses_no, 0) FROM journal_entry)")],
    "I32b": [Corruption("exception_item", "status = 'resolved'", f"line_id IN ({PARKED})")],
    "I32c": [Corruption("exception_item", "line_id = (SELECT max(line_id) FROM journal_entry WHERE"
                        " kind = 'payment')", found=1)],
    "I33": [Corruption("bank_entry", "remaining_amount = 0", "remaining_amount <> 0", found=1)],
    "I33b": [Corruption("posting", "amount = amount + 1", "gl_account = 'CLEARING'", found=1)],
    "I34": [Corruption("decision", "prepared_by = actor"),
            Corruption("decision", "prepared_by = 'nobody'")],
    "I35": [Corruption("decision", "outcome = 'posted', register_no = 999999")],
    "I36": [Corruption("register", "actor = ''"), Corruption("register", "kind = ''")],
    "I36b": [Corruption("register", "kind = 'decision'")],
    "I39": [
        Corruption("application", "entry_amount = entry_amount + 1",
                   "role = 'settles' AND entry_id IS NOT NULL AND line_id IS NOT NULL", found=1),
        Corruption("posting", "party_no = 'X'", "party_no <> ''", found=1),
    ],
    "I39b": [Corruption("application", "difference_kind = 'rounding'", "difference_amount > 1")],
    "I39c": [Corruption("application", "difference_kind = ''", "difference_amount <> 0")],
    "I40 posting.gl_account": [Corruption("posting", "gl_account = 'NOWHERE'")],
    "I40 posting.journal_entry_no": [Corruption("posting", "journal_entry_no = 999999")],
    "I40 application.entry_id": [
        Corruption("application", "entry_id = 999999", "entry_id IS NOT NULL")],
    "I40 application.bank_entry_id": [
        Corruption("application", "bank_entry_id = 999999", "bank_entry_id IS NOT NULL")],
    "I40 journal_entry.register_no": [Corruption("journal_entry", "register_no = 999999")],
    "I40 journal_entry.reverses_no": [Corruption("journal_entry", "reverses_no = 999999")],
    "I40 statement_line.statement_id": [Corruption("statement_line", "statement_id = 999999")],
    "I40 statement.sha256": [Corruption("statement", "sha256 = 'x'")],
}  # fmt: skip
ALL = [(name, corruption) for name, found in CORRUPTIONS.items() for corruption in found]


@contextlib.contextmanager
def open_to_all(book: Ledger) -> Iterator[Any]:
    """A connection on which everything can be written; nothing of it stays."""
    with bulk._connect(book.engine, autocommit=False) as connection:
        yield connection
        connection.rollback()


def run(connection: Any, *statements: str) -> None:
    for sql in statements:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def stripped(table: str, *, sqlite: bool) -> list[str]:
    """The table with its rows, but without constraints, indexes and triggers."""
    return [
        f"CREATE TABLE bare AS SELECT * FROM {table}",
        f"DROP TABLE {table}{'' if sqlite else ' CASCADE'}",
        f"CREATE TABLE {table} AS SELECT * FROM bare",
    ]


def corrupt(made: Corruption) -> str:
    key = KEYS.get(made.table, "id")
    chosen = f"SELECT {key} FROM {made.table} WHERE {made.where} ORDER BY {key} LIMIT {SEVEN}"
    condition = f"WHERE ({key}) IN ({chosen})"
    if made.change == "DELETE":
        return f"DELETE FROM {made.table} {condition}"
    if made.change.startswith("INSERT"):
        return f"{made.change} {condition}"
    return f"UPDATE {made.table} SET {made.change} {condition}"


def verified(book: Ledger, connection: Any) -> Iterator[Check]:
    return checks(bulk.Snapshot(connection, sqlite=book.sqlite), structure.expected(book))


@pytest.mark.parametrize(("name", "made"), ALL, ids=[f"{n} {m.table}: {m.change}" for n, m in ALL])
def test_every_corruption_is_found_by_the_check_that_names_it(
    book: Ledger, name: str, made: Corruption
) -> None:
    count = book.rows(f"SELECT count(*) FROM {made.table} WHERE {made.where}")[0][0]
    rows = min(int(count), SEVEN)
    assert rows > 0, "there is nothing to corrupt"
    with open_to_all(book) as connection:
        run(connection, *stripped(made.table, sqlite=book.sqlite), corrupt(made))
        found = next(check for check in verified(book, connection) if check.invariant == name)
    assert found.violations >= (made.found or rows)
    assert found.ids


def test_every_check_has_a_corruption_and_there_are_hundreds_of_corrupted_rows(
    book: Ledger,
) -> None:
    names = {check.invariant for check in verify(book)}
    keys = {name for name in names if name.startswith("I40 ")}
    assert names - keys - set(CORRUPTIONS) <= {"I3c", "I42", "I42b"}, "those have their own below"
    total = 0
    for _, made in ALL:
        sql = f"SELECT count(*) FROM {made.table} WHERE {made.where}"
        total += min(int(book.rows(sql)[0][0]), SEVEN)
    assert total >= 300


SCHEMA: dict[str, tuple[str, str, str]] = {  # check, SQLite, PostgreSQL
    "a rule is gone": ("I5", "DROP TRIGGER posting_no_update",
                       "DROP TRIGGER posting_no_update ON posting"),
    "a rule is off": ("I5", "", "ALTER TABLE posting DISABLE TRIGGER posting_no_update"),
    "a rule is off for replicas": (
        "I5", "", "ALTER TABLE posting ENABLE TRIGGER posting_no_update"),
    "a rule does nothing": (
        "I5", "DROP TRIGGER seal_check; CREATE TRIGGER seal_check BEFORE INSERT ON register_seal"
        " BEGIN SELECT 1; END",
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
    assert set(said["not_checked"]) == {"I24", "I39"}


def test_amounts_that_are_no_whole_numbers_are_found(book: Ledger) -> None:
    if not book.sqlite:
        pytest.skip("PostgreSQL has the type for each column")
    with open_to_all(book) as connection:
        change = "UPDATE posting SET amount = amount + 0.5 WHERE seq = 1"
        run(connection, *stripped("posting", sqlite=True), change)
        found = {one.invariant for one in verified(book, connection) if one.violations}
    assert "I3c" in found


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


def test_a_ledger_is_compared_with_what_is_kept_outside(book: Ledger) -> None:
    head = book.rows("SELECT hash FROM register_seal ORDER BY register_no DESC LIMIT 1")[0][0]
    assert [c.violations for c in compare(book, "a", head=head, wanted="a")] == [0, 0]
    found = compare(book, "a", head="0" * 64, wanted="b")
    assert [(c.invariant, c.violations) for c in found] == [("I11c", 1), ("I41", 1)]
