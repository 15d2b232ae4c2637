"""A made-up week around a month end in which lines explain, contest and take back each other."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipeline import config, ledger, teaching
from pipeline.ledger.load import load
from tests.prepared import prepared

DAYS = [dt.date(2026, 10, 30), dt.date(2026, 10, 31), dt.date(2026, 11, 2)]
_COMPANY = '[company]\nname = "Hansen Werkzeuge GmbH"\ncurrency = "EUR"\n'
_BANKS = {
    "BANK": ("DE38500400000123456700", "EUR"),
    "BANK-2": ("FR1420041010050500013M02606", "EUR"),
    "DOLLARS": ("FR7630006000011234567890189", "USD"),
}
_EUROS = ("BANK", "BANK-2")
_PAYERS = {
    "C1": ("Nordlicht Moebel GmbH", "DE05370501980000001101"),
    "C2": ("Brandt und Soehne", "DE75370501980000001102"),
    "": ("Niemand Bekanntes", "DE42120300000011223344"),
}
_DAMAGED = (" RE-2026-1101", " RE-2026-1020", " 1003", "/02", " BIS RE-2026-1003", " RE-2026-10")
_AMOUNTS = (10000, 20000, 30000, 9800)


@dataclasses.dataclass(frozen=True)
class Line:
    """What a bank line says; ``amount`` in cents, ``document`` 0 names none."""

    account: str
    day: int
    amount: int
    payer: str
    document: int
    kind: str  # payment | return | transfer
    more: str = ""  # behind the document's number, or the only number
    to: str = ""  # of a transfer: the other account of ours, where the bank names it

    def written(self, place: int) -> str:
        """The line as fields :61: and :86: of an MT940 statement."""
        day, cents = DAYS[self.day], abs(self.amount)
        mark = "C" if self.amount > 0 else "D"
        code = {"payment": "NTRF", "return": "NRTI", "transfer": "NTRF"}[self.kind]
        own = ("Hansen Werkzeuge GmbH", _BANKS[self.to][0]) if self.to else ()
        name, iban = own or _PAYERS[self.payer]
        words = {"return": "RUECKLASTSCHRIFT", "transfer": "Hansen Werkzeuge GmbH Umbuchung"}
        text = words.get(self.kind, "Zahlung")
        if self.document:
            text += f" RE-2026-100{self.document}"
        text += self.more
        who = "" if self.kind == "transfer" and not self.to else f"?31{iban}?32{name}"
        return (
            f":61:{day:%y%m%d}{day:%m%d}{mark}{cents // 100},{cents % 100:02}{code}NONREF"
            f"//{self.account}{self.day}{place}\n:86:166?20SVWZ+{text}{who}\n"
        )


@dataclasses.dataclass(frozen=True)
class Week:
    """Open invoices (customer, amount, discount) and what the banks report day by day."""

    invoices: tuple[tuple[str, int, int], ...]
    lines: tuple[Line, ...]
    park: str = "month_end"
    without_entry: str = "review"
    taught: tuple[str, ...] = ()
    """Customers to whom the account of the unknown payer was taught."""
    ambiguous: str = "review"
    currency: str = "EUR"
    """Of the company; its accounts are in euros."""
    dollars: tuple[tuple[str, int, int], ...] = ()
    """Invoices in dollars, RE-2026-2001 on; with them there is an account in dollars."""

    @property
    def banks(self) -> dict[str, tuple[str, str]]:
        """IBAN and currency of each account."""
        return _BANKS if self.dollars else {no: _BANKS[no] for no in _EUROS}

    def settings(self, url: str, folder: Path) -> config.Settings:
        """Settings of a ledger, which need not be there yet."""
        folder.mkdir(parents=True, exist_ok=True)
        toml = folder / "lettrage.toml"
        policy = f'[policy]\npark = "{self.park}"\nparty_without_entry = "{self.without_entry}"\n'
        policy += f'ambiguous = "{self.ambiguous}"\n'
        toml.write_text(_COMPANY.replace("EUR", self.currency) + policy)
        return config.read(toml, url)

    def loaded(self, url: str, folder: Path) -> config.Settings:
        """Settings of a fresh ledger that holds the books of the week."""
        settings = self.settings(url, folder)
        prepared(url, "new", ledger.init)
        with ledger.open(url) as book:
            for kind, text in self._books().items():
                file = folder / f"{kind}.csv"
                file.write_text(text, "utf-8")
                load(book, kind, file, settings, actor="tester")
        for customer in self.taught:
            to = ("party", f"customer/{customer}")
            teaching.add(settings, "payer_account", _PAYERS[""][1], to, "anna")
        return settings

    def _books(self) -> dict[str, str]:
        banks = "no,name,currency,iban,gl_account,last_statement_balance,last_statement_date\n"
        banks += "".join(f"{no},{no},{code},{iban},{no},0.00,2026-10-28\n" for no, (iban, code) in
                         self.banks.items())  # fmt: skip
        customers = "no,name,ibans\n" + "".join(
            f"{no},{name},{iban}\n" for no, (name, iban) in _PAYERS.items() if no
        )
        entries = "party_type,party_no,document_type,document_no,posting_date,currency,amount,"
        entries += "discount_date,discount_amount\n"
        for code, first, invoices in (("EUR", 1001, self.invoices), ("USD", 2001, self.dollars)):
            for number, (party, amount, discount) in enumerate(invoices, first):
                less = f"2026-10-31,{discount / 100:.2f}" if discount else ","
                entries += f"customer,{party},invoice,RE-2026-{number},2026-10-20,{code},"
                entries += f"{amount / 100:.2f},{less}\n"
        return {"bank-accounts": banks, "customers": customers, "ledger-entries": entries}

    def inbox(self, folder: Path, days: list[int], gap: int = 0) -> Path:
        """The bank's files of these days: one statement an account and day, balances that tie.

        With a ``gap`` (cents) they do not follow the last known balance and never close.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for account, (iban, code) in self.banks.items():
            for day in days:
                before = gap + sum(
                    x.amount for x in self.lines if x.account == account and x.day < day
                )
                own = [x for x in self.lines if x.account == account and x.day == day]
                text = (
                    f":20:S{day}\n:25:{iban}\n:28C:{day + 1}/1\n:60F:{_balance(day, code, before)}"
                )
                text += "".join(line.written(place) for place, line in enumerate(own))
                closing = before + sum(line.amount for line in own)
                text += f":62F:{_balance(day, code, closing)}-\n"
                (folder / f"{account}-{day}.sta").write_text(text, "ascii")
        return folder


def _balance(day: int, code: str, cents: int) -> str:
    mark = "D" if cents < 0 else "C"
    return f"{mark}{DAYS[day]:%y%m%d}{code}{abs(cents) // 100},{abs(cents) % 100:02}\n"


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """One line; small worlds of amounts, payers and documents, so that lines meet each other."""
    kind = draw(st.sampled_from(["payment", "payment", "payment", "return", "transfer"]))
    sign = {"payment": 1, "return": -1}.get(kind) or draw(st.sampled_from([1, -1]))
    return Line(
        account=draw(st.sampled_from(_EUROS)),
        day=draw(st.integers(0, len(DAYS) - 1)),
        amount=sign * draw(st.sampled_from(_AMOUNTS)),
        payer=draw(st.sampled_from(["C1", "C1", "C2", ""])),
        document=draw(st.integers(0, 4)),
        kind=kind,
        more=draw(st.sampled_from(["", "", "", *_DAMAGED])),
    )


def weeks() -> st.SearchStrategy[Any]:
    """Random weeks: two to four invoices, up to nine lines."""
    invoice = st.tuples(
        st.sampled_from(["C1", "C2"]), st.sampled_from([10000, 20000, 30000]),
        st.sampled_from([0, 0, 200]),
    )  # fmt: skip
    return st.builds(
        Week,
        st.lists(invoice, min_size=2, max_size=4).map(tuple),
        st.lists(lines(), min_size=2, max_size=9).map(tuple),
        st.sampled_from(["month_end", "month_end", "nightly", "never"]),
        st.sampled_from(["review", "review", "on_account"]),
        st.sampled_from([(), ("C1",), ("C1", "C2")]),
        st.sampled_from(["review", "review", "fifo"]),
    )
