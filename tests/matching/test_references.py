"""Structured references and the payer's own numbers name the invoice that carries them."""

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import Row, entry, line

REFERENCES = {
    "ISO 11649": ("RF18 5390 0754 7034", "RF18539007547034"),
    "Swiss QR": ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
    "Belgian": ("+++090/9337/55493+++", "090933755493"),
    "Norwegian KID": ("KID 2345676", "2345676"),
    "in groups after a date": ("BETALT: 04.11.26 1704 1526 1593 937", "170415261593937"),
    "Finnish": ("Viite 1234 5672", "12345672"),
}


@pytest.mark.parametrize("standard", REFERENCES)
def test_a_reference_in_the_text_names_its_invoice(standard: str) -> None:
    written, stored = REFERENCES[standard]
    entries = [entry(1, 1000, payment_reference=stored), entry(2, 1000)]
    given = stored if standard == "ISO 11649" else ""  # the feed finds it, blanks and all
    best = answers([line(1, 1000, text=written, payment_reference=given)], entries)[1]
    assert (best["confidence"], best["rule"]) == ("high", "document_exact")
    assert best["rows"] == [("entry", 1, 1000)]


def test_a_creditor_reference_built_from_the_document_number_names_it() -> None:
    paid = line(1, 1000, text="RF23RE100001", payment_reference="RF23RE100001")
    assert answers([paid], [entry(1, 1000), entry(2, 1000)])[1]["rows"] == [("entry", 1, 1000)]


def test_the_reference_confirms_a_part_payment_of_a_stranger() -> None:
    paid = line(1, 400, payment_reference="RF18539007547034", counterparty_name="Treuhand Nord")
    best = answers([paid], [entry(1, 1000, payment_reference="RF18539007547034")])[1]
    assert (best["confidence"], best["rule"]) == ("high", "document_part_payment")


def test_the_own_number_of_the_payer_names_its_invoice() -> None:
    entries = [entry(1, 1000, external_document_no="BEST-778812"), entry(2, 1000)]
    best = answers([line(1, 1000, text="Bestellung 778812, BEST 778812")], entries)[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 1, 1000)])


def called(*names: str) -> list[Row]:
    return [{"entry_id": n, "your_reference": name} for n, name in enumerate(names, 1)]


def test_what_the_customer_calls_a_document_names_it() -> None:
    entries = [entry(1, 1000), entry(2, 1000), entry(3, 2000)]
    own = called("PO 45-1234", "PO 45-1235", "Frau Sommer")
    best = answers([line(1, 1000, text="Order PO 45-1235")], entries, references=own)[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 2, 1000)])


def test_what_several_documents_are_called_names_none_of_them() -> None:
    entries = [entry(1, 1000), entry(2, 1000)]
    best = answers(
        [line(1, 1000, text="PO 45-1234")], entries, references=called(*["PO 451234"] * 2)
    )
    assert best[1]["confidence"] == "none"
    paid = entry(2, 1000, remaining_amount=0)  # one of them is paid already: still two
    best = answers([line(1, 1000, text="PO 45-1234")], [entry(1, 1000)], closed=[paid],
                   references=called(*["PO 451234"] * 2))  # fmt: skip
    assert best[1]["confidence"] == "none"


def test_a_document_that_is_paid_is_closed_by_whatever_name() -> None:
    paid = [entry(1, 1000, remaining_amount=0)]
    best = answers(
        [line(1, 1000, text="PO 45-1234")], [], closed=paid, references=called("PO 451234")
    )
    assert best[1]["reason"] == "document_closed"


def test_the_customer_number_in_the_text_tells_the_payer() -> None:
    entries = [entry(1, 1000, "C1001"), entry(2, 1000, "C1002")]
    parties = [
        {"party_type": "customer", "party_no": no, "name": no, "ibans": [], "aliases": []}
        for no in ("C1001", "C1002")
    ]
    best = answers([line(1, 1000, text="Kd.-Nr. C1002")], entries, parties=parties)[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 2, 1000)])
