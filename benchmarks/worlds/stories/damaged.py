"""A document or a name is written wrongly; party and amount agree, and nothing else fits."""

from benchmarks.worlds import damage
from benchmarks.worlds.story import Line
from benchmarks.worlds.tale import Tale, full, story


def _written(tale: Tale, how: str, claim: str = "damaged") -> list[Line]:
    """One invoice of a certain customer, its number damaged."""
    entry = tale.books.entry(tale.sure())
    written = getattr(damage, how)(entry.no, tale.chance)
    if written == entry.no or not (text := tale.naming([written])):
        return []
    return [tale.receipt(entry.party, [full(entry)], text, claim, [written])]


@story("typo")
def typo(tale: Tale) -> list[Line]:
    """One digit of the invoice number is wrong; payer and amount agree."""
    return _written(tale, "typo")


@story("transposed")
def transposed(tale: Tale) -> list[Line]:
    """Two digits of the invoice number are exchanged; payer and amount agree."""
    return _written(tale, "transposed")


@story("confused")
def confused(tale: Tale) -> list[Line]:
    """A digit of the invoice number became a letter: O for 0, S for 5."""
    return _written(tale, "confused")


@story("wrapped")
def wrapped(tale: Tale) -> list[Line]:
    """A line end inside the invoice number left a blank."""
    return _written(tale, "wrapped", "named")


@story("joined")
def joined(tale: Tale) -> list[Line]:
    """All blanks of the text are lost."""
    entry = tale.books.entry(tale.payer())
    if not (text := tale.naming([entry.no]).replace(" ", "")):
        return []
    return [tale.receipt(entry.party, [full(entry)], text, stated=[entry.no])]


@story("truncated")
def truncated(tale: Tale) -> list[Line]:
    """The text ends inside the last of several invoice numbers."""
    party = tale.sure()
    entries = [tale.books.entry(party) for _ in range(tale.chance.between(2, 3))]
    listed = ", ".join(entry.no for entry in entries)[: -tale.chance.between(1, 2)]
    text = tale.chance.pick(tale.words.invoice).format(listed)
    text = text if len(text) <= tale.bank.text_limit else listed
    if len(text) > tale.bank.text_limit or not text.endswith(listed):
        return []
    parts = [full(entry) for entry in entries]
    last = listed.rpartition(", ")[2]
    stated = [entry.no for entry in entries[:-1]]
    return [tale.receipt(party, parts, text, "cut", [*stated, last])]


@story("reference_typo")
def reference_typo(tale: Tale) -> list[Line]:
    """One digit of the creditor reference is wrong; payer and amount agree."""
    if not tale.setting.reference:
        return []
    entry = tale.books.entry(tale.sure())
    typed = damage.typo(tale.books.refer(entry), tale.chance)
    made = tale.receipt(entry.party, [full(entry)], tale.dressed(typed), "sum")
    return [made] if len(typed) <= tale.bank.text_limit else []


def _by_name(tale: Tale, name: str, line: Line) -> list[Line]:
    line.name = name
    return [line] if line.party and name != line.party.name else []


def _unnamed(tale: Tale) -> Line:
    """One invoice of a customer without an account on file, nothing in the text."""
    party = tale.alone(on_file=False)
    return tale.receipt(party, [full(tale.chance.pick(party.entries))], tale.vague(), "sum")


@story("name_abbreviated")
def name_abbreviated(tale: Tale) -> list[Line]:
    """The payer's name is abbreviated, nothing else is said."""
    line = _unnamed(tale)
    return _by_name(tale, damage.abbreviated(line.name), line)


@story("name_order")
def name_order(tale: Tale) -> list[Line]:
    """The words of the payer's name stand in another order."""
    line = _unnamed(tale)
    return _by_name(tale, damage.reordered(line.name), line)


@story("name_damaged")
def name_damaged(tale: Tale) -> list[Line]:
    """A letter of the payer's name is wrong, nothing else is said."""
    line = _unnamed(tale)
    return _by_name(tale, damage.misspelt(line.name, tale.chance), line)
