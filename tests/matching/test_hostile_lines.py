"""Lines made to mislead: bounded work, and a question where there is no one answer."""

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import Row, entry, line


def test_b65_a_reference_that_thousands_of_entries_carry_is_a_question() -> None:
    entries = [
        entry(n, 1000, f"C{n}", payment_reference="RF18539007547034") for n in range(1, 3001)
    ]
    lines = [line(n, 1000, payment_reference="RF18539007547034") for n in range(1, 21)]
    for best in answers(lines, entries).values():
        assert best["confidence"] != "high"


def test_b65_ten_thousand_equal_entries_of_the_payer_are_a_question() -> None:
    entries = [entry(n, 1000) for n in range(1, 10_001)]
    lines = [line(n, 1000, counterparty_account="DE77") for n in range(1, 21)]
    for best in answers(lines, entries).values():
        assert best["confidence"] != "high"
        assert len(best["rows"]) <= 10


def test_c66_two_payments_that_claim_one_invoice_never_both_get_it() -> None:
    both = [line(1, 1000, text="RE100001"), line(2, 1000, text="RE100001")]
    found = answers(both, [entry(1, 1000)])
    assert sum(best["confidence"] == "high" for best in found.values()) <= 1


def _sums(best: Row, amount: int) -> None:
    if best["confidence"] == "high":
        assert sum(applied for _, _, applied in best["rows"]) == amount


@pytest.mark.parametrize("amount", [1000, 1001, 999, 980, 500, 2000])
def test_c68_what_is_posted_is_exactly_what_was_paid(amount: int) -> None:
    less = entry(1, 1000, discount_amount=20, discount_date=line(1, 1)["value_date"])
    for one in (less, entry(1, 1000)):
        best = answers([line(1, amount, text="RE100001")], [one])[1]
        _sums(best, amount)


def test_c68_one_payment_for_five_hundred_invoices_closes_each() -> None:
    entries = [entry(n, 100 + n) for n in range(1, 501)]
    total = sum(one["amount"] for one in entries)
    text = " ".join(one["document_no"] for one in entries)
    best = answers([line(1, total, text=text)], entries)[1]
    assert best["confidence"] == "high"
    assert sorted(best["rows"]) == [("entry", n, 100 + n) for n in range(1, 501)]


HIDDEN = ["\u202e", "\u200b", "\u200d", "\ufeff", "\u2066", "\u00ad"]


@pytest.mark.parametrize("mark", HIDDEN)
def test_c78_a_name_with_hidden_letters_is_the_same_name_or_a_question(mark: str) -> None:
    name = "Firma C1" + mark + " Handel"
    best = answers([line(1, 1000, counterparty_name=name)], [entry(1, 1000)])[1]
    assert best["confidence"] != "high" or best["rows"] == [("entry", 1, 1000)]


@pytest.mark.parametrize(
    "name", ["Firm\u0430 C1 Handel", "Firma \u04211 Handel", "Firma C\u0661 Handel"]
)
def test_c78_a_name_in_look_alike_letters_posts_nothing(name: str) -> None:
    best = answers([line(1, 1000, counterparty_name=name)], [entry(1, 1000)])[1]
    assert best["confidence"] != "high"


def test_c78_an_account_in_look_alike_letters_is_another_account() -> None:
    best = answers([line(1, 1000, counterparty_account="D\u041577")], [entry(1, 1000)])[1]
    assert best["confidence"] != "high"


@pytest.mark.parametrize("first", [True, False])
def test_b48_a_reversal_is_a_question_whether_its_original_comes_before_or_after(
    first: bool,
) -> None:
    paid = line(1 if first else 2, 1000, text="RE100001")
    back = line(2 if first else 1, -1000, text="RE100001", is_reversal=True)
    found = answers([paid, back], [entry(1, 1000)])
    assert found[back["line_id"]]["reason"] == "possible_return"
    assert found[back["line_id"]]["rows"] == []
