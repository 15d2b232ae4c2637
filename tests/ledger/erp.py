"""An ERP beside the ledger, and what is true: plain sums that know nothing of the product.

The ERP issues invoices, settles some of them itself, takes over what the ledger posted some nights
later, and sends extracts: all that is open, or some entries; twice, old ones again, cut ones.
"""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

HEAD = (
    "party_type,party_no,document_type,document_no,posting_date,currency,amount,remaining_amount\n"
)
IBANS = {"C1": "DE75370501980000001102", "C2": "DE42120300000011223344"}
FIRST = dt.date(2026, 11, 2)


@dataclass
class Invoice:
    """An invoice as its issuer knows it, in cents."""

    number: str
    customer: str
    day: dt.date
    amount: int
    outside: int = 0
    """Settled without the bank: cash, credit."""
    wrong: int = 0
    """By how much the ERP shows another amount for a while."""


@dataclass
class Company:
    """What is true: invoices, what the bank moved for each, and what the ERP has heard of it."""

    chance: random.Random
    invoices: dict[str, Invoice] = field(default_factory=dict)
    bank: list[tuple[int, str, int]] = field(default_factory=list)
    """Night, invoice, cents; a payment taken back is negative."""
    told: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    """The last register of each night, and what was posted for each invoice by then."""
    heard: int = 0
    """How many of these nights the ERP has taken over; it never goes back."""
    balance: int = 0
    sent: set[str] = field(default_factory=set)

    def remains(self, number: str) -> int:
        """What the customer really owes of it."""
        one = self.invoices[number]
        return one.amount - one.outside - sum(c for _, n, c in self.bank if n == number)

    def hears(self, lag: int) -> None:
        """The ERP takes over what the ledger had posted ``lag`` nights ago."""
        self.heard = max(self.heard, len(self.told) - lag)

    @property
    def booked_through(self) -> int:
        """The last register that the ERP has taken over."""
        return self.told[self.heard - 1][0] if self.heard else 0

    def shown(self, number: str) -> int:
        """What the ERP shows of it."""
        one = self.invoices[number]
        known = self.told[self.heard - 1][1] if self.heard else {}
        return one.amount + one.wrong - one.outside - known.get(number, 0)

    def business(self, night: int) -> None:
        """A day: new invoices, something settled outside, an amount that is wrong for some days."""
        for _ in range(self.chance.randint(0, 2) if night else 25):
            number = f"RE-{len(self.invoices) + 7001}"
            day, amount = FIRST + dt.timedelta(days=night), self.chance.randint(5000, 90000)
            party = self.chance.choice(list(IBANS))
            self.invoices[number] = Invoice(number, party, day, amount)
        for one in self.invoices.values():
            rest = self.remains(one.number)
            if rest > 100 and self.shown(one.number) >= rest and self.chance.random() < 0.06:
                one.outside += self.chance.choice([rest, self.chance.randint(1, rest)])
            if one.wrong:
                one.wrong = self.chance.choice([one.wrong, 0])
            elif one.number in self.sent and self.chance.random() < 0.02:
                one.wrong = self.chance.choice([1000, -1000])

    def banking(self, night: int) -> str:
        """The bank's statement of the night: payments in full or in part, some taken back."""
        lines: list[tuple[str, int]] = []
        for number, one in self.invoices.items():
            rest, paid = self.remains(number), self.paid_last(number)
            if rest and self.chance.random() < 0.15:
                lines.append((number, self.chance.choice([rest, rest, max(1, rest // 3)])))
            elif paid and not one.outside and self.chance.random() < 0.05:
                lines.append((number, -paid))
        self.bank += [(night, number, cents) for number, cents in lines]
        opening = self.balance
        self.balance += sum(cents for _, cents in lines)
        return self._statement(night, opening, lines)

    def paid_last(self, number: str) -> int:
        """The last payment of it that was not taken back, when it is the only one; else 0."""
        own = [cents for _, n, cents in self.bank if n == number]
        return own[0] if len(own) == 1 else 0

    def _statement(self, night: int, opening: int, lines: list[tuple[str, int]]) -> str:
        day = f"{FIRST + dt.timedelta(days=night):%y%m%d}"
        text = f":20:X\n:25:DE05370501980000001101\n:28C:{night + 1}/1\n"
        text += f":60F:C{day}EUR{_comma(opening)}\n"
        for place, (number, cents) in enumerate(lines):
            party = self.invoices[number].customer
            mark, code = ("C", "NTRF") if cents > 0 else ("D", "NRTI")
            words = "Rechnung" if cents > 0 else "RUECKLASTSCHRIFT"
            text += f":61:{day}{day[2:]}{mark}{_comma(abs(cents))}{code}NONREF//N{night}P{place}\n"
            text += f":86:166?00X?20{words} {number}?31{IBANS[party]}?32Kunde {party}\n"
        return f"{text}:62F:C{day}EUR{_comma(self.balance)}\n-\n"

    def extract(self, *, whole: bool) -> str:
        """What the ERP has open (or some of its entries), as it shows it."""
        rows = []
        for one in self.invoices.values():
            rest = self.shown(one.number)
            if rest if whole else self.chance.random() < 0.5:
                amount = one.amount + one.wrong
                self.sent.add(one.number)
                rows.append(f"customer,{one.customer},invoice,{one.number},{one.day},EUR,"
                            f"{amount / 100:.2f},{max(rest, 0) / 100:.2f}\n")  # fmt: skip
        return HEAD + "".join(rows)

    def receivables(self) -> int:
        """The balance of receivables in the ERP's own ledger."""
        return sum(self.shown(number) for number in self.invoices)

    def posted(self) -> dict[str, int]:
        """What the bank moved for each invoice."""
        found: dict[str, int] = defaultdict(int)
        for _, number, cents in self.bank:
            found[number] += cents
        return dict(found)


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
