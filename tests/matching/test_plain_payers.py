"""A known payer who names no document: what the amount alone decides, in bulk as line by line."""

import datetime as dt

import polars as pl
import pytest

from pipeline.matching import plain_payers
from pipeline.matching.plain_lines import Plain
from tests.matching.test_order import proposals
from tests.matching.worlds import AFTER, DAY, Row, bank_entry, entry, line

LATER = DAY + dt.timedelta(days=1)
LESS = {"discount_amount": 20, "discount_date": DAY}
PAYS = line(1, 1000, counterparty_account="DE77")
ONE = [entry(1, 1000)]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lines that are decided in bulk by payer and amount, call by call."""
    seen: list[int] = []
    decide = plain_payers.decide

    def watched(*asked: object) -> Plain:
        plain = decide(*asked)  # type: ignore[arg-type]
        seen.extend(plain.heads["line_id"])
        return plain

    monkeypatch.setattr(plain_payers, "decide", watched)
    return seen


def best(lines: list[Row], entries: list[Row], bank: list[Row]) -> list[tuple[str, str]]:
    """Confidence and rule of each line, the same in bulk and line by line."""
    fast, careful = (proposals(lines, entries, bank, [], bulk=bulk) for bulk in (True, False))
    assert fast[0].to_dicts() == careful[0].to_dicts()
    assert fast[1].to_dicts() == careful[1].to_dicts()
    first = fast[0].filter(pl.col("rank") == 1)
    return list(first.select("confidence", "rule").rows())


@pytest.mark.parametrize(
    "entries",
    [
        ONE,
        [*ONE, entry(2, 300), entry(3, 600)],
        [*ONE, entry(2, 300), entry(3, 800), entry(4, 2000)],
        [entry(1, 1000, **LESS), entry(2, 1200, **LESS)],
        [*ONE, entry(2, 400, **LESS)],
        [*ONE, entry(2, 1000, on_hold=True), entry(3, 1000, posting_date=AFTER)],
        [*ONE, entry(2, 1000, currency="CHF"), entry(3, 1000, "C2")],
        [*ONE, *(entry(number, 5000 + number) for number in range(2, 21))],
    ],
)
def test_the_one_entry_of_the_amount_is_paid(entries: list[Row], found: list[int]) -> None:
    assert best([PAYS], entries, []) == [("high", "party_exact")]
    assert 1 in found


@pytest.mark.parametrize(
    "entries",
    [
        [*ONE, entry(2, 1000)],
        [*ONE, entry(2, 300), entry(3, 700)],
        [*ONE, entry(2, 200), entry(3, 300), entry(4, 500)],
        [*ONE, entry(2, 1020, **LESS)],
        [*ONE, entry(2, 1030, discount_amount_2=30, discount_date_2=DAY)],
        [entry(1, 1000, **LESS), entry(2, 20)],
        [*ONE, entry(2, 700, **LESS), entry(3, 320)],
        [*ONE, entry(2, 1200), entry(3, -200)],
        [*ONE, *(entry(number, 5000 + number) for number in range(2, 22))],
    ],
)
def test_where_another_entry_or_sum_may_be_meant_it_asks(
    entries: list[Row], found: list[int]
) -> None:
    assert best([PAYS], entries, [])[0][0] != "high"
    assert not found


@pytest.mark.parametrize(
    "bank",
    [
        [bank_entry(1, 1000)],
        [bank_entry(1, 600, batch_no="RUN-7"), bank_entry(2, 400, batch_no="RUN-7")],
    ],
)
def test_what_the_books_have_of_the_bank_already_comes_first(
    bank: list[Row], found: list[int]
) -> None:
    assert best([PAYS], ONE, bank)[0][1] != "party_exact"
    assert not found


def test_two_lines_for_one_entry_are_weighed_together(found: list[int]) -> None:
    again = PAYS | {"line_id": 2}
    assert best([PAYS, again], ONE, []) == [("low", "party_exact")] * 2
    late = again | {"booking_date": LATER, "value_date": LATER}
    assert best([PAYS, late], ONE, [])[0] == ("high", "party_exact")
    named = line(2, 1000, text="RE100001", counterparty_account="DE78")
    best([PAYS, named], ONE, [])
    assert not found


@pytest.mark.parametrize(
    "more",
    [
        {"text": "RE100009"},
        {"text": "Nordlicht Handel AG", "counterparty_name": ""},
        {"original_currency": "USD", "original_amount": 1100},
        {"type_code": "NCHG"},
    ],
)
def test_whatever_else_the_line_says_is_left_to_the_rules(more: Row, found: list[int]) -> None:
    best([PAYS | more], [*ONE, entry(2, 1000, "C2"), entry(3, 1000, "C3")], [])
    assert not found
