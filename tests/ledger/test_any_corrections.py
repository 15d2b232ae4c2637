"""Nights, decisions and corrections in any order: the books hold after each of them."""

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from pipeline import config, corrections, decisions, ledger, steps
from pipeline.corrections import periods, statements
from pipeline.domain.errors import LettrageError
from pipeline.ledger import reads
from pipeline.ledger.content import content_hash
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.long import examples
from tests.posting.books_of_a_week import DAYS, Line, Week
from tests.statements.tying import days_of, late_not_tied, not_tied

WEEK = Week(
    invoices=(("C1", 10000, 200), ("C1", 20000, 0), ("C2", 30000, 0), ("C2", 10000, 0)),
    lines=(
        Line("BANK", 0, 9800, "C1", 1, "payment"),
        Line("BANK", 0, 20000, "C1", 2, "payment"),
        Line("BANK", 1, 30000, "C2", 3, "payment"),
        Line("BANK", 1, 10000, "", 0, "payment"),
        Line("BANK-2", 1, 10000, "C2", 4, "payment"),
        Line("BANK", 2, -20000, "C1", 2, "return"),
        Line("BANK", 2, 10000, "C1", 0, "payment"),
    ),
    park="nightly",
)
TAXES = (
    "party_type,party_no,document_type,document_no,tax_code,rate,base_amount,tax_amount,"
    "tax_account\ncustomer,C1,invoice,RE-2026-1001,U19,19,84.03,15.97,1776\n"
)
LIVE = (
    "reverses_no IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
)


class Office:
    """A ledger and the people at it; ``day`` is the next one of which the bank reports."""

    def __init__(self, url: str, folder: Path, week: Week = WEEK) -> None:
        self.settings = week.loaded(url, folder / "books")
        self.folder, self.day = folder, 0
        taxes = folder / "taxes.csv"
        taxes.write_text(TAXES, "utf-8")
        with ledger.open(url) as book:
            load(book, "entry-taxes", taxes, self.settings, actor="tester")

    def one(self, sql: str, place: int) -> tuple[str, ...] | None:
        """A row of a query by its place, over and over."""
        with ledger.open(self.settings.ledger) as book:
            rows = book.rows(sql)
        return tuple(str(cell) for cell in rows[place % len(rows)]) if rows else None

    def night(self, place: int) -> None:
        """The next day's files; a night without any when all were read."""
        inbox = self.folder / f"inbox-{self.day}"
        WEEK.inbox(inbox, [self.day] if self.day < len(DAYS) else [])
        self.day += 1
        steps.nightly(self.settings, [inbox], "night")

    def accept(self, place: int) -> None:
        if row := self.one(
            "SELECT id FROM exception_item WHERE status = 'open' ORDER BY id", place
        ):
            decisions.accept(self.settings, int(row[0]), "anna")

    def reverse(self, place: int) -> None:
        sql = f"SELECT no FROM journal_entry j WHERE line_id IS NOT NULL AND {LIVE} ORDER BY no"
        if row := self.one(sql, place):
            corrections.reverse(self.settings, [row[0]], "anna", "a mistake")

    def unapply(self, place: int) -> None:
        sql = "SELECT document_no FROM entry WHERE document_type = 'invoice' ORDER BY document_no"
        if row := self.one(sql, place):
            corrections.unapply(self.settings, row[0], "anna", "for another invoice")

    def apply_again(self, place: int) -> None:
        sql = f"SELECT no FROM journal_entry j WHERE kind = 'unapplication' AND {LIVE} ORDER BY no"
        if row := self.one(sql, place):
            corrections.reverse(self.settings, [row[0]], "berta", "it was right")

    def undo_statement(self, place: int) -> None:
        sql = (
            "SELECT c.bank_account_no, s.statement_no FROM closed_statement c JOIN statement s ON"
            " s.id = c.statement_id ORDER BY c.bank_account_no, c.ord DESC"
        )
        if row := self.one(sql, place):
            for who in ("anna", "berta"):
                statements.undo(self.settings, row[0], row[1], who, "a line of it")

    def close(self, place: int) -> None:
        periods.close(self.settings, DAYS[place % len(DAYS)], "anna")

    def reopen(self, place: int) -> None:
        for who in ("anna", "berta"):
            periods.reopen(self.settings, dt.date(2026, 9, 30), who, "an invoice of October")

    def outside(self, place: int) -> None:
        """The ERP has an invoice of which something was settled there."""
        sql = (
            "SELECT party_no, document_no, amount, remaining_amount FROM entry WHERE document_type"
            " = 'invoice' AND remaining_amount > 0 ORDER BY document_no"
        )
        if row := self.one(sql, place):
            self.load(*row[:2], int(row[2]), int(row[3]) // (place % 2 + 1) - place % 2 * 100)

    def load(self, party: str, number: str, amount: int, rest: int) -> None:
        file = self.folder / "erp.csv"
        file.write_text(
            "party_type,party_no,document_type,document_no,posting_date,currency,amount,"
            f"remaining_amount\ncustomer,{party},invoice,{number},2026-10-20,EUR,"
            f"{amount / 100:.2f},{max(rest, 0) / 100:.2f}\n"
        )
        with ledger.open(self.settings.ledger) as book:
            load(book, "ledger-entries", file, self.settings, actor="erp")

    def open_outside(self, place: int) -> None:
        """A person opens again what the ERP's list closed."""
        sql = f"SELECT no FROM journal_entry j WHERE kind = 'external' AND {LIVE} ORDER BY no"
        if row := self.one(sql, place):
            corrections.reverse(self.settings, [row[0]], "anna", "the list was cut")

    def rates(self, place: int) -> None:
        """The rates of the week, or of its last days only."""
        file = self.folder / "rates.csv"
        rows = [f"{day},EUR,1.0{day.day:02}" for day in [dt.date(2026, 10, 20), *DAYS][place % 3 :]]
        file.write_text("date,currency,rate\n" + "\n".join(rows) + "\n")
        with ledger.open(self.settings.ledger) as book:
            load(book, "rates", file, self.settings, actor="anna")
        steps.value(self.settings, "anna")

    def holds(self) -> None:
        with ledger.open(self.settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            assert not_tied(book, days_of(book)) == []
            days, last = days_of(book), reads.register_head(book)["no"]
            for day in days[:: max(1, len(days) // 3)]:
                assert late_not_tied(book, day, last // 2, last) == []


WORK: dict[str, Callable[[Office, int], None]] = {
    name: getattr(Office, name)
    for name in ("night", "accept", "reverse", "unapply", "apply_again", "undo_statement", "close",
                 "reopen", "outside", "open_outside")
}  # fmt: skip
Sequence = list[tuple[str, int]]
sequences = st.lists(st.tuples(st.sampled_from(list(WORK)), st.integers(0, 5)), min_size=4,
                     max_size=9)  # fmt: skip
LONG: Sequence = [
    ("night", 0), ("unapply", 0), ("apply_again", 0), ("unapply", 0), ("close", 0), ("reopen", 0),
    ("close", 0), ("night", 0), ("undo_statement", 0), ("reverse", 3), ("accept", 0),
    ("undo_statement", 0), ("undo_statement", 0), ("reverse", 1), ("night", 0), ("accept", 1),
    ("unapply", 1), ("reopen", 0), ("reverse", 4), ("apply_again", 0), ("night", 0),
    ("outside", 1), ("unapply", 0), ("outside", 0), ("open_outside", 0), ("reverse", 0),
    ("open_outside", 1), ("night", 0),
]  # fmt: skip


def played(office: Office, sequence: Sequence, check: Callable[[], None]) -> None:
    """Do one after another; what may not be done now says so and changes nothing."""
    for name, place in sequence:
        before = content(office.settings)
        try:
            WORK[name](office, place)
        except LettrageError:
            assert content(office.settings) == before, name
        check()


FOREIGN = {**WORK, "rates": Office.rates}
foreign = st.lists(st.tuples(st.sampled_from(list(FOREIGN)), st.integers(0, 5)), min_size=4,
                   max_size=9)  # fmt: skip


@profile(max_examples=examples(4), deadline=None)
@given(foreign)
@example([*LONG[:9], ("rates", 1), *LONG[9:20], ("rates", 0), *LONG[20:]])
@example([("rates", 0), *LONG])
def test_so_do_books_whose_currency_is_another_one(sequence: Sequence) -> None:
    """What has a value keeps it, and nothing is refused because of one."""
    with tempfile.TemporaryDirectory() as folder:
        week = dataclasses.replace(WEEK, currency="CHF")
        office = Office(f"sqlite:///{folder}/ledger.db", Path(folder), week)
        for name, place in [("night", 0), *sequence]:
            said = ""
            try:
                FOREIGN[name](office, place)
            except LettrageError as error:
                said = str(error)
            assert "value" not in said, name
            assert "company" not in said, name
            office.holds()


def content(settings: config.Settings) -> str:
    with ledger.open(settings.ledger) as book:
        return content_hash(book)


@profile(max_examples=examples(6), deadline=None)
@given(sequences)
@example(LONG)
def test_the_books_hold_after_whatever_people_do(sequence: Sequence) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(f"sqlite:///{folder}/ledger.db", Path(folder))
        played(office, [("night", 0), *sequence], office.holds)


def test_both_databases_hold_the_same_after_all_of_it(postgres: str, tmp_path: Path) -> None:
    offices = []
    for name, url in (("one", f"sqlite:///{tmp_path}/ledger.db"), ("other", postgres)):
        office = Office(url, tmp_path / name)
        played(office, LONG, lambda: None)
        office.holds()
        offices.append(content(office.settings))
    assert offices[0] == offices[1]
