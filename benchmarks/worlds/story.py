"""What the truth is made of: parties, entries, bank entries, lines and what they settle."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True, eq=False)
class Party:
    """A customer or vendor. ``account`` is the true one, ``on_file`` says if the books know it."""

    side: str
    no: str
    name: str
    account: str
    on_file: bool
    street: str
    postcode: str
    city: str
    entries: list["Entry"] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)  # further ones on file

    @property
    def known_accounts(self) -> list[str]:
        """Accounts that the books have on file."""
        return ([self.account] if self.on_file and self.account else []) + self.accounts


@dataclass(slots=True, eq=False)
class Entry:
    """An open entry; ``amount`` in minor units with the sign of the books."""

    party: Party
    kind: str
    no: str
    number: int
    posted: date
    due: date
    amount: int
    currency: str
    reference: str = ""
    external: str = ""
    discount: int = 0  # magnitude
    discount_date: date | None = None
    grace_date: date | None = None
    on_hold: bool = False
    mandate: str = ""

    def discounted(self, paid: date) -> int:
        """The discount, with the sign of the entry, that a payment of this value date may take."""
        last = max((d for d in (self.discount_date, self.grace_date) if d), default=None)
        if not last or paid > last:
            return 0
        return self.discount if self.amount > 0 else -self.discount


@dataclass(slots=True, eq=False)
class BankEntry:
    """What the books show on the bank account already; ``no`` is also its document number."""

    bank: str
    no: str
    posted: date
    amount: int
    kind: str
    description: str
    party: Party | None = None
    check_no: str = ""
    batch: str = ""
    end_to_end: str = ""
    status: str = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """One row of ``truth_parts``, signs as in ``lettrage export applications``."""

    target: str  # entry | bank_entry | on_account | gl_account | transfer
    applied: int
    discount: int = 0
    difference: int = 0
    entry: Entry | None = None
    bank_entry: BankEntry | None = None
    party: Party | None = None
    account: str = ""


@dataclass(slots=True, eq=False)
class Line:
    """A line of a bank file with its truth; the fields below ``claim`` are what the bank is told.

    ``claim`` says on which rule of ``decidable.py`` the label rests, ``stated`` the numbers that
    the text holds, as written.
    """

    situation: str
    amount: int
    parts: list[Part]
    day: date
    decidable: bool = True
    why: str = ""
    claim: str = "free"
    stated: list[str] = field(default_factory=list)
    party: Party | None = None
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    kind: str = "transfer"
    check_no: str = ""
    charges: int = 0
    original: tuple[str, int] | None = None
    value: date | None = None
    bank: int = 0
    history: bool = False
    ref: str = ""

    @property
    def paid(self) -> date:
        """Value date, which decides on discounts."""
        return self.value or self.day
