"""Lines as payers write them: glued numbers, fees, charges, a parent; read where it is safe."""

import pytest

from tests.matching.test_never_guess import Row, answers
from tests.matching.worlds import DAY, bank_entry, entry, line, party

PARTIES = [party("C1", "DE77"), party("C2", "DE78", name="Nordlicht Handel GmbH")]
ENTRIES = [
    entry(17, 1000, document_no="RE100417"),
    entry(18, 2000, document_no="RE100418"),
    entry(19, 3500, document_no="RE100419"),
    entry(33, 3000, "C2", document_no="RE100433"),
]


def best(text: str, amount: int, account: str = "DE77", **more: str) -> Row:
    asked = line(1, amount, text=text, counterparty_account=account, **more)
    return answers([asked], ENTRIES, parties=PARTIES)[1]


@pytest.mark.parametrize(
    ("text", "amount", "settled"),
    [
        ("Nr.RE100417", 1000, [17]),
        ("RechnungRE100417", 1000, [17]),
        ("R E-100417", 1000, [17]),
        ("RE100417V", 1000, [17]),
        ("RE100417v.05.10.2026", 1000, [17]),
        ("RgRE100417", 1000, [17]),
        ("RE10041705.10.2026", 1000, [17]),
        ("RechnungRE100417d.d.05.10.2026", 1000, [17]),
        ("AnzahlungRE1004 17", 900, [17]),  # glued, and torn by the end of a line
    ],
)
def test_what_the_amount_confirms_posts_itself(text: str, amount: int, settled: list[int]) -> None:
    found = best(text, amount)
    assert found["confidence"] == "high"
    assert sorted(number for _, number, _ in found["rows"]) == settled


def test_a_parent_pays_for_the_customer_whom_it_names() -> None:
    named = best("RE100433 fuer Nordlicht Handel GmbH", 3000)
    assert named["confidence"] == "high"
    assert named["rows"] == [("entry", 33, 3000)]
    assert best("RE100433", 3000)["reason"] == "party_differs"


def test_a_payout_states_its_fee() -> None:
    paid = best("RE100417 RE100433 abzgl. Gebuehren 2,50 EUR", 3750, "DE99")
    assert paid["confidence"] == "high"
    assert paid["rows"] == [("entry", 17, 1000), ("entry", 33, 3000), ("gl", 0, -250)]
    assert best("RE100417 RE100433", 3750, "DE99")["confidence"] == "low"


def test_charges_that_the_text_states_close_the_document() -> None:
    told = best("RE100419 ORIG EUR 35.00 LESS CHARGES 3.00", 3200)
    assert told["rule"] == "document_bank_charge"
    assert best("RE100419", 3200)["rule"] == "document_part_payment"


def test_a_sum_less_a_discount_makes_one_fitting_entry_a_question() -> None:
    entries = [
        entry(1, 1000),
        entry(2, 600, discount_amount=12, discount_date=DAY),
        entry(3, 412),
    ]
    asked = line(1, 1000, text="Danke", counterparty_account="DE77")
    assert answers([asked], entries, parties=PARTIES)[1]["confidence"] == "medium"


def test_an_overpayment_beside_a_number_that_nobody_can_read_is_a_question() -> None:
    found = best("RE100417, RE10043 3 5", 1700)
    assert found["confidence"] != "high"


def test_a_bank_entry_of_the_amount_is_no_answer_to_a_line_that_tells_its_customer() -> None:
    asked = line(1, 1000, text="Danke", counterparty_account="DE77")
    found = answers([asked], ENTRIES, [bank_entry(1, 1000)], parties=PARTIES)[1]
    assert found["confidence"] != "high"
    silent = answers([line(1, 1000, text="Danke")], ENTRIES, [bank_entry(1, 1000)])[1]
    assert silent["rows"] == [("bank_entry", 1, 1000)]


def test_a_returned_debit_is_not_confirmed_by_an_amount() -> None:
    asked = line(1, -1000, text="UNPAID DD", type_code="NRTI")
    found = answers([asked], ENTRIES, [bank_entry(1, -1000)], parties=PARTIES)[1]
    assert found["confidence"] == "low"


@pytest.mark.parametrize("text", ["Re4711001", "INVI/26/217939", "PO4537154587"])
def test_a_word_glued_to_a_number_is_left_out(text: str) -> None:
    entries = [
        entry(1, 1000, document_no="4711001"),
        entry(2, 1000, document_no="I/26/217939"),
        entry(3, 1000, document_no="A1", external_document_no="4537154587"),
    ]
    found = answers([line(1, 1000, text=text)], entries, parties=PARTIES)[1]
    assert found["confidence"] == "high"


def test_a_customer_pays_documents_of_others_beside_its_own() -> None:
    paid = best("RE100417 RE100433", 4000)
    assert (paid["confidence"], paid["rule"]) == ("high", "documents_of_several")
    assert paid["rows"] == [("entry", 17, 1000), ("entry", 33, 3000)]
    assert best("RE100417 RE100433", 3900)["confidence"] != "high"


def test_a_number_that_is_written_with_a_slash_is_no_list() -> None:
    books = [entry(1, 2000, document_no="F/2026/19574"), entry(2, 700, document_no="F/2026/19575")]

    def paid(text: str, amount: int) -> Row:
        asked = line(1, amount, text=text, counterparty_account="DE77")
        return answers([asked], books, parties=PARTIES)[1]

    part = paid("ACOMPTE F/2026/19574", 1500)
    assert (part["confidence"], part["rule"]) == ("high", "document_part_payment")
    listed = paid("ACOMPTE F/2026/19574/75", 1500)
    assert listed["confidence"] != "high", "what the list means is not paid"
