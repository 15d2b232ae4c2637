"""Dates, years, amounts and orders in a text that happen to be the number of a document."""

import datetime as dt

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import LONG_AGO, Row, bank_entry, entry, line, party

PAYER = {"counterparty_account": "DE77"}
STRANGER = {"counterparty_name": "Treuhand Nord"}


def said(best: Row) -> tuple[str, str]:
    return best["confidence"], best["reason"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("20261012", "Zahlung vom 2026-10-12"),
        ("12102026", "Zahlung vom 12.10.2026"),
        ("100000", "Betrag 1000.00"),
        ("123456", "Betrag 123.456,00"),
    ],
)
def test_a_date_or_an_amount_names_a_document_only_with_payer_and_amount(
    number: str, text: str
) -> None:
    invoice = [entry(1, 1000, document_no=number)]
    for amount in (400, 1400):
        paid = line(1, amount, text=text, **PAYER)
        assert answers([paid], invoice)[1]["confidence"] == "medium"
    stranger = line(1, 1000, text=text, **STRANGER)
    assert said(answers([stranger], invoice)[1]) == ("medium", "unknown_payer")
    assert answers([line(1, 1000, text=text, **PAYER)], invoice)[1]["confidence"] == "high"


def test_the_same_digits_written_as_a_number_name_the_document() -> None:
    invoice = [entry(1, 1000, document_no="20261012")]
    part = answers([line(1, 400, text="RG 20261012", **PAYER)], invoice)[1]
    assert (part["confidence"], part["rule"]) == ("high", "document_part_payment")


@pytest.mark.parametrize("text", ["Auftrag 100001", "Kaistrasse 100001 Hamburg"])
@pytest.mark.parametrize("amount", [400, 1400])
def test_bare_digits_take_no_part_and_leave_no_surplus(text: str, amount: int) -> None:
    """RE100001 may be meant, or an order; the amount says nothing either way."""
    best = answers([line(1, amount, text=text, **PAYER)], [entry(1, 1000)])[1]
    assert said(best) == ("medium", "amount_differs")
    exact = answers([line(1, 1000, text=text, **PAYER)], [entry(1, 1000)])[1]
    assert (exact["confidence"], exact["rule"]) == ("high", "document_exact")


def test_a_year_is_the_end_of_no_number() -> None:
    twins = [entry(1, 1000, document_no="RE-242026"), entry(2, 1000, document_no="RE-242031")]
    asked = [line(1, 1000, text="Miete Oktober 2026", **PAYER)]
    assert said(answers(asked, twins)[1]) == ("low", "ambiguous")
    asked = [line(1, 1000, text="Rechnung 2031", **PAYER)]
    assert answers(asked, twins)[1]["rows"] == [("entry", 2, 1000)]
    later = line(2, 5, booking_date=dt.date(2030, 3, 1), value_date=dt.date(2030, 3, 1))
    assert answers([*asked, later], twins)[1]["rows"] == [("entry", 2, 1000)], "of another year"


def test_a_payment_run_numbered_by_its_day_is_not_named_by_a_date() -> None:
    run = bank_entry(1, -5000, document_no="20261012", posting_date=LONG_AGO)
    best = answers([line(1, -2000, text="Miete vom 2026-10-12")], bank=[run])[1]
    assert said(best) == ("none", "unannounced_debit")
    named = answers([line(1, -2000, text="Lauf 20261012")], bank=[run])[1]
    assert named["rule"] == "bank_entry_part"


def test_the_fee_of_a_run_is_no_payment_of_it() -> None:
    run = bank_entry(1, -5000, document_no="RUN-2041", posting_date=LONG_AGO)
    fee = line(1, -200, text="Gebuehr RUN-2041", type_code="NCHG")
    assert answers([fee], bank=[run])[1]["rule"] == "bank_fees"


def test_a_number_that_is_a_customer_and_a_document_of_another_of_the_same_amount_asks() -> None:
    parties = [party("10002", "DE78"), party("C5")]
    entries = [entry(1, 1000, "10002"), entry(2, 1000, "C5", document_no="RE-10002")]
    paid = line(1, 1000, text="Rg 10002", counterparty_name="Zahldienst Sued")
    best = answers([paid], entries, parties=parties)[1]
    assert said(best) == ("medium", "ambiguous")
    assert answers([paid], entries[:1], parties=parties)[1]["confidence"] == "high"
