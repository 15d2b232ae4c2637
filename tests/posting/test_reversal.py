"""A whole journal entry is reversed: what it settled is open again, its payment entry is not."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, corrections, decisions, ledger, steps
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.test_limits import close_through
from tests.posting.test_parking import NIGHTS, exported, nights
from tests.posting.test_returns import remaining
from tests.prepared import after_first_night, parking


def number_of(settings: config.Settings, statement: str, line: int) -> int:
    with ledger.open(settings.ledger) as book:
        return int(
            book.rows(
                "SELECT j.no FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id"
                " JOIN statement s ON s.id = l.statement_id WHERE s.bank_account_no = 'DE-EUR'"
                f" AND s.statement_no = '{statement}' AND l.line_no = {line} ORDER BY j.no"
            )[0][0]
        )


def item_of(settings: config.Settings, line: int) -> int:
    rows = exported(settings, "exceptions").filter(
        (pl.col("bank_account_no") == "DE-EUR") & (pl.col("statement_no") == "211")
    )
    return int(rows.filter(pl.col("line_no") == line)["id"][0])


def reason_of(settings: config.Settings, line: int) -> str:
    rows = exported(settings, "exceptions")
    return str(rows.filter(pl.col("id") == item_of(settings, line))["reason"][0])


def candidate_of(settings: config.Settings, line: int) -> tuple[str, str]:
    """What the first candidate of a line says, and how sure it is."""
    rows = exported(settings, "exceptions")
    text = rows.filter(pl.col("id") == item_of(settings, line))["candidates"][0]
    first = json.loads(text)[0]
    return first["explanation"], first["confidence"]


def registers(settings: config.Settings) -> list[tuple[str, ...]]:
    with ledger.open(settings.ledger) as book:
        return [tuple(row) for row in book.rows("SELECT kind, actor, reason FROM register")]


def broken(settings: config.Settings) -> list[object]:
    with ledger.open(settings.ledger) as book:
        return [(c.invariant, c.ids) for c in verify(book) if c.violations]


@pytest.mark.parametrize(
    ("line", "documents"),
    [
        (2, {"RE-2026-1002": "1000.00"}),  # paid with a discount
        (3, {"RE-2026-1004": None, "RE-2026-1005": None, "GS-2026-0007": None}),
        (13, {"RE-2026-1019": "1050.00"}),  # 50.00 of it stay on account
    ],
)
def test_a_reversed_payment_leaves_its_invoices_open_and_asks_a_person(
    settings: config.Settings, line: int, documents: dict[str, str | None]
) -> None:
    before = {document: remaining(settings, document) for document in documents}
    chosen = after_first_night(settings.ledger, "never")
    named = f"DE-EUR/211/{line}"
    done = corrections.reverse(chosen, [named], "anna", "posted to the wrong one")
    assert list(done["reversed"].values()) == ["2026-10-29"]
    for document, amount in documents.items():
        assert remaining(chosen, document) == before[document]
        assert amount is None or before[document] == [amount]
    assert broken(chosen) == []
    count = len(registers(chosen))
    steps.nightly(chosen, [NIGHTS[0]], "tester")
    assert len(registers(chosen)) == count, "the night does not post it again"
    assert reason_of(chosen, line) == "reversed"
    assert candidate_of(chosen, line) == ("posted before, and reversed by a person", "medium")
    decisions.accept(chosen, item_of(chosen, line), "berta", reason="it was right after all")
    assert remaining(chosen, next(iter(documents))) == ["0.00"]
    assert broken(chosen) == []


def test_what_was_reversed_and_then_rejected_is_not_asked_again(
    sqlite_settings: config.Settings,
) -> None:
    chosen = after_first_night(sqlite_settings.ledger, "never")
    corrections.reverse(chosen, ["DE-EUR/211/2"], "anna", "the wrong customer")
    decisions.reject(chosen, item_of(chosen, 2), "anna")
    with ledger.open(chosen.ledger) as book:
        rows = export(book, "proposals").filter(pl.col("statement_no") == "211")
    own = rows.filter((pl.col("line_no") == 2) & (pl.col("document_no") == "RE-2026-1002"))
    assert own.is_empty()


def test_several_are_reversed_at_once_and_the_same_words_again_change_nothing(
    sqlite_settings: config.Settings,
) -> None:
    chosen = after_first_night(sqlite_settings.ledger, "never")
    named = ["DE-EUR/211/3", f"journal:{number_of(chosen, '211', 2)}"]
    on = dt.date(2026, 11, 5)
    done = corrections.reverse(chosen, named, "anna", "both were wrong", on)
    assert set(done["reversed"].values()) == {"2026-11-05"}
    assert registers(chosen)[-1] == ("reversal", "anna", "both were wrong")
    count = len(registers(chosen))
    again = corrections.reverse(chosen, named[1:], "anna", "both were wrong")
    assert (again["reversed"], again["reversed_before"]) == ({}, [number_of(chosen, "211", 2)])
    assert len(registers(chosen)) == count
    assert broken(chosen) == []


def test_a_reversal_in_a_closed_period_is_dated_on_the_first_open_day(
    sqlite_settings: config.Settings,
) -> None:
    chosen = after_first_night(sqlite_settings.ledger, "never")
    close_through(chosen, "2026-10-31")
    with pytest.raises(UsageError, match="its period is closed; expected 2026-11-01"):
        corrections.reverse(chosen, ["DE-EUR/211/2"], "anna", "late", dt.date(2026, 10, 30))
    done = corrections.reverse(chosen, ["DE-EUR/211/2"], "anna", "found in November")
    assert list(done["reversed"].values()) == ["2026-11-01"]
    assert broken(chosen) == []


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("4711", "journal entry 4711 does not exist"),
        ("1", "is of a load"),
        ("DE-EUR/211/99", "there is no such line"),
        ("RE-2026-1002", "expected the number of a journal entry, or a bank line"),
        ("DE-EUR/211/4", "nothing posts this line"),
    ],
)
def test_what_cannot_be_reversed_is_said(
    sqlite_settings: config.Settings, named: str, said: str
) -> None:
    chosen = after_first_night(sqlite_settings.ledger, "never")
    with pytest.raises(UsageError, match=said):
        corrections.reverse(chosen, [named], "anna", "mistake")


def test_no_entry_is_reversed_under_a_closed_statement(tmp_path: Path) -> None:
    chosen = after_first_night(f"sqlite:///{tmp_path}/ledger.db", "never")
    parked = parking(chosen, "nightly")
    nights(parked, NIGHTS[0])
    assert "reconciled" in exported(parked, "statements")["status"].to_list()
    said = "line 5 of statement 211 of DE-EUR, which is reconciled; .* undo its reconciliation"
    with pytest.raises(LedgerError, match=said):
        corrections.reverse(parked, ["DE-EUR/211/5"], "anna", "mistake")
    assert broken(parked) == []
