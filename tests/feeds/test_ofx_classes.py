"""Each class of what OFX readers get wrong (O1 to O8), read right."""

import datetime as dt

import pytest

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement

SGML = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'


def ofx(*transactions: str, head: str = SGML + "CHARSET:NONE\n\n", pending: str = "") -> str:
    rows = "".join(f"<STMTTRN>\n{body}\n</STMTTRN>\n" for body in transactions)
    return (
        f"{head}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\n<BANKACCTFROM><BANKID>37\n"
        f"<ACCTID>1\n</BANKACCTFROM><BANKTRANLIST>\n{rows}</BANKTRANLIST><LEDGERBAL><BALAMT>9.00\n"
        f"<DTASOF>20260402\n</LEDGERBAL>{pending}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def row(amount: str = "5.00", date: str = "20260401", more: str = "<FITID>F1\n<NAME>A") -> str:
    return f"<TRNTYPE>CREDIT\n<DTPOSTED>{date}\n<TRNAMT>{amount}\n{more}"


def read(text: str, encoding: str = "utf-8") -> BankStatement:
    (statement,) = feeds.parse(text.encode(encoding)).statements
    return statement


def test_o1_xml_with_umlauts_is_utf_8() -> None:
    text = ofx(row(more="<FITID>F1\n<NAME>Müller"), head=XML)
    assert read(text).lines["counterparty_name"].to_list() == ["Müller"]


@pytest.mark.parametrize(
    "head",
    ["CHARSET:NONE\n", "CHARSET:ISO-8859-1\n", "ENCODING:ISO-8859-1\n", "CHARSET:KLINGON\n", "\n"],
)
def test_o2_odd_header_values_stop_nothing(head: str) -> None:
    assert read(ofx(row(), head=SGML + head + "\n")).lines.height == 1
    assert read("\ufeff" + ofx(row(), head=SGML.replace("\n", " ") + head)).lines.height == 1


def test_o3_utf_8_under_another_declared_charset() -> None:
    text = ofx(row(more="<FITID>F1\n<NAME>SERVIÇOS"), head=SGML + "CHARSET:1252\n\n")
    assert read(text).lines["counterparty_name"].to_list() == ["SERVIÇOS"]
    assert read(text, "windows-1252").lines["counterparty_name"].to_list() == ["SERVIÇOS"]


@pytest.mark.parametrize("zone", ["[+2:CEST]", "[-4:EST]", "[-5]", ""])
def test_o4_the_date_is_the_one_printed(zone: str) -> None:
    for time in ("000000", "232030"):
        found = read(ofx(row(date=f"20260401{time}{zone}"))).lines["booking_date"].to_list()
        assert found == [dt.date(2026, 4, 1)]


@pytest.mark.parametrize("more", ["<FITID>F1\n<NAME>\n<CHECKNUM>", "<NAME>A", "<FITID>\n<MEMO>"])
def test_o5_an_empty_or_missing_field_loses_no_line(more: str) -> None:
    assert read(ofx(row(more=more), row())).lines["amount"].to_list() == [500, 500]


def test_o5_a_bad_date_leaves_the_line_without_one() -> None:
    assert read(ofx(row(date="20261399"))).lines["booking_date"].to_list() == [None]


@pytest.mark.parametrize(("written", "cents"), [("+5", 500), ("5,25", 525), ("5.2500", 525)])
def test_o6_amounts_as_banks_write_them(written: str, cents: int) -> None:
    statement = read(ofx(row(written)))
    assert (statement.lines["amount"].to_list(), statement.hold_reason) == ([cents], "")


@pytest.mark.parametrize(
    "written", ["1'234.50", "NaN", "sNaN", "1e5", "1_000", "1,234.50", "", "5.001"]
)
def test_o6_b50_what_is_no_amount_holds_the_statement(written: str) -> None:
    assert read(ofx(row(written))).hold_reason == "bad_amount"


def test_o7_references_and_corrections_are_kept() -> None:
    more = (
        "<FITID>F2\n<CORRECTFITID>F1\n<CORRECTACTION>REPLACE\n<REFNUM>R7\n<NAME>A\n"
        "<BANKACCTTO><BANKID>37\n<ACCTID>4711\n<ACCTTYPE>CHECKING\n</BANKACCTTO>"
    )
    line = read(ofx(row(more=more))).lines.frame().row(0, named=True)
    assert (line["corrects"], line["customer_reference"]) == ("F1", "R7")
    assert line["counterparty_account"] == "4711"


def test_o8_a_raw_less_than_sign_keeps_the_text() -> None:
    assert read(ofx(row(more="<FITID>F1\n<NAME>a<b c"))).lines["text"].to_list() == ["a<b c"]


def test_o8_transactions_without_end_tags() -> None:
    text = ofx(row(), row(more="<FITID>F2\n<NAME>B")).replace("</STMTTRN>\n", "")
    assert read(text).lines["amount"].to_list() == [500, 500]


def test_b54_pending_items_are_announced_apart() -> None:
    pending = (
        "<BANKTRANLISTP><DTASOF>20260402\n<STMTTRNP><TRNTYPE>DEBIT\n<DTTRAN>20260402\n"
        "<TRNAMT>-3.00\n<NAME>SHOP\n</STMTTRNP></BANKTRANLISTP>"
    )
    booked, announced = feeds.parse(ofx(row(), pending=pending).encode()).statements
    assert (booked.kind, booked.lines["amount"].to_list()) == ("booked", [500])
    assert (announced.kind, announced.lines["amount"].to_list()) == ("announced", [-300])


def test_b56_a_transaction_hidden_in_a_name_holds_the_statement() -> None:
    hidden = f"<FITID>F1\n<NAME>A</NAME></STMTTRN><STMTTRN>{row('999.00')}"
    assert read(ofx(row(), row(more=hidden))).hold_reason == "hidden_transaction"


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE OFX [<!ENTITY a "b">]>',
        '<!doctype ofx SYSTEM "file:///etc/passwd">',
        '<!ENTITY lol "&lol;">',
    ],
)
def test_b59_a_doctype_or_entity_is_refused(start: str) -> None:
    (refused,) = feeds.parse((XML + start + ofx(row(), head="")).encode()).refused
    assert refused.reason == "doctype"


@pytest.mark.parametrize(
    ("amount", "rate", "code", "expected"),
    [
        ("930.00", "0.930000", "USD", 100000),
        ("930.12", "0.930123", "USD", 100000),  # 930.123 comes to 930.12
        ("930.00", "0.93", "USD", 0),  # 1,005.40 at 0.925 is written so too
        ("-65.00", "0.00650000", "JPY", 10000),
        ("275.03", "2.75030000", "KWD", 0),  # 100.001 dinars come to 275.03 too
        ("100000.00", "1.0812", "USD", 0),  # 92,486.40 at 1.08124, 92,489.83 at 1.0812
        ("5.00", "0.05", "USD", 0),  # from 99.90 to 100.09 dollars all come to 5.00
        ("930.00", "0", "USD", 0),
        ("930.00", "x", "USD", 0),
        ("930.00", "0.93", "XXX", 0),
    ],
)
def test_o7_an_original_amount_is_stated_where_only_one_comes_to_the_amount(
    amount: str, rate: str, code: str, expected: int
) -> None:
    stated = f"<FITID>F1\n<ORIGCURRENCY><CURRATE>{rate}<CURSYM>{code}</ORIGCURRENCY>"
    lines = read(ofx(row(amount, more=stated))).lines
    assert lines["original_amount"].to_list() == [expected]
    assert lines["original_currency"].to_list() == [code]


def test_o7_an_amount_in_another_currency_than_the_statement_holds_it() -> None:
    other = "<FITID>F1\n<CURRENCY><CURRATE>0.93<CURSYM>USD</CURRENCY>"
    statement = read(ofx(row(more=other)))
    assert statement.hold_reason == "bad_amount"
    assert statement.detail == (
        "STMTTRN 1: CURRENCY: found USD, expected EUR, the statement's currency"
    )
    own = "<FITID>F1\n<CURRENCY><CURRATE>1.00<CURSYM>EUR</CURRENCY>"
    assert not read(ofx(row(more=own))).hold_reason


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("<CURDEF>EUR", "<CURDEF>EURO", "STMTRS: CURDEF: unknown currency 'EURO'; expected one"),
        ("<CURDEF>EUR\n", "", "STMTRS: CURDEF is missing; expected a currency"),
        ("<BALAMT>9.00", "<BALAMT>9.0O", "STMTRS: LEDGERBAL: BALAMT: '9.0O' is no amount"),
        ("<TRNAMT>-3.00", "<TRNAMT>-3,0,0", "STMTRS: STMTTRNP 1: TRNAMT: '-3,0,0' is no amount"),
        ("<ACCTID>1", "<ACCTNO>1", "STMTRS: ACCTID is missing; expected the account"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_element(
    written: str, instead: str, said: str
) -> None:
    pending = (
        "<BANKTRANLISTP><STMTTRNP><TRNTYPE>POS\n<DTTRAN>20260402\n<TRNAMT>-3.00\n<NAME>SHOP\n"
        "</STMTTRNP></BANKTRANLISTP>"
    )
    good = ofx(row(), pending=pending)
    assert not feeds.parse(good.encode()).refused
    (refused,) = feeds.parse(good.replace(written, instead).encode()).refused
    assert (refused.reason, refused.file_line) == ("unreadable", 6)
    assert refused.detail.startswith(said)


def test_an_amount_of_a_transaction_that_is_none_holds_its_statement() -> None:
    held = read(ofx(row(), row("5.0O")))
    assert held.hold_reason == "bad_amount"
    assert held.detail == "STMTTRN 2: TRNAMT: '5.0O' is no amount; expected one as -12.34"
