"""Lettering: which entries of a party settle each other, as letters that never move."""

import re
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, corrections, ledger, steps
from pipeline.ledger.export import export
from tests.ledger import loading

IBAN = "DE75370501980000001102"


def lettered(settings: config.Settings, party_no: str = "C1") -> list[tuple[str, str, str]]:
    """Document type or number, amount and letter of each entry of a customer, by posting date."""
    with ledger.open(settings.ledger) as book:
        found = export(book, "entries").filter(pl.col("party_no") == party_no)
    named = pl.when(pl.col("document_no").str.starts_with("LINE/")).then("document_type")
    return found.select(named.otherwise("document_no"), "amount", "letter").rows()


@pytest.fixture
def settings(url: str, tmp_path: Path) -> config.Settings:
    """A company whose customer C1 owes RE-501, RE-502 and RE-503, 100.00 each."""
    found = loading.company(url, tmp_path)
    loading.take(found, tmp_path, "ledger-entries", loading.entries(3).replace(",R", ",RE-50"))
    return found


def paid(settings: config.Settings, folder: Path, day: int, *lines: tuple[str, str]) -> None:
    """A night in which C1 pays; each line is an amount and what it names."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    before = "".join(file.read_text() for file in sorted(inbox.glob("*.sta")))
    closings = re.findall(r":62F:C\d{6}EUR(\d+),(\d\d)", before) or [("500", "00")]
    opening = int("".join(closings[-1]))
    closing = opening + sum(int(amount.replace(",", "")) for amount, _ in lines)
    body = "".join(
        f":61:2611{day:02}11{day:02}C{amount}NTRFNONREF//B{day}{no}\n"
        f":86:166?20{text}?31{IBAN}?32Mueller GmbH\n"
        for no, (amount, text) in enumerate(lines)
    )
    text = (
        f":20:X\n:25:DE05370501980000001101\n:28C:{day}/1\n"
        f":60F:C2611{day:02}EUR{opening // 100},{opening % 100:02}\n{body}"
        f":62F:C2611{day:02}EUR{closing // 100},{closing % 100:02}\n-\n"
    )
    (inbox / f"{day}.sta").write_text(text)
    steps.nightly(settings, [inbox], "tester")


def test_closed_groups_are_lettered_in_their_order_and_keep_their_letters(
    settings: config.Settings, tmp_path: Path
) -> None:
    paid(settings, tmp_path, 2, ("100,00", "RE-502"), ("40,00", "RE-501"))
    first = [
        ("RE-501", "100.00", ""),  # a part is paid
        ("RE-502", "100.00", "AA"),
        ("RE-503", "100.00", ""),
        ("payment", "-100.00", "AA"),
        ("payment", "-40.00", ""),
    ]
    assert sorted(lettered(settings)) == sorted(first)
    paid(settings, tmp_path, 3, ("60,00", "RE-501"))
    paid(settings, tmp_path, 4, ("100,00", "RE-503"))
    assert sorted(lettered(settings)) == sorted([
        ("RE-501", "100.00", "AB"),
        ("RE-502", "100.00", "AA"),
        ("RE-503", "100.00", "AC"),
        ("payment", "-100.00", "AA"),
        ("payment", "-40.00", "AB"),
        ("payment", "-60.00", "AB"),
        ("payment", "-100.00", "AC"),
    ])  # fmt: skip


def test_one_payment_of_two_documents_is_one_group(
    settings: config.Settings, tmp_path: Path
) -> None:
    paid(settings, tmp_path, 2, ("200,00", "RE-501 RE-503"))
    assert sorted(lettered(settings)) == [
        ("RE-501", "100.00", "AA"), ("RE-502", "100.00", ""), ("RE-503", "100.00", "AA"),
        ("payment", "-200.00", "AA"),
    ]  # fmt: skip


def test_what_was_settled_elsewhere_in_part_is_in_lower_case(
    settings: config.Settings, tmp_path: Path
) -> None:
    paid(settings, tmp_path, 2, ("60,00", "RE-501"))
    row = "customer,C1,invoice,RE-501,2026-10-01,EUR,100.00,0.00"
    text = f"{loading.HEADER},remaining_amount\n{row}\n"
    loading.take(settings, tmp_path, "ledger-entries", text, as_of="2026-11-03")
    found = sorted(lettered(settings))
    assert found[0] == ("RE-501", "100.00", "aa"), "the other 40.00 are not in these books"
    assert found[3] == ("payment", "-60.00", "aa")


def test_a_reversal_frees_its_letter_and_moves_no_other(
    settings: config.Settings, tmp_path: Path
) -> None:
    paid(settings, tmp_path, 2, ("100,00", "RE-501"), ("7,00", "Danke"))  # which waits, and so
    paid(settings, tmp_path, 3, ("100,00", "RE-502"))  # does the statement
    with ledger.open(settings.ledger) as book:
        number = book.rows(
            "SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id = a.entry_id"
            " WHERE e.document_no = 'RE-501' AND a.role = 'settles'"
        )[0][0]
    corrections.reverse(settings, [str(number)], "anna", "paid by another customer")
    assert sorted(lettered(settings)) == [
        ("RE-501", "100.00", ""), ("RE-502", "100.00", "AB"), ("RE-503", "100.00", ""),
        ("payment", "-100.00", ""), ("payment", "-100.00", "AB"),
    ]  # fmt: skip


def test_what_is_unapplied_frees_its_letter_and_the_next_group_takes_a_new_one(
    settings: config.Settings, tmp_path: Path
) -> None:
    paid(settings, tmp_path, 2, ("100,00", "RE-501"), ("100,00", "RE-502"))
    letters = {row[0]: row[2] for row in lettered(settings)}
    assert sorted((letters["RE-501"], letters["RE-502"])) == ["AA", "AB"]
    corrections.unapply(settings, "RE-501", "anna", "paid for RE-503")
    kept = {row[0]: row[2] for row in lettered(settings)}
    assert (kept["RE-501"], kept["RE-502"]) == ("", letters["RE-502"])
    paid(settings, tmp_path, 3, ("100,00", "RE-501"))
    assert {row[0]: row[2] for row in lettered(settings)}["RE-501"] == "AC"


def test_a_payment_and_its_return_have_a_letter_of_their_own(two_nights: config.Settings) -> None:
    assert [row for row in lettered(two_nights, "10010") if row[0] != "RE-2026-1012"] == [
        ("RE-2026-1001", "1190.00", ""),  # owed again
        ("payment", "-1190.00", "AB"),  # AA was the invoice with its payment: free now
        ("payment_return", "1190.00", "AB"),
    ]
