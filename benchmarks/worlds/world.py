"""Tells as many lines as wanted, has every label checked, and gives the lines their references."""

from dataclasses import dataclass

from benchmarks.worlds import stories as _stories  # registers all situations
from benchmarks.worlds.books import Books
from benchmarks.worlds.chance import Chance
from benchmarks.worlds.decidable import AMBIGUOUS, LEAVE_OUT, Accountant
from benchmarks.worlds.mix import MIX, drawn
from benchmarks.worlds.places import SETTINGS
from benchmarks.worlds.setting import Setting
from benchmarks.worlds.story import Line
from benchmarks.worlds.tale import STORIES, Tale

__all__ = ["World", "make"]
_LARGE = 400  # lines for each customer with many open entries
_ = _stories


@dataclass(frozen=True, slots=True)
class World:
    """Books and lines of one company; ``lines`` in file order within a day."""

    setting: Setting
    books: Books
    lines: list[Line]


def make(country: str, seed: int, count: int) -> World:
    """A company of ``country`` with about ``count`` lines to judge, all from ``seed``."""
    setting = SETTINGS[country]
    chance = Chance(seed, sum(map(ord, country)), count)
    noise = drawn(chance)
    books = Books(setting, noise, count, chance)
    tale = Tale(books, chance, noise)
    _large_customers(tale, count)
    lines = _told(tale, chance, count)
    _aliases(books, chance, noise["alias"])
    return World(setting, books, _checked(books, lines, chance))


def _large_customers(tale: Tale, count: int) -> None:
    for _ in range(max(count // _LARGE, 2)):
        party = tale.books.customer(background=False, plain=True)
        for _ in range(tale.chance.between(10, int(tale.noise["large_entries"]))):
            tale.books.entry(party)
        tale.large.append(party)


def _told(tale: Tale, chance: Chance, count: int) -> list[list[Line]]:
    """Stories by their share until there are lines enough; what cannot be told is not replaced."""
    names = list(MIX)
    shares = [MIX[name] / sum(MIX.values()) for name in names]
    told: list[list[Line]] = []
    wanted = count * 104 // 100  # some are left out by the check
    while wanted > 0:
        for place in chance.draw.choice(len(names), min(wanted, 500), p=shares):
            tale.begin(names[int(place)])
            if made := _payments(STORIES[tale.situation](tale)):
                told.append(made)
                wanted -= sum(not line.history for line in made)
    return told


def _payments(lines: list[Line]) -> list[Line]:
    """None where an amount is nothing, or a credit memo is larger than what it is taken from."""
    for line in lines:
        invoices = [part for part in line.parts if part.entry and part.entry.kind == "invoice"]
        against = any((part.applied > 0) != (line.amount > 0) for part in invoices)
        if line.amount == 0 or against:
            return []
    return lines


def _aliases(books: Books, chance: Chance, share: float) -> None:
    """Short forms of names that the books know of some customers."""
    for party in books.parties:
        words = party.name.split()
        if party.side == "customer" and len(words) > 2 and chance.hit(share):
            party.aliases.append(" ".join(words[1:] if books.setting.form_first else words[:-1]))


def _checked(books: Books, told: list[list[Line]], chance: Chance) -> list[Line]:
    """Labels as the data say; lines of one story stay together or are left out together."""
    accountant = Accountant(books)
    every = [line for lines in told for line in lines]
    before = [part.entry for line in every if line.history for part in line.parts]
    accountant.closed_entries({entry for entry in before if entry})
    accountant.compare(every)
    kept: list[Line] = []
    for lines in told:
        verdicts = [accountant.judge(line) for line in lines]
        if LEAVE_OUT in verdicts or (len(lines) > 1 and AMBIGUOUS in verdicts):
            continue
        if verdicts[0] == AMBIGUOUS and lines[0].decidable:
            lines[0].decidable, lines[0].why = False, "ambiguous"
        kept += lines
    return _referenced(kept, chance)


def _referenced(lines: list[Line], chance: Chance) -> list[Line]:
    """In random order within a day, each with a reference of the bank that tells nothing."""
    order = chance.draw.permutation(len(lines))
    mixed = sorted((lines[int(place)] for place in order), key=lambda line: line.day)
    taken: set[str] = set()
    for line in mixed:
        while (ref := chance.letters(12)) in taken:
            pass
        taken.add(ref)
        line.ref = ref
    return mixed
