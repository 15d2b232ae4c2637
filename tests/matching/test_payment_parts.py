"""The reference of a statement settles what it stands for, and nothing by less than that."""

import datetime as dt
from typing import Any

import pytest

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, BEFORE, DAY, Row, entry, frame, line, party

RF = "RF81726606372209337072"
OWN = party("C1", "DE77")
OTHER = party("C2", "DE88")


def of_part(given: Row, stated: int | None = None, reference: str = RF) -> Row:
    """An entry as it is now, and what was open of it when the statement was made."""
    return given | {
        "payment_reference": reference,
        "stated_amount": given["amount"] if stated is None else stated,
    }


def matched(lines: list[Row], entries: list[Row], part: list[Row]) -> dict[int, Row]:
    """The best answer of each line, its rows as (target, id, applied)."""
    is_open = [e for e in entries if e["remaining_amount"]]
    heads, rows = propose(
        frame(lines, frames.LINES),
        frame(is_open, frames.ENTRIES),
        frame([], frames.BANK_ENTRIES),
        frame([OWN, OTHER], frames.PARTIES),
        ACCOUNTS,
        Settings(ledger=""),
        frame([e for e in entries if not e["remaining_amount"]], frames.ENTRIES),
        parts=frame(part, frames.NAMED_PARTS),
    )
    first = {row["line_id"]: row for row in heads.to_dicts() if row["rank"] == 1}
    for number, head in first.items():
        own = [r for r in rows.to_dicts() if (r["line_id"], r["rank"]) == (number, 1)]
        head["rows"] = [(r["target"], r["target_id"], r["applied_amount"]) for r in own]
    return first


def paid(amount: int, number: int = 1, **more: Any) -> Row:
    return line(number, amount, **({"payment_reference": RF} | more))


INVOICES = [entry(1, 1000), entry(2, 500), entry(3, 700)]
PART = [of_part(INVOICES[0]), of_part(INVOICES[1])]


def said(best: Row) -> tuple[str, str, str]:
    return best["confidence"], best["rule"], best["reason"]


@pytest.mark.parametrize("who", [{}, {"counterparty_name": "Treuhand Nord"}], ids=str)
def test_paid_in_full_by_whomever_it_settles_exactly_those_entries(who: Row) -> None:
    best = matched([paid(1500, **who)], INVOICES, PART)[1]
    assert said(best) == ("high", "payment_part", "")
    assert best["rows"] == [("entry", 1, 1000), ("entry", 2, 500)]
    assert best["evidence"].startswith("reference=match document=full")
    assert "by the reference of a statement" in best["explanation"]


def test_credits_that_it_stands_for_are_settled_with_it() -> None:
    memo = entry(4, -200, document_type="credit_memo")
    on_account = entry(5, -100, document_type="payment", document_no="LINE/B1/4711")
    part = [of_part(INVOICES[0]), of_part(memo), of_part(on_account)]
    best = matched([paid(700)], [INVOICES[0], memo, on_account], part)[1]
    assert said(best) == ("high", "payment_part", "")
    assert sorted(best["rows"]) == [("entry", 1, 1000), ("entry", 4, -200), ("entry", 5, -100)]


def test_what_was_paid_meanwhile_makes_it_a_question_with_what_is_left() -> None:
    gone = [entry(1, 1000, remaining_amount=0), *INVOICES[1:]]
    best = matched([paid(1500)], gone, [of_part(gone[0]), PART[1]])[1]
    assert said(best) == ("medium", "payment_part_partly_paid", "reference_partly_paid")
    assert best["rows"] == [("entry", 2, 500), ("on_account", 0, 1000)]
    best = matched([paid(500)], gone, [of_part(gone[0]), PART[1]])[1]
    assert said(best) == ("medium", "payment_part_partly_paid", "reference_partly_paid")
    assert best["rows"] == [("entry", 2, 500)], "also where the amount is what is left"
    less = [entry(1, 1000, remaining_amount=400), *INVOICES[1:]]
    best = matched([paid(900)], less, [of_part(less[0]), PART[1]])[1]
    assert said(best) == ("medium", "payment_part_partly_paid", "reference_partly_paid")
    assert sum(applied for *_, applied in best["rows"]) == 900


def test_paid_once_more_it_is_a_duplicate_and_stays_on_account_if_accepted() -> None:
    gone = [entry(n, amount, remaining_amount=0) for n, amount in ((1, 1000), (2, 500))]
    best = matched([paid(1500)], [*gone, INVOICES[2]], [of_part(e) for e in gone])[1]
    assert said(best) == ("medium", "payment_part_again", "duplicate_payment")
    assert best["rows"] == [("on_account", 0, 1500)]
    assert best["party_no"] == "C1"


def test_two_days_of_one_run_give_what_two_runs_give() -> None:
    later = DAY + dt.timedelta(days=1)
    lines = [paid(1500), paid(1500, 2, booking_date=later, value_date=later)]
    found = matched(lines, INVOICES, PART)
    assert said(found[1]) == ("high", "payment_part", "")
    assert said(found[2]) == ("medium", "payment_part_again", "duplicate_payment")


def test_twice_on_one_day_the_first_pays_and_the_second_paid_twice() -> None:
    found = matched([paid(1500), paid(1500, 2)], INVOICES, PART)
    assert said(found[1]) == ("high", "payment_part", "")
    assert said(found[2]) == ("medium", "payment_part_again", "duplicate_payment")


def test_an_entry_that_its_own_line_pays_first_leaves_the_reference_a_question() -> None:
    before = DAY - dt.timedelta(days=1)
    own = line(2, 1000, text="RE100001", booking_date=before, value_date=before,
               counterparty_account="DE77")  # fmt: skip
    found = matched([paid(1500), own], INVOICES, PART)
    assert said(found[2]) == ("high", "document_exact", "")
    assert said(found[1]) == ("medium", "payment_part_partly_paid", "reference_partly_paid")
    same_day = matched([paid(1500), own | {"booking_date": DAY, "value_date": DAY}], INVOICES, PART)
    assert {best["confidence"] for best in same_day.values()} == {"low"}, "both name the invoice"


@pytest.mark.parametrize("amount", [1499, 1501, 1000, 500, 1, 9_999_999])
def test_another_amount_is_proposed_and_not_posted(amount: int) -> None:
    best = matched([paid(amount)], INVOICES, PART)[1]
    assert best["confidence"] == "medium"
    assert best["reason"] == "amount_differs"
    assert sum(applied for *_, applied in best["rows"]) == amount


def test_less_a_discount_it_proposes_the_discount() -> None:
    cheaper = [entry(1, 1000, discount_amount=20, discount_date=DAY), INVOICES[1]]
    best = matched([paid(1480)], cheaper, [of_part(cheaper[0]), PART[1]])[1]
    assert said(best) == ("medium", "payment_part_differs", "amount_differs")
    assert best["rows"] == [("entry", 1, 980), ("entry", 2, 500)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"on_hold": True}, "on_hold"),
        ({"on_hold": True, "source_conflict": True}, "source_conflict"),
        ({"posting_date": DAY + dt.timedelta(days=1)}, "not_yet_posted"),
    ],
)
def test_an_entry_that_may_not_be_settled_by_itself_asks(changed: Row, reason: str) -> None:
    entries = [entry(1, 1000) | changed, INVOICES[1]]
    best = matched([paid(1500)], entries, [of_part(e) for e in entries])[1]
    assert said(best) == ("medium", "payment_part", reason)


def test_an_account_of_another_customer_or_another_document_contradicts() -> None:
    best = matched([paid(1500, counterparty_account="DE88")], INVOICES, PART)[1]
    assert said(best) == ("medium", "payment_part", "party_differs")
    best = matched([paid(1500, text="RE100003")], INVOICES, PART)[1]
    assert said(best) == ("medium", "payment_part", "ambiguous")


def test_money_in_another_currency_asks() -> None:
    best = matched([paid(1500, currency="USD")], INVOICES, PART)[1]
    assert best["confidence"] == "low"


def test_money_out_with_the_reference_is_no_payment_of_it() -> None:
    best = matched([paid(-1500)], INVOICES, PART)[1]
    assert best["confidence"] in ("none", "low")


@pytest.mark.parametrize("place", range(len(RF) - 2))
def test_one_wrong_digit_settles_nothing(place: int) -> None:
    """The feed takes no reference with wrong check digits; and no other reference stands there."""
    from pipeline.feeds.references import payment_reference

    wrong = RF[: place + 2] + str((int(RF[place + 2]) + 1) % 10) + RF[place + 3 :]
    assert payment_reference(wrong) == ""
    best = matched([line(1, 1500, text=wrong, counterparty_name="Treuhand")], INVOICES, PART)[1]
    assert (best["confidence"], best["rows"]) == ("none", [])
    best = matched([paid(1500, payment_reference=wrong)], INVOICES, PART)[1]
    assert (best["confidence"], best["rows"]) == ("none", [])


def test_the_reference_leads_the_line_to_its_own_entries_among_many_alike() -> None:
    alike = [entry(n, 1500, posting_date=BEFORE) for n in range(10, 30)]
    part = [of_part(alike[7])]
    best = matched([paid(1500, counterparty_account="DE77")], alike, part)[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 17, 1500)])
