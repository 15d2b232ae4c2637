"""Numbers as payers damage and shorten them: read where the payer is known and the amount fits."""

import datetime as dt

import pytest

from tests.matching.test_never_guess import Row, answers
from tests.matching.worlds import AFTER, DAY, entry, line, party

PARTIES = [party("C1", "DE77"), party("C2", "DE78", name="Nordlicht Handel GmbH")]
ENTRIES = [
    entry(17, 1000, document_no="RE100417"),
    entry(18, 2000, document_no="RE100418"),
    entry(19, 3500, document_no="RE100419"),
    entry(33, 3000, "C2", document_no="RE100433"),
]
NEXT = DAY + dt.timedelta(days=1)


def best(
    text: str, amount: int, entries: list[Row] | None = None, closed: list[Row] | None = None,
    **more: object,
) -> Row:  # fmt: skip
    asked = line(1, amount, **({"text": text, "counterparty_account": "DE77"} | more))
    return answers([asked], entries or ENTRIES, parties=PARTIES, closed=closed)[1]


@pytest.mark.parametrize(
    ("text", "amount", "settled"),
    [
        ("RE101417", 1000, [17]),  # one digit wrong
        ("RE100471", 1000, [17]),  # two exchanged
        ("RE10O417", 1000, [17]),  # a letter for a digit
        ("RE10417", 1000, [17]),  # one left out
        ("Rg 0417", 1000, [17]),  # the last digits
        ("RE100417 und 0418", 3000, [17, 18]),
        ("RE100417/18", 3000, [17, 18]),
        ("RE100417, 18, 19", 6500, [17, 18, 19]),
        ("RE100417, 18, 19DANKE", 6500, [17, 18, 19]),
        ("RE100417+18 vom 05.10.2026", 3000, [17, 18]),
        ("RE100417 bis RE100419", 6500, [17, 18, 19]),
        ("RE100417 bis einschl. 100419", 6500, [17, 18, 19]),
        ("RE100417 - 419", 6500, [17, 18, 19]),
        ("RE100417 THRU RE100419", 6500, [17, 18, 19]),
        ("RE100417 t.o.m. RE100419", 6500, [17, 18, 19]),
        ("RE100417 TO 100419 543690295", 6500, [17, 18, 19]),
        ("RE100417 bi s 100419", 6500, [17, 18, 19]),  # torn by the end of a line
    ],
)
def test_what_the_amount_confirms_posts_itself(text: str, amount: int, settled: list[int]) -> None:
    found = best(text, amount)
    assert found["confidence"] == "high"
    assert sorted(number for _, number, _ in found["rows"]) == settled


def test_a_number_that_the_bank_cut_is_read_where_one_document_begins_so() -> None:
    entries = [*ENTRIES, entry(77, 400, document_no="RE107766")]
    found = best("RE100417, RE1077", 1400, entries)
    assert found["confidence"] == "high"
    assert found["rows"] == [("entry", 17, 1000), ("entry", 77, 400)]


def test_numbers_of_one_letter_or_none_that_lost_the_blank_between_them_are_told_apart() -> None:
    letter = [entry(1, 400, document_no="R26117991"), entry(2, 500, document_no="R26119989")]
    assert best("R26117991R26119989", 900, letter)["rows"] == [("entry", 1, 400), ("entry", 2, 500)]
    bare = [entry(1, 400, document_no="2026144664"), entry(2, 500, document_no="2026136686")]
    found = best("RECHNUNG 20261446642026136686", 900, bare)
    assert (found["confidence"], found["rows"]) == ("high", [("entry", 1, 400), ("entry", 2, 500)])
    assert best("RECHNUNG 20261446642026136686", 700, bare)["confidence"] != "high"


def test_numbers_with_slashes_are_read_torn_and_glued() -> None:
    entries = [entry(1, 1000, document_no="I/26/311437"), entry(2, 2000, document_no="I/26/311438")]
    assert best("I/26/311 437", 400, entries)["rows"] == [("entry", 1, 400)]  # a part of it
    found = best("INVI/26/311437/38", 3000, entries)
    assert (found["confidence"], len(found["rows"])) == ("high", 2)


def test_what_is_named_in_full_is_not_meant_again_by_a_cut_number() -> None:
    found = best("RE100417, RE10041", 3000, ENTRIES[:2])
    assert (found["confidence"], found["rows"]) == (
        "high",
        [("entry", 17, 1000), ("entry", 18, 2000)],
    )
    assert best("RE100417, RE10041", 3000)["confidence"] == "medium"  # RE100419 begins so too


def test_a_start_of_several_documents_is_read_as_none() -> None:
    found = best("RE100419, RE1004", 4500)
    assert found["confidence"] != "high"


def test_a_slip_away_from_two_documents_is_read_as_none() -> None:
    entries = [*ENTRIES, entry(27, 1000, document_no="RE100427")]
    found = best("RE100437", 1000, entries)
    assert (found["confidence"], found["reason"]) == ("low", "ambiguous")
    found = best("RE100437", 1000, [*ENTRIES, entry(27, 1100, document_no="RE100427")])
    assert (found["confidence"], found["reason"]) == ("medium", "ambiguous")
    assert found["rows"] == [("entry", 17, 1000)]
    assert best("RE101417", 1000, entries)["rows"] == [("entry", 17, 1000)]


def test_documents_beside_a_range_are_no_part_of_it() -> None:
    assert best("RE100417, RE100419", 6500)["confidence"] != "high"


def test_a_discount_in_time_confirms_as_the_full_amount_does() -> None:
    entries = [entry(17, 1000, document_no="RE100417", discount_amount=20, discount_date=DAY),
               entry(18, 980, document_no="RE100418")]  # fmt: skip
    found = best("RE101417", 980, entries)
    assert (found["confidence"], found["rule"]) == ("high", "near_discount")
    assert found["rows"] == [("entry", 17, 980)]


def test_a_slip_without_a_known_payer_posts_nothing() -> None:
    assert best("RE101417", 1000, counterparty_account="")["confidence"] != "high"


def test_a_slip_that_the_amount_does_not_confirm_is_a_question() -> None:
    assert best("RE101417", 700)["confidence"] != "high"


def test_a_slip_that_hits_another_customers_document_is_the_payers_where_the_amount_says_so() -> (
    None
):
    found = best("RE100427", 1000, [*ENTRIES, entry(40, 4000, "C2", document_no="RE100427")])
    assert found["confidence"] == "high"
    assert found["rows"] == [("entry", 17, 1000)]


def test_another_customers_document_with_its_amount_is_no_slip() -> None:
    found = best("RE100427", 1000, [*ENTRIES, entry(40, 1000, "C2", document_no="RE100427")])
    assert (found["confidence"], found["reason"]) == ("medium", "party_differs")


def test_a_closed_document_of_the_payer_is_no_slip_of_an_open_one() -> None:
    closed = [entry(5, 1000, document_no="RE100415", remaining_amount=0)]
    assert best("RE100415", 1000, closed=closed)["confidence"] != "high"


def test_a_piece_beside_a_closed_document_is_a_question() -> None:
    closed = [entry(5, 1000, document_no="RE100777", remaining_amount=0)]
    found = best("RE100777, RE101417", 1000, closed=closed)
    assert (found["confidence"], found["reason"]) == ("medium", "document_closed")
    assert found["rows"] == [("entry", 17, 1000)]


def test_a_held_document_waits() -> None:
    held = [entry(17, 1000, document_no="RE100417", on_hold=True)]
    assert best("RE101417", 1000, held)["reason"] == "on_hold"
    later = [entry(17, 1000, document_no="RE100417", posting_date=AFTER)]
    assert best("RE101417", 1000, later)["reason"] == "not_yet_posted"


@pytest.mark.parametrize("bulk", [1000, 400])
def test_the_amount_confirms_at_the_turn_of_the_line_not_before(bulk: int) -> None:
    """The rest of a document that a line of yesterday paid in part is what today's line pays."""
    entries = [entry(17, 1400, document_no="RE100417"), entry(18, 500, document_no="RE100418")]
    lines = [
        line(1, bulk, text="RE100417", counterparty_account="DE77"),
        line(2, 400, text="RE101417", counterparty_account="DE77", booking_date=NEXT,
             value_date=NEXT),
    ]  # fmt: skip
    found = answers(lines, entries, parties=PARTIES)
    assert found[1]["rows"] == [("entry", 17, bulk)]
    assert (found[2]["confidence"] == "high") == (bulk == 1000)


def test_a_document_that_a_line_of_yesterday_settled_is_closed_for_todays() -> None:
    lines = [
        line(1, 1000, text="RE100417", counterparty_account="DE77"),
        line(2, 2000, text="RE100417, RE101418", counterparty_account="DE77", booking_date=NEXT,
             value_date=NEXT),
    ]  # fmt: skip
    found = answers(lines, ENTRIES, parties=PARTIES)
    assert (found[2]["confidence"], found[2]["reason"]) == ("medium", "document_closed")


@pytest.mark.parametrize(
    ("own", "written"),
    [
        ("RF18539007547034", "RF18 5390 0754 7134"),
        ("210000000003139471430009017", "21 00000 00003 13947 14300 09018"),  # Swiss
        ("090933755493", "+++090/9337/55494+++"),  # Belgian
        ("00001234566", "KID 00001234567"),
        ("8000123456789012", "BETALINGSKENMERK 8000 1234 5678 9013"),
    ],
)
def test_a_reference_with_one_digit_wrong_tells_two_equal_invoices_apart(
    own: str, written: str
) -> None:
    equal = [entry(1, 1000, payment_reference=own), entry(2, 1000), entry(3, 700)]
    found = best(written, 1000, equal)
    assert (found["confidence"], found["rows"]) == ("high", [("entry", 1, 1000)])
    stranger = best(written, 1000, equal, counterparty_account="DE99")
    assert stranger["confidence"] != "high"
    assert best(written, 900, equal)["confidence"] != "high"


def test_a_reference_whose_check_digits_are_right_is_no_slip_of_another() -> None:
    """The invoice of next month is not loaded yet: its number and last digit are one apart."""
    equal = [entry(1, 1000, payment_reference="8000123456789012"), entry(2, 1000)]
    right = best("8000123456789013", 1000, equal, payment_reference="8000123456789013")
    assert right["confidence"] != "high"
    assert best("8000123456789013", 1000, equal)["rows"] == [("entry", 1, 1000)]
