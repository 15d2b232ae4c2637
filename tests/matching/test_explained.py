"""Each proposal says in words and in levels what it rests on."""

import datetime as dt

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from pipeline.matching.levels import LEVELS
from tests.matching.worlds import ACCOUNTS, AFTER, BEFORE, DAY, Row, entry, frame, line, party

PARTIES = [
    party("C1042", "DE77", name="Nordlicht Handel GmbH"),
    party("C2000", "DE78", name="Brandt Bau KG"),
]


def told(paid: Row, entries: list[Row], currency: str = "EUR") -> list[tuple[str, str, str]]:
    """Rule, levels and sentence of each proposal, by rank."""
    own = [row | {"currency": currency} for row in entries]
    heads, _ = propose(
        frame([paid | {"currency": currency}], frames.LINES), frame(own, frames.ENTRIES),
        frame([], frames.BANK_ENTRIES), frame(PARTIES, frames.PARTIES), ACCOUNTS,
        Settings(ledger=""),
    )  # fmt: skip
    return heads.sort("rank").select("rule", "evidence", "explanation").rows()


def test_two_invoices_less_their_discounts() -> None:
    paid = line(1, 196_000, text="RE100001 RE100002", counterparty_account="DE77",
                counterparty_name="Nordlicht Handel GmbH")  # fmt: skip
    less = {"discount_amount": 2_000, "discount_date": dt.date(2026, 12, 12)}
    entries = [entry(1, 100_000, "C1042", **less), entry(2, 100_000, "C1042", **less)]
    assert told(paid, entries) == [(
        "document_discount",
        "document=full party=name account=on_file amount=discount entries=several",
        "names RE100001, RE100002, the account is on file for customer C1042 and the name is its"
        " own, 1960.00 EUR is the sum less 2 % discount (40.00) due"
        " 2026-12-12",
    )]  # fmt: skip


def test_nothing_named_and_one_entry_fits() -> None:
    paid = line(1, 100_000, counterparty_name="Nordlicht Handel GmbH")
    assert told(paid, [entry(1, 100_000, "C1042"), entry(2, 70_000, "C1042")]) == [(
        "party_exact",
        "party=name amount=exact",
        "the name is that of customer C1042, one entry fits, 1000.00 EUR is the open amount of"
        " RE100001",
    )]  # fmt: skip


def test_two_entries_fit_and_each_answer_says_which() -> None:
    paid = line(1, 100_000, counterparty_account="DE77")
    answers = told(paid, [entry(1, 100_000, "C1042"), entry(2, 100_000, "C1042")])
    assert [rule for rule, _, _ in answers] == ["party_tie", "party_tie"]
    assert {levels for _, levels, _ in answers} == {"account=on_file amount=exact answers=several"}
    assert [words.rpartition(" ")[2] for *_, words in answers] == ["RE100001", "RE100002"]


def test_a_document_that_another_customer_pays() -> None:
    paid = line(1, 100_000, text="RE100001", counterparty_account="DE78",
                counterparty_name="Brandt Bau KG")  # fmt: skip
    [(_, levels, words)] = told(paid, [entry(1, 100_000, "C1042")])
    assert levels == "document=full party=other account=other amount=exact"
    assert words == (
        "names RE100001, customer C1042, the account is on file for another party, the name is"
        " that of another party, 1000.00 EUR is the open amount"
    )


def test_a_cent_short_a_part_and_more_than_is_owed() -> None:
    open_entry = [entry(1, 100_000, "C1042")]
    words = [
        told(line(1, amount, text="RE100001", counterparty_account="DE77"), open_entry)[0][2]
        for amount in (99_999, 40_000, 120_000)
    ]
    start = "names RE100001, the account is on file for customer C1042, "
    assert words == [
        f"{start}999.99 EUR is the open amount, 0.01 less within tolerance",
        f"{start}400.00 EUR is a part of the open amount",
        f"{start}1200.00 EUR is 200.00 more than the open amount",
    ]


def test_what_is_small_but_beyond_the_tolerance_is_a_persons_matter() -> None:
    paid = line(1, 300, text="RE100001", counterparty_account="DE77")
    [(rule, levels, words)] = told(paid, [entry(1, 304, "C1042")])
    assert (rule, "amount=short" in levels) == ("document_write_off", True)
    assert words.endswith("3.00 EUR is the open amount, 0.04 less beyond the tolerance")


def test_amounts_have_the_digits_of_their_currency() -> None:
    paid = line(1, 98_000, text="RE100001", counterparty_account="DE77")
    less = {"discount_amount": 2_000, "discount_date": DAY}
    [(*_, words)] = told(paid, [entry(1, 100_000, "C1042", **less)], "JPY")
    assert words.endswith("98000 JPY is the open amount less 2 % discount (2000) due 2026-10-12")


def test_discounts_of_other_per_cents_are_told_by_their_sum() -> None:
    paid = line(1, 195_500, text="RE100001 RE100002", counterparty_account="DE77")
    dated = {"discount_date": dt.date(2026, 12, 12)}
    two, halves = {"discount_amount": 2_000, **dated}, {"discount_amount": 2_500, **dated}
    [(*_, words)] = told(
        paid, [entry(1, 100_000, "C1042", **two), entry(2, 100_000, "C1042", **halves)]
    )
    assert words.endswith("1955.00 EUR is the sum less 45.00 discount due 2026-12-12")
    paid = line(1, 97_500, text="RE100002", counterparty_account="DE77")
    [(*_, words)] = told(paid, [entry(2, 100_000, "C1042", **halves)])
    assert words.endswith("is the open amount less 2.5 % discount (25.00) due 2026-12-12")


def test_a_document_of_tomorrow_and_a_structured_reference() -> None:
    paid = line(1, 100_000, payment_reference="RF18539007547034", text="RE100001")
    later = entry(1, 100_000, "C1042", payment_reference="RF18539007547034", posting_date=AFTER)
    [(_, levels, _)] = told(paid, [later])
    assert levels == "reference=match document=full amount=exact date=later"


def test_levels_have_an_order_and_a_meaning() -> None:
    paid = line(1, 100_000, text="RE100001", counterparty_account="DE77", mandate_id="M1")
    debited = [
        entry(1, 60_000, "C1042", mandate_id="M1", posting_date=BEFORE),
        entry(2, 40_000, "C1042", mandate_id="M1"),
    ]
    for _, levels, words in told(paid, debited):
        said = [part.split("=")[0] for part in levels.split()]
        assert said == [name for name in LEVELS if name in said]
        assert "debit" in said
        assert words
