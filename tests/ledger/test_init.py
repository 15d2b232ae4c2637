"""Creating a ledger twice is once; one of a newer version is left alone."""

import contextlib
import datetime as dt
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from pipeline import config, corrections, deliveries, ledger, statement_runs, steps
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import anew, bulk, mappings, opening, posted, rules
from pipeline.ledger.content import content_hash
from pipeline.ledger.verify import verify
from pipeline.steps import quiet
from tests.ledger import loading
from tests.ledger.letters import composed
from tests.prepared import after_first_night
from tests.statements.posting_house import company
from tests.statements.test_runs import invoice

_KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from pipeline import config, corrections, ledger, steps
left = [int(sys.argv[2])]
def before(connection, cursor, statement, *rest):
    if statement.lstrip().startswith(("CREATE", "INSERT")):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "before_cursor_execute", before)
ledger.init(sys.argv[1])
"""


def test_a_ledger_is_up_to_date_when_it_has_the_newest_revision() -> None:
    folder = Path(opening.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [opening.VERSION]


def test_a_ledger_of_a_newer_version_is_refused(url: str) -> None:
    ledger.init(url)
    ledger.init(url)
    with ledger.open(url) as book, book.transaction() as writer:
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer version"):
        ledger.init(url)


@pytest.mark.parametrize("statement", [1, 20, 90])
def test_a_ledger_whose_creation_was_killed_is_created_by_the_next_call(
    url: str, statement: int
) -> None:
    """After so many of the statements that create tables, indexes and rules."""
    if url.startswith("postgresql"):
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    command = [sys.executable, "-c", _KILLED, url, str(statement)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    ledger.init(url)
    with ledger.open(url) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_ledger_of_an_older_version_says_what_to_do_and_keeps_its_proposals(url: str) -> None:
    """As version 2 made it: proposals without their evidence."""
    ledger.init(url)
    engine = create_engine(url)
    with engine.begin() as writer:
        for name in ("evidence", "probability"):
            writer.exec_driver_sql(f"ALTER TABLE proposal DROP COLUMN {name}")
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    engine.dispose()
    with pytest.raises(UsageError, match="older version of lettrage"), ledger.open(url):
        pass
    ledger.init(url)
    with ledger.open(url) as book:
        assert book.rows("SELECT evidence, probability FROM proposal") == []
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_ledger_without_requests_gets_them_and_keeps_its_closings(url: str) -> None:
    """As version 4 made it: closings without a time, and nobody could open a period again."""
    ledger.init(url)
    engine = create_engine(url)
    with engine.begin() as writer:
        writer.exec_driver_sql("DROP VIEW closed_statement")
        for table in ("statement_refusal", "statement_chain", "period_event", "request"):
            anew.drop(writer, table)
        writer.exec_driver_sql(_CLOSED_OF_BEFORE)
        writer.exec_driver_sql(_PERIODS_OF_BEFORE)
        writer.exec_driver_sql(
            "INSERT INTO period_event VALUES (1, '2025-12-31', 'close', 'anna', 0)"
        )
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    engine.dispose()
    ledger.init(url)
    with ledger.open(url) as book:
        assert posted.closed_through(book) == dt.date(2025, 12, 31)
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_ledger_of_before_keeps_its_closed_statements_in_the_log(url: str) -> None:
    """As version 6 made it: a closed statement was a row that nothing could take back."""
    after_first_night(url, "nightly")
    engine = create_engine(url)
    with engine.begin() as writer:
        writer.exec_driver_sql(_CHAIN_OF_BEFORE)
        writer.exec_driver_sql("DROP VIEW closed_statement")
        anew.drop(writer, "statement_chain")
        writer.exec_driver_sql("CREATE TABLE closed_statement AS SELECT * FROM was")
        writer.exec_driver_sql("DROP TABLE was")
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
    engine.dispose()
    ledger.init(url)
    with ledger.open(url) as book:
        assert book.rows("SELECT count(*) FROM closed_statement")[0][0] > 1
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_ledger_with_books_is_upgraded_and_goes_on(url: str) -> None:
    """As version 15 wrote it, dumped: payments in two currencies, a discount, a statement run."""
    _of_version_15(url)
    settings = config.Settings(ledger=url)
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        assert content_hash(book)[:16] == "59b38b5233591242", "not a row is another one"
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    corrections.unapply(settings, "R3", "anna", "for another invoice")
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def _of_version_15(url: str) -> None:
    """The same rows on both databases, each with the tables and rules of that version."""
    folder = Path(__file__).parent
    dumped = (folder / "version_0015.sql").read_text("utf-8")
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        file.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(file)) as old:
            old.executescript(dumped)
        return
    tables, rules_of_then = (
        (folder / "version_0015_postgresql.sql")
        .read_text("utf-8")
        .split("-- the rows of version_0015.sql\n")
    )
    engine = create_engine(url)
    with contextlib.closing(sqlite3.connect(":memory:")) as old, engine.begin() as writer:
        old.executescript(dumped)
        writer.exec_driver_sql("DROP SCHEMA public CASCADE")
        writer.exec_driver_sql("CREATE SCHEMA public")
        writer.exec_driver_sql(tables)
        for (table,) in old.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            rows = old.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            bulk.insert(writer, table, names, rows.fetchall())
        writer.exec_driver_sql(rules_of_then)
    engine.dispose()


_CLOSED_OF_BEFORE = (
    "CREATE TABLE closed_statement (statement_id BIGINT, bank_account_no TEXT, ord BIGINT,"
    " prev_ord BIGINT, opening BIGINT, closing BIGINT, actor TEXT)"
)
_CHAIN_OF_BEFORE = (
    "CREATE TEMP TABLE was AS SELECT statement_id, bank_account_no, ord, prev_ord, opening,"
    " closing, actor FROM statement_chain"
)
_PERIODS_OF_BEFORE = (
    "CREATE TABLE period_event (id BIGINT PRIMARY KEY, closed_through TEXT, action TEXT,"
    " actor TEXT, after_register BIGINT)"
)
_MAPPINGS_OF_BEFORE = (
    "DROP TABLE mapping",
    "CREATE TABLE mapping (id BIGINT PRIMARY KEY, pattern TEXT DEFAULT '' NOT NULL)",
    "UPDATE alembic_version SET version_num = '0001'",
)


def test_a_ledger_of_the_first_version_gets_the_table_of_mappings(url: str) -> None:
    ledger.init(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        for sql in _MAPPINGS_OF_BEFORE:
            connection.exec_driver_sql(sql)
        if not url.startswith("sqlite"):
            for rule in ("move", "no_update", "no_delete"):
                connection.exec_driver_sql(f"DROP FUNCTION rule_mapping_{rule}()")
    engine.dispose()
    ledger.init(url)
    with ledger.open(url) as book:
        assert mappings.states(book) == []
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_ledger_of_before_taxes_keeps_its_books_and_gets_their_rules(url: str) -> None:
    """As version 3 made it: a seal that looks at no shares, and no table of them."""
    settings = after_first_night(url, "never")
    engine = create_engine(url)
    with engine.begin() as writer:
        writer.exec_driver_sql("DROP TABLE application_tax")
        if url.startswith("sqlite"):
            for code in ("split", "not_posted", "not_undone"):
                writer.exec_driver_sql(f"DROP TRIGGER seal_tax_{code}")
        else:
            for rule in ("late", "no_update", "no_delete"):
                writer.exec_driver_sql(f"DROP FUNCTION rule_application_tax_{rule}()")
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    engine.dispose()
    ledger.init(settings.ledger)
    with ledger.open(url) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def test_a_ledger_of_before_values_keeps_its_postings_and_gets_their_values(
    url: str, tmp_path: Path
) -> None:
    """As version 9 made it: every posting moves an amount, and nothing says what it is worth."""
    settings = after_first_night(url)
    engine = create_engine(url)
    with engine.begin() as writer:
        for table in ("application_value", "entry_value", "valuation"):
            anew.drop(writer, table)
        writer.exec_driver_sql("DROP INDEX posting_valued")
        if url.startswith("sqlite"):
            _posting_of_before(writer)
        else:
            for name, check in (("moves_something", ""), ("amount_check", "CHECK (amount <> 0)")):
                writer.exec_driver_sql(f"ALTER TABLE posting DROP CONSTRAINT posting_{name}")
                if check:
                    writer.exec_driver_sql(
                        f"ALTER TABLE posting ADD CONSTRAINT posting_{name} {check}"
                    )
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    engine.dispose()
    ledger.init(url)
    with ledger.open(url) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        assert book.rows("SELECT count(*) FROM posting WHERE currency <> 'EUR'")[0][0] > 10
    loading.rates(settings, tmp_path)
    assert steps.value(settings, "anna")["valued"] > 5
    with ledger.open(url) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def _posting_of_before(writer: Connection) -> None:
    made = str(
        writer.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'posting'").scalar()
    )
    before = re.sub(r",\s*CONSTRAINT posting_moves_something CHECK \(.*?\) <> 0\)", "", made)
    assert before != made
    writer.exec_driver_sql("CREATE TEMP TABLE kept AS SELECT * FROM posting")
    writer.exec_driver_sql("DROP TABLE posting")
    writer.exec_driver_sql(before)
    writer.exec_driver_sql("INSERT INTO posting SELECT * FROM kept")
    rules.create(writer, only="posting")


def test_a_ledger_of_before_groups_keeps_its_statements_and_their_revisions(
    url: str, tmp_path: Path
) -> None:
    """As version 22 made it: a customer's statements were told apart by day and style alone."""
    settings = company(url, tmp_path, 3)
    told(settings, tmp_path)
    invoice(settings, tmp_path, "RE-LATE", "2026-10-31", "7.00")
    told(settings, tmp_path)
    engine = create_engine(url)
    with engine.begin() as writer:
        for table in ("customer_statement", "statement_skip"):
            _without_units(writer, table)
        writer.exec_driver_sql("UPDATE alembic_version SET version_num = '0022'")
    engine.dispose()
    ledger.init(url)
    with ledger.open(url) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        kept = book.rows(
            "SELECT number, revision, unit, members FROM customer_statement ORDER BY id"
        )
    assert [tuple(row) for row in kept] == [(1, 0, "", "{}")] * 3 + [(2, 1, "", "{}")]
    invoice(settings, tmp_path, "RE-LATER", "2026-10-31", "8.00")
    assert told(settings, tmp_path) == 1


def told(settings: config.Settings, folder: Path) -> int:
    run = composed(settings, "print")
    statement_runs.approve(settings, run, "anna")
    return int(deliveries.deliver(settings, run, folder, "anna", quiet)["printed"])


_BEFORE_UNITS = {
    "customer_statement": (
        "ADD UNIQUE (customer_no, as_of, style, revision)",
        "ADD UNIQUE (run_no, customer_no)",
        "ADD FOREIGN KEY (customer_no, as_of, style, prev_revision) REFERENCES customer_statement"
        " (customer_no, as_of, style, revision)",
        "DROP COLUMN members",
    ),
    "statement_skip": ("ADD PRIMARY KEY (run_no, customer_no)",),
}


def _without_units(writer: Connection, table: str) -> None:
    if writer.dialect.name != "sqlite":
        for change in ("DROP COLUMN unit CASCADE", *_BEFORE_UNITS[table]):
            writer.exec_driver_sql(f"ALTER TABLE {table} {change}")
        return
    asked = f"SELECT sql FROM sqlite_master WHERE name = '{table}'"
    made = str(writer.exec_driver_sql(asked).scalar())
    before = re.sub(r"\n\t(unit|members) TEXT DEFAULT '.*?' NOT NULL, ", "", made)
    before = before.replace(", unit", "")
    assert "unit" not in before
    writer.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    writer.exec_driver_sql(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
    writer.exec_driver_sql(f"DROP TABLE {table}")
    writer.exec_driver_sql(before)
    names = ", ".join(c["name"] for c in inspect(writer).get_columns(table))
    writer.exec_driver_sql(f"INSERT INTO {table} SELECT {names} FROM kept_{table}")
