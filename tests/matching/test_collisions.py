"""Numbers, names and amounts that collide: none of them may post wrong money."""

import datetime as dt

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import LONG_AGO, Row, bank_entry, entry, line, party

C1 = party("C1", "DE77", name="Nordlicht Handel GmbH")


def posts(best: Row) -> bool:
    return best["confidence"] == "high"


def test_a_number_that_two_customers_have_goes_to_the_payer_or_to_nobody() -> None:
    parties = [C1, party("C2", "DE78")]
    entries = [entry(1, 1000), entry(2, 1000, "C2", document_no="RE100001")]
    assert not posts(answers([line(1, 1000, text="RE100001")], entries, parties=parties)[1])
    known = line(1, 1000, text="RE100001", counterparty_account="DE78")
    assert answers([known], entries, parties=parties)[1]["rows"] == [("entry", 2, 1000)]


def test_customers_of_one_name_are_a_question_without_an_account() -> None:
    parties = [party("C1", "DE77", name="Peter Schmidt"), party("C2", "DE78", name="Peter Schmidt")]
    entries = [entry(1, 1000), entry(2, 2000, "C2")]
    best = answers([line(1, 1000, counterparty_name="Schmidt, Peter")], entries, parties=parties)
    assert (best[1]["confidence"], best[1]["reason"]) == ("low", "ambiguous")
    known = line(1, 1000, counterparty_name="Schmidt, Peter", counterparty_account="DE77")
    assert answers([known], entries, parties=parties)[1]["rows"] == [("entry", 1, 1000)]


def test_a_subsidiary_with_an_account_on_file_pays_for_its_parent() -> None:
    parties = [C1, party("C2", "DE78")]
    paid = line(1, 1000, text="RE100001", counterparty_account="DE78")
    best = answers([paid], [entry(1, 1000)], parties=parties)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "party_differs")


def test_another_legal_form_is_another_firm() -> None:
    paid = line(1, 1000, counterparty_name="Nordlicht Handel AG")
    assert not posts(answers([paid], [entry(1, 1000)], parties=[C1])[1])
    same = line(1, 1000, counterparty_name="NORDLICHT HANDEL")
    assert posts(answers([same], [entry(1, 1000)], parties=[C1])[1])


def test_a_word_that_other_names_have_too_tells_nobody() -> None:
    parties = [party("C1", name="Müller GmbH"), party("C2", name="Müller Bau GmbH")]
    paid = line(1, 1000, counterparty_name="Mueller")
    assert not posts(answers([paid], [entry(1, 1000)], parties=parties)[1])


@pytest.mark.parametrize("name", ["MÜLLER BAU", "Bau Mueller GmbH", "Muller Bau Gesellschaft"])
def test_a_name_however_written_is_the_same_or_a_question(name: str) -> None:
    parties = [party("C1", name="Müller Bau GmbH")]
    best = answers([line(1, 1000, counterparty_name=name)], [entry(1, 1000)], parties=parties)[1]
    assert posts(best) == ("Gesellschaft" not in name)


def test_a_name_that_the_bank_cut_and_one_with_a_letter_missing() -> None:
    parties = [party("C1", name="Kessler Elektrotechnik und Anlagenbau GmbH")]
    for name in ("Kessler Elektrotechnik und A", "Kesler Elektrotechnik und Anlagenbau"):
        paid = line(1, 1000, counterparty_name=name[:27] if name.endswith(" A") else name)
        assert posts(answers([paid], [entry(1, 1000)], parties=parties)[1]), name


def test_branches_that_differ_by_a_digit_are_not_alike() -> None:
    parties = [party("C1", name="Sommer Handel Filiale 12"), party("C2", name="Brandt")]
    paid = line(1, 1000, counterparty_name="Sommer Handel Filiale 13")
    assert not posts(answers([paid], [entry(1, 1000)], parties=parties)[1])


def test_a_part_payment_by_nobody_we_know_waits() -> None:
    paid = line(1, 400, text="RE100001", counterparty_name="Treuhand Nord")
    best = answers([paid], [entry(1, 1000)])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "amount_differs")
    known = paid | {"counterparty_account": "DE77"}
    assert answers([known], [entry(1, 1000)])[1]["rule"] == "document_part_payment"


def test_a_surplus_that_is_exactly_another_invoice_waits() -> None:
    paid = line(1, 1500, text="RE100001", counterparty_account="DE77")
    assert not posts(answers([paid], [entry(1, 1000), entry(2, 500)])[1])
    assert answers([paid], [entry(1, 1000)])[1]["rule"] == "document_overpayment"


def test_a_shortfall_that_is_exactly_a_credit_memo_waits() -> None:
    paid = line(1, 900, text="RE100001", counterparty_account="DE77")
    assert not posts(answers([paid], [entry(1, 1000), entry(2, -100)])[1])


def test_a_closed_document_in_the_text_is_no_payment_of_another_of_its_amount() -> None:
    paid = line(1, 1000, text="RE100002", counterparty_account="DE77")
    closed = [entry(2, 1000, remaining_amount=0)]
    best = answers([paid], [entry(1, 1000)], closed=closed)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "document_closed")


def test_a_number_of_our_series_that_nobody_knows_is_no_payment_of_another() -> None:
    entries = [entry(n, 1000 * n) for n in (1, 2, 3)]
    paid = line(1, 1000, text="RE100777", counterparty_account="DE77")
    best = answers([paid], entries)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "document_unknown")


def test_a_date_is_no_document_number() -> None:
    entries = [entry(1, 1000, document_no="RE-12102026")]
    paid = line(1, 500, text="Zahlung vom 12.10.2026", counterparty_account="DE77")
    assert not posts(answers([paid], entries)[1])


def test_numbers_that_stand_together_without_a_blank_are_all_read() -> None:
    entries = [entry(1, 1000), entry(2, 2000)]
    best = answers([line(1, 3000, text="RE100001RE100002")], entries)[1]
    assert best["rows"] == [("entry", 1, 1000), ("entry", 2, 2000)]


@pytest.mark.parametrize(
    "text", ["RE-2026-10 0001", "RE 2026 100001", "re.2026/100001", "RE2026100001"]
)
def test_a_number_however_separated_or_broken(text: str) -> None:
    found = answers([line(1, 1000, text=text)], [entry(1, 1000, document_no="RE-2026-100001")])
    assert found[1]["rows"] == [("entry", 1, 1000)]


def test_a_list_of_ends_settles_all_or_waits() -> None:
    entries = [entry(1, 1000), entry(2, 2000), entry(7, 4000)]
    best = answers([line(1, 7000, text="RE100001/02/07")], entries)[1]
    assert [row[1] for row in best["rows"]] == [1, 2, 7]
    assert posts(best)
    short = line(1, 6000, text="RE100001/02/09", counterparty_account="DE77")
    assert not posts(answers([short], entries)[1])


def test_two_payments_of_one_invoice_on_one_day_wait_and_go_on_waiting() -> None:
    day = dt.timedelta(days=1)
    twins = [line(n, 1000, counterparty_account="DE77") for n in (1, 2)]
    other = line(3, 2000, text="RE100002", booking_date=twins[0]["booking_date"] + day)
    best = answers([*twins, other], [entry(1, 1000), entry(2, 2000)])
    assert [best[n]["reason"] for n in (1, 2)] == ["ambiguous", "ambiguous"]
    assert posts(best[3])


def test_an_account_of_one_party_under_the_name_of_another_waits() -> None:
    parties = [C1, party("C2", "DE78", name="Brandt Bau KG")]
    paid = line(1, 1000, counterparty_account="DE77", counterparty_name="Brandt Bau")
    best = answers([paid], [entry(1, 1000)], parties=parties)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "party_differs")


def test_a_run_booked_as_one_entry_closes_in_parts_and_a_check_never() -> None:
    run = bank_entry(1, -5000, document_no="RUN-2041", posting_date=LONG_AGO)
    best = answers([line(1, -2000, text="RUN-2041")], bank=[run])[1]
    assert (best["rule"], best["rows"]) == ("bank_entry_part", [("bank_entry", 1, -2000)])
    check = bank_entry(1, -5000, check_no="1041")
    best = answers([line(1, -2000, check_no="1041")], bank=[check])[1]
    assert best["reason"] == "check_amount_differs"


def test_a_mandate_on_file_explains_a_debit_and_a_name_alone_does_not() -> None:
    invoice = entry(1, -500, "V1", party_type="vendor", mandate_id="M-1")
    vendor = party("V1", "", "vendor", name="Stadtwerke Nord GmbH")
    taken = line(1, -500, mandate_id="M-1")
    assert posts(answers([taken], [invoice], parties=[vendor])[1])
    best = answers(
        [line(1, -500, counterparty_name="Stadtwerke Nord")], [invoice], parties=[vendor]
    )
    assert (best[1]["confidence"], best[1]["reason"]) == ("medium", "payee_account_unknown")


def test_money_out_to_a_customer_is_a_question() -> None:
    best = answers([line(1, -100, text="RE100001")], [entry(1, -100)])[1]
    assert (best["confidence"], best["reason"]) == ("low", "customer_refund")


def test_a_batch_of_the_same_sum_is_no_answer_to_a_line_that_names_a_document() -> None:
    runs = [bank_entry(n, amount, batch_no="RUN-7", party_type="customer", party_no="C9")
            for n, amount in ((1, 400), (2, 600))]  # fmt: skip
    lines = [line(1, 1000, text="RE100001"), line(2, 1000, text="RUN-7")]
    found = answers(lines, [entry(1, 1000)], runs)
    assert found[1]["rows"] == [("entry", 1, 1000)]
    assert found[2]["rows"] == [("bank_entry", 1, 400), ("bank_entry", 2, 600)]


def test_a_customer_number_is_no_document_of_another_customer() -> None:
    parties = [party("135383", name="Nordlicht Handel GmbH"), party("C2", "DE78")]
    entries = [entry(1, 2000, "135383"), entry(2, 1500, "C2", document_no="135383")]
    said = {"text": "Kunde 135383", "counterparty_name": "NORDLICHT HANDEL GMBH"}
    best = answers([line(1, 2000, **said)], entries, parties=parties)[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 1, 2000)])
    paid = [entry(2, 1500, "C2", document_no="RE-135383", remaining_amount=0)]
    assert posts(answers([line(1, 2000, **said)], entries[:1], parties=parties, closed=paid)[1])
    best = answers([line(1, 1500, **said)], entries, parties=parties)[1]
    assert best["confidence"] != "high"  # the amount says that a document is meant
