"""A check that the bank has paid already and that is presented again."""

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, Row, bank_entry, frame, line


def best(lines: list[Row], checks: list[Row]) -> list[tuple[str, str]]:
    heads, _ = propose(
        frame(lines, frames.LINES), frames.empty(frames.ENTRIES),
        frame(checks, frames.BANK_ENTRIES), frames.empty(frames.PARTIES), ACCOUNTS,
        Settings(ledger=""),
    )  # fmt: skip
    return list(heads.filter(pl.col("rank") == 1).select("confidence", "reason").rows())


def check(number: int, **more: object) -> Row:
    return bank_entry(number, -200, check_no="1045") | more


def presented(number: int = 1, amount: int = -200) -> Row:
    return line(number, amount, check_no="1045", text="CHECK 1045")


def test_a_cleared_check_is_irregular_whatever_its_amount() -> None:
    cleared = check(1, status="cleared")
    assert best([presented()], [cleared]) == [("low", "check_irregular")]
    assert best([presented(amount=-250)], [cleared]) == [("low", "check_irregular")]


def test_twice_on_one_day_neither_and_on_two_days_the_first() -> None:
    later = presented(2) | {"booking_date": presented()["booking_date"].replace(day=20)}
    assert best([presented(), presented(2)], [check(1)]) == [("low", "ambiguous")] * 2
    assert best([presented(), later], [check(1)]) == [("high", ""), ("low", "check_irregular")]


def test_a_number_that_is_used_again_is_the_open_check_of_the_amount() -> None:
    both = [check(1, status="cleared", remaining_amount=-90, amount=-90), check(2)]
    assert best([presented()], both) == [("high", "")]


def test_its_money_coming_back_is_not_the_check_again() -> None:
    found = best([presented(amount=200)], [check(1, status="cleared")])
    assert found[0][1] != "check_irregular"
