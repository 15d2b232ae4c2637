"""What differs between countries: names, numbers, words of payers, banks. One value a country."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Series:
    """Grammar of one number series: ``RE`` ``-`` 2026 ``-`` 00123, year of 0, 2 or 4 digits."""

    prefix: str
    separator: str
    year: int
    width: int

    def text(self, number: int, year: int) -> str:
        """The document number as the company prints it."""
        shown = str(year)[4 - self.year :] if self.year else ""
        return self.separator.join(
            part for part in (self.prefix, shown, str(number).zfill(self.width)) if part
        )


@dataclass(frozen=True, slots=True)
class Words:
    """How payers write in the language of the country; ``{}`` takes the number or amount."""

    invoice: tuple[str, ...]
    credit: tuple[str, ...]
    customer: tuple[str, ...]
    less: tuple[str, ...]
    discount: tuple[str, ...]
    part: tuple[str, ...]
    thanks: tuple[str, ...]
    nothing: tuple[str, ...]
    order: tuple[str, ...]
    dated: tuple[str, ...]
    through: tuple[str, ...]
    conjunction: tuple[str, ...]
    fee: tuple[str, ...]
    on_behalf: tuple[str, ...]
    refund: tuple[str, ...]
    run: tuple[str, ...]
    transfer: tuple[str, ...]
    bank_fee: tuple[str, ...]
    interest: tuple[str, ...]
    returned: tuple[str, ...]
    salary: tuple[str, ...]
    taxes: tuple[str, ...]
    private: tuple[str, ...]
    elsewhere: tuple[str, ...]
    direct_debit: tuple[str, ...]
    check: tuple[str, ...]
    deposit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank account of the company and the way in which its bank writes files.

    ``name_limit`` and ``text_limit``: characters that reach the statement. ``account``: the
    counterparty's account is shown. ``reading``: upper, ascii (transliterated), plain (accents
    lost), or both.
    """

    no: str
    name: str
    dialect: str
    account_id: str
    iban: str = ""
    name_limit: int = 70
    text_limit: int = 140
    account: bool = True
    upper: bool = False
    strips: bool = False  # blanks at the end of a line are lost
    spelling: str = ""  # "" as is | "digraph" ä -> ae | "plain" ä -> a
    encoding: str = "utf-8"

    def own_iban(self) -> str:
        """The IBAN of the account, which most banks write as its id."""
        return self.iban or (self.account_id if self.account_id[:2].isalpha() else "")


@dataclass(frozen=True, slots=True)
class Setting:
    """One country: everything that the stories and writers need to know about it."""

    country: str
    language: str
    currency: str
    company: str
    tolerance: str
    reference: str  # rf | qrr | kid | acceptgiro | "": structured creditor reference in use
    reference_share: float
    account_share: float  # customers whose account is on file
    foreign: str  # the other currency in which it invoices some customers
    invoices: tuple[Series, ...]
    credits: tuple[Series, ...]
    purchases: Series
    payments: Series
    forms: tuple[str, ...]
    trades: tuple[str, ...]
    surnames: tuple[str, ...]
    firstnames: tuple[str, ...]
    syllables: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    words: Words
    banks: tuple[Bank, ...]
    form_first: bool = False  # SARL Dupont
    processors: tuple[str, ...] = field(default=("Stripe Payments", "Adyen N.V.", "PayPal"))
