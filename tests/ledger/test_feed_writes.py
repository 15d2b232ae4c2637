"""Storing what banks send: once, whole, in any number of processes, and held when in doubt."""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from tests.ledger.bank_files import BANKS, accounts, exported, mt940, night, ofx, statements


def test_b30_the_same_file_twice_changes_nothing(one_bank: config.Settings, tmp_path: Path) -> None:
    text = mt940("1", "260105", 0, 500)
    night(one_bank, tmp_path / "a", one=text)
    receipt = night(one_bank, tmp_path / "b", other_name=text)
    assert receipt["duplicate_files"] == 1
    assert statements(one_bank) == [("1", "received", "")]


def test_b31_the_same_statement_in_other_bytes_is_known(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    text = mt940("1", "260105", 0, 500, 700)
    night(one_bank, tmp_path / "a", one=text)
    receipt = night(one_bank, tmp_path / "b", two=text.replace("\n", "\r\n") + "\n\n")
    assert receipt["duplicate"] == 1
    assert exported(one_bank, "lines").height == 2


def test_b31_the_same_statements_in_another_order_and_envelope_are_known(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    one, two = mt940("1", "260105", 0, 500, 700), mt940("2", "260106", 1200, 100)
    night(one_bank, tmp_path / "a", one=one + two)
    wrapped = f"{{1:F01BANKDEFFXXXX}}{{2:O9401200}}{{4:\n{one[:-2]}-}}"
    swapped = one.replace("//R2601050", "//R2601059", 1).replace("//R2601051", "//R2601050")
    receipt = night(
        one_bank, tmp_path / "b", two=two + wrapped, three=one.replace(":20:T", ":20:U")
    )
    assert receipt["duplicate"] == 3
    assert exported(one_bank, "lines").height == 3
    assert night(one_bank, tmp_path / "c", x=swapped)["held"] == 1


def test_b32_another_content_under_the_same_number_is_held(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", one=mt940("1", "260105", 0, 500))
    receipt = night(one_bank, tmp_path / "b", two=mt940("1", "260105", 0, 600))
    assert receipt["held"] == 1
    assert sorted(statements(one_bank)) == [("1", "held", "number_reused"), ("1", "received", "")]


def test_b40_a_statement_that_does_not_tie_is_held_and_replaced_by_one_that_does(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    receipt = night(one_bank, tmp_path / "a", one=mt940("1", "260105", 0, 500, closing=501))
    (said,) = receipt["problems"]
    assert said.startswith("one: statement 1 held: does_not_tie: account ")
    assert "opening + lines - closing = -0.01 EUR; " in said
    assert receipt["problems_by_hash"][0].endswith(": statement 1 held: does_not_tie")
    assert statements(one_bank) == [("1", "held", "does_not_tie")]
    night(one_bank, tmp_path / "b", two=mt940("1", "260105", 0, 500))
    assert statements(one_bank) == [("1", "received", "")]
    assert exported(one_bank, "lines")["status"].to_list() == ["unmatched"]


def test_b41_pages_wait_for_each_other_in_any_order(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    first = mt940("5/1", "260105", 0, 500, marks=("60F", "62M"))
    second = mt940("5/2", "260105", 500, 70, marks=("60M", "62M"))
    third = mt940("5/3", "260105", 570, 8, marks=("60M", "62F"))
    receipt = night(one_bank, tmp_path / "a", x=third)
    assert receipt["held"] == 1
    night(one_bank, tmp_path / "b", x=first)
    assert [row[1:] for row in statements(one_bank)] == [("held", "incomplete")] * 2
    night(one_bank, tmp_path / "c", x=second)
    assert statements(one_bank) == [("5", "received", "")]
    lines = exported(one_bank, "lines")
    assert lines["amount"].to_list() == ["5.00", "0.70", "0.08"]
    assert lines["line_no"].to_list() == [1, 2, 3]


def test_b41_pages_in_one_file_are_one_statement(one_bank: config.Settings, tmp_path: Path) -> None:
    first = mt940("5/1", "260105", 0, 500, marks=("60F", "62M"))
    second = mt940("5/2", "260105", 500, 70, marks=("60M", "62F"))
    receipt = night(one_bank, tmp_path / "a", x=second + first)
    assert receipt["problems"] == []
    assert statements(one_bank) == [("5", "received", "")]


def test_b45_an_unknown_account_is_held_until_it_is_loaded(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    other = "DE86370501980000001001"
    text = mt940("1", "260105", 0, 500) + mt940("1", "260105", 0, 900, account=other)
    receipt = night(one_bank, tmp_path / "a", x=text)
    assert (receipt["received"], receipt["held"]) == (1, 1)
    assert receipt["problems"] == [
        f"x: statement 2 held: unknown_account: account {other}, EUR, number 1, until 2026-01-05;"
        " no bank account has this iban or account_id; load bank-accounts with it"
    ]
    assert ("1", "held", "unknown_account") in statements(one_bank)
    accounts(one_bank, tmp_path, BANKS + f"C,Other,EUR,{other},,2020-01-01\n")
    receipt = night(one_bank, tmp_path / "a")
    assert receipt["problems"] == []
    assert receipt["received_of_held"] == 1
    assert statements(one_bank) == [("1", "received", "")] * 2


def test_b45_what_was_wrong_beside_the_unknown_account_still_holds(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    other = "DE86370501980000001001"
    night(one_bank, tmp_path / "a", x=mt940("1", "260105", 0, 900, account=other, closing=1))
    accounts(one_bank, tmp_path, BANKS + f"C,Other,EUR,{other},,2020-01-01\n")
    night(one_bank, tmp_path / "a")
    assert statements(one_bank) == [("1", "held", "does_not_tie")]


@pytest.mark.parametrize(
    ("day", "currency", "reason"),
    [("260105", "CHF", "wrong_currency"), ("190105", "EUR", "account_inactive")],
)
def test_b46_a_statement_that_cannot_be_of_the_account_is_held(
    one_bank: config.Settings, tmp_path: Path, day: str, currency: str, reason: str
) -> None:
    night(one_bank, tmp_path / "a", x=mt940("1", day, 0, 500, currency=currency))
    assert statements(one_bank) == [("1", "held", reason)]


def test_b38_numbers_restart_in_january_and_may_be_absent(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", x=mt940("1", "250105", 0, 500))
    night(one_bank, tmp_path / "b", x=mt940("1", "260105", 500, 100))
    night(one_bank, tmp_path / "c", x=mt940("", "260106", 600, 1), y=mt940("0", "260107", 601, 1))
    assert statements(one_bank) == [
        ("1", "received", ""),
        ("1", "received", ""),
        ("2026-01-06", "received", ""),
        ("2026-01-07", "received", ""),
    ]


def test_an_mt940_that_overlaps_stored_lines_is_held(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", x=mt940("1", "260105", 0, 500))
    weekly = mt940("900", "260105", 0, 500, 70)
    night(one_bank, tmp_path / "b", x=weekly)
    assert statements(one_bank) == [("1", "received", ""), ("900", "held", "overlap")]


def test_any_number_of_processes_gives_the_same_ledger(tmp_path: Path) -> None:
    found = []
    folder = tmp_path / "inbox"
    folder.mkdir()
    for place in range(6):
        text = mt940(str(place + 1), f"26010{place + 1}", 100 * place, 100)
        (folder / f"{9 - place}.sta").write_text(text)
    for workers in (0, 1, 2):
        settings = config.read(None, f"sqlite:///{tmp_path}/{workers}.db")
        ledger.init(settings.ledger)
        accounts(settings, tmp_path, BANKS)
        steps.ingest(settings, [folder], "tester", workers=workers)
        with ledger.open(settings.ledger) as book:
            rows = book.rows("SELECT * FROM statement_line ORDER BY line_id")
            found.append([tuple(row) for row in rows])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 6


def test_lines_of_an_unknown_account_have_no_bank_account(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", x=mt940("1", "260105", 0, 900, account="ELSEWHERE"))
    (line,) = exported(one_bank, "lines").to_dicts()
    assert (line["bank_account_no"], line["status"]) == ("", "held")
    assert exported(one_bank, "statements")["bank_account_no"].to_list() == [""]


def test_a_long_statement_is_taken_in_pieces_and_an_overlap_stays_one(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    """Lines pass through memory in pieces of 2,000; the known ones lie on both sides of a cut."""
    rows = [("20261028", f"{1 + place % 7}.00", f"F{place}", f"N{place}") for place in range(3200)]
    sums = [sum(int(amount[:-3]) for _, amount, _, _ in rows[:end]) for end in (2300, 3200)]
    first, second = ofx("20261028", f"{sums[0]}.00", *rows[:2300]), rows[1000:]
    night(one_bank, tmp_path / "one", **{"a.ofx": first})
    night(one_bank, tmp_path / "two", **{"b.ofx": ofx("20261029", f"{sums[1]}.00", *second)})
    with ledger.open(one_bank.ledger) as book:
        stored = book.rows(
            "SELECT l.bank_reference, l.counterparty_name, l.amount FROM statement_line l"
            " JOIN statement s ON s.id = l.statement_id ORDER BY s.id, l.line_no"
        )
        numbers = "SELECT count(*), min(line_no), max(line_no) FROM statement_line"
        assert book.rows(f"{numbers} GROUP BY statement_id ORDER BY statement_id") == [
            (2300, 1, 2300), (900, 1, 900),
        ]  # fmt: skip
    assert [tuple(row) for row in stored] == [
        (fitid, name, int(amount[:-3]) * 100) for _, amount, fitid, name in rows
    ]
