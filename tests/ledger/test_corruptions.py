"""``verify`` finds what got past every rule: rows changed in the tables behind the ledger's back.

Each corruption names the check that has to find all of its rows. It is made in a transaction of its
own on a table without constraints or triggers, verified there, and rolled back.
"""

import pytest

from pipeline.ledger import Ledger, payload
from pipeline.ledger.verify import canonical, compare, links_of_chain, recomputed, verify
from tests.ledger.behind_the_back import asked, open_to_all, run, stripped
from tests.ledger.corruptions import ALL, CORRUPTIONS, SEVEN, Corruption, corrupt


@pytest.mark.parametrize(("name", "made"), ALL, ids=[f"{n} {m.table}: {m.change}" for n, m in ALL])
def test_every_corruption_is_found_by_the_check_that_names_it(
    book: Ledger, name: str, made: Corruption
) -> None:
    count = book.rows(f"SELECT count(*) FROM {made.table} WHERE {made.where}")[0][0]
    rows = min(int(count), SEVEN)
    assert rows > 0, "there is nothing to corrupt"
    with open_to_all(book) as connection:
        run(connection, *stripped(made.table, sqlite=book.sqlite), corrupt(made))
        found = asked(book, connection, name)
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


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("posting", "amount = amount + 0.5"),
        ("posting", "party_no = CAST(party_no AS BLOB)"),
        ("entry", "document_no = document_no || char(0) || 'x'"),
    ],
    ids=["a fraction", "bytes for a text", "a text that goes on behind a zero"],
)
def test_what_is_no_whole_number_and_no_text_is_found(
    book: Ledger, table: str, change: str
) -> None:
    if not book.sqlite:
        pytest.skip("PostgreSQL has the type for each column")
    with open_to_all(book) as connection:
        run(connection, *stripped(table, sqlite=True), f"UPDATE {table} SET {change}")
        assert set(asked(book, connection, "I3c").ids) == {table}


def test_registers_too_large_for_memory_are_read_in_ranges(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (links_of_chain, recomputed):
        monkeypatch.setattr(module, "_RUN", 3)
    assert [check.invariant for check in verify(book) if check.violations] == []
    for name in ("I9b", "I11"):
        with open_to_all(book) as connection:
            change = "UPDATE posting SET gl_account = 'OTHER' WHERE seq = 1"
            run(connection, *stripped("posting", sqlite=book.sqlite), change)
            found = asked(book, connection, name)
        assert found.violations > 1


def test_a_ledger_is_compared_with_what_is_kept_outside(book: Ledger) -> None:
    head = book.rows("SELECT hash FROM register_seal ORDER BY register_no DESC LIMIT 1")[0][0]
    assert [c.violations for c in compare(book, "a", head=head, wanted="a")] == [0, 0]
    found = compare(book, "a", head="0" * 64, wanted="b")
    assert [(c.invariant, c.violations) for c in found] == [("I11c", 1), ("I41", 1)]


def test_the_texts_of_the_database_are_those_that_were_hashed(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((links_of_chain, "_as_frames"), (payload, "hashes")):
        monkeypatch.setattr(module, name, None)  # what decides where they are not is not asked
    with open_to_all(book) as connection:
        for name in ("I9b", "I11"):
            assert asked(book, connection, name).violations == 0


def test_where_the_texts_are_others_the_rows_decide(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canonical, "written", lambda *_, **__: "'something else'")
    with open_to_all(book) as connection:
        for name in ("I9b", "I11"):
            assert asked(book, connection, name).violations == 0
