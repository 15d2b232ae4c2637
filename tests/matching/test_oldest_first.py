"""Policy ``ambiguous = "fifo"``: what a sure customer pays goes to what is due first, else ask."""

import datetime as dt

import pytest

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, AFTER, DAY, Row, entry, frame, line, party

REVIEW = Settings(ledger="")
FIFO = Settings(ledger="", policy={**REVIEW.policy, "ambiguous": "fifo"})
PARTIES = [
    party("C1", "DE77", name="Nordlicht Handel GmbH"),
    party("C2", "DE78", name="Nordlicht Handel AG"),
    party("V1", "DE79", "vendor"),
]
OCTOBER, NOVEMBER, DECEMBER = (
    entry(number, amount, "C1", due_date=due)
    for number, amount, due in (
        (3, 50_000, dt.date(2026, 10, 1)), (1, 30_000, dt.date(2026, 11, 1)),
        (2, 50_000, dt.date(2026, 12, 1)),
    )
)  # fmt: skip
OWED = [DECEMBER, NOVEMBER, OCTOBER]


def answers(
    lines: list[Row], entries: list[Row], settings: Settings = FIFO
) -> dict[int, tuple[str, str, list[tuple[int, int]]]]:
    """Confidence, rule and what each entry takes of the first answer of each line."""
    heads, rows = propose(
        frame(lines, frames.LINES), frame(entries, frames.ENTRIES), frame([], frames.BANK_ENTRIES),
        frame(PARTIES, frames.PARTIES), ACCOUNTS, settings,
    )  # fmt: skip
    taken: dict[int, list[tuple[int, int]]] = {}
    for row in rows.filter(rank=1).to_dicts():
        taken.setdefault(row["line_id"], []).append((row["target_id"], row["entry_amount"]))
    return {
        row["line_id"]: (row["confidence"], row["rule"], taken.get(row["line_id"], []))
        for row in heads.filter(rank=1).to_dicts()
    }


def paid(amount: int, number: int = 1, **more: object) -> Row:
    """A payment by C1 that says nothing of documents."""
    return line(number, amount, counterparty_account="DE77") | more


def test_the_oldest_are_settled_and_the_last_in_part() -> None:
    assert answers([paid(90_000)], OWED)[1] == (
        "high", "party_oldest", [(3, 50_000), (1, 30_000), (2, 10_000)],
    )  # fmt: skip


def test_of_two_entries_of_the_amount_the_oldest_takes_it() -> None:
    assert answers([paid(50_000)], [DECEMBER, OCTOBER])[1] == (
        "high", "party_oldest", [(3, 50_000)],
    )  # fmt: skip


def test_the_one_entry_or_sum_that_fits_comes_before_age() -> None:
    assert answers([paid(30_000)], OWED)[1] == ("high", "party_exact", [(1, 30_000)])
    assert answers([paid(100_000)], OWED)[1][:2] == ("high", "party_sum")


def test_without_the_policy_it_is_a_question() -> None:
    for amount in (90_000, 50_000):
        confidence, rule, _ = answers([paid(amount)], [*OWED], REVIEW)[1]
        assert (confidence, rule) != ("high", "party_oldest")
        assert confidence == "low"


def test_never_more_than_is_open() -> None:
    assert answers([paid(130_001)], OWED)[1][0] == "low"


@pytest.mark.parametrize(
    ("paying", "owed"),
    [
        (line(1, 90_000, counterparty_name="Nordlicht Handel"), OWED),  # two customers have it
        (paid(90_000, text="RE100009"), [*OWED, entry(4, 100, document_no="RE100007")]),
        (paid(90_000, text="RE1000"), OWED),  # a number that is cut: no telling which
        (line(1, -90_000, counterparty_account="DE79"),
         [entry(n, -50_000, "V1", party_type="vendor") for n in (1, 2)]),  # money out
    ],
)  # fmt: skip
def test_what_is_not_sure_asks(paying: Row, owed: list[Row]) -> None:
    assert answers([paying], owed)[1][0] != "high"


def test_what_is_disputed_or_posted_later_is_left_out() -> None:
    held, later = OCTOBER | {"on_hold": True}, NOVEMBER | {"posting_date": AFTER}
    two = DECEMBER | {"entry_id": 5, "document_no": "RE100005"}
    found = answers([paid(60_000)], [held, later, DECEMBER, two])[1]
    assert found == ("high", "party_oldest", [(2, 50_000), (5, 10_000)])


def test_a_payment_that_names_its_document_comes_before_one_that_does_not() -> None:
    lines = [paid(60_000, 1), paid(50_000, 2, text="RE100003")]
    found = answers(lines, OWED)
    assert found[2][2] == [(3, 50_000)]
    assert found[1] == ("high", "party_oldest", [(1, 30_000), (2, 30_000)])


def test_two_payments_of_one_day_that_want_the_same_entry_ask() -> None:
    found = answers([paid(60_000, 1), paid(40_000, 2)], OWED)
    assert [found[number][0] for number in (1, 2)] == ["low", "low"]


def test_each_day_settles_what_the_days_before_left() -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    later = {"booking_date": tomorrow, "value_date": tomorrow}
    found = answers([paid(45_000, 2, **later), paid(60_000, 1)], OWED)
    assert found[1][2] == [(3, 50_000), (1, 10_000)]
    assert found[2] == ("high", "party_oldest", [(1, 20_000), (2, 25_000)])
