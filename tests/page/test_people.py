"""Who may sign in is kept as states that nothing changes; a replaced password is gone."""

import pytest

from pipeline import ledger
from pipeline.domain.errors import LedgerError
from pipeline.ledger import people
from pipeline.ledger.verify import verify


def test_states_stay_and_old_passwords_go(url: str) -> None:
    ledger.init(url)
    with ledger.open(url) as book:
        people.record(book, "anna", "add", "reviewer", "first", "root")
        people.record(book, "anna", "change", "approver", "second", "root")
        people.record(book, "ben", "add", "viewer", "third", "root")
        assert [(row["name"], row["role"], row["password_hash"]) for row in people.standing(book)
                ] == [("anna", "approver", "second"), ("ben", "viewer", "third")]  # fmt: skip
        people.record(book, "ben", "remove", "viewer", "", "root")
        assert [row["name"] for row in people.standing(book)] == ["anna"]
        hashes = book.rows("SELECT password_hash FROM page_user ORDER BY id")
        assert [row[0] for row in hashes] == ["", "second", "", ""]
        for sql in ("UPDATE page_user SET role = 'approver' WHERE name = 'ben'",
                    "DELETE FROM page_user"):  # fmt: skip
            with pytest.raises(LedgerError, match="append_only"), book.transaction() as writer:
                writer.exec_driver_sql(sql)
        assert [c.invariant for c in verify(book) if c.violations] == []
