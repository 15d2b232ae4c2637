"""What every story uses: who pays, on which day, through which bank, and in which words."""

from collections.abc import Callable
from datetime import timedelta

from benchmarks.worlds.books import JUDGED, OPENING, Books
from benchmarks.worlds.chance import Chance
from benchmarks.worlds.setting import Bank, Setting, Words
from benchmarks.worlds.story import Entry, Line, Part, Party

_WITH_NUMBER = ("named", "digits", "suffix", "range", "damaged", "own", "reference")
Told = Callable[["Tale"], list[Line]]
STORIES: dict[str, Told] = {}
SITUATIONS: dict[str, str] = {}


def story(name: str) -> Callable[[Told], Told]:
    """Register a situation, which its docstring tells; one that cannot be told returns no line."""

    def keep(told: Told) -> Told:
        STORIES[name] = told
        SITUATIONS[name] = told.__doc__ or ""
        return told

    return keep


def full(entry: Entry) -> Part:
    """The whole entry is paid."""
    return Part("entry", entry.amount, entry=entry)


def less_discount(entry: Entry) -> Part:
    """The entry is paid less its first discount."""
    off = entry.discount if entry.amount > 0 else -entry.discount
    return Part("entry", entry.amount - off, discount=off, entry=entry)


class Tale:
    """One line to be told: its day and bank are set, the story says the rest."""

    def __init__(self, books: Books, chance: Chance, noise: dict[str, float]) -> None:
        self.books, self.chance, self.noise = books, chance, noise
        self.setting: Setting = books.setting
        self.words: Words = books.setting.words
        self.large: list[Party] = []
        self.situation = ""
        self.day = JUDGED[0]
        self.at = 0

    @property
    def bank(self) -> Bank:
        """The bank account of this line."""
        return self.setting.banks[self.at]

    def begin(self, situation: str) -> None:
        """Draw day and bank of the next line."""
        self.situation = situation
        self.day = self.chance.pick(JUDGED)
        self.at = int(self.chance.hit(self.noise["second_bank"]))

    def payer(self) -> Party:
        """Who pays a named document: some have many open entries."""
        if self.large and self.chance.hit(self.noise["large"]):
            return self.chance.pick(self.large)
        return self.books.customer()

    def alone(self, *, on_file: bool, entries: tuple[int, int] = (1, 5)) -> Party:
        """A customer of whom no other line tells, with a name that is nobody's relative."""
        party = self.books.customer(background=False, plain=True)
        party.on_file = on_file and bool(party.account)
        for _ in range(self.chance.between(*entries)):
            self.books.entry(party)
        return party

    def sure(self) -> Party:
        """A customer whom the line makes certain: account on file and shown, or a plain name."""
        return self.alone(on_file=self.bank.account)

    def receipt(
        self, party: Party, parts: list[Part], text: str, claim: str = "named",
        stated: list[str] | None = None, amount: int = 0, **more: object,
    ) -> Line:  # fmt: skip
        """A line of this day at this bank; the amount is the sum of its parts unless given."""
        line = Line(
            self.situation, amount or sum(part.applied for part in parts), parts, self.day,
            claim=claim, stated=stated or [], party=party, name=party.name,
            account=party.account, text=text, bank=self.at,
        )  # fmt: skip
        if not self.bank.dialect.startswith("ofx") and self.chance.hit(self.noise["late_value"]):
            line.value = self.day - timedelta(1)
        if self.chance.hit(self.noise["payer_number"]):
            line.end_to_end = self.chance.pick(("", "E2E", "PAY", "ZV")) + self.chance.digits(9)
        for name, value in more.items():
            setattr(line, name, value)
        if claim in _WITH_NUMBER and text and self.chance.hit(self.noise["customer_no"]):
            self._add_customer_no(line, party)
        return line

    def _add_customer_no(self, line: Line, party: Party) -> None:
        """Payers who give their number with us beside the documents that are their own."""
        longer = f"{line.text} {self.chance.pick(self.words.customer).format(party.no)}"
        own = all(part.entry and part.entry.party is party for part in line.parts)
        if party.side == "customer" and own and len(longer) <= self.bank.text_limit:
            line.text = longer

    def unsettled(self, line: Line, why: str) -> list[Line]:
        """The line must not post; ``why`` is the reason code."""
        line.decidable, line.why = False, why
        return [line]

    def naming(self, numbers: list[str], extra: str = "", wording: tuple[str, ...] = ()) -> str:
        """The numbers in the payer's words, as many of them as the bank lets through."""
        listed = self.chance.pick(self.words.conjunction).join(numbers)
        core = self.chance.pick(wording or self.words.invoice).format(listed)
        for text in (f"{core} {extra}".strip(), core, listed, " ".join(numbers)):
            if len(text) <= self.bank.text_limit:
                return self.dressed(text)
        return ""

    def dressed(self, core: str) -> str:
        """Polite words, dates and numbers that tell nothing, where there is room."""
        chance, noise, words = self.chance, self.noise, self.words
        text = core
        if chance.hit(noise["dated"]):
            day = OPENING - timedelta(chance.between(5, 60))
            text += " " + chance.pick(words.dated).format(f"{day:%d.%m.%Y}")
        if chance.hit(noise["order"]):
            order = chance.pick(words.order).format("45" + chance.digits(8))
            text = f"{order} {text}" if chance.hit(0.5) else f"{text} {order}"
        if chance.hit(noise["greeting"]):
            text = f"{text} {chance.pick(words.thanks)}"
        text = text if len(text) <= self.bank.text_limit else core
        return text.lower() if chance.hit(noise["lower"]) else text

    def vague(self) -> str:
        """Text that names nothing."""
        return self.chance.pick(self.words.nothing)[: self.bank.text_limit]

    def stranger(self) -> Party:
        """Somebody whom the books do not know."""
        name = self.books.names.company()
        made = self.books.party("stranger", name)
        self.books.parties.remove(made)
        made.on_file = False
        return made
