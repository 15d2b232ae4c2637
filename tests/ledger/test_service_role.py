"""On PostgreSQL the service inserts and reads as a role that owns nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url

from pipeline import config, ledger, steps
from pipeline.demo import NIGHTS, samples
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.prepared import books

ROLE = "lettrage_service"


@pytest.fixture
def served(postgres: str) -> Iterator[str]:
    """The books of the sample company, and the URL by which the service reaches them."""
    books(postgres)
    run(postgres, f"DROP ROLE IF EXISTS {ROLE}", f"CREATE ROLE {ROLE} LOGIN")
    ledger.init(postgres, ROLE)
    yield make_url(postgres).set(username=ROLE).render_as_string(hide_password=False)
    run(postgres, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


def run(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for sql in statements:
            connection.exec_driver_sql(sql)
    engine.dispose()


def test_two_nights_run_as_the_service_and_the_books_hold(served: str) -> None:
    settings = config.read(samples() / "lettrage.toml", served)
    ledger.init(served)
    with ledger.open(served) as book:
        load(book, "customers", samples() / "customers.csv", settings, actor="tester")
    for night in NIGHTS:
        steps.nightly(settings, [samples() / night], "tester")
    with ledger.open(served) as book:
        assert book.rows("SELECT count(*) FROM closed_statement")[0][0] > 5
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


REFUSED = [
    "UPDATE posting SET amount = amount",
    "DELETE FROM journal_entry",
    "UPDATE entry SET remaining_amount = remaining_amount",
    "UPDATE statement SET closing = closing",
    "UPDATE counter SET value = value",
    "DELETE FROM statement_line",
    "TRUNCATE exception_item",
    "INSERT INTO statement_event (id, statement_id) VALUES (999999, 1)",
    "UPDATE alembic_version SET version_num = '9999'",
    "ALTER TABLE posting DISABLE TRIGGER ALL",
    "DROP TRIGGER posting_no_update ON posting",
    "CREATE OR REPLACE FUNCTION rule_seal_check() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "ALTER TABLE posting ADD COLUMN more text",
    "DROP TABLE proposal",
    "CREATE TABLE more (id bigint)",
    "SET session_replication_role = replica",
]


def test_the_service_can_change_no_posted_row_and_no_rule(served: str) -> None:
    with ledger.open(served) as book:
        for sql in REFUSED:
            with (
                pytest.raises(LedgerError, match=r"permission denied|must be owner"),
                book.transaction() as connection,
            ):
                connection.exec_driver_sql(sql)


def test_rights_that_go_further_are_taken_back_and_found_until_then(
    served: str, postgres: str
) -> None:
    run(postgres, f"GRANT UPDATE, TRUNCATE ON posting TO {ROLE}")
    with ledger.open(served) as book:
        broken = {c.invariant: c.ids for c in verify(book) if c.violations}
    assert broken == {"I42b": ("posting TRUNCATE", "posting UPDATE")}
    ledger.init(postgres, ROLE)
    with ledger.open(served) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_a_role_that_is_not_there_or_owns_the_ledger_is_refused(postgres: str) -> None:
    with pytest.raises(UsageError, match="create it first"):
        ledger.init(postgres, "nobody_of_this_name")
    with pytest.raises(UsageError, match="owns the ledger"):
        ledger.init(postgres, str(make_url(postgres).username))


def test_sqlite_has_no_roles(tmp_path: object) -> None:
    with pytest.raises(UsageError, match="PostgreSQL"):
        ledger.init(f"sqlite:///{tmp_path}/ledger.db", ROLE)
