"""Thirty nights beside an ERP that lags, sends twice, sends old files and cut ones."""

import datetime as dt
import random
from collections import Counter, defaultdict
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger, steps
from pipeline.domain.errors import LoadError
from pipeline.ledger.content import content_hash
from pipeline.ledger.export import batches, export, general_ledger
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.ledger.erp import FIRST, IBANS, Company
from tests.long import examples

BANK = (
    "no,name,currency,iban,last_statement_date,last_statement_balance\n"
    "B,Bank,EUR,DE05370501980000001101,2026-11-01,0.00\n"
)
CUSTOMERS = "no,name,ibans\n" + "".join(f"{no},Kunde {no},{iban}\n" for no, iban in IBANS.items())


class Beside:
    """A ledger beside the company's ERP."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        ledger.init(url)
        self.settings = config.Settings(ledger=url)
        self.folder, self.chance = folder, random.Random(seed)
        self.truth = Company(random.Random(seed + 1))
        self.sent: list[tuple[str, dt.date | None]] = []
        self.told: Counter[str] = Counter()
        for kind, text in {"bank-accounts": BANK, "customers": CUSTOMERS}.items():
            self.take(kind, text)

    def take(self, kind: str, text: str, **more: object) -> dict:
        file = self.folder / f"{kind}.csv"
        file.write_text(text, "utf-8")
        with ledger.open(self.settings.ledger) as book:
            return load(book, kind, file, self.settings, actor="erp", **more)  # type: ignore[arg-type]

    def night(self, number: int, *, calm: bool = False) -> None:
        """The ERP's files and the bank's, in any order; then the ERP hears what was posted."""
        day = FIRST + dt.timedelta(days=number)
        if not calm:
            self.truth.business(number)
        self.truth.hears(0 if calm else self.chance.randint(0, 3))
        first = calm or not number or self.chance.random() < 0.5
        if first:
            self.extracts(day, calm=calm or not number)
        inbox = self.folder / f"night-{number}"
        inbox.mkdir()
        (inbox / "bank.sta").write_text("" if calm else self.truth.banking(number), "ascii")
        if calm:
            (inbox / "bank.sta").unlink()
        steps.nightly(self.settings, [inbox], actor="night")
        if not first:
            self.extracts(day, calm=False)
        self.hand_over()
        self.proved(day)
        self.holds()

    def extracts(self, day: dt.date, *, calm: bool) -> None:
        """One extract, perhaps cut first, perhaps twice, perhaps an old one after it."""
        whole = calm or self.chance.random() < 0.6
        text, as_of = self.truth.extract(whole=whole), day if whole else None
        sure = calm or self.chance.random() < 0.3
        through = self.truth.booked_through if sure else 0
        if not calm and whole and self.chance.random() < 0.3:
            self.cut(text, day)
        for _ in range(1 if calm else self.chance.choice([1, 1, 2])):
            self.told.update(self.counted(self.looked_at(text, through, whole, as_of)))
        if not calm and self.sent and self.chance.random() < 0.4:
            self.old(*self.chance.choice(self.sent))
        self.sent.append((text, as_of))

    def looked_at(self, text: str, through: int, whole: bool, as_of: dt.date | None) -> dict:
        """A whole file that closes much is refused with its list, and allowed by who knows why."""
        said = {"snapshot": whole, "as_of": as_of, "booked_through": through}
        try:
            return self.take("ledger-entries", text, **said)
        except LoadError:
            return self.take("ledger-entries", text, **said, allow_closing=True)

    def counted(self, receipt: dict) -> dict[str, int]:
        counts = {name: receipt[name] for name in ("settled_outside", "behind")}
        return {**counts, "conflicts": len(receipt["problems"])}

    def refused(self, text: str, **more: object) -> None:
        """A file that is not taken leaves the books as they are."""
        before = self.content()
        with pytest.raises(LoadError):
            self.take("ledger-entries", text, **more)
        assert self.content() == before
        self.told["refused"] += 1

    def cut(self, text: str, day: dt.date) -> None:
        self.refused(text[: len(text) // 2], snapshot=True, as_of=day)

    def old(self, text: str, as_of: dt.date | None) -> None:
        """A file of an earlier night: refused by its day, and without one it settles nothing."""
        if as_of and as_of < max(day for _, day in self.sent if day):
            self.refused(text, snapshot=True, as_of=as_of)
        elif not as_of:
            before = self.remaining()
            try:
                self.take("ledger-entries", text)
                self.told["old taken"] += 1
            except LoadError:
                self.told["refused"] += 1
            assert self.remaining() == before

    def hand_over(self) -> None:
        """What is posted by now, for the ERP: a batch of postings, and what each invoice got."""
        with ledger.open(self.settings.ledger) as book:
            batches.new(book, "gl", "erp", general_ledger(book, "csv", "EUR"))
            last = book.rows("SELECT max(register_no) FROM register_seal")[0][0]
        self.truth.told.append((last, self.by_bank()))

    def by_bank(self) -> dict[str, int]:
        sql = (
            "SELECT e.document_no, sum(a.entry_amount) FROM application a JOIN entry e ON e.id ="
            " a.entry_id WHERE e.document_type = 'invoice' AND a.role <> 'external' AND"
            " a.rule <> 'external' GROUP BY e.document_no"
        )
        with ledger.open(self.settings.ledger) as book:
            return {number: int(cents) for number, cents in book.rows(sql)}

    def remaining(self) -> dict[str, int]:
        sql = "SELECT document_no, remaining_amount FROM entry WHERE document_type = 'invoice'"
        with ledger.open(self.settings.ledger) as book:
            return dict(sorted(book.rows(sql)))

    def content(self) -> str:
        with ledger.open(self.settings.ledger) as book:
            return content_hash(book)

    def proved(self, day: dt.date) -> None:
        """The control total differs by what one of the two has not heard of yet, and no more."""
        theirs, ours = self.truth.receivables(), sum(self.remaining().values())
        text = f"account,currency,balance,date\nAR,EUR,{theirs / 100:.2f},{day}\n"
        problems = self.take("control-totals", text)["problems"]
        assert len(problems) == (ours != theirs), problems
        if problems:
            assert f"difference {(ours - theirs) / 100:.2f}" in problems[0]

    def holds(self) -> None:
        """Each line that is posted is on its invoice whole; nothing is posted that is not true."""
        with ledger.open(self.settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            lines = export(book, "lines")
        waiting = lines.filter(pl.col("status").is_in(["unmatched", "proposed", "parked"]))
        left = Counter[str]()
        for text, cents in waiting.select("text", "amount").rows():
            left[text.split()[-1]] += round(float(cents) * 100)
        expected = {number: cents - left[number] for number, cents in self.truth.posted().items()}
        found = self.by_bank()
        assert {n: c for n, c in found.items() if c} == {n: c for n, c in expected.items() if c}
        for number, cents in self.remaining().items():
            assert cents >= self.truth.remains(number) + left[number], number

    def at_the_end(self) -> None:
        """All quiet: both books and the truth are one, and each posting was handed over once."""
        truth = {number: self.truth.remains(number) for number in self.truth.invoices}
        assert self.remaining() == {n: c for n, c in truth.items() if n in self.remaining()}
        assert all(not c for n, c in truth.items() if n not in self.remaining())
        with ledger.open(self.settings.ledger) as book:
            assert book.rows("SELECT document_no, on_hold FROM entry WHERE on_hold <> ''") == []
            assert export(book, "exceptions").is_empty()
            gl = export(book, "gl")
            count = len(book.rows("SELECT 1 FROM export_batch"))
            handed = defaultdict(int)
            for number in range(1, count + 1):
                out = self.folder / f"batch-{number}"
                batches.write(book, "gl", number, out)
                frame = pl.read_csv(out / f"gl_{number:04}.csv", infer_schema=False)
                for row in frame.rows():
                    handed[row] += 1
        assert sum(handed.values()) == gl.height


def played(url: str, folder: Path, seed: int, nights: int) -> Beside:
    beside = Beside(url, folder, seed)
    for number in range(nights):
        beside.night(number)
    for one in beside.truth.invoices.values():
        one.wrong = 0
    for number in range(nights, nights + 3):
        beside.night(number, calm=True)
    beside.at_the_end()
    return beside


@pytest.mark.parametrize("seed", range(1, 1 + examples(1)))
def test_thirty_nights_lose_and_double_nothing(seed: int, tmp_path: Path) -> None:
    told = played(f"sqlite:///{tmp_path}/ledger.db", tmp_path, seed, 30).told
    assert min(told[name] for name in ("settled_outside", "behind", "conflicts", "refused")) > 0


def test_ten_nights_on_postgresql(postgres: str, tmp_path: Path) -> None:
    played(postgres, tmp_path, 4, 10)
