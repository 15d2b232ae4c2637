"""Each invariant that the database keeps, attacked by plain SQL: the database itself refuses.

The numbers are those of ``pipeline.ledger.verify``. No attack is ever committed, so that all of
them meet the same two nights of the sample company.
"""

import pytest

from pipeline import config, ledger
from pipeline.domain.errors import LedgerError
from pipeline.ledger import Ledger, rules
from pipeline.ledger.content import content_hash
from pipeline.ledger.verify import compare, verify
from tests.ledger.attacks import ATTACKS, COLUMN
from tests.ledger.intruder import REGISTER, N, journal, posting, seal


def attempt(book: Ledger, *statements: str) -> None:
    with book.transaction() as connection:
        for sql in statements:
            connection.exec_driver_sql(sql)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(book: Ledger, attack: str) -> None:
    reason, statements = ATTACKS[attack]
    with pytest.raises(LedgerError, match=reason):
        attempt(book, *statements)


def test_every_table_that_only_grows_is_attacked() -> None:
    assert {*rules.APPEND_ONLY, *rules.CHANGING} == set(COLUMN)


@pytest.mark.parametrize("table", COLUMN)
def test_no_table_is_emptied_on_postgresql(book: Ledger, table: str) -> None:
    if book.sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    for before in ("SELECT 1", "SET LOCAL session_replication_role = replica"):
        with pytest.raises(LedgerError, match="append_only"):
            attempt(book, before, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("verb", ["REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"])
def test_no_conflict_verb_of_sqlite_passes_the_rules(book: Ledger, verb: str) -> None:
    """``OR IGNORE`` would swallow a constraint; the rules are triggers that raise."""
    if not book.sqlite:
        pytest.skip("PostgreSQL has no conflict verbs")
    file = "INSERT INTO feed_file (sha256, size) SELECT min(sha256), 1 FROM feed_file"
    late = posting(99, "1").replace(N, "1", 1)
    for sql in (file, late, seal(2, no="1")):
        with pytest.raises(LedgerError):
            attempt(book, sql.replace("INSERT", f"INSERT OR {verb}", 1))


@pytest.mark.parametrize(
    "pragma", ["foreign_keys = OFF", "recursive_triggers = OFF", "ignore_check_constraints = ON"]
)
def test_a_careless_connection_cannot_post(book: Ledger, pragma: str) -> None:
    if not book.sqlite:
        pytest.skip("these switches are SQLite's")
    with book.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA {pragma}")
        with pytest.raises(Exception, match="unsafe_connection"):
            raw.execute(REGISTER)


@pytest.mark.breaks_the_books
def test_what_no_rule_sees_is_found_by_verify(two_nights: config.Settings) -> None:
    """Balanced, sealed and numbered, yet no entry and no bank entry stands behind it."""
    receivables = "(SELECT min(control_account) FROM entry WHERE party_type = 'customer')"
    transit = "(SELECT min(transit_account) FROM bank_account WHERE currency = 'EUR')"
    with ledger.open(two_nights.ledger) as book:
        before = content_hash(book)
        attempt(book, REGISTER, journal(), posting(1, "5", gl=receivables),
                posting(2, "-5", gl=transit), seal(2))  # fmt: skip
        broken = [check.invariant for check in verify(book) if check.violations]
        known = compare(book, content_hash(book), wanted=before)
    assert sorted(broken) == ["I11", "I13", "I33", "I9b"]
    assert [(check.invariant, check.violations) for check in known] == [("I41", 1)]
