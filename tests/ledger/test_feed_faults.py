"""Rows of the fault list that need a ledger: periods, numbers, accounts, ids, names, many files."""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.ledger import bank_files
from tests.ledger.bank_files import IBAN, accounts, exported, mt940, ofx, statements
from tests.ledger.test_feed_chain import START, fates, fees, night

BANK = (
    "no,name,currency,iban,account_id,active_from,closed_on,statement_numbering,"
    "last_statement_no,last_statement_date,last_statement_balance\n"
)


def sound(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def test_b37_a_late_statement_for_a_closed_period_is_kept_with_its_dates_and_posts_nothing(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    with ledger.open(settings.ledger) as book, book.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO period_event (id, action, closed_through, actor, after_register)"
            " SELECT 1, 'close', '2026-01-31', 'controller', value FROM counter"
            " WHERE name = 'register'"
        )
    night(settings, tmp_path / "1", a=fees("1", "260105", 10000, 500))
    (line,) = exported(settings, "lines").to_dicts()
    assert (line["booking_date"], line["value_date"]) == ("2026-01-05", "2026-01-05")
    assert line["status"] in ("proposed", "unmatched")
    assert fates(settings) == [("1", "received")]
    assert exported(settings, "exceptions")["reason"].to_list() == ["period_closed"]


@pytest.mark.parametrize("numbering", ["continuous", "yearly", "none"])
def test_b38_a_number_that_wraps_or_jumps_stops_nothing_while_the_balances_follow(
    tmp_path: Path, numbering: str
) -> None:
    row = f"B,Bank,EUR,{IBAN},37/1,2020-01-01,,{numbering},99998,2026-01-04,100.00\n"
    settings = bank_files.fresh(tmp_path, BANK + row)
    for number, day, opening in (("99999", "05", 10000), ("1", "06", 9900), ("7", "07", 9800)):
        night(settings, tmp_path / day, a=fees(number, f"2601{day}", opening, 100))
    assert [status for _, status in fates(settings)] == ["reconciled"] * 3


def test_b46_a_statement_of_a_closed_account_is_held_until_the_account_says_otherwise(
    tmp_path: Path,
) -> None:
    row = f"B,Bank,EUR,{IBAN},37/1,2020-01-01,{{}},none,,2026-01-04,100.00\n"
    settings = bank_files.fresh(tmp_path, BANK + row.format("2026-01-04"))
    night(settings, tmp_path / "1", a=fees("1", "260105", 10000, 500))
    assert statements(settings) == [("1", "held", "account_inactive")]
    accounts(settings, tmp_path, BANK + row.format(""))
    night(settings, tmp_path / "1")
    assert fates(settings) == [("1", "reconciled")]


def test_b53_one_fitid_with_two_amounts_or_in_two_accounts_is_not_one_line(tmp_path: Path) -> None:
    banks = "no,name,currency,account_id\nB,Bank,EUR,37/1\nC,Other,EUR,37/2\n"
    settings = bank_files.fresh(tmp_path, banks)
    rows = [("20260105", "5.00", "F1", "A"), ("20260105", "7.00", "F1", "A fee")]
    (tmp_path / "in").mkdir()
    first, second = ofx("20260105", "12.00", *rows), ofx("20260106", "12.00", *rows)
    for name, text in (
        ("one", first),
        ("other account", first.replace("<ACCTID>1", "<ACCTID>2")),
        ("again", second),
    ):
        (tmp_path / "in" / name).write_text(text)
    steps.ingest(settings, [tmp_path / "in"], "tester")
    sound(settings)
    found = exported(settings, "lines").select("bank_account_no", "amount").rows()
    assert found == [("B", "5.00"), ("B", "7.00"), ("C", "5.00"), ("C", "7.00")]


def test_b61_b63_hundreds_of_tiny_files_with_odd_names_stop_no_sound_one(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    inbox = tmp_path / "in"
    inbox.mkdir()
    for place in range(300):
        (inbox / f"a%2f..%2f..%2fetc%2f{place}").write_bytes(b"x" * (place + 1))
    for name in ("a b", "-rf", "$(id)", "'; DROP TABLE posting; --", "\u202egnp", "new\nline"):
        (inbox / name).write_text(name)
    (inbox / "zz").write_text(mt940("1", "260105", 10000, 500))
    receipt = steps.ingest(settings, [inbox], "tester")
    sound(settings)
    assert (receipt["refused"], receipt["received"]) == (306, 1)
    reasons = exported(settings, "statements")["reason"].to_list()
    assert sorted(set(reasons)) == ["", "no_statement"]
    assert not any("\n" in text for text in receipt["problems"])


def test_c67_an_invoice_paid_elsewhere_between_match_and_post_is_not_settled_again(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    head = (
        "party_type,party_no,document_type,document_no,posting_date,due_date,currency,amount,"
        "remaining_amount\n"
    )
    invoice = "customer,C1,invoice,RE2026-77,2026-01-02,2026-02-01,EUR,5.00,{}\n"

    def books(kind: str, text: str) -> None:
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        with ledger.open(settings.ledger) as book:
            load(book, kind, file, settings, actor="tester")

    books("customers", "no,name\nC1,Huber GmbH\n")
    books("ledger-entries", head + invoice.format("5.00"))
    (tmp_path / "in").mkdir()
    text = mt940("1", "260105", 10000, 500).replace(":62F:", ":86:RE2026-77 Huber GmbH\n:62F:")
    (tmp_path / "in" / "a").write_text(text)
    steps.ingest(settings, [tmp_path / "in"], "tester")
    steps.match(settings, "tester")
    assert exported(settings, "lines")["status"].to_list() == ["proposed"]
    books("ledger-entries", head + invoice.format("0.00"))
    steps.post(settings, "tester")
    sound(settings)
    assert exported(settings, "lines")["status"].to_list() != ["posted"]
    steps.match(settings, "tester")
    steps.post(settings, "tester")
    sound(settings)
    (line,) = exported(settings, "lines").to_dicts()
    assert (line["status"], line["applied_amount"]) == ("unmatched", "0.00")
    assert exported(settings, "entries")["remaining_amount"].to_list() == ["0.00"]
