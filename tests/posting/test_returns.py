"""The bank takes back a payment: a unique original is undone, its invoice owed again."""

from pathlib import Path

import polars as pl

from pipeline import config, ledger, steps
from pipeline.demo import samples
from pipeline.ledger.verify import verify
from tests.posting.test_parking import NIGHTS, applied, exported, holds, nights, registers

BRANDT = "?31DE75370501980000001102?32Brandt und Soehne"
NORDLICHT = "?31DE05370501980000001101?32Nordlicht Moebel GmbH"


def second_night(folder: Path, *lines: tuple[str, str]) -> Path:
    """A statement after that of the first night: amounts as MT940 writes them, and their text."""
    inbox = folder / "second"
    inbox.mkdir()
    opening = (samples() / "night-2" / "hansebank.sta").read_text("utf-8").splitlines()
    head = next(line for line in opening if line.startswith(":60F:"))
    balance = int(head[15:].replace(",", "").replace(".", ""))
    for amount, _ in lines:
        minor = int(amount[1:].replace(",", ""))
        balance += minor if amount[0] == "C" else -minor
    body = "".join(
        f":61:2610311031{amount}NRTINONREF//R{place}\n:86:109?20{text}\n"
        for place, (amount, text) in enumerate(lines)
    )
    account = next(line for line in opening if line.startswith(":25:"))
    text = f":20:STARTUMS\n{account}\n:28C:212/1\n{head}\n{body}"
    text += f":62F:C261031EUR{balance // 100},{balance % 100:02}\n-\n"
    (inbox / "hansebank.sta").write_text(text, "utf-8")
    return inbox


def remaining(settings: config.Settings, document: str) -> list[str]:
    rows = exported(settings, "entries").filter(pl.col("document_no") == document)
    return rows["remaining_amount"].to_list()


def journal(settings: config.Settings, line: int) -> list[tuple[str, str]]:
    """What the return of a line of statement 212 posts."""
    rows = exported(settings, "gl").filter(
        (pl.col("bank_account_no") == "DE-EUR")
        & (pl.col("statement_no") == "212")
        & (pl.col("line_no") == line)
        & (pl.col("kind") == "return")
    )
    return sorted(rows.select("gl_account", "amount").rows())


def ends(settings: config.Settings, *paths: Path) -> None:
    """The books hold and the same files again write no register."""
    before = registers(settings)
    for path in paths:
        steps.nightly(settings, [path], "tester")
    assert registers(settings) == before
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    assert steps.night_report(settings)["problems"] == []


def test_a_returned_debit_opens_its_invoice_and_the_fee_is_booked(
    first_night: config.Settings,
) -> None:
    settings = first_night
    assert remaining(settings, "RE-2026-1027") == ["0.00"]
    nights(settings, NIGHTS[1])
    legs = [("AR", "89.00"), ("BANK-DE-EUR", "-92.00"), ("BANK-FEES", "3.00")]
    assert journal(settings, 20) == legs
    invoice = exported(settings, "entries").filter(pl.col("document_no") == "RE-2026-1027")
    assert invoice.select("remaining_amount", "open").row(0) == ("89.00", "true")
    created = exported(settings, "entries").filter(pl.col("document_type") == "payment_return")
    assert sorted(created["amount"].to_list()) == ["1190.00", "89.00"]
    assert set(created["remaining_amount"]) == {"0.00"}
    assert [row[3] for row in applied(settings, "211", 16)] == ["reversed"]
    holds(settings)


def test_the_discount_is_taken_back_with_the_payment(
    sqlite_first_night: config.Settings, tmp_path: Path
) -> None:
    second = second_night(tmp_path, ("D980,00", f"SVWZ+RUECKLASTSCHRIFT{BRANDT}"))
    nights(sqlite_first_night, second)
    assert [amount for account, amount in journal(sqlite_first_night, 1) if account == "AR"] == [
        "1000.00"
    ]
    assert ("DISCOUNT-GRANTED", "-20.00") in journal(sqlite_first_night, 1)
    assert remaining(sqlite_first_night, "RE-2026-1002") == ["1000.00"]
    ends(sqlite_first_night, NIGHTS[0], second)


def test_what_stayed_on_account_goes_back_with_the_payment(
    sqlite_first_night: config.Settings, tmp_path: Path
) -> None:
    payer = exported(sqlite_first_night, "lines").filter(
        (pl.col("amount") == "1100.00") & (pl.col("bank_account_no") == "DE-EUR")
    )["counterparty_account"][0]
    second = second_night(tmp_path, ("D1100,00", f"SVWZ+RUECKLASTSCHRIFT?31{payer}?32Payer"))
    nights(sqlite_first_night, second)
    assert remaining(sqlite_first_night, "RE-2026-1019") == ["1050.00"]
    open_payments = exported(sqlite_first_night, "entries").filter(
        (pl.col("document_type") == "payment") & (pl.col("party_no") == "10150")
    )
    assert open_payments["remaining_amount"].to_list() == ["0.00"]
    ends(sqlite_first_night, NIGHTS[0], second)


def test_what_may_take_back_two_payments_or_none_stays_a_question(
    sqlite_first_night: config.Settings, tmp_path: Path
) -> None:
    second = second_night(
        tmp_path,
        ("D1190,00", f"SVWZ+RUECKLASTSCHRIFT eins{NORDLICHT}"),
        ("D1190,00", f"SVWZ+RUECKLASTSCHRIFT zwei{NORDLICHT}"),
        ("D981,00", f"SVWZ+RUECKLASTSCHRIFT anderer Betrag{BRANDT}"),
        ("D980,00", f"SVWZ+RUECKLASTSCHRIFT anderer Zahler{NORDLICHT}"),
    )
    nights(sqlite_first_night, second)
    rows = exported(sqlite_first_night, "lines").filter(pl.col("statement_no") == "212")
    assert rows["reason"].to_list() == ["possible_return"] * 4
    assert remaining(sqlite_first_night, "RE-2026-1001") == ["0.00"]
    assert remaining(sqlite_first_night, "RE-2026-1002") == ["0.00"]
    ends(sqlite_first_night, NIGHTS[0], second)


def test_a_return_that_names_another_payment_is_not_that_of_the_same_amount(
    sqlite_first_night: config.Settings, tmp_path: Path
) -> None:
    second = second_night(tmp_path, ("D1190,00", f"EREF+K9999SVWZ+RUECKLASTSCHRIFT{NORDLICHT}"))
    nights(sqlite_first_night, second)
    rows = exported(sqlite_first_night, "lines").filter(pl.col("statement_no") == "212")
    assert rows["reason"].to_list() == ["possible_return"]
    ends(sqlite_first_night, NIGHTS[0], second)
