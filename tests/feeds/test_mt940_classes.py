"""Each class of what MT940 readers get wrong (M1 to M11), read right."""

import datetime as dt

import pytest

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement

HEAD = ":20:T\n:25:DE16370501980000001000\n:28C:7/1\n:60F:C260101EUR100,00\n"


def closing(cents: int, number: str = "62F") -> str:
    return f":{number}:C260102EUR{cents // 100},{cents % 100:02d}\n"


def read(text: str) -> BankStatement:
    (statement,) = feeds.parse(text.encode()).statements
    return statement


def amounts(text: str) -> list[int]:
    statement = read(text)
    assert statement.hold_reason == "", statement.detail
    return statement.lines["amount"].to_list()


def test_m1_a_line_without_type_code_is_kept() -> None:
    text = HEAD + ":61:2601020102C10,00\n:61:2601020102C20,00\n" + closing(13000)
    assert amounts(text) == [1000, 2000]
    assert "mt-940" in " ".join(read(text).warnings)


def test_m2_a_short_type_code_takes_no_digit_of_the_amount() -> None:
    text = HEAD + ":61:260102C25,03NOV NONREF\n" + closing(12503)
    assert amounts(text) == [2503]
    assert read(text).lines["type_code"].to_list() == ["NOV"]


def test_m3_a_decimal_point_cuts_no_cents() -> None:
    text = HEAD + ":61:2601020102C10.50NTRFX\n:62F:C260102EUR110.50\n"
    assert amounts(text) == [1050]
    assert read(text).closing == 11050


@pytest.mark.parametrize("odd", [":28C:/1\n", ":28C:free text\n", ":28C:0000\n0\n", ""])
def test_m4_an_odd_optional_field_loses_no_statement(odd: str) -> None:
    head = HEAD.replace(":28C:7/1\n", odd)
    text = head + ":61:2601021640C1,00NTRFX\n" + closing(10100)
    assert amounts(text) == [100]
    assert read(text).lines["booking_date"].to_list() == [dt.date(2026, 1, 2)]


def test_m4_one_bad_statement_does_not_lose_the_others() -> None:
    bad = HEAD + ":61:nonsense\n" + closing(10000)
    good = HEAD + ":61:2601020102C1,00NTRFX\n" + closing(10100)
    result = feeds.parse((good + bad + good).encode())
    assert len(result.statements) == 2
    (refused,) = result.refused
    assert (refused.ordinal, refused.file_line, refused.reason) == (2, 11, "unreadable")


def test_m5_a_long_reference_is_kept() -> None:
    text = HEAD + ":61:2601020102C1,00NOVBNL47INGB9999999999XYZ\n" + closing(10100)
    assert amounts(text) == [100]
    assert read(text).lines["customer_reference"].to_list() == ["NL47INGB9999999999XYZ"]


def test_m6_rc_lowers_and_rd_raises_the_balance() -> None:
    text = HEAD + ":61:2601020102RC25,00NTRFX\n:61:2601020102RD5,00NTRFX\n" + closing(8000)
    assert amounts(text) == [-2500, 500]
    assert read(text).lines["is_reversal"].to_list() == [True, True]


def test_m6_ec_and_ed_lines_are_announced_apart() -> None:
    lines = ":61:2601020102C1,00NTRFX\n:61:2601020102EC9,00NTRFX\n"
    booked, announced = feeds.parse((HEAD + lines + closing(10100)).encode()).statements
    assert (booked.kind, booked.hold_reason, booked.lines["amount"].to_list()) == (
        "booked",
        "",
        [100],
    )
    assert (announced.kind, announced.lines["amount"].to_list()) == ("announced", [900])
    booked, _ = feeds.parse((HEAD + lines + closing(11000)).encode()).statements
    assert booked.hold_reason == "does_not_tie"


def test_m7_two_accounts_under_one_reference_need_balances_each() -> None:
    second = ":25:DE16370501980000001001\n:60F:C260101EUR5,00\n:61:2601020102C1,00NTRFX\n"
    text = HEAD + closing(10000) + second + closing(600)
    result = feeds.parse(text.encode())
    assert [s.account for s in result.statements] == [
        "DE16370501980000001000",
        "DE16370501980000001001",
    ]
    assert [s.lines.height for s in result.statements] == [0, 1]
    torn = HEAD + ":25:DE16370501980000001001\n:61:2601020102C1,00NTRFX\n" + closing(10100)
    (refused,) = feeds.parse(torn.encode()).refused
    assert refused.reason == "two_accounts"


def test_m7_two_pages_under_one_reference_are_divided() -> None:
    text = (
        HEAD
        + ":61:2601020102C1,00NTRFX\n"
        + closing(10100, "62M")
        + ":28C:7/2\n:60M:C260102EUR101,00\n:61:2601020102C2,00NTRFX\n"
        + closing(10300)
    )
    pages = feeds.parse(text.encode()).statements
    assert [(p.page, p.opens, p.complete) for p in pages] == [
        ("1", True, False),
        ("2", False, True),
    ]
    assert [p.hold_reason for p in pages] == ["", ""]


@pytest.mark.parametrize(
    ("name", "between"),
    [
        ("Ctrl-Z", "\x1a"),
        ("SWIFT block", "-}{1:F01BANKDEFFXXXX}{2:O940}{4::20:"),
        ("block on its own line", "-}\n{1:F01}{2:O940}{4:\n"),
        ("nothing", ""),
    ],
)
def test_m7_no_envelope_hides_a_statement(name: str, between: str) -> None:
    one = HEAD + ":61:2601020102C1,00NTRFX\n" + closing(10100)
    two = one[len(":20:") :] if between.endswith(":20:") else one
    result = feeds.parse((one + between + two).encode())
    assert [s.lines.height for s in result.statements] == [1, 1], name
    assert not any(s.hold_reason for s in result.statements)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_m7_any_line_end(end: str) -> None:
    text = HEAD + ":61:2601020102C1,00NTRFX\n:86:Rechnung\n1234\n" + closing(10100) + "-\n"
    assert read(text.replace("\n", end)).lines["text"].to_list() == ["Rechnung 1234"]


def test_m7_a_file_without_a_statement_is_an_error() -> None:
    (refused,) = feeds.parse(b"nothing of a bank\n").refused
    assert refused.reason == "no_statement"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16", "utf-16-le"])
def test_m8_umlauts_in_any_encoding(encoding: str) -> None:
    text = HEAD + ":61:2601020102C1,00NTRFX\n:86:Müller Straße\n" + closing(10100)
    (statement,) = feeds.parse(text.encode(encoding)).statements
    assert statement.lines["text"].to_list() == ["Müller Straße"]


def test_m9_a_long_account_is_not_cut() -> None:
    account = "DEUTDEFF500XXXXX/DE16370501980000001000"
    text = HEAD.replace("DE16370501980000001000", account) + closing(10000)
    assert (read(text).account, read(text).iban) == (account, "DE16370501980000001000")


def test_m10_a_question_mark_in_the_text_starts_no_field() -> None:
    details = ":86:166?00GUT?20What? 50% off ?21and more?32Max?33Meier\n"
    line = read(HEAD + ":61:2601020102C1,00NTRFX\n" + details + closing(10100)).lines.frame()
    assert line["text"].to_list() == ["What? 50% off and more"]
    assert line["counterparty_name"].to_list() == ["Max Meier"]


def test_m11_a_text_of_the_whole_statement_belongs_to_no_line() -> None:
    text = HEAD + ":61:2601020102C1,00NTRFX\n:86:own\n" + closing(10100) + ":86:of all\n"
    assert read(text).lines["text"].to_list() == ["own"]


def test_wrapped_text_that_looks_like_a_field_stays_text() -> None:
    text = HEAD + ":61:2601020102C1,00NTRFX\n:86:um 2017-01-01T13\n:12:11 bezahlt\n"
    assert read(text + closing(10100)).lines["text"].to_list() == [
        "um 2017-01-01T13 :12:11 bezahlt"
    ]


def test_a_statement_without_opening_balance_is_held() -> None:
    head = HEAD.replace(":60F:C260101EUR100,00\n", "")
    assert read(head + ":61:2601020102C1,00NTRFX\n" + closing(10100)).hold_reason == "no_opening"


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [
        ("JPY", "1000,", 1000),
        ("KWD", "1,234", 1234),
        ("CLF", "1,2345", 12345),
        ("EUR", "1,500", 150),
    ],
)
def test_b51_decimals_by_currency(currency: str, written: str, minor: int) -> None:
    text = (
        f":20:T\n:25:A\n:28C:1\n:60F:C260101{currency}0,\n:61:260102C{written}NTRFX\n"
        f":62F:C260102{currency}{written}\n"
    )
    assert read(text).lines["amount"].to_list() == [minor]
    assert read(text).hold_reason == ""


@pytest.mark.parametrize(
    ("currency", "written"), [("JPY", "1,5"), ("EUR", "1,005"), ("KWD", "1,2345")]
)
def test_b51_other_digits_hold_the_statement(currency: str, written: str) -> None:
    text = (
        f":20:T\n:25:A\n:28C:1\n:60F:C260101{currency}0,\n:61:260102C{written}NTRFX\n"
        f":62F:C260102{currency}1,\n"
    )
    assert read(text).hold_reason == "inexact_amount"


@pytest.mark.parametrize(
    "written",
    ["NaN", "1e5", "1_000,00", "1.234,56", "-10,00", "1'000,00", "\u0663,00", "\uff11,00"],
)
def test_b50_what_is_no_amount_is_refused(written: str) -> None:
    result = feeds.parse((HEAD + f":61:260102C{written}NTRFX\n" + closing(10000)).encode())
    assert not [s for s in result.statements if not s.hold_reason]
    assert result.refused


def test_b52_a_value_date_over_a_year_away_holds() -> None:
    assert read(HEAD + ":61:160102C0,00NTRFX\n" + closing(10000)).hold_reason == "bad_value_date"


def test_b52_the_entry_date_takes_the_nearest_year() -> None:
    lines = ":61:2601011231C1,00NTRFX\n"
    found = read(HEAD + lines + closing(10100)).lines["booking_date"].to_list()
    assert found == [dt.date(2025, 12, 31)]


def test_a_british_supplementary_row_has_the_payers_name_in_22_columns() -> None:
    rows = ":61:2601020102C1,00NTRFNONREF//X1\nJACKSON & WILLIAMS    FPI\n:86:INV 7\n"
    line = read(HEAD + rows + closing(10100)).lines.frame()
    assert line["counterparty_name"].to_list() == ["JACKSON & WILLIAMS"]
    assert line["text"].to_list() == ["INV 7"]
