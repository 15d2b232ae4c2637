"""Each invariant that the database keeps, attacked by plain SQL: the database itself refuses.

The numbers are those of ``pipeline.ledger.verify``. No attack is ever committed, so that all of
them meet the same two nights of the sample company.
"""

import pytest

from pipeline.domain.errors import LedgerError
from pipeline.ledger import Ledger

R = "(SELECT value + 1 FROM counter WHERE name = 'register')"
N = "(SELECT value + 1 FROM counter WHERE name = 'journal_entry')"
HEAD = f"(SELECT hash FROM register_seal WHERE register_no = {R} - 1)"
LAST = f"(SELECT recorded_at FROM register WHERE no = {R} - 1)"
REGISTER = (
    f"INSERT INTO register (no, kind, actor, recorded_at) SELECT {R}, 'manual', 'intruder', {LAST}"
)
REVERSED = "(SELECT min(no) FROM journal_entry WHERE kind <> 'opening' AND reverses_no IS NULL)"
ENTRY = "(SELECT min(id) FROM entry WHERE remaining_amount > 0 AND currency = 'EUR')"
LINE = (
    "(SELECT min(j.line_id) FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id"
    " WHERE l.amount > 0)"
)
HELD = (  # a statement that is held, and its one line
    "INSERT INTO statement (id, sha256, ordinal, line_count, net, complete, status) SELECT 999999,"
    " min(sha256), 999, 1, 100, 1, 'held' FROM feed_file",
    "INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges, original_amount,"
    " occurrence, before_cutover) SELECT 999999, 999999, 1, 100, 0, 0, 1, 0",
)


def journal(no: str = N, *, line: str = "NULL", date: str = "'2026-12-01'",
            reverses: str = "NULL", reason: str = "''") -> str:  # fmt: skip
    return (
        "INSERT INTO journal_entry (no, register_no, key, posting_date, line_id, reverses_no,"
        f" reason) SELECT {no}, {R}, 'intruder', {date}, {line}, {reverses}, {reason}"
    )


def posting(seq: int, amount: str, currency: str = "'EUR'", account: str = "''") -> str:
    return (
        "INSERT INTO posting (journal_entry_no, seq, gl_account, currency, amount,"
        f" bank_account_no) SELECT {N}, {seq}, (SELECT min(no) FROM gl_account), {currency},"
        f" {amount}, {account}"
    )


def application(seq: int, entry: str, amount: str, *, applied: str | None = None,
                party: str | None = None) -> str:  # fmt: skip
    number = party or f"(SELECT party_no FROM entry WHERE id = {entry})"
    return (
        "INSERT INTO application (journal_entry_no, seq, role, entry_id, party_type, party_no,"
        " applied_amount, entry_amount, discount_amount, difference_amount)"
        f" SELECT {N}, {seq}, 'settles', {entry},"
        f" (SELECT party_type FROM entry WHERE id = {entry}), {number}, {applied or amount},"
        f" {amount}, 0, 0"
    )


def seal(postings: int, applications: int = 0, *, no: str = R, prev: str = HEAD) -> str:
    return (
        "INSERT INTO register_seal (register_no, journal_entries, postings, applications,"
        f" prev_hash, hash) SELECT {no}, 1, {postings}, {applications}, {prev}, 'intruder'"
    )


PAIR = (posting(1, "100"), posting(2, "-100"))
WHOLE = (REGISTER, journal(), *PAIR)
STATEMENT = "(SELECT min(statement_id) FROM closed_statement)"
CLOSE = (
    "INSERT INTO closed_statement (statement_id, bank_account_no, ord, prev_ord, opening, closing,"
    " actor) SELECT s.id, s.bank_account_no, {ord}, {ord} - 1, s.opening, s.closing, 'intruder'"
    " FROM statement s WHERE s.id = {id}"
)
COLUMN = {
    "register": "actor", "register_seal": "hash", "journal_entry": "posting_date",
    "posting": "gl_account", "application": "rule", "statement_line": "text",
    "statement_event": "reason", "closed_statement": "actor", "feed_file": "name",
    "entry": "initial_amount", "bank_entry": "amount", "statement": "closing",
}  # fmt: skip

ATTACKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "I1 unbalanced": (
        "unbalanced", (REGISTER, journal(), posting(1, "100"), posting(2, "-99"), seal(2))),
    "I1 balanced over two currencies": (
        "unbalanced",
        (REGISTER, journal(), posting(1, "100"), posting(2, "-100", "'USD'"), seal(2))),
    "I2 fewer rows than sealed": ("counts", (*WHOLE, seal(3))),
    "I2 more rows than sealed": ("counts", (*WHOLE, posting(3, "5"), posting(4, "-5"), seal(2))),
    "I2 one posting": (
        "fewer_than_two_postings", (REGISTER, journal(), seal(0))),
    "I2 never sealed": ("FOREIGN KEY|foreign key", WHOLE),
    "I2 a posting after the seal": (
        "register_is_sealed", (posting(99, "1").replace(N, "1", 1),)),
    "I2 an entry after the seal": (
        "register_is_sealed|UNIQUE|unique", (journal("1"),)),
    "I2 sealed twice": ("seal_exists|UNIQUE", (seal(2, no="1"),)),
    "I3 nothing": ("CHECK|check", (REGISTER, journal(), posting(1, "0"))),
    "I3 beyond the limit": (
        "CHECK|check", (REGISTER, journal(), posting(1, "9000000000000001"))),
    "I4 another currency than the bank account": (
        "posting_currency",
        (REGISTER, journal(), *[
            posting(i, a, "'XXX'", "(SELECT min(bank_account_no) FROM bank_account)")
            for i, a in ((1, "5"), (2, "-5"))], seal(2))),
    "I6 not the exact negation": (
        "not_the_negation",
        (REGISTER, journal(reverses=REVERSED, reason="'wrong'"), *PAIR, seal(2))),
    "I6 without a reason": (
        "CHECK|check", (REGISTER, journal(reverses=REVERSED))),
    "I6 of a later one": (
        "CHECK|check", (REGISTER, journal(reverses=N, reason="'wrong'"))),
    "I7 a gap in the entries": (
        "journal_entry_numbers", (REGISTER, journal(f"{N} + 1"), seal(0))),
    "I7 a gap in the registers": (
        "register_not_next",
        (REGISTER.replace(f"SELECT {R}", f"SELECT {R} + 1"), seal(0, no=f"{R} + 1"))),
    "I7 the counter set back": (
        "counter_is_not_the_last", ("UPDATE counter SET value = value - 1",)),
    "I7 the counter set forward": (
        "counter_is_not_the_last", ("UPDATE counter SET value = value + 1",)),
    "I7 the counter gone": ("counter_stays", ("DELETE FROM counter",)),
    "I8 recorded before the last": (
        "recorded_before_the_last",
        (REGISTER.replace(LAST, "'2000-01-01T00:00:00Z'"), journal(), *PAIR, seal(2))),
    "I9 a key twice": (
        "UNIQUE|unique",
        (REGISTER, journal().replace("'intruder', '2026", "(SELECT min(key) FROM journal_entry),"
                                     " '2026"))),
    "I10 a closed period": (
        "period_closed",
        ("INSERT INTO period_event (closed_through, action, actor, after_register)"
         f" SELECT '2026-12-31', 'close', 'intruder', {R} - 1", *WHOLE, seal(2))),
    "I10 opened again by one alone": (
        "period_move",
        ("INSERT INTO period_event (closed_through, action, actor, second_actor, reason,"
         f" after_register) SELECT '', 'reopen', 'intruder', 'intruder', 'why', {R} - 1",)),
    "I11 a fork of the chain": ("chain_forked", (*WHOLE, seal(2, prev="'0'"))),
    "I14 remaining set by hand": (
        "entry_remaining",
        (f"UPDATE entry SET remaining_amount = remaining_amount - 1 WHERE id = {ENTRY}",)),
    "I14 a bank entry set by hand": (
        "bank_entry_remaining|CHECK|check",
        ("UPDATE bank_entry SET remaining_amount = CASE WHEN remaining_amount = 0 THEN amount"
         " ELSE 0 END WHERE id = (SELECT min(id) FROM bank_entry WHERE amount <> 0)",)),
    "I15 over-applied": (
        "over_applied",
        (*WHOLE, application(1, ENTRY, "900000000000"), seal(2, 1))),
    "I16 a line not explained": (
        "line_not_explained", (REGISTER, journal(line=LINE), *PAIR, seal(2))),
    "I18 another party": (
        "application_party",
        (*WHOLE, application(1, ENTRY, "1", party="'nobody'"), seal(2, 1))),
    "I18 another currency": (
        "application_currency",
        (REGISTER, journal(), posting(1, "1", "'XXX'"), posting(2, "-1", "'XXX'"),
         application(1, ENTRY, "1"), seal(2, 1))),
    "I19 amounts that do not add up": (
        "application_sum", (*WHOLE, application(1, ENTRY, "1", applied="2"), seal(2, 1))),
    "I19 an application that raises the entry": (
        "over_applied|reopens_without_undoing",
        (*WHOLE, application(1, ENTRY, "-1"), seal(2, 1))),
    "I20 undone by half": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "1"),
         "INSERT INTO application (journal_entry_no, seq, role, applied_amount, entry_amount,"
         f" discount_amount, difference_amount, unapplies_no) SELECT {N}, 9, 'settles', 0, 0, 0, 0,"
         " 1")),
    "I23 a file twice": (
        "feed_file_exists|unique",
        ("INSERT INTO feed_file (sha256, size) SELECT min(sha256), 1 FROM feed_file",)),
    "I25 a statement out of its chain": (
        "not_the_next_statement|statement_not_received|UNIQUE|unique|closed_statement_exists",
        (CLOSE.format(ord=99, id=STATEMENT),)),
    "I27 a line of a held statement": (
        "held_line_posted|line_not_explained",
        (*HELD, REGISTER, journal(line="999999"), *PAIR, seal(2))),
    "I28 a line number twice": (
        "statement_is_closed|statement_line_exists|unique",
        ("INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges,"
         " original_amount, occurrence, before_cutover) SELECT 999999, statement_id, line_no,"
         " amount, 0, 0, 1, 0 FROM statement_line ORDER BY line_id LIMIT 1",)),
    "I28 a line after the statement is closed": (
        "statement_is_closed",
        ("INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges,"
         f" original_amount, occurrence, before_cutover) SELECT 999999, {STATEMENT}, 999, 1, 0, 0,"
         " 1, 0",)),
    "I30 back from reconciled": (
        "statement_move|statement_is_posted",
        (f"UPDATE statement SET status = 'received' WHERE id = {STATEMENT}",)),
    "I30 an unknown state": (
        "CHECK|check|statement_move",
        (f"UPDATE statement SET status = 'lost' WHERE id = {STATEMENT}",)),
    "I36 nobody": ("CHECK|check", (REGISTER.replace("'intruder'", "''"),)),
    "I36 of no kind": ("CHECK|check", (REGISTER.replace("'manual'", "''"),)),
    "I40 a posting to no account": (
        "FOREIGN KEY|foreign key",
        (REGISTER, journal(), posting(1, "1").replace("(SELECT min(no) FROM gl_account)", "'?'"))),
    "I40 an application to no entry": (
        "FOREIGN KEY|foreign key|NOT NULL|not-null|null value",
        (*WHOLE, application(1, "999999", "1", party="''"), seal(2, 1))),
    **{f"I5 delete of {t}": (f"{t}_is_append_only|foreign key", (f"DELETE FROM {t}",))
       for t in COLUMN},
    **{f"I5 update of {t}": (f"{t}_is_append_only", (f"UPDATE {t} SET {c} = {c}",))
       for t, c in COLUMN.items()},
}  # fmt: skip


def attempt(book: Ledger, *statements: str) -> None:
    with book.transaction() as connection:
        for sql in statements:
            connection.exec_driver_sql(sql)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(book: Ledger, attack: str) -> None:
    reason, statements = ATTACKS[attack]
    with pytest.raises(LedgerError, match=reason):
        attempt(book, *statements)


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
