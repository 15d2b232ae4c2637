"""When a statement closes, and what it waits for until then."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from tests.reports.company import (
    CARD,
    FOLLOWS,
    HEAD,
    NEW,
    company,
    holds,
    invoice,
    mt940,
    night,
    ofx,
)  # fmt: skip

MARCH = [dt.date(2026, 3, day) for day in range(1, 32)]
FIRST = mt940(10, MARCH[1], 100_000, [invoice(1)])
SECOND = mt940(11, MARCH[2], 110_000, [invoice(2)])
THIRD = mt940(12, MARCH[3], 120_000, [invoice(3)])


def states(settings: config.Settings) -> dict[str, tuple[str, str]]:
    """Status and what it waits for (or the reason why it is held), by statement number."""
    with ledger.open(settings.ledger) as book:
        rows = export(book, "statements").to_dicts()
    return {row["statement_no"]: (row["status"], row["waits_for"] or row["reason"]) for row in rows}


CLOSED = ("reconciled", "")


def test_a_late_statement_closes_all_that_waited(url: str, tmp_path: Path) -> None:
    books = company(url, tmp_path / "books")
    night(books, tmp_path / "1", FIRST)
    night(books, tmp_path / "2", THIRD)
    gap = "missing statement 11 from balance 1100.00 to 1200.00"
    assert states(books) == {"10": CLOSED, "12": ("posted", gap)}
    night(books, tmp_path / "3", SECOND)
    assert states(books) == {"10": CLOSED, "11": CLOSED, "12": CLOSED}
    holds(books)


def test_a_wrong_balance_is_held_and_its_correction_releases_the_rest(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books")
    wrong = mt940(11, MARCH[2], 110_000, [invoice(2)], closing=120_001)
    night(books, tmp_path / "1", FIRST, wrong, THIRD)
    held = "statement 11 (does_not_tie) from balance 1100.00 to 1200.00"
    assert states(books) == {
        "10": CLOSED,
        "11": ("held", "does_not_tie"),
        "12": ("posted", held),
    }
    night(books, tmp_path / "2", SECOND)
    assert states(books) == {"10": CLOSED, "11": CLOSED, "12": CLOSED}
    holds(books)


def test_an_open_line_is_named_and_later_statements_wait_for_its_statement(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books")
    open_lines = [invoice(1), (12_345, "wer ist das"), invoice(4), (777, "und das")]
    first = mt940(10, MARCH[1], 100_000, open_lines)
    night(books, tmp_path / "1", first, mt940(11, MARCH[2], 133_122, [invoice(2)]))
    assert states(books) == {"10": ("received", "lines 2, 4"), "11": ("posted", "statement 10")}
    holds(books)


def test_a_balance_that_comes_back_by_chance_does_not_bridge_a_gap(
    url: str, tmp_path: Path
) -> None:
    """11 (+100) is missing, 12 (-100) brings the old balance back, 13 opens with it."""
    books = company(url, tmp_path / "books")
    fee = mt940(12, MARCH[3], 120_000, [(-10_000, "Irrtum")])
    night(books, tmp_path / "1", FIRST, fee, mt940(13, MARCH[4], 110_000, [invoice(3)]))
    found = states(books)
    assert found["12"][1] == "missing statement 11 from balance 1100.00 to 1200.00"
    assert found["13"] == ("posted", "statement 12")
    holds(books)


def test_several_statements_of_one_day_close_in_the_order_of_their_balances(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books")
    day = MARCH[1]
    late = mt940(7, day, 110_000, [invoice(2)])
    night(books, tmp_path / "1", late, mt940(8, day, 100_000, [invoice(1)]))
    assert states(books) == {"7": CLOSED, "8": CLOSED}
    holds(books)


@pytest.mark.parametrize("numbering", ["continuous", "yearly", "none"])
def test_a_jump_in_numbers_with_tied_balances_is_a_warning(
    url: str, tmp_path: Path, numbering: str
) -> None:
    head = f"{HEAD},statement_numbering"
    books = company(url, tmp_path / "books", f"{FOLLOWS},{numbering}", head=head)
    receipt = night(books, tmp_path / "1", FIRST, mt940(14, MARCH[2], 110_000, [invoice(2)]))
    assert states(books) == {"10": CLOSED, "14": CLOSED}
    warned = ["HB: statement 14 follows 10, the balances tie"]
    assert receipt["reconcile"]["warnings"] == ([] if numbering == "none" else warned)
    holds(books)


def test_without_a_known_balance_the_first_opening_is_taken_posted_and_said(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books", NEW)
    receipt = night(books, tmp_path / "1", FIRST, SECOND)
    assert receipt["reconcile"]["warnings"] == [
        "HB: opening balance 1000.00 EUR is taken from its first statement"
    ]
    with ledger.open(books.ledger) as book:
        opening = book.rows(
            "SELECT j.posting_date, p.gl_account, p.amount FROM posting p JOIN journal_entry j ON"
            " j.no = p.journal_entry_no WHERE j.kind = 'opening' AND p.gl_account = 'BANK-HB'"
        )
    assert [tuple(row) for row in opening] == [("2026-03-01", "BANK-HB", 100_000)]
    assert states(books) == {"10": ("reconciled", "opening_assumed"), "11": CLOSED}
    assert night(books, tmp_path / "1")["reconcile"]["warnings"] == []
    holds(books)


def test_pages_of_one_number_close_together_when_the_last_one_is_here(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books")
    first = mt940(10, MARCH[1], 100_000, [invoice(1)], page="1", marks="FM")
    second = mt940(10, MARCH[1], 110_000, [invoice(2)], page="2", marks="MF")
    night(books, tmp_path / "1", first)
    assert states(books) == {"10": ("held", "incomplete")}
    night(books, tmp_path / "2", second)
    assert states(books) == {"10": CLOSED}
    holds(books)


def test_ofx_chains_by_its_ledger_balance_and_skips_what_it_knows(url: str, tmp_path: Path) -> None:
    books = company(url, tmp_path / "books", CARD)
    one, two, three = ((MARCH[n], *invoice(n)) for n in (2, 3, 4))
    night(books, tmp_path / "1", ofx((MARCH[2], MARCH[3]), [one, two], 120_000))
    night(books, tmp_path / "2", ofx((MARCH[2], MARCH[4]), [one, two, three], 130_000))
    assert states(books) == {"2026-03-04": CLOSED, "2026-03-05": CLOSED}
    holds(books)


def test_an_ofx_balance_of_another_moment_is_proved_by_the_next_one(
    url: str, tmp_path: Path
) -> None:
    """The first file's balance holds a payment already that only the second file lists."""
    books = company(url, tmp_path / "books", CARD)
    one, two = ((MARCH[n], *invoice(n)) for n in (2, 3))
    night(books, tmp_path / "1", ofx((MARCH[2], MARCH[2]), [one], 120_000))
    assert states(books)["2026-03-03"] == (
        "posted", "missing statement from balance 1000.00 to 1100.00"
    )  # fmt: skip
    night(books, tmp_path / "2", ofx((MARCH[2], MARCH[3]), [one, two], 120_000))
    assert states(books) == {"2026-03-03": CLOSED, "2026-03-04": CLOSED}
    holds(books)


def test_ofx_without_a_balance_posts_and_does_not_reconcile(url: str, tmp_path: Path) -> None:
    books = company(url, tmp_path / "books", CARD)
    night(books, tmp_path / "1", ofx((MARCH[2], MARCH[2]), [(MARCH[2], *invoice(2))], None))
    assert list(states(books).values()) == [("posted", "closing balance")]
    holds(books)


def test_a_statement_across_the_cut_over_counts_only_its_lines_after_it(
    url: str, tmp_path: Path
) -> None:
    books = company(url, tmp_path / "books", CARD)
    known, fresh = (MARCH[0], 5_000, "alt"), (MARCH[2], *invoice(1))
    night(books, tmp_path / "1", ofx((MARCH[0], MARCH[2]), [known, fresh], 110_000))
    assert states(books) == {"2026-03-03": CLOSED}
    holds(books)


def test_one_bank_account_is_reconciled_alone(url: str, tmp_path: Path) -> None:
    books = company(url, tmp_path / "books", FOLLOWS, CARD)
    for number, text in enumerate(
        (FIRST, ofx((MARCH[2],) * 2, [(MARCH[2], *invoice(2))], 110_000))
    ):
        (tmp_path / f"{number}.sta").write_text(text, "utf-8")
    steps.ingest(books, sorted(tmp_path.glob("*.sta")), "tester")
    steps.match(books, "tester")
    steps.post(books, "tester")
    assert steps.reconcile(books, "CARD")["reconciled"] == 1
    assert states(books) == {"10": ("posted", ""), "2026-03-03": CLOSED}
    assert steps.reconcile(books, "HB")["reconciled"] == 1
    holds(books)


def test_nights_one_by_one_and_at_once_give_equal_exports(url: str, tmp_path: Path) -> None:
    texts = [FIRST, THIRD, SECOND, mt940(13, MARCH[4], 130_000, [(4_321, "wer")])]
    books = company(url, tmp_path / "books")
    for number, text in enumerate(texts):
        night(books, tmp_path / f"{number}", text)
    other = company(f"sqlite:///{tmp_path}/other.db", tmp_path / "books")
    night(other, tmp_path / "all", *texts)
    for kind in ("applications", "lines", "statements", "entries", "gl", "bank-entries"):
        with ledger.open(books.ledger) as one, ledger.open(other.ledger) as two:
            drop = [] if kind != "statements" else ["file_name"]
            left, right = (export(book, kind).drop(drop) for book in (one, two))
        assert left.equals(right), kind
    holds(books)
