"""Another answer fits as well, or the line says that this one is not meant: then it asks."""

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import DAY, LONG_AGO, Row, bank_entry, entry, line, party

PAYER = {"counterparty_account": "DE77"}
BOTH = [party("C1", "DE77"), party("V1", "DE77", "vendor")]


def said(best: Row) -> tuple[str, str]:
    return best["confidence"], best["reason"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("alle Rechnungen bis auf RE100003", 3000), ("alles offene, RE100001 reklamiert", 7000)],
)
def test_who_pays_all_but_one_names_what_is_not_paid(text: str, amount: int) -> None:
    entries = [entry(1, 1000), entry(2, 2000), entry(3, 5000)]
    best = answers([line(1, amount, text=text, **PAYER)], entries)[1]
    assert said(best) == ("medium", "ambiguous")


def test_all_but_one_less_discounts_asks_too() -> None:
    less = {"discount_date": DAY}
    entries = [entry(1, 1000), entry(2, 2000, discount_amount=40, **less),
               entry(3, 1000, discount_amount=20, **less)]  # fmt: skip
    for amount in (1960, 2940):
        asked = line(1, amount, text="RE100001 reklamiert", **PAYER)
        assert said(answers([asked], entries)[1]) == ("medium", "ambiguous")


def test_a_part_payment_of_a_customer_with_many_entries_is_not_doubted_by_any_sum() -> None:
    entries = [entry(1, 50000), *(entry(n, 100 * n) for n in range(2, 20))]
    best = answers([line(1, 10100, text="RE100001 Abschlag", **PAYER)], entries)[1]
    assert said(best) != ("low", "ambiguous")


@pytest.mark.parametrize(
    "text",
    ["nicht fuer RE100001", "ohne RE-100001", "Not for invoice RE100001", "sauf facture RE100001"],
)
@pytest.mark.parametrize("amount", [700, 1000, 1500])
def test_a_document_that_the_payer_leaves_out_is_not_paid(text: str, amount: int) -> None:
    best = answers([line(1, amount, text=text, **PAYER)], [entry(1, 1000)])[1]
    assert best["confidence"] != "high"


def test_without_deduction_leaves_nothing_out() -> None:
    paid = line(1, 1000, text="ohne Abzug RE100001", **PAYER)
    assert answers([paid], [entry(1, 1000)])[1]["rule"] == "document_exact"


def test_a_second_payment_is_known_by_bare_digits_and_amount() -> None:
    """RE100002 is paid; its digits and amount come again, and another invoice has that amount."""
    paid = [entry(2, 1000, remaining_amount=0)]
    again = line(1, 1000, text="Rg 100002", **PAYER)
    assert said(answers([again], [entry(1, 1000)], closed=paid)[1]) == ("medium", "document_closed")
    other = [entry(2, 700, remaining_amount=0)]
    assert answers([again], [entry(1, 1000)], closed=other)[1]["confidence"] == "high"


def test_who_writes_the_number_of_a_sister_company_of_the_same_amount_asks() -> None:
    parties = [party("C1", "DE77"), party("C2", "DE78")]
    paid = line(1, 1000, text="Rg 100002", **PAYER)
    same = [entry(1, 1000), entry(2, 1000, "C2")]
    assert said(answers([paid], same, parties=parties)[1]) == ("medium", "ambiguous")


def test_who_writes_the_name_of_a_sister_company_of_the_same_amount_asks() -> None:
    """The account says who pays, the text for whom; only one of the two invoices is meant."""
    parties = [party("C1", "DE77"), party("C2", "DE78", name="Sonnenfeld Gartenbau GmbH")]
    paid = line(1, 1000, text="Zahlung fuer Sonnenfeld Gartenbau GmbH", **PAYER)
    same = [entry(1, 1000), entry(2, 1000, "C2")]
    assert said(answers([paid], same, parties=parties)[1]) == ("medium", "ambiguous")
    other = [entry(1, 1000), entry(2, 700, "C2")]
    assert answers([paid], other, parties=parties)[1]["confidence"] == "high"
    theirs = line(2, 1000, text="RE100002", counterparty_account="DE78")
    assert answers([paid, theirs], same, parties=parties)[1]["confidence"] == "high", "it is paid"


@pytest.mark.parametrize("sign", [1, -1])
def test_who_is_customer_and_vendor_may_pay_on_either_side(sign: int) -> None:
    entries = [entry(1, sign * 1000), entry(2, sign * 1000, "V1", party_type="vendor")]
    asked = [line(1, sign * 1000, **PAYER)]
    assert said(answers(asked, entries, parties=BOTH)[1]) == ("medium", "ambiguous")
    own = entries[0] if sign > 0 else entries[1]
    assert answers(asked, [own], parties=BOTH)[1]["confidence"] == "high"


def test_a_card_payment_is_no_check_of_the_same_amount() -> None:
    check = bank_entry(1, -20000, check_no="1041")
    card = line(1, -20000, text="KARTENZAHLUNG SHELL HAMBURG")
    assert said(answers([card], bank=[check])[1]) == ("medium", "ambiguous")
    cashed = line(1, -20000, text="EINGEREICHT", type_code="NCHK")
    assert answers([cashed], bank=[check])[1]["confidence"] == "high"


@pytest.mark.parametrize("code", ["NCHG", "NINT"])
def test_the_banks_code_against_an_invoice_of_exactly_the_amount_asks(code: str) -> None:
    freight = line(1, -1200, type_code=code, counterparty_account="DE88", text="Fracht")
    invoice = entry(1, -1200, "V1", party_type="vendor")
    assert said(answers([freight], [invoice])[1]) == ("medium", "ambiguous")
    assert answers([freight | {"amount": -1300}], [invoice])[1]["confidence"] == "high"


@pytest.mark.parametrize(
    "text", ["RE100001 Frachtkosten 10,00 abgezogen", "RE100001 Kostenstelle 12 Abzug 10,00",
             "RE100001 less shipping fee 10.00", "RE100001 moins frais de port 10,00",
             "RE100001 Mahngebuehr 10,00 nicht anerkannt"],
)  # fmt: skip
def test_what_is_taken_off_for_goods_is_no_bank_charge(text: str) -> None:
    invoice = [entry(1, 100000)]
    assert answers([line(1, 99000, text=text)], invoice)[1]["rule"] != "document_bank_charge"
    for words in ("abzgl.Bankgebuehren10,00", "less fees 10.00", "frais 10,00"):
        told = line(1, 99000, text=f"RE100001 {words}")
        assert answers([told], invoice)[1]["rule"] == "document_bank_charge", words


def test_another_first_name_is_another_person() -> None:
    peter = [party("C1", name="Peter Schmidt")]
    asked = line(1, 1000, counterparty_name="Petra Schmidt")
    assert answers([asked], [entry(1, 1000)], parties=peter)[1]["confidence"] != "high"
    slip = line(1, 1000, counterparty_name="Peter Schmid")
    assert answers([slip], [entry(1, 1000)], parties=peter)[1]["confidence"] == "high"


def test_a_check_to_a_vendor_is_outstanding_while_it_is_paid_by_transfer() -> None:
    check = bank_entry(1, -500, party_type="vendor", party_no="V1", check_no="1041",
                       posting_date=LONG_AGO)  # fmt: skip
    invoice = entry(1, -500, "V1", party_type="vendor")
    paid = line(1, -500, counterparty_account="DE88", text="UEBERWEISUNG")
    assert answers([paid], [invoice], [check])[1]["confidence"] != "high"


@pytest.mark.parametrize("whose", [("", ""), ("customer", "C8")])
def test_the_sum_of_a_batch_alone_is_not_the_payment_of_somebody_else(
    whose: tuple[str, str],
) -> None:
    more = {"batch_no": "RUN-7", "party_type": whose[0], "party_no": whose[1]}
    run = [bank_entry(1, 400, **more), bank_entry(2, 600, **more)]
    stranger = line(1, 1000, text="Rechnung Mai", counterparty_name="Treuhand Nord")
    assert said(answers([stranger], bank=run)[1]) == ("medium", "ambiguous")
    payer = answers([line(1, 1000, **PAYER)], [entry(1, 1000)], run)[1]
    assert payer["rule"] == "party_exact" if whose[1] else payer["confidence"] == "medium"
    assert answers([line(1, 1000, text="SAMMLER")], bank=run)[1]["confidence"] == "high"
    named = stranger | {"text": "RUN-7"}
    assert answers([named], bank=run)[1]["confidence"] == "high"


@pytest.mark.parametrize(
    ("name", "text"),
    [("EURL ESVIBA CONSEIL", "VIR RECU DE: EURL ESVIBA CONSEIL MOTIF: LOYER"),
     ("SILHAM ROOFING LLC", "SILHAM ROOFING LLC RENT"),
     ("SILHAM ROOFING", "ORIG SILHAM ROOFING RENT")],
)  # fmt: skip
def test_a_payer_whom_the_text_repeats_made_no_deposit(name: str, text: str) -> None:
    deposit = [bank_entry(1, 20000, entry_type="deposit")]
    paid = line(1, 20000, text=text, counterparty_name=name)
    assert said(answers([paid], bank=deposit)[1]) == ("medium", "ambiguous")
    counter = line(1, 20000, text="REMISE CHEQUES 858", counterparty_name="REMISE CHEQUES")
    assert answers([counter], bank=deposit)[1]["confidence"] == "high"


def test_a_late_discount_to_the_cent_is_that_of_the_named_document() -> None:
    """Another invoice of the same amount has the same discount in time: it is not named."""
    entries = [entry(1, 20000, discount_amount=400, discount_date=LONG_AGO),
               entry(2, 20000, discount_amount=400, discount_date=DAY)]  # fmt: skip
    best = answers([line(1, 19600, text="RE100001", **PAYER)], entries)[1]
    assert (best["confidence"], best["rule"]) == ("high", "document_discount_late")
