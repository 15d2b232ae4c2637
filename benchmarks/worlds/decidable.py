"""The label of every line, checked against the whole world, by rules older than any tuning.

A line is decidable when a careful accountant with the same data would be sure:

1. ``reference``: a valid structured reference that one open entry has.
2. ``named``, ``own``: every number stated belongs to exactly one open entry of the whole books
   (``own``: the other side's own number), and no entry of the same party has exactly the amount
   of a line that differs from what it names.
3. ``digits``, ``damaged``, ``cut``, ``suffix``, ``range``: the party is certain, and of its entries
   exactly one (each time) has these digits, or among several that have them the amount; or one is
   named with an error and has the amount.
4. ``sum``: the party is certain, and exactly one set of its open entries makes the amount, each
   entry in full or less a discount in time.
5. ``free``: the bank's type code, or the number of an open bank entry, says it.

The party is certain by an account on file of one party, a customer number, or a name that fits one
party only, as this bank shows names: exactly, else by far the nearest of all, else by a rare word
that nobody else has in a name that is otherwise alike (abbreviations).

Every line is tested against all entries of the books. What was meant as decidable and is not gets
the label ``ambiguous``; what was meant as undecidable and is not undecidable, and what lies
between (names neither near nor far, numbers that happen to be another's), is left out.
"""

from collections import defaultdict
from itertools import combinations

from benchmarks.worlds import written
from benchmarks.worlds.books import Books
from benchmarks.worlds.likeness import Likeness
from benchmarks.worlds.names import key
from benchmarks.worlds.story import Entry, Line, Party

KEEP, LEAVE_OUT, AMBIGUOUS = "keep", "leave out", "ambiguous"
_MOST = 12  # open entries of a party whose sums are still tried


def digits(text: str) -> str:
    """Digits only."""
    return "".join(character for character in text if character.isdigit())


def squeezed(text: str) -> str:
    """Letters and digits in upper case."""
    return "".join(character for character in text.upper() if character.isalnum())


class Accountant:
    """Knows the books and nothing of the stories."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._by_number: dict[str, list[Entry]] = defaultdict(list)
        self._by_external: dict[str, list[Entry]] = defaultdict(list)
        self._by_reference: dict[str, list[Entry]] = defaultdict(list)
        self._by_account: dict[str, list[Party]] = defaultdict(list)
        for entry in books.entries:
            self._by_number[squeezed(entry.no)].append(entry)
            self._by_external[squeezed(entry.external)].append(entry)
            self._by_reference[entry.reference].append(entry)
        for party in books.parties:
            for account in party.known_accounts:
                self._by_account[account].append(party)
        self._likeness = [Likeness(books, bank) for bank in books.setting.banks]
        self._paid: set[Entry] = set()

    def closed_entries(self, entries: set[Entry]) -> None:
        """Entries that the files of the week before settle."""
        self._paid |= entries

    def judge(self, line: Line) -> str:
        """``KEEP`` the label as meant, relabel ``AMBIGUOUS``, or ``LEAVE_OUT`` the line."""
        if line.decidable and line.account and line.party and self._of_another(line):
            return LEAVE_OUT
        check = getattr(self, f"_{line.claim}", None)
        return check(line) if check else KEEP

    def _of_another(self, line: Line) -> bool:
        owners = self._by_account.get(line.account, [])
        return bool(owners) and line.party not in owners

    def parties(self, line: Line) -> tuple[list[Party], bool]:
        """Whom the line may be from, and whether the evidence lies between sure and nothing."""
        bank = self._books.setting.banks[line.bank]
        if bank.account and (owners := self._by_account.get(line.account)):
            return owners, False
        stated = [p for p in ([line.party] if line.party else []) if p.no in line.stated]
        if stated:
            return stated, False
        parties, between = self._likeness[line.bank].parties(key(written.name(line, bank)))
        return self._of_address(line, parties), between

    def _of_address(self, line: Line, parties: list[Party]) -> list[Party]:
        """Banks that print the payer's address tell parties of one name apart."""
        bank, payer = self._books.setting.banks[line.bank], line.party
        if bank.dialect != "swiss" or payer is None or len(parties) < 2:
            return parties
        here = (payer.street, payer.postcode)
        return [party for party in parties if (party.street, party.postcode) == here]

    def compare(self, lines: list[Line]) -> None:
        """Look up the names of all lines at once, which is much quicker than one by one."""
        for place, bank in enumerate(self._books.setting.banks):
            own = [line for line in lines if line.bank == place]
            self._likeness[place].compare({key(written.name(line, bank)) for line in own})

    def open(self, party: Party, line: Line) -> list[Entry]:
        """Entries of a party that a line of this day may settle."""
        return [
            entry for entry in party.entries
            if entry.posted <= line.day and entry not in self._paid and not entry.on_hold
            and entry.currency == self._books.setting.currency
        ]  # fmt: skip

    def answers(self, line: Line, parties: list[Party]) -> int:
        """How many sets of open entries of these parties make the amount; 99 where too many."""
        found = 0
        for party in parties:
            entries = self.open(party, line)
            if len(entries) > _MOST:
                return 99
            found += _sets(line, entries)
        return found

    def _sum(self, line: Line) -> str:
        parties, between = self.parties(line)
        if between or not parties:
            return LEAVE_OUT
        if len(parties) > 1:
            return AMBIGUOUS
        if line.party is not parties[0]:
            return LEAVE_OUT
        return KEEP if self.answers(line, parties) == 1 else AMBIGUOUS

    def _tie(self, line: Line) -> str:
        parties, between = self.parties(line)
        return LEAVE_OUT if between or self.answers(line, parties) < 2 else KEEP

    def _none_fits(self, line: Line) -> str:
        parties, between = self.parties(line)
        fits = between or not parties or self.answers(line, parties)
        return LEAVE_OUT if fits else KEEP

    def _stranger(self, line: Line) -> str:
        parties, _ = self.parties(line)
        return LEAVE_OUT if parties else KEEP

    def _reference(self, line: Line) -> str:
        return KEEP if len(self._by_reference[line.stated[0]]) == 1 else LEAVE_OUT

    def _named(self, line: Line) -> str:
        for number in line.stated:
            if len(self._by_number[squeezed(number)]) != 1:
                return AMBIGUOUS
        return self._other_fits(line)

    def _own(self, line: Line) -> str:
        for number in line.stated:
            if len(self._by_external[squeezed(number)]) != 1 or self._by_number[squeezed(number)]:
                return LEAVE_OUT
        return self._other_fits(line)

    def _other_fits(self, line: Line) -> str:
        """A payment that differs from its document and is exactly another one's says nothing."""
        settled = {part.entry for part in line.parts}
        exact = all(p.entry and p.applied == p.entry.amount for p in line.parts)
        if exact or not line.parts:
            return KEEP
        entry = line.parts[0].entry
        same = [] if entry is None else self.open(entry.party, line)
        other = any(e.amount == line.amount for e in same if e not in settled)
        return LEAVE_OUT if other else KEEP

    def _certain(self, line: Line) -> list[Entry] | None:
        parties, between = self.parties(line)
        if between or len(parties) != 1 or parties[0] is not line.party:
            return None
        return self.open(parties[0], line)

    def _digits(self, line: Line) -> str:
        tail = digits(line.stated[0])
        if (entries := self._certain(line)) is None:
            return LEAVE_OUT if len(tail) < 6 else self._anywhere(tail)
        ending = [entry for entry in entries if digits(entry.no).endswith(tail)]
        fitting = [entry for entry in ending if entry.amount == line.amount]
        return KEEP if len(ending) == 1 or len(fitting) == 1 else AMBIGUOUS

    def _anywhere(self, tail: str) -> str:
        found = sum(digits(entry.no).endswith(tail) for entry in self._books.entries)
        return KEEP if found == 1 else LEAVE_OUT

    def _damaged(self, line: Line) -> str:
        entries = self._certain(line)
        if entries is None or any(squeezed(e.no) == squeezed(line.stated[0]) for e in entries):
            return LEAVE_OUT
        for other in self._by_number[squeezed(line.stated[0])]:
            if other.amount == line.amount:
                return LEAVE_OUT
        return KEEP if sum(entry.amount == line.amount for entry in entries) == 1 else LEAVE_OUT

    def _cut(self, line: Line) -> str:
        entries = self._certain(line)
        if entries is None:
            return LEAVE_OUT
        begins = squeezed(line.stated[-1])
        begun = [e for e in entries if squeezed(e.no).startswith(begins)]
        named = {squeezed(number) for number in line.stated[:-1]}
        rest = line.amount - sum(e.amount for e in entries if squeezed(e.no) in named)
        fitting = [e for e in begun if e.amount == rest]
        return KEEP if len(begun) == 1 or len(fitting) == 1 else AMBIGUOUS

    def _suffix(self, line: Line) -> str:
        return LEAVE_OUT if self._certain(line) is None else KEEP

    _range = _suffix

    def _paid_before(self, line: Line) -> str:
        entries = self._certain(line)
        if entries is None:
            return LEAVE_OUT
        settled = self._by_number[squeezed(line.stated[0])]
        fits = [e for e in entries if e.amount == line.amount and e not in settled]
        return LEAVE_OUT if fits else KEEP

    def _contradicted(self, line: Line) -> str:
        return LEAVE_OUT if self._certain(line) is None else KEEP


def _sets(line: Line, entries: list[Entry]) -> int:
    """Sets of entries that make the amount, each in full or less its discount in time."""
    found = 0
    for size in range(1, len(entries) + 1):
        for chosen in combinations(entries, size):
            total = sum(entry.amount for entry in chosen)
            offs = [entry.discounted(line.paid) for entry in chosen]
            if total == line.amount or _less(total - line.amount, [off for off in offs if off]):
                found += 1
                if found > 1:
                    return found
    return found


def _less(missing: int, offs: list[int]) -> bool:
    """Some of the discounts make what is missing."""
    return missing != 0 and any(
        sum(taken) == missing for size in range(1, len(offs) + 1)
        for taken in combinations(offs, size)
    )  # fmt: skip
