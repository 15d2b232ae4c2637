"""Rows of the fault list that one file alone can show: amounts, dates, currencies, odd letters."""

import pytest

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement, FeedResult
from tests.feeds.test_encodings import ofx

HEAD = ":20:T\n:25:DE16370501980000001000\n:28C:7/1\n:60F:C260101EUR100,00\n"
TAIL = ":62F:C260102EUR100,00\n-\n"


def parse(lines: str, head: str = HEAD, tail: str = TAIL) -> FeedResult:
    return feeds.parse((head + lines + tail).encode())


def taken(result: FeedResult) -> list[BankStatement]:
    return [statement for statement in result.statements if not statement.hold_reason]


@pytest.mark.parametrize("written", ["0,00", "0,", ",00", "000000000000000,"])
def test_b49_an_amount_of_zero_is_a_line_that_moves_nothing(written: str) -> None:
    (statement,) = taken(parse(f":61:2601020102C{written}NTRFX\n:61:2601020102D{written}NTRFX\n"))
    assert statement.lines["amount"].to_list() == [0, 0]


@pytest.mark.parametrize(
    "written",
    ["-5,00", "-0,00", "D-5,00", "9999999999999999,", "90000000000000,01", "999999999999999,"],
)
def test_b49_a_negative_or_too_large_amount_is_never_taken(written: str) -> None:
    assert not taken(parse(f":61:2601020102C{written}NTRFX\n"))
    assert not taken(parse("", tail=TAIL.replace("100,00", written)))


@pytest.mark.parametrize("currency", ["XXX", "ZZZ", "eur", "EU", "€€€"])
def test_b51_a_currency_that_nobody_has_is_refused_by_name(currency: str) -> None:
    result = parse("", HEAD.replace("EUR", currency), TAIL.replace("EUR", currency))
    (refused,) = result.refused
    assert (result.statements, refused.reason) == ((), "unreadable")


def test_b51_a_statement_of_two_currencies_is_refused() -> None:
    (refused,) = parse("", tail=TAIL.replace("EUR", "USD")).refused
    assert refused.detail == "opening and closing differ in currency"


@pytest.mark.parametrize("day", ["260230", "000000", "261301", "360102", "160102"])
def test_b52_an_impossible_or_far_value_date_holds_the_statement(day: str) -> None:
    (statement,) = parse(f":61:{day}C0,00NTRFX\n").statements
    assert statement.hold_reason == "bad_value_date"


@pytest.mark.parametrize(
    ("written", "booked"),
    [
        ("2512310101", "2026-01-01"),
        ("2601011231", "2025-12-31"),
        ("2601020230", "2026-01-02"),
        ("2601020000", "2026-01-02"),
        ("2402290229", "2024-02-29"),
        ("2601020229", "2026-01-02"),
    ],
)
def test_b52_the_entry_date_takes_its_year_from_the_value_date(written: str, booked: str) -> None:
    (statement,) = parse(f":61:{written}C0,00NTRFX\n").statements
    assert str(statement.lines["booking_date"][0]) == booked


def test_b53_a_fitid_of_ten_kilobytes_and_none_at_all_lose_no_line() -> None:
    long = ofx("CHARSET:NONE").replace("<FITID>1\n", f"<FITID>{'9' * 10_000}\n")
    none = ofx("CHARSET:NONE").replace("<FITID>1\n", "")
    for text in (long, none):
        (statement,) = taken(feeds.parse(text.encode()))
        assert statement.lines["amount"].to_list() == [500]


@pytest.mark.parametrize(
    "name",
    ["a\ud800b", "a" + "\u0301" * 5_000, "\u202egnp.exe", "a\u200bb", "&#0;&#55296;&#1114112;"],
)
def test_b58_odd_letters_are_text_that_a_database_takes(name: str) -> None:
    data = ofx("CHARSET:NONE", name).encode("utf-8", "surrogatepass")
    (statement,) = taken(feeds.parse(data))
    (found,) = statement.lines["counterparty_name"].to_list()
    assert found.encode("utf-8")
    assert "\0" not in found


def test_b59_an_attribute_of_megabytes_is_no_statement_and_costs_no_time() -> None:
    text = f'<?xml version="1.0"?>\n<OFX a="{"x" * 5_000_000}"></OFX>'
    assert not feeds.parse(text.encode()).statements


def test_b63_a_line_of_megabytes_is_read_or_refused_and_the_next_statement_is_taken() -> None:
    long = ":61:2601020102C0,00NTRFX\n:86:" + "Rechnung " * 1_000_000 + "\n"
    result = feeds.parse((HEAD + long + TAIL + HEAD.replace("7/1", "8/1") + TAIL).encode())
    assert [statement.statement_no for statement in result.statements] == ["7", "8"]
