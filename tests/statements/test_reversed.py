"""Entries that were reversed in the period: shown, or left out with what took them back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, corrections, ledger
from pipeline.ledger import as_of, reads
from pipeline.statements import Form, compose
from tests.posting.test_parking import nights
from tests.posting.test_returns import BRANDT, second_night
from tests.posting.test_unapply import books, unapply

__all__ = ["books"]

DAY = dt.date(2026, 11, 30)
FIRST = dt.date(2026, 10, 1)
WHO = {"name": "Nordlicht GmbH", "name_2": "", "language": "en-GB", "country": "DE"}


def section(
    settings: config.Settings, number: str, reversed_entries: str, style: str, first: dt.date
) -> dict[str, Any]:
    with ledger.open(settings.ledger) as book:
        head = reads.register_head(book)["no"]
        rows = (
            read(book, DAY, head, [number])
            for read in (as_of.customer_entries, as_of.customer_movements)
        )
        form = Form(style, first, reversed=reversed_entries)
        data = compose(WHO | {"no": number}, *rows, DAY, form, "", "0" * 64)
    (found,) = data["currencies"]
    return dict(found)


def account(
    settings: config.Settings, number: str, reversed_entries: str, first: dt.date = FIRST
) -> list[tuple[str, str]]:
    """What moved and the balance after it, between the first balance and the last."""
    found = section(settings, number, reversed_entries, "balance_forward", first)
    return [(row["type"], row["balance"]) for row in found["account"][1:-1]]


def closing(settings: config.Settings, number: str) -> list[tuple[str, str, str]]:
    """The last balance, the total of the activity and what is open: shown, and then hidden."""
    said = []
    for wish in ("show", "hide"):
        forward = section(settings, number, wish, "balance_forward", FIRST)
        activity = section(settings, number, wish, "activity", FIRST)
        said.append((forward["account"][-1]["balance"], activity["total"], forward["balance"]))
    return said


def test_a_payment_that_a_person_reversed_goes_with_its_discount_and_what_took_both_back(
    books: config.Settings,
) -> None:
    before = account(books, "C1", "hide")
    assert [name for name, _ in before] == ["Invoice", "Payment", "Cash discount"]
    corrections.reverse(books, ["BANK/1/1"], "anna", "the wrong customer")
    assert [name for name, _ in account(books, "C1", "show")] == [
        "Invoice", "Payment", "Cash discount", "Payment reversed", "Cash discount",
    ]  # fmt: skip
    assert account(books, "C1", "hide") == [("Invoice", "1,000.00")]
    assert account(books, "C1", "") == account(books, "C1", "show"), "unless it is asked for"
    assert closing(books, "C1") == [("1,000.00", "1,000.00", "1,000.00")] * 2


def test_an_un_applied_payment_stays_and_only_its_discount_goes(books: config.Settings) -> None:
    before = account(books, "C1", "show")
    unapply(books, "RE-2026-1001")
    assert account(books, "C1", "hide") == [("Invoice", "1,000.00"), ("Payment", "20.00")]
    assert closing(books, "C1") == [("20.00", "20.00", "20.00")] * 2
    with ledger.open(books.ledger) as book:
        number = book.rows("SELECT max(no) FROM journal_entry WHERE kind = 'unapplication'")[0][0]
    corrections.reverse(books, [str(number)], "berta", "it was right after all")
    assert len(account(books, "C1", "show")) == len(before) + 2
    assert account(books, "C1", "hide") == before, "what was taken back twice stands as first said"


@pytest.mark.parametrize(
    ("number", "line", "hidden"),
    [
        ("10020", ("D980,00", f"SVWZ+RUECKLASTSCHRIFT{BRANDT}"), 4),  # with a discount
        ("10150", ("D1100,00", "SVWZ+RUECKLASTSCHRIFT?31{payer}?32Payer"), 2),  # 50 on account
    ],
)
def test_a_payment_that_the_bank_took_back_goes_with_its_return(
    sqlite_first_night: config.Settings,
    tmp_path: Path,
    number: str,
    line: tuple[str, str],
    hidden: int,
) -> None:
    settings = sqlite_first_night
    with ledger.open(settings.ledger) as book:
        ((payer,),) = book.rows(
            "SELECT counterparty_account FROM statement_line WHERE amount = 110000"
        )
    before = account(settings, number, "show")
    nights(settings, second_night(tmp_path, (line[0], line[1].format(payer=payer))))
    shown, without = account(settings, number, "show"), account(settings, number, "hide")
    assert ("Returned payment", shown[-1][1]) in shown or shown[-2][0] == "Returned payment"
    assert len(shown) - len(without) == hidden
    assert {name for name, _ in without} == {"Invoice"}
    assert len(set(closing(settings, number))) == 1
    assert len(without) < len(before)


def test_what_was_reversed_after_the_period_it_was_told_in_is_shown(
    books: config.Settings,
) -> None:
    """Its balance was brought forward with the payment: only its reversal says why it is more."""
    on = dt.date(2026, 11, 5)
    corrections.reverse(books, ["BANK/1/1"], "anna", "the wrong customer", on)
    november = account(books, "C1", "hide", on.replace(day=1))
    assert [name for name, _ in november] == ["Payment reversed", "Cash discount"]
    assert november[-1][1] == "1,000.00"


def test_a_template_hides_them_and_a_run_shows_them_all_the_same() -> None:
    plain = Form(templates={"short": {"reversed": "hide"}})
    assert plain.of({}).reversed == "show"
    assert plain.of({"statement_template": "short"}).reversed == "hide"
    asked = Form(reversed="show", templates=plain.templates, template="short")
    assert asked.of({}).reversed == "show"


def test_a_customer_of_whom_all_was_taken_back_is_told_where_it_is_shown(
    books: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The settings say it for all runs, a run says it for itself."""
    corrections.reverse(books, ["BANK/1/1"], "anna", "the wrong customer", dt.date(2026, 11, 5))
    (tmp_path / "lettrage.toml").write_text('[statements]\nreversed = "hide"\n')
    words = ["--config", str(tmp_path / "lettrage.toml"), "--ledger", books.ledger, "statements",
             "--as-of", "2026-11-30", "--style", "activity", "--from", "2026-10-01", "--format",
             "json", "--out"]  # fmt: skip
    assert cli.main([*words, str(tmp_path / "hidden")]) == 0
    assert cli.main([*words, str(tmp_path / "shown"), "--reversed", "show"]) == 0
    capsys.readouterr()
    (hidden,), (shown,) = ([*(tmp_path / name).iterdir()] for name in ("hidden", "shown"))
    assert "reversal" not in hidden.read_text("utf-8")
    assert "reversal" in shown.read_text("utf-8")
