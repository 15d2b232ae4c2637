"""A ledger and the people at it: whatever they may do, one thing after another."""

import contextlib
import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

from pipeline import cli, config, corrections, decisions, ledger, steps, teaching
from pipeline.corrections import conflicts, periods, statements
from pipeline.domain.errors import LettrageError
from pipeline.ledger.content import content_hash
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.posting.books_of_a_week import DAYS, Line, Week
from tests.prepared import prepared
from tests.statements.tying import days_of, not_tied

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
TRADE = dataclasses.replace(  # in euros and dollars; euros are changed into dollars
    WEEK,
    dollars=(("C2", 20000, 0), ("C1", 15000, 300)),
    lines=(
        *WEEK.lines,
        Line("DOLLARS", 0, 20000, "C2", 0, "payment", " RE-2026-2001"),
        Line("DOLLARS", 1, 14700, "C1", 0, "payment", " RE-2026-2002"),
        Line("DOLLARS", 1, 5000, "", 0, "payment"),
        Line("BANK", 1, -9300, "", 0, "transfer", to="DOLLARS"),
        Line("DOLLARS", 2, 10000, "", 0, "transfer", to="BANK"),
    ),
)
WEEKS = [
    dataclasses.replace(week, currency=code) for week in (WEEK, TRADE) for code in ("EUR", "CHF")
]
TAXES = (
    "party_type,party_no,document_type,document_no,tax_code,rate,base_amount,tax_amount,"
    "tax_account\ncustomer,C1,invoice,RE-2026-1001,U19,19,84.03,15.97,1776\n"
)
LATER_TAXES = (  # of another invoice, and of the first one by two codes
    TAXES.replace("84.03,15.97", "42.02,7.98")
    + "customer,C1,invoice,RE-2026-1001,U7,7,46.73,3.27,1771\n"
    "customer,C1,invoice,RE-2026-1002,U19,19,168.07,31.93,1776\n"
)
PEOPLE = ("anna", "berta")
LIVE = (
    "reverses_no IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
)


class Office:
    """A ledger and the people at it; ``day`` is the next one of which the bank reports."""

    def __init__(self, url: str, folder: Path, week: Week = WEEK) -> None:
        self.settings, self.week = week.settings(url, folder / "books"), week
        self.folder, self.day = folder, 0
        prepared(url, f"office_{WEEKS.index(week)}", self._begin)

    def _begin(self, url: str) -> None:
        """The books of the week, and the taxes of an invoice, in a new ledger."""
        file = self.folder / "entry-taxes.csv"
        file.write_text(TAXES, "utf-8")
        settings = self.week.loaded(url, self.folder / "books")
        with ledger.open(url) as book:
            load(book, "entry-taxes", file, settings, actor="tester")

    def one(self, sql: str, place: int) -> tuple[str, ...] | None:
        """A row of a query by its place, over and over."""
        with ledger.open(self.settings.ledger) as book:
            rows = book.rows(sql)
        return tuple(str(cell) for cell in rows[place % len(rows)]) if rows else None

    def file(self, kind: str, text: str) -> None:
        """Load a file of a kind."""
        file = self.folder / f"{kind}.csv"
        file.write_text(text, "utf-8")
        with ledger.open(self.settings.ledger) as book:
            load(book, kind, file, self.settings, actor="tester")

    def inbox(self) -> Path:
        """The next day's files; none when all were read."""
        inbox = self.folder / f"inbox-{self.day}"
        self.week.inbox(inbox, [self.day] if self.day < len(DAYS) else [])
        self.day += 1
        return inbox

    def night(self, place: int) -> None:
        steps.nightly(self.settings, [self.inbox()], "night")

    def ingest(self, place: int) -> None:
        steps.ingest(self.settings, [self.inbox()], "night")

    def match(self, place: int) -> None:
        steps.match(self.settings, "night")

    def post(self, place: int) -> None:
        steps.post_all(self.settings, "night")

    def park(self, place: int) -> None:
        steps.park(self.settings, DAYS[place % len(DAYS)], "anna")

    def reconcile(self, place: int) -> None:
        steps.reconcile(self.settings, actor="anna")

    def item(self, place: int) -> int | None:
        """An open exception by its place; of old ones none."""
        row = self.one("SELECT id FROM exception_item WHERE status = 'open' ORDER BY id", place)
        return int(row[0]) if row else None

    def accept(self, place: int) -> None:
        """Also what another person's decision left waiting, which is to approve it."""
        if item := self.item(place):
            decisions.accept(self.settings, item, PEOPLE[place % 2])

    def reject(self, place: int) -> None:
        if item := self.item(place):
            decisions.reject(self.settings, item, "anna")

    def apply(self, place: int) -> None:
        """By hand: to an invoice, the rest on account or written off; to a G/L account."""
        if item := self.item(place // 2):
            invoice = (f"RE-2026-100{place % 4 + 1}", "")
            wish = [
                decisions.Wish(documents=(invoice,), on_account=""),
                decisions.Wish(documents=(invoice,), write_offs=(invoice,)),
                decisions.Wish(on_account="customer/C2"),
                decisions.Wish(accounts=(("bank_fees", ""),)),
            ][place % 4]
            decisions.apply(self.settings, item, wish, "anna")

    def teach(self, place: int) -> None:
        """A text leads to an account; the second time another person approves it."""
        row = self.one("SELECT max(mapping_no) FROM mapping", 0)
        if row and row[0] != "None":
            change = (teaching.approve, teaching.remove)[place % 2]
            change(self.settings, int(row[0]), "berta")
        else:
            to = ("account", "BANK-FEES")
            teaching.add(self.settings, "text", "Zahlung", to, "anna", limit="150.00")

    def taxes(self, place: int) -> None:
        """The ERP knows the taxes better."""
        self.file("entry-taxes", (TAXES, LATER_TAXES)[place % 2])

    def rename(self, place: int) -> None:
        self.file("customers", f"no,name\nC1,Nordlicht Moebel {place} GmbH\n")

    def hand_over(self, place: int) -> None:
        """The postings that no batch has yet."""
        folder = self.folder / f"batch-{len(list(self.folder.glob('batch-*')))}"
        words = ["export", "gl", "--new", "-o", str(folder), "--ledger", self.settings.ledger]
        with contextlib.redirect_stdout(io.StringIO()):
            assert cli.main(words) in (0, 1)

    def reverse(self, place: int) -> None:
        sql = f"SELECT no FROM journal_entry j WHERE line_id IS NOT NULL AND {LIVE} ORDER BY no"
        if row := self.one(sql, place):
            corrections.reverse(self.settings, [row[0]], "anna", "a mistake")

    def undo_decision(self, place: int) -> None:
        """All that one decision posted, be it many lines, in one go."""
        sql = "SELECT no FROM register WHERE kind = 'decision' ORDER BY no"
        if row := self.one(sql, place):
            with ledger.open(self.settings.ledger) as book:
                posted = book.rows(f"SELECT no FROM journal_entry WHERE register_no = {row[0]}")
            corrections.reverse(self.settings, [str(no) for (no,) in posted], "berta", "a mistake")

    def apply_later(self, place: int) -> None:
        """What a line left on account settles an invoice of its party."""
        sql = (
            "SELECT m.document_no, i.document_no FROM entry m JOIN entry i ON i.party_no ="
            " m.party_no AND i.currency = m.currency AND i.document_type = 'invoice' AND"
            " i.remaining_amount > 0 WHERE m.document_type = 'payment' AND m.remaining_amount < 0"
            " ORDER BY 1, 2"
        )
        if row := self.one(sql, place):
            corrections.apply(self.settings, *row, "anna", "for this one")

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
        if row := self.invoice(place):
            amount, rest = int(row[3]), int(row[4])
            self.load(row, amount, rest // (place % 2 + 1) - place % 2 * 100)

    def disagree(self, place: int) -> None:
        """The ERP has another amount of an invoice, or that of before again."""
        if row := self.invoice(place // 2):
            amount = int(row[3]) + place % 2 * 500
            self.load(row, amount, min(int(row[4]), amount))

    def end_conflict(self, place: int) -> None:
        """Ours stands, says a person; first the ERP says otherwise where it does not yet."""
        sql = (
            "SELECT document_no FROM entry WHERE substr(on_hold, 1, 15) = 'source_conflict' ORDER"
            " BY document_no"
        )
        if not self.one(sql, place):
            self.disagree(2 * place + 1)
        if row := self.one(sql, place):
            conflicts.end(self.settings, row[0], "anna", "a price of before")

    def invoice(self, place: int) -> tuple[str, ...] | None:
        """Party, number, currency, amount and what is open of an invoice."""
        return self.one(
            "SELECT party_no, document_no, currency, amount, remaining_amount FROM entry WHERE"
            " document_type = 'invoice' AND remaining_amount > 0 ORDER BY document_no",
            place,
        )

    def load(self, invoice: tuple[str, ...], amount: int, rest: int) -> None:
        party, number, code, *_ = invoice
        self.file(
            "ledger-entries",
            "party_type,party_no,document_type,document_no,posting_date,currency,amount,"
            f"remaining_amount\ncustomer,{party},invoice,{number},2026-10-20,{code},"
            f"{amount / 100:.2f},{max(rest, 0) / 100:.2f}\n",
        )

    def open_outside(self, place: int) -> None:
        """A person opens again what the ERP's list closed."""
        sql = f"SELECT no FROM journal_entry j WHERE kind = 'external' AND {LIVE} ORDER BY no"
        if row := self.one(sql, place):
            corrections.reverse(self.settings, [row[0]], "anna", "the list was cut")

    def rates(self, place: int) -> None:
        """The rates of the week, or of its last days only."""
        days = [dt.date(2026, 10, 20), *DAYS][place % 3 :]
        codes = {"EUR", "USD"} - {self.week.currency}
        rows = [f"{day},{code},1.0{day.day:02}" for code in sorted(codes) for day in days]
        self.file("rates", "date,currency,rate\n" + "\n".join(rows) + "\n")
        steps.value(self.settings, "anna")

    def holds(self) -> None:
        with ledger.open(self.settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            assert not_tied(book, days_of(book)) == []


WORK: dict[str, Callable[[Office, int], None]] = {
    name: getattr(Office, name)
    for name in ("night", "ingest", "match", "post", "park", "reconcile", "accept", "reject",
                 "apply", "teach", "taxes", "rename", "hand_over", "reverse", "unapply",
                 "undo_decision", "apply_later", "apply_again", "undo_statement", "close",
                 "reopen", "outside", "disagree", "end_conflict", "open_outside", "rates")
}  # fmt: skip
Sequence = list[tuple[str, int]]


def content(settings: config.Settings) -> str:
    with ledger.open(settings.ledger) as book:
        return content_hash(book)


def done(office: Office, name: str, place: int) -> str:
    """Do one thing; what may not be done now says so, which is given back."""
    try:
        WORK[name](office, place)
    except LettrageError as error:
        return str(error) or type(error).__name__
    return ""


def played(office: Office, sequence: Sequence, check: Callable[[], None]) -> None:
    """Do one after another; what is refused changes nothing."""
    for name, place in sequence:
        before = content(office.settings)
        if done(office, name, place):
            assert content(office.settings) == before, name
        check()
