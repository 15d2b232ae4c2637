"""A period is closed when all of it is settled and proved, and opened again by two people."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, decisions, ledger, steps
from pipeline.corrections import periods
from pipeline.domain.errors import UsageError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given

RECEIPT = (FOLDER / "receipt-in-full.md").read_text("utf-8").partition(THEN)[0]
THURSDAY = dt.date(2026, 10, 29)
FRIDAY = dt.date(2026, 10, 30)


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    """One bank account with daily statements, a receipt on Thursday, and an account at rest."""
    banks = "no,name,currency,iban,gl_account,last_statement_balance,last_statement_date,"
    banks += "statement_frequency\n"
    banks += "BANK,BANK,EUR,DE38500400000123456700,BANK,0.00,2026-10-28,daily\n"
    banks += "BANK-2,BANK-2,EUR,FR1420041010050500013M02606,BANK-2,0.00,2026-10-28,none\n"
    return given(f"{RECEIPT}\n```csv bank-accounts\n{banks}```\n", url, tmp_path)


def night(settings: config.Settings, folder: Path) -> None:
    steps.nightly(settings, [folder / "inbox"], "tester")


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def close(settings: config.Settings, day: dt.date) -> list[str]:
    """What stands against closing; empty when it is closed."""
    found: list[str] = periods.close(settings, day, "anna").get("problems", [])
    return found


def test_a_period_is_not_closed_before_its_lines_are_posted_and_its_statements_reconciled(
    books: config.Settings, tmp_path: Path
) -> None:
    assert close(books, THURSDAY) == ["BANK: a statement is missing since 2026-10-29"]
    steps.ingest(books, [tmp_path / "inbox"], "tester")
    assert close(books, THURSDAY) == [
        "BANK: statement 1 of 2026-10-29 is not reconciled",
        "BANK/1/1: 1000.00 EUR of 2026-10-29 is not posted",
    ]
    assert periods.listed(books)["closed_through"] == ""
    night(books, tmp_path)
    assert close(books, FRIDAY) == ["BANK: a statement is missing since 2026-10-30"]
    assert close(books, THURSDAY) == []
    assert periods.close(books, THURSDAY, "anna")["changed"] is False, "closed already"
    with pytest.raises(UsageError, match="closed through 2026-10-29; expected a later day"):
        periods.close(books, dt.date(2026, 10, 28), "anna")
    assert [(row["action"], row["actor"]) for row in periods.listed(books)["events"]] == [
        ("close", "anna")
    ]
    holds(books)


def test_a_closed_period_is_opened_by_the_second_person_who_says_so(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path)
    assert close(books, THURSDAY) == []
    before = dt.date(2026, 9, 30)

    def reopen(who: str, why: str = "an invoice of October") -> dict[str, Any]:
        return periods.reopen(books, before, who, why)

    assert reopen("anna")["done"] is False
    assert reopen("ANNA")["done"] is False, "the same person cannot do both"
    [asked] = periods.listed(books)["reopening_asked"][:1]
    assert (asked["by"], asked["reason"]) == ("anna", "an invoice of October")
    done = reopen("berta", "seen and agreed")
    assert (done["done"], done["closed_through"]) == (True, "2026-09-30")
    found = periods.listed(books)
    assert (found["closed_through"], found["reopening_asked"]) == ("2026-09-30", [])
    last = found["events"][-1]
    assert (last["actor"], last["second_actor"], last["reason"]) == (
        "anna", "berta", "seen and agreed",
    )  # fmt: skip
    with pytest.raises(UsageError, match="expected an earlier day"):
        reopen("berta")
    holds(books)


def test_a_request_ends_when_something_is_closed_after_it(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path)
    before = dt.date(2026, 9, 30)
    assert close(books, dt.date(2026, 10, 28)) == []
    assert periods.reopen(books, before, "anna", "why")["done"] is False
    assert close(books, THURSDAY) == []
    assert periods.reopen(books, before, "berta", "why")["done"] is False, "October was open then"
    assert periods.reopen(books, before, "anna", "why")["done"] is True
    holds(books)


def test_what_comes_late_into_a_closed_period_waits_and_posts_on_the_first_open_day(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    """A late account without a known balance: its opening posting is dated there, too."""
    banks = "no,name,currency,iban,gl_account,statement_frequency\n"
    banks += "BANK,BANK,EUR,DE38500400000123456700,BANK,none\n"
    story = f"{RECEIPT}\n```csv bank-accounts\n{banks}```\n\n```toml\n[policy]\n"
    story += 'park = "nightly"\n```\n'
    books = given(story, sqlite_settings.ledger, tmp_path, gap=True)
    assert close(books, FRIDAY) == []
    night(books, tmp_path)
    with ledger.open(books.ledger) as book:
        lines = export(book, "lines")
    assert lines.select("status", "reason").rows() == [("proposed", "period_closed")]
    decisions.accept(books, 1, "berta", reason="belongs to October, booked on the first open day")
    with ledger.open(books.ledger) as book:
        rows = book.rows("SELECT kind, posting_date FROM journal_entry WHERE kind = 'payment' OR"
                         " kind = 'opening' ORDER BY no")  # fmt: skip
        assert [tuple(row) for row in rows][-2:] == [
            ("payment", "2026-10-31"), ("opening", "2026-10-31"),
        ]  # fmt: skip
        assert export(book, "statements")["status"].to_list() == ["reconciled"]
    holds(books)
