"""Own transfers: by our account in the line, or by two opposite lines on two accounts of ours."""

import datetime as dt

import polars as pl

from pipeline.config import DEFAULTS, Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, DAY, Row, frame, line, party

OURS = Settings(ledger="", company=DEFAULTS["company"] | {"name": "Hansen Werkzeuge GmbH"})


def found(*lines: Row) -> list[tuple[str, str]]:
    heads, _ = propose(
        frame(list(lines), frames.LINES), frames.empty(frames.ENTRIES),
        frames.empty(frames.BANK_ENTRIES), frame([party("C1", "DE77")], frames.PARTIES),
        ACCOUNTS, OURS,
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
