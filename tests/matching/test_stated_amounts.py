"""What the bank states that was sent settles an invoice of that currency, to the cent or not."""

from typing import Any

import pytest

from tests.matching.test_collisions import C1, answers, posts
from tests.matching.worlds import AFTER, entry, line, party

USD = {"original_amount": 1000, "original_currency": "USD"}


def dollars(number: int, amount: int, party_no: str = "C1", **more: Any) -> dict[str, Any]:
    return entry(number, amount, party_no, currency="USD", **more)


def test_a_named_invoice_is_settled_by_exactly_what_was_sent() -> None:
    best = answers([line(1, 930, text="RE100001", **USD)], [dollars(1, 1000)])[1]
    assert (best["rule"], best["rows"]) == ("document_original", [("entry", 1, 930)])
    assert posts(best)


def test_several_are_settled_together_and_share_what_arrived() -> None:
    paid = line(1, 931, text="RE100001 RE100002", **USD)
    best = answers([paid], [dollars(1, 333), dollars(2, 667)])[1]
    assert best["rows"] == [("entry", 1, 310), ("entry", 2, 621)]
    assert posts(best)


@pytest.mark.parametrize(
    ("said", "open_amount", "currency"),
    [
        ({"original_amount": 999, "original_currency": "USD"}, 1000, "USD"),
        ({"original_amount": 1000, "original_currency": "CHF"}, 1000, "USD"),
        ({"original_amount": 0, "original_currency": "USD"}, 1000, "USD"),
        ({"original_amount": 1000, "original_currency": ""}, 1000, "USD"),
        ({"original_amount": 1001, "original_currency": "USD"}, 1000, "USD"),
    ],
    ids=["a cent less", "another currency", "no amount", "no currency", "a cent more"],
)
def test_anything_else_waits(said: dict[str, Any], open_amount: int, currency: str) -> None:
    owed = entry(1, open_amount, currency=currency, discount_amount=1, discount_date=AFTER)
    best = answers([line(1, 930, text="RE100001", **said)], [owed])[1]
    assert (best["confidence"], best["reason"]) == ("low", "currency_differs")


def test_charges_beside_it_ask_since_nobody_says_in_which_currency_they_are() -> None:
    best = answers([line(1, 928, text="RE100001", charges=2, **USD)], [dollars(1, 1000)])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "currency_differs")
    assert best["rows"] == [("entry", 1, 928)]


def test_a_disputed_invoice_and_the_payer_of_another_one_ask() -> None:
    held = dollars(1, 1000, on_hold=True)
    best = answers([line(1, 930, text="RE100001", **USD)], [held])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "on_hold")
    paid = line(1, 930, text="RE100001", counterparty_account="DE77", **USD)
    other = [C1, party("C2", "DE78")]
    best = answers([paid], [dollars(1, 1000, "C2")], parties=other)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "party_differs")


def test_a_known_payer_settles_the_one_invoice_of_what_was_sent() -> None:
    paid = line(1, 930, counterparty_account="DE77", **USD)
    best = answers([paid], [dollars(1, 1000), dollars(2, 700)], parties=[C1])[1]
    assert (best["rule"], best["rows"]) == ("party_original", [("entry", 1, 930)])
    assert posts(best)
    twice = answers([paid], [dollars(1, 1000), dollars(2, 1000)], parties=[C1])[1]
    assert not posts(twice)
    summed = answers([paid], [dollars(1, 1000), dollars(2, 300), dollars(3, 700)], parties=[C1])[1]
    assert not posts(summed)


def test_where_what_arrived_is_another_invoice_too_a_person_says_which() -> None:
    paid = line(1, 930, counterparty_account="DE77", **USD)
    best = answers([paid], [dollars(1, 1000), entry(2, 930)], parties=[C1])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "ambiguous")


def test_a_vendor_paid_in_dollars_from_an_account_in_euros() -> None:
    owed = dollars(1, -1000, "V1", party_type="vendor")
    vendor = party("V1", "DE80", "vendor")
    paid = line(1, -930, text="RE100001", counterparty_account="DE80", **USD)
    assert posts(answers([paid], [owed], parties=[vendor])[1])
    stranger = line(1, -930, text="RE100001", counterparty_account="DE81", **USD)
    best = answers([stranger], [owed], parties=[vendor])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "payee_account_unknown")
