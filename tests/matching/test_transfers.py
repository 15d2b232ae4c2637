"""Own transfers: by our account in the line, or by two opposite lines on two accounts of ours."""

import datetime as dt

import polars as pl

from pipeline.config import Settings
from pipeline.defaults import DEFAULTS
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, DAY, Row, frame, line, party

OURS = Settings(ledger="", company=DEFAULTS["company"] | {"name": "Hansen Werkzeuge GmbH"})


def found(*lines: Row, booked: tuple[Row, ...] = ()) -> list[tuple[str, str]]:
    names = ("line_id", "bank_account_no", "currency", "amount", "booking_date")
    past = frame(list(booked), frames.LINES).select(names)
    heads, _ = propose(
        frame(list(lines), frames.LINES), frames.empty(frames.ENTRIES),
        frames.empty(frames.BANK_ENTRIES), frame([party("C1", "DE77")], frames.PARTIES),
        ACCOUNTS, OURS, transferred=past,
    )  # fmt: skip
    return list(heads.filter(pl.col("rank") == 1).select("confidence", "rule").rows())


def out(number: int = 1, **more: object) -> Row:
    return line(number, -500, text="Umbuchung") | more


def into(number: int = 2, **more: object) -> Row:
    return line(number, 500, bank_account_no="B2", text="Eingang HANSEN WERKZEUGE") | more


def test_our_other_account_in_the_line_or_in_its_text() -> None:
    stated = out(counterparty_account="DE2222222222222")
    told = out(text="Umbuchung auf DE22 2222 2222 222")
    assert found(stated) == found(told) == [("high", "own_transfer")]


def test_two_opposite_lines_with_our_name_within_five_banking_days() -> None:
    late = DAY + dt.timedelta(days=7)
    assert found(out(), into()) == [("high", "own_transfer_pair")] * 2
    assert found(out(), into(booking_date=late)) == [("high", "own_transfer_pair")] * 2
    too_late = into(booking_date=late + dt.timedelta(days=1))
    assert found(out(), too_late) == [("none", "debit"), ("medium", "own_transfer_pair")]


def test_without_our_name_or_with_two_answers_it_is_a_question() -> None:
    assert found(out(), into(text="Eingang")) == [("medium", "own_transfer_pair")] * 2
    twice = found(out(), into(), into(3))
    assert "high" not in {level for level, _ in twice}


def test_a_line_that_states_a_foreign_account_is_no_transfer() -> None:
    assert found(out(counterparty_account="DE99"), into(text=""))[0] == ("none", "debit")


def test_lines_of_one_account_are_no_transfer() -> None:
    assert found(out(), into(bank_account_no="B1"))[0] == ("none", "debit")


def test_the_only_opposite_line_clears_a_transfer_that_is_booked_on_one_side() -> None:
    clears = [("high", "own_transfer_clears")]
    silent = into(text="Eingang")
    assert found(silent, booked=(out(9),)) == clears
    day = DAY + dt.timedelta(days=3)
    both = found(out(counterparty_account="DE2222222222222"), silent | {"booking_date": day})
    assert both == [("high", "own_transfer"), *clears], "in one run as in two"


def test_it_is_not_cleared_twice_too_late_or_by_a_line_of_another_name() -> None:
    question = [("none", "none")]
    silent = into(text="Eingang")
    assert found(silent, into(3, text="Eingang"), booked=(out(9),)) == question * 2
    assert found(silent, booked=(out(9), into(10))) == question, "its other side is there"
    assert (
        found(silent | {"booking_date": DAY + dt.timedelta(days=8)}, booked=(out(9),)) == question
    )
    assert found(silent | {"counterparty_name": "Fremd KG"}, booked=(out(9),)) == question


def test_a_payer_who_quotes_our_other_account_makes_no_transfer() -> None:
    quoted = into(text="Rechnung Oktober, Konto DE11 1111 1111 111", counterparty_account="DE77")
    assert found(quoted)[0][1] != "own_transfer"
    named = into(text="Konto DE11 1111 1111 111", counterparty_name="Firma C1 Handel")
    assert found(named)[0][1] != "own_transfer"
    stranger = into(text="Konto DE11 1111 1111 111", counterparty_name="Treuhand Nord")
    assert found(stranger) == [("medium", "own_transfer")]


def test_our_name_as_the_payee_of_another_makes_no_pair_of_two_payments() -> None:
    """The bank repeats whom the money is for; the rent of the same amount is no other side."""
    rent = out(text="Miete Oktober", counterparty_name="Grundbesitz Sued")
    assert found(rent, into()) == [("medium", "own_transfer_pair")] * 2
    customer = into(counterparty_name="Treuhand Nord")
    assert found(out(), customer) == [("medium", "own_transfer_pair")] * 2
