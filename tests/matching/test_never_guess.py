"""What must wait for a person, or post in one way only: when in doubt, ask."""

import pytest

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import (
    AFTER,
    LONG_AGO,
    Row,
    bank_entry,
    entry,
    frame,
    line,
    party,
)

SETTINGS = Settings(ledger="")
ACCOUNTS = frame([{"bank_account_no": "B1", "currency": "EUR", "account_ids": []}],
                 frames.BANK_ACCOUNTS)  # fmt: skip
CUSTOMER, VENDOR = party("C1", "DE77"), party("V1", "DE88", "vendor")


def answers(
    lines: list[Row],
    entries: list[Row] | None = None,
    bank: list[Row] | None = None,
    parties: list[Row] | None = None,
    closed: list[Row] | None = None,
    references: list[Row] | None = None,
) -> dict[int, Row]:
    """The best answer of each line with its rows: ``(target, id, applied)``."""
    heads, rows = propose(
        frame(lines, frames.LINES),
        frame(entries or [], frames.ENTRIES),
        frame(bank or [], frames.BANK_ENTRIES),
        frame(parties or [CUSTOMER, VENDOR], frames.PARTIES),
        ACCOUNTS,
        SETTINGS,
        frame(closed or [], frames.ENTRIES),
        references=frame(references or [], frames.REFERENCES),
    )
    best = {row["line_id"]: row for row in heads.filter(rank=1).to_dicts()}
    for found in best.values():
        found["rows"] = []
    for row in rows.filter(rank=1).to_dicts():
        best[row["line_id"]]["rows"].append(
            (row["target"], row["target_id"], row["applied_amount"])
        )
    return best


def test_a_list_whose_second_number_lacks_its_prefix_settles_both() -> None:
    entries = [entry(1, 1000), entry(2, 2000)]
    best = answers([line(1, 3000, text="RE100001, 100002")], entries)[1]
    assert best["confidence"] == "high"
    assert best["rows"] == [("entry", 1, 1000), ("entry", 2, 2000)]


def test_a_list_that_does_not_add_up_waits() -> None:
    entries = [entry(1, 1000), entry(2, 2000)]
    assert answers([line(1, 2500, text="RE100001, 100002")], entries)[1]["confidence"] != "high"


def test_a_surplus_beside_a_closed_document_waits() -> None:
    closed = [entry(2, 2000, remaining_amount=0)]
    lines = [line(1, 3000, text="RE100001, RE100002")]
    best = answers(lines, [entry(1, 1000)], closed=closed)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "document_closed")


def test_an_open_bank_entry_comes_before_the_named_invoice() -> None:
    bank = [bank_entry(1, 1000, party_type="customer", party_no="C1")]
    best = answers([line(1, 1000, text="RE100001")], [entry(1, 1000)], bank)[1]
    assert best["rows"] == [("bank_entry", 1, 1000)]


def test_a_bank_entry_of_another_party_than_the_named_invoice_waits() -> None:
    bank = [bank_entry(1, 1000, party_type="customer", party_no="C9")]
    best = answers([line(1, 1000, text="RE100001")], [entry(1, 1000)], bank)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "ambiguous")
    assert best["rows"] == [("entry", 1, 1000)], "what the line names stands first"


def test_an_old_check_to_the_same_vendor_comes_before_its_invoice() -> None:
    bank = [bank_entry(1, -500, party_type="vendor", party_no="V1", posting_date=LONG_AGO)]
    invoice = entry(1, -500, "V1", party_type="vendor")
    best = answers([line(1, -500, text="RE100001")], [invoice], bank)[1]
    assert best["rows"] == [("bank_entry", 1, -500)]


def test_an_old_bank_entry_of_nobody_makes_the_invoice_a_question() -> None:
    bank = [bank_entry(1, 1000, posting_date=LONG_AGO)]
    best = answers([line(1, 1000, text="RE100001")], [entry(1, 1000)], bank)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "ambiguous")


def test_no_tolerance_when_the_amount_is_exactly_another_entry() -> None:
    entries = [entry(1, 1000), entry(2, 997)]
    best = answers([line(1, 997, text="RE100001")], entries)[1]
    assert "tolerance" not in best["rule"]
    assert best["confidence"] != "high"


def test_tolerance_is_small_against_the_entry() -> None:
    best = answers([line(1, 1, text="RE100001")], [entry(1, 6)])[1]
    assert best["rule"] == "document_part_payment"
    best = answers([line(1, 99997, text="RE100001")], [entry(1, 100000)])[1]
    assert best["rule"] == "document_tolerance"


@pytest.mark.parametrize("more", [{"document_no": "ZA12345"}, {"batch_no": "RUN-1"}])
def test_a_bank_entry_posted_later_does_not_confirm_itself(more: Row) -> None:
    bank = [bank_entry(1, -500, posting_date=AFTER, **more)]
    assert answers([line(1, -500, text="ZA12345")], bank=bank)[1]["confidence"] != "high"


def test_a_number_inside_a_longer_number_names_nothing() -> None:
    bank = [bank_entry(1, -500, document_no="ZL-301", posting_date=LONG_AGO)]
    assert answers([line(1, -500, text="ZL-3017")], bank=bank)[1]["confidence"] != "high"


def test_a_debit_to_an_account_not_on_file_confirms_nothing_by_amount() -> None:
    bank = [bank_entry(1, -500, party_type="vendor", party_no="V1")]
    best = answers([line(1, -500, counterparty_account="XX9")], bank=bank)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "payee_account_unknown")
    best = answers([line(1, -500, counterparty_account="DE88")], bank=bank)[1]
    assert best["confidence"] == "high"


def test_the_original_amount_that_the_bank_states_is_evidence_of_charges() -> None:
    stated = line(1, 98500, text="RE100001", original_amount=100000, original_currency="EUR")
    assert answers([stated], [entry(1, 100000)])[1]["rule"] == "document_bank_charge"
    foreign = stated | {"original_currency": "USD"}
    assert answers([foreign], [entry(1, 100000)])[1]["rule"] == "document_part_payment"


def test_a_bank_entry_of_another_currency_is_not_confirmed() -> None:
    bank = [bank_entry(1, -500, currency="USD", document_no="ZA12345")]
    assert answers([line(1, -500, text="ZA12345")], bank=bank)[1]["confidence"] != "high"


@pytest.mark.parametrize("how", [{"text": "RE100001"}, {"counterparty_account": "DE77"}])
def test_a_blocked_party_waits(how: Row) -> None:
    blocked = [party("C1", "DE77", blocked=True)]
    best = answers([line(1, 1000, **how)], [entry(1, 1000)], parties=blocked)[1]
    assert (best["confidence"], best["reason"]) == ("medium", "party_blocked")


def test_one_fit_among_too_many_entries_for_sums_waits() -> None:
    entries = [entry(n, 1000 + 7 * n) for n in range(1, 23)]
    best = answers([line(1, 1007, counterparty_account="DE77")], entries)[1]
    assert best["confidence"] == "medium"


def test_a_line_without_a_booking_date_counts_from_its_value_date() -> None:
    best = answers([line(1, 1000, text="RE100001", booking_date=None)], [entry(1, 1000)])[1]
    assert best["confidence"] == "high"


def test_a_line_without_any_date_waits() -> None:
    undated = line(1, 1000, text="RE100001", booking_date=None, value_date=None)
    best = answers([undated], [entry(1, 1000)])[1]
    assert (best["confidence"], best["reason"]) == ("none", "no_date")


def test_one_payment_of_a_batch_is_not_told_by_its_amount_from_somebody_unknown() -> None:
    run = {"party_type": "customer", "batch_no": "RUN-7"}
    bank = [bank_entry(1, 1000, party_no="C8", **run), bank_entry(2, 500, party_no="C9", **run)]
    silent = answers([line(1, 1000, text="Geschenk")], [], bank)[1]
    assert (silent["confidence"], silent["reason"]) == ("medium", "ambiguous")
    stranger = answers([line(1, 1000, counterparty_name="Wer Auch Immer")], [], bank)[1]
    assert (stranger["confidence"], stranger["reason"]) == ("medium", "party_differs")


def test_a_bank_entry_of_another_party_is_no_answer_where_the_payer_is_known() -> None:
    bank = [bank_entry(1, 1000, party_type="customer", party_no="C9")]
    payer = party("C1", "DE89370400440532013000")
    known = line(1, 1000, counterparty_account="DE89370400440532013000")
    best = answers([known], [entry(1, 1000)], bank, parties=[payer])[1]
    assert (best["rule"], best["rows"]) == ("party_exact", [("entry", 1, 1000)])


def test_cents_beyond_the_tolerance_are_no_part_payment() -> None:
    best = answers([line(1, 395, text="RE100001", counterparty_name="Firma C1 Handel")],
                   [entry(1, 400)], parties=[party("C1")])[1]  # fmt: skip
    assert (best["confidence"], best["reason"]) == ("medium", "amount_differs")


def test_a_deposit_is_not_told_by_its_amount_from_a_named_stranger() -> None:
    bank = [bank_entry(1, 1000, entry_type="deposit")]
    stranger = answers([line(1, 1000, counterparty_name="Silham Roofing", text="Gift")], [], bank)[
        1
    ]
    assert (stranger["confidence"], stranger["reason"]) == ("medium", "ambiguous")
    counter = line(1, 1000, counterparty_name="Deposit", text="Deposit at the counter")
    assert answers([counter], [], bank)[1]["confidence"] == "high"


@pytest.mark.parametrize(
    ("text", "amount", "said"),
    [
        ("RE100001 RE100002 less fees 60.00", 294000, ("high", "")),
        ("RE100001 RE100002 less fees 60.01", 293999, ("medium", "needs_approval")),
        ("RE100001 RE100002 Rest 2.500,00 folgt", 50000, ("low", "ambiguous")),
    ],
)
def test_a_payout_gives_up_what_is_stated_as_a_fee_and_no_more_than_a_document_may(
    text: str, amount: int, said: tuple[str, str]
) -> None:
    """30.00 a document by default; what is merely mentioned is no fee."""
    entries = [entry(1, 100000), entry(2, 200000, "C2")]
    parties = [CUSTOMER, party("C2", "DE78")]
    best = answers([line(1, amount, text=text)], entries, parties=parties)[1]
    assert (best["confidence"], best["reason"]) == said


@pytest.mark.parametrize(
    ("account", "reason"), [("DE88", "payee_account_unknown"), ("DE89", "payee_account_unknown"),
                            ("", "")],
)  # fmt: skip
def test_no_vendor_is_paid_to_the_account_of_another(account: str, reason: str) -> None:
    entries = [entry(1, -1000, "V1", party_type="vendor"), entry(2, -2000, "V2",
                                                                 party_type="vendor")]  # fmt: skip
    asked = line(1, -3000, text="RE100001 RE100002", counterparty_account=account)
    parties = [VENDOR, party("V2", "DE89", "vendor")]
    best = answers([asked], entries, parties=parties)[1]
    assert best["reason"] == reason
    assert best["confidence"] == ("medium" if reason else "high")


@pytest.mark.parametrize(
    "text",
    ["Kaution Halle 3", "Darlehen Rate 3/24", "Vorauszahlung 2027", "acompte commande 88",
     "SENT IN ERROR", "irrtümlich, bitte zurück", "Feilbetaling", "Mietkaution", "VORKASSE"],
)  # fmt: skip
def test_money_that_is_for_something_else_waits_whatever_it_is_equal_to(text: str) -> None:
    """The payer owes exactly this: only the amount says that it is for the invoice."""
    best = answers([line(1, 1000, text=text, counterparty_account="DE77")], [entry(1, 1000)])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "other_purpose")
    assert best["rows"] == [("entry", 1, 1000)]
    assert "the text says “" in best["explanation"]


def test_a_part_payment_of_a_named_document_is_for_that_document() -> None:
    best = answers(
        [line(1, 400, text="Anzahlung RE100001", counterparty_account="DE77")], [entry(1, 1000)]
    )[1]
    assert (best["confidence"], best["rows"]) == ("high", [("entry", 1, 400)])


@pytest.mark.parametrize(
    "text", ["Storno RE100001", "Rückerstattung zu RE100001", "REFUND RE100001"]
)
def test_who_takes_a_document_back_does_not_pay_it(text: str) -> None:
    best = answers([line(1, 1000, text=text, counterparty_account="DE77")], [entry(1, 1000)])[1]
    assert (best["confidence"], best["reason"]) == ("medium", "other_purpose")


def test_a_word_of_the_payers_own_name_says_nothing() -> None:
    lines = [line(1, 1000, text="DARLEHENSKASSE NORD, DARLEHEN", counterparty_account="DE77",
                  counterparty_name="Darlehenskasse Nord")]  # fmt: skip
    assert answers(lines, [entry(1, 1000)])[1]["confidence"] == "high"


def test_a_vendor_who_pays_back_its_credit_memo_is_taken_at_its_word() -> None:
    memo = entry(1, 1000, "V1", party_type="vendor", document_type="credit_memo")
    lines = [line(1, 1000, text="Erstattung RE100001", counterparty_account="DE88")]
    assert answers(lines, [memo])[1]["confidence"] == "high"
