"""A payment is un-applied: its documents open again, what was paid stands on account."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import config, corrections, ledger, steps
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given
from tests.posting.test_golden import state
from tests.posting.test_reversal import NIGHTS, remaining
from tests.prepared import after_first_night

TAXED = (FOLDER / "discount-with-tax.md").read_text("utf-8").partition(THEN)[0]


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    """An invoice of 1,000 paid by 980 with its discount; the statement stays open behind a gap."""
    settings = given(TAXED, url, tmp_path, gap=True)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    assert remaining(settings, "RE-2026-1001") == ["0.00"]
    return settings


def exported(settings: config.Settings, kind: str) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind)


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def posted(settings: config.Settings) -> list[tuple[Any, ...]]:
    rows = exported(settings, "applications").filter(status="posted")
    return rows.select("document_no", "applied_amount", "discount_amount", "letter").rows()


def unapply(settings: config.Settings, named: str, **more: Any) -> dict[str, Any]:
    return corrections.unapply(settings, named, "anna", "paid for another invoice", **more)


def test_un_applied_and_applied_again_the_books_are_as_before(
    books: config.Settings, tmp_path: Path
) -> None:
    before = state(books)
    assert posted(books) == [("RE-2026-1001", "980.00", "20.00", "AA")]
    done = unapply(books, "RE-2026-1001")
    assert done["open_again"] == {"RE-2026-1001": "1000.00 EUR"}
    assert done["on_account"] == {"C1": "980.00 EUR"}
    assert posted(books) == [("", "980.00", "0.00", "")]
    holds(books)
    steps.nightly(books, [tmp_path / "inbox"], "tester")
    assert remaining(books, "RE-2026-1001") == ["1000.00"], "the night does not apply it again"
    with ledger.open(books.ledger) as book:
        number = book.rows("SELECT max(no) FROM journal_entry WHERE kind = 'unapplication'")[0][0]
    corrections.reverse(books, [str(number)], "berta", "it was right after all")
    assert state(books) == before
    assert posted(books) == [("RE-2026-1001", "980.00", "20.00", "AB")], "a letter is used once"
    holds(books)
    assert unapply(books, "BANK/1/1")["open_again"] == {"RE-2026-1001": "1000.00 EUR"}
    holds(books)


def test_what_is_un_applied_is_reversed_in_the_right_order(books: config.Settings) -> None:
    unapply(books, "RE-2026-1001")
    with ledger.open(books.ledger) as book:
        rows = book.rows("SELECT no, kind FROM journal_entry WHERE kind IN ('payment',"
                         " 'unapplication') ORDER BY no")  # fmt: skip
    (payment, _), (undone, _) = rows
    with pytest.raises(LedgerError, match=f"taken back by journal entry {undone}; reverse that"):
        corrections.reverse(books, [str(payment)], "anna", "mistake")
    corrections.reverse(books, [str(undone)], "anna", "mistake")
    corrections.reverse(books, [str(payment)], "anna", "mistake")
    assert remaining(books, "RE-2026-1001") == ["1000.00"]
    assert state(books)["balances"] == [("AR", "EUR", 100000), ("OPENING", "EUR", -100000)]
    holds(books)


def test_one_document_of_a_sum_opens_and_the_others_stay_settled(
    settings: config.Settings,
) -> None:
    before = remaining(settings, "RE-2026-1004")
    chosen = after_first_night(settings.ledger, "never")
    done = unapply(chosen, "RE-2026-1004")
    assert done["line"] == "DE-EUR/211/3"
    assert remaining(chosen, "RE-2026-1004") == before
    assert remaining(chosen, "RE-2026-1005") == ["0.00"]
    holds(chosen)
    unapply(chosen, "DE-EUR/211/3")
    assert remaining(chosen, "RE-2026-1005") != ["0.00"]
    holds(chosen)
    count = exported(chosen, "gl").height
    steps.nightly(chosen, [NIGHTS[0]], "tester")
    assert exported(chosen, "gl").height == count, "what is open again is left to a person"
    holds(chosen)


def test_of_two_halves_of_an_invoice_the_one_that_is_meant_is_undone(
    url: str, tmp_path: Path
) -> None:
    half = ":61:2610291029C500,00NTRFNONREF//{0}\n:86:166?20SVWZ+RE-2026-1001?31"
    half += "DE05370501980000001101?32Nordlicht Moebel GmbH\n"
    books = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    books += "customer,C1,invoice,RE-2026-1001,2026-10-20,EUR,1000.00\n"
    story = f"```csv ledger-entries\n{books}```\n\n```mt940 BANK\n{half.format('A')}"
    settings = given(f"{story}{half.format('B')}```\n", url, tmp_path, gap=True)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    assert remaining(settings, "RE-2026-1001") == ["0.00"]
    with pytest.raises(UsageError, match="several lines settle it, name one: BANK/1/1, BANK/1/2"):
        unapply(settings, "RE-2026-1001")
    unapply(settings, "BANK/1/2")
    rows = exported(settings, "applications").filter(document_no="RE-2026-1001")
    told = rows.filter(pl.col("applied_amount") == "500.00").select("line_no", "status").rows()
    assert sorted(told) == [(1, "posted"), (2, "reversed")]
    assert remaining(settings, "RE-2026-1001") == ["500.00"]
    holds(settings)
    corrections.reverse(settings, ["BANK/1/1"], "anna", "not this one either")
    assert remaining(settings, "RE-2026-1001") == ["1000.00"]
    holds(settings)


def bank_returns(settings: config.Settings, folder: Path, amount: str, text: str) -> None:
    """A statement behind that of the story, in which the bank takes money back."""
    inbox = folder / "inbox"
    first = next(inbox.iterdir()).read_text("ascii").splitlines()
    account = next(line for line in first if line.startswith(":25:"))
    closing = next(line for line in first if line.startswith(":62F:"))[15:]
    cents = int(closing.replace(",", "")) - int(amount.replace(",", ""))
    payer = "?31DE05370501980000001101?32Nordlicht Moebel GmbH"
    (inbox / "returned.sta").write_text(
        f":20:R\n{account}\n:28C:2/1\n:60F:C261029EUR{closing}\n"
        f":61:2610301030D{amount}NRTINONREF//R1\n:86:109?20RUECKLASTSCHRIFT {text}{payer}\n"
        f":62F:C261030EUR{cents // 100},{cents % 100:02}\n-\n",
        "ascii",
    )
    steps.nightly(settings, [inbox], "tester")


def test_a_payment_that_was_un_applied_and_comes_back_leaves_its_money_on_account(
    books: config.Settings, tmp_path: Path
) -> None:
    """The invoice is open already: the return takes the payment and no discount."""
    unapply(books, "RE-2026-1001")
    bank_returns(books, tmp_path, "980,00", "RE-2026-1001")
    assert remaining(books, "RE-2026-1001") == ["1000.00"]
    entries = exported(books, "entries").filter(pl.col("document_type") != "invoice")
    assert sorted(entries.select("document_type", "amount", "remaining_amount").rows()) == [
        ("payment", "-980.00", "0.00"), ("payment_return", "980.00", "0.00"),
    ]  # fmt: skip
    assert exported(books, "exceptions").is_empty()
    holds(books)
    with ledger.open(books.ledger) as book:
        undone = book.rows("SELECT max(no) FROM journal_entry WHERE kind = 'unapplication'")[0][0]
    with pytest.raises(LedgerError, match=r"does not owe as much|settle|taken back"):
        corrections.reverse(books, [str(undone)], "anna", "it was right after all")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("RE-2026-9999", "there is no such document; expected its number, .*, or a bank line as"),
        ("DE-EUR/211/4", "no payment is applied by it"),
        ("RE-2026-1006", "no payment is applied to it"),
    ],
)
def test_what_cannot_be_un_applied_is_said(
    sqlite_settings: config.Settings, named: str, said: str
) -> None:
    chosen = after_first_night(sqlite_settings.ledger, "never")
    with pytest.raises(UsageError, match=said):
        unapply(chosen, named)


@pytest.mark.parametrize("named", ["RE-5%", "RE-50%(x)s", "RE-%s", "O'Hara:1"])
def test_any_number_that_nothing_has_is_said(settings: config.Settings, named: str) -> None:
    with pytest.raises(UsageError, match="there is no such document"):
        unapply(settings, named)
