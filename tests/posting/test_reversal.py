"""A whole journal entry is reversed: what it settled is open again, its payment entry is not."""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.domain.errors import LedgerError
from pipeline.ledger.verify import verify
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
def test_a_reversed_payment_leaves_its_invoices_open_and_nothing_else(
    settings: config.Settings, line: int, documents: dict[str, str | None]
) -> None:
    before = {document: remaining(settings, document) for document in documents}
    chosen = after_first_night(settings.ledger, "never")
    done = steps.reverse(chosen, number_of(chosen, "211", line), "anna", "posted to the wrong one")
    assert done["journal_entries"] == 1
    for document, amount in documents.items():
        assert remaining(chosen, document) == before[document]
        assert amount is None or before[document] == [amount]
    assert broken(chosen) == []
    steps.nightly(chosen, [NIGHTS[0]], "tester")
    assert remaining(chosen, next(iter(documents))) == ["0.00"], "the next night posts it again"
    assert broken(chosen) == []


def test_no_entry_is_reversed_twice_or_under_a_closed_statement(
    tmp_path: Path,
) -> None:
    chosen = after_first_night(f"sqlite:///{tmp_path}/ledger.db", "never")
    number = number_of(chosen, "211", 2)
    steps.reverse(chosen, number, "anna", "mistake")
    assert steps.reverse(chosen, number, "anna", "mistake")["journal_entries"] == 0
    parked = parking(chosen, "nightly")
    nights(parked, NIGHTS[0])
    assert "reconciled" in exported(parked, "statements")["status"].to_list()
    said = "line 5 of statement 211 of DE-EUR, which is reconciled; .* undo its reconciliation"
    with pytest.raises(LedgerError, match=said):
        steps.reverse(parked, number_of(parked, "211", 5), "anna", "mistake")
    assert broken(parked) == []
