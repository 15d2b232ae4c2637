"""A document is named in one of the ways in which payers name it, and the amount fits."""

import re

from benchmarks.worlds.identifiers import grouped
from benchmarks.worlds.story import Entry, Line
from benchmarks.worlds.tale import Tale, full, story


def without_prefix(tale: Tale, entry: Entry) -> str:
    """The number from its first digit on."""
    found = re.search(r"\d.*", entry.no)
    return found.group() if found else entry.no


def other_separators(tale: Tale, entry: Entry) -> str:
    """The same number with blanks, slashes, dots or nothing between its parts."""
    groups = re.findall(r"[A-Za-z]+|\d+", entry.no)
    between = re.findall(r"[^A-Za-z0-9]+", entry.no)
    own = between[0] if between else ""
    choices = [mark for mark in ("", " ", "/", ".", "-", "_") if mark != own]
    return tale.chance.pick(choices).join(groups)


def bare(tale: Tale, entry: Entry) -> str:
    """The running number alone, without prefix, year and leading zeros."""
    return str(entry.number)


def _one(tale: Tale, number: str, entry: Entry, claim: str = "named") -> list[Line]:
    text = tale.naming([number])
    if not text or len(number) > tale.bank.text_limit:
        return []
    return [tale.receipt(entry.party, [full(entry)], text, claim, [number])]


@story("document_exact")
def document_exact(tale: Tale) -> list[Line]:
    """The text names one invoice as it is printed, the amount is exact."""
    entry = tale.books.entry(tale.payer())
    return _one(tale, entry.no, entry)


@story("prefix_dropped")
def prefix_dropped(tale: Tale) -> list[Line]:
    """The letters before the invoice number are missing."""
    if not tale.books.series["invoice"].prefix:
        return []
    entry = tale.books.entry(tale.payer())
    return _one(tale, without_prefix(tale, entry), entry, "digits")


@story("separators_changed")
def separators_changed(tale: Tale) -> list[Line]:
    """The invoice number is written with other separators."""
    entry = tale.books.entry(tale.payer())
    written = other_separators(tale, entry)
    return [] if written == entry.no else _one(tale, written, entry)


@story("bare_digits")
def bare_digits(tale: Tale) -> list[Line]:
    """Only the running number of the invoice, without prefix and year."""
    entry = tale.books.entry(tale.sure())
    return _one(tale, bare(tale, entry), entry, "digits")


@story("last_digits")
def last_digits(tale: Tale) -> list[Line]:
    """Only the last four digits of the invoice number; the payer is known."""
    entry = tale.books.entry(tale.sure())
    return _one(tale, str(entry.number)[-4:], entry, "digits")


@story("several_documents")
def several_documents(tale: Tale) -> list[Line]:
    """Two to five invoices of one customer are listed in full."""
    party = tale.payer()
    entries = [tale.books.entry(party) for _ in range(tale.chance.between(2, 5))]
    numbers = [entry.no for entry in entries]
    text = tale.naming(numbers)
    if not text:
        return []
    return [tale.receipt(party, [full(entry) for entry in entries], text, stated=numbers)]


def _of_one_day(tale: Tale, count: int, *, after: bool) -> list[Entry]:
    first = tale.books.entry(party := tale.sure())
    return [first] + [
        tale.books.entry(party, posted=first.posted, after=after) for _ in range(count - 1)
    ]


@story("suffix_list")
def suffix_list(tale: Tale) -> list[Line]:
    """The first number in full, of the others only the last digits: 0012/13/17."""
    entries = _of_one_day(tale, tale.chance.between(2, 4), after=False)
    if len({entry.no[:-2] for entry in entries}) > 1:
        return []
    mark = tale.chance.pick(("/", ",", "+", ", ", " / "))
    written = mark.join([entries[0].no] + [entry.no[-2:] for entry in entries[1:]])
    if not (text := tale.naming([written])):
        return []
    parts = [full(entry) for entry in entries]
    return [tale.receipt(entries[0].party, parts, text, "suffix", [entries[0].no])]


@story("range")
def range_of(tale: Tale) -> list[Line]:
    """The first and the last number of consecutive invoices."""
    entries = _of_one_day(tale, tale.chance.between(3, 5), after=True)
    numbers = [entry.number for entry in entries]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return []
    through = tale.chance.pick(tale.words.through)
    last = tale.chance.pick((entries[-1].no, entries[-1].no, str(entries[-1].number)))
    if not (text := tale.naming([f"{entries[0].no} {through} {last}"])):
        return []
    parts = [full(entry) for entry in entries]
    return [tale.receipt(entries[0].party, parts, text, "range", [entries[0].no, entries[-1].no])]


@story("own_reference")
def own_reference(tale: Tale) -> list[Line]:
    """The payer states his own order number, which the invoice holds too."""
    entry = tale.books.entry(tale.payer())
    entry.external = entry.external or "45" + tale.chance.digits(8)
    text = tale.naming([entry.external], wording=tale.words.order)
    if not text:
        return []
    return [tale.receipt(entry.party, [full(entry)], text, "own", [entry.external])]


def _referenced(tale: Tale) -> Entry | None:
    if not tale.setting.reference:
        return None
    entry = tale.books.entry(tale.payer())
    tale.books.refer(entry)
    return entry


@story("reference")
def reference(tale: Tale) -> list[Line]:
    """The structured creditor reference of the country, the amount is exact."""
    if not (entry := _referenced(tale)):
        return []
    made = tale.receipt(entry.party, [full(entry)], "", "reference", [entry.reference])
    made.reference = entry.reference
    return [made]


@story("reference_in_text")
def reference_in_text(tale: Tale) -> list[Line]:
    """The creditor reference typed into the text, in groups or without."""
    if not (entry := _referenced(tale)):
        return []
    kind = tale.setting.reference
    typed = grouped(kind, entry.reference) if tale.chance.hit(0.6) else entry.reference
    if len(typed) > tale.bank.text_limit:
        return []
    text = tale.dressed(typed)
    return [tale.receipt(entry.party, [full(entry)], text, "reference", [entry.reference])]
