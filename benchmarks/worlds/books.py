"""The books of one company: parties, open entries and bank entries, made as stories need them."""

from datetime import date, timedelta

from benchmarks.worlds.chance import Chance
from benchmarks.worlds.identifiers import iban, reference
from benchmarks.worlds.names import Names
from benchmarks.worlds.setting import Series, Setting
from benchmarks.worlds.story import BankEntry, Entry, Party

OPENING = date(2026, 10, 23)  # the last statement in the books
HISTORY = tuple(date(2026, 10, day) for day in range(26, 31))
JUDGED = tuple(date(2026, 11, day) for day in range(2, 7))
_FIRST = date(2026, 8, 17)
_BARE = ("DE", "CH", "FR", "NL", "NO")  # countries where a company knows its customers by IBAN


class Books:
    """Grows while the stories are told; numbers rise with the posting date, with gaps."""

    def __init__(self, setting: Setting, noise: dict[str, float], lines: int, chance: Chance):
        self.setting = setting
        self.noise = noise
        self.chance = chance
        self.names = Names(setting, chance)
        self.parties: list[Party] = []
        self.entries: list[Entry] = []
        self.bank_entries: list[BankEntry] = []
        self.series: dict[str, Series] = {
            "invoice": chance.pick(setting.invoices),
            "credit_memo": chance.pick(setting.credits),
            "purchase": setting.purchases,
        }
        self._a_day = max(lines // 6, 40)
        self._next: dict[tuple[str, date], int] = {}
        self._start = {kind: self._first_number(series) for kind, series in self.series.items()}
        self._parties_taken: set[str] = set()
        self._payment_no = chance.between(100, 900)
        self._width = max(len(str(lines * 12)), 5)

    def _first_number(self, series: Series) -> int:
        """So that no number of the whole time outgrows the width."""
        span = (JUDGED[-1] - _FIRST).days * self._a_day * 2
        width = max(series.width, len(str(span * 3)))
        low = 10 ** (width - 1)
        return low + self.chance.between(0, max(10**width - low - span - 1, 0) // 4)

    def number(self, kind: str, posted: date, *, after: bool = False) -> int:
        """The next number of a day; ``after``: the very next one, else with a random gap."""
        day = self._next.get((kind, posted))
        if day is None:
            day = self._start[kind] + max((posted - _FIRST).days, 0) * self._a_day * 2
        day += 1 if after or self.chance.hit(0.4) else self.chance.between(1, 3)
        self._next[kind, posted] = day
        return day

    def party(self, side: str, name: str = "", *, plain: bool = False) -> Party:
        """A new party; ``plain`` names are nobody's relatives."""
        chance, setting = self.chance, self.setting
        if not name:
            persons = 0.0 if side == "vendor" else self.noise["persons"]
            name = self.names.company() if plain else self.names.customer(
                persons, self.noise["families"])  # fmt: skip
        country = setting.country
        account = iban(country, chance) if country in (*_BARE, "GB") else ""
        on_file = bool(account) and chance.hit(setting.account_share if side == "customer" else 0.9)
        postcode, city = chance.pick(setting.cities)
        street = f"{chance.pick(setting.streets)} {chance.between(1, 180)}"
        made = Party(side, self._party_no(side), name, account, on_file, street, postcode, city)
        self.parties.append(made)
        return made

    def _party_no(self, side: str) -> str:
        lead = "1" if side == "customer" else "7"
        while (no := lead + self.chance.digits(self._width)) in self._parties_taken:
            pass
        self._parties_taken.add(no)
        return no

    def customer(self, *, background: bool = True, plain: bool = False) -> Party:
        """A new customer with some open invoices that nobody pays."""
        party = self.party("customer", plain=plain)
        if background:
            for _ in range(self.chance.between(0, int(self.noise["open_entries"]))):
                self.entry(party)
        return party

    def entry(
        self, party: Party, kind: str = "invoice", amount: int = 0, posted: date | None = None,
        *, after: bool = False,
    ) -> Entry:  # fmt: skip
        """A new open entry with a number of its series."""
        chance = self.chance
        posted = posted or _FIRST + timedelta(chance.between(0, (OPENING - _FIRST).days))
        amount = amount or chance.amount()
        sign = 1 if party.side == "customer" else -1
        sign = -sign if kind == "credit_memo" else sign
        series = "purchase" if party.side == "vendor" else kind
        number = self.number(series, posted, after=after)
        no = self.series[series].text(number, posted.year)
        made = Entry(
            party, kind, no, number, posted, posted + timedelta(chance.pick((14, 30, 30, 45))),
            sign * amount, self.setting.currency,
        )  # fmt: skip
        self._dress(made)
        party.entries.append(made)
        self.entries.append(made)
        return made

    def _dress(self, entry: Entry) -> None:
        """References and terms that some entries have."""
        chance, setting = self.chance, self.setting
        if entry.party.side == "vendor":
            entry.external = self._vendor_number()
        elif entry.kind == "invoice":
            if setting.reference and chance.hit(setting.reference_share):
                self.refer(entry)
            if chance.hit(self.noise["own_reference"]):
                entry.external = chance.pick(("45", "PO", "B-", "4700")) + chance.digits(7)
            if chance.hit(self.noise["terms"]):
                self.terms(entry, entry.posted + timedelta(chance.pick((8, 10, 14))))

    def refer(self, entry: Entry) -> str:
        """The creditor reference of an invoice, given to it where it has none."""
        digits = "".join(character for character in entry.no if character.isdigit())
        entry.reference = reference(self.setting.reference, digits, entry.party.no)
        return entry.reference

    def terms(self, entry: Entry, until: date, percent: int = 2, grace: date | None = None) -> None:
        """A cash discount until a date; none on what would be less than a cent."""
        entry.discount = abs(entry.amount) * percent // 100
        entry.discount_date, entry.grace_date = until, grace

    def _vendor_number(self) -> str:
        chance = self.chance
        shape = chance.between(0, 3)
        if shape == 0:
            return f"R{chance.digits(6)}"
        if shape == 1:
            return f"{chance.digits(5)}/26"
        return chance.pick(("", "INV-", "2026-", "F")) + chance.digits(7)

    def bank_entry(self, bank: str, amount: int, kind: str, posted: date, description: str,
                   party: Party | None = None) -> BankEntry:  # fmt: skip
        """A payment that the books show already; its number is its document number."""
        self._payment_no += self.chance.between(1, 4)
        no = self.setting.payments.text(self._payment_no, posted.year)
        made = BankEntry(bank, no, posted, amount, kind, description, party)
        self.bank_entries.append(made)
        return made
