"""Documents are named; the amount differs in one of the ways in which people pay."""

from datetime import timedelta

from benchmarks.worlds.story import Entry, Line, Part
from benchmarks.worlds.tale import Tale, full, less_discount, story


def _discountable(tale: Tale, after: int, *, grace: int = 0, percent: int = 0) -> Entry:
    """An invoice whose discount ends so many days after the line's value date at the earliest."""
    party = tale.payer()
    posted = tale.day - timedelta(tale.chance.between(11, 30))
    entry = tale.books.entry(party, amount=max(tale.chance.amount(), 20000), posted=posted)
    until = tale.day + timedelta(after)
    last = tale.day + timedelta(grace) if grace else None
    tale.books.terms(entry, until, percent or tale.chance.pick((2, 2, 3)), last)
    return entry


def _named(tale: Tale, entry: Entry, part: Part, extra: str = "") -> list[Line]:
    text = tale.naming([entry.no], extra)
    return [tale.receipt(entry.party, [part], text, stated=[entry.no])] if text else []


def _discount_words(tale: Tale, percent: int = 2) -> str:
    return tale.chance.pick((*tale.words.discount, "", "")).format(percent)


@story("discount")
def discount(tale: Tale) -> list[Line]:
    """An invoice less its discount, paid in time."""
    entry = _discountable(tale, tale.chance.between(0, 8))
    return _named(tale, entry, less_discount(entry), _discount_words(tale))


@story("discount_grace")
def discount_grace(tale: Tale) -> list[Line]:
    """An invoice less its discount after its date, within the days of grace."""
    entry = _discountable(tale, -tale.chance.between(2, 4), grace=tale.chance.between(1, 5))
    return _named(tale, entry, less_discount(entry), _discount_words(tale))


def _short(entry: Entry, off: int) -> Part:
    return Part("entry", entry.amount - off, entry=entry)


@story("discount_late")
def discount_late(tale: Tale) -> list[Line]:
    """A discount taken a week or more too late: the rest stays open."""
    entry = _discountable(tale, -tale.chance.between(7, 10))
    return _named(tale, entry, _short(entry, entry.discount), _discount_words(tale))


@story("discount_wrong")
def discount_wrong(tale: Tale) -> list[Line]:
    """A higher discount than agreed, in time: the rest stays open."""
    entry = _discountable(tale, 5, percent=2)
    taken = entry.amount * tale.chance.pick((4, 5, 6)) // 100
    return _named(tale, entry, _short(entry, taken), "")


@story("discount_several")
def discount_several(tale: Tale) -> list[Line]:
    """Several invoices in one payment, each less its discount in time."""
    first = _discountable(tale, 6)
    entries = [first]
    for _ in range(tale.chance.between(1, 2)):
        entry = tale.books.entry(first.party, amount=max(tale.chance.amount(), 20000))
        tale.books.terms(entry, tale.day + timedelta(3), 2)
        entries.append(entry)
    numbers = [entry.no for entry in entries]
    if not (text := tale.naming(numbers, _discount_words(tale))):
        return []
    parts = [less_discount(entry) for entry in entries]
    return [tale.receipt(first.party, parts, text, stated=numbers)]


def _off(tale: Tale, entry: Entry, off: int) -> list[Line]:
    return _named(tale, entry, Part("entry", entry.amount - off, difference=off, entry=entry))


@story("tolerance")
def tolerance(tale: Tale) -> list[Line]:
    """Some cents too little or too much, within the tolerance."""
    entry = tale.books.entry(tale.payer())
    limit = round(float(tale.setting.tolerance) * 100)
    off = tale.chance.between(1, limit)
    return _off(tale, entry, off if tale.chance.hit(0.7) else -off)


@story("rounded")
def rounded(tale: Tale) -> list[Line]:
    """The payer rounds to a full amount, within the tolerance."""
    limit = round(float(tale.setting.tolerance) * 100)
    odd = tale.chance.between(1, limit)
    entry = tale.books.entry(tale.payer(), amount=tale.chance.amount() // 100 * 100 + odd)
    return _off(tale, entry, odd)


@story("bank_fee")
def bank_fee(tale: Tale) -> list[Line]:
    """A bank on the way keeps its charges, and the statement says how much."""
    entry = tale.books.entry(tale.payer(), amount=tale.chance.amount() + 50000)
    charge = tale.chance.between(5, 25) * 100
    part = Part("entry", entry.amount - charge, difference=charge, entry=entry)
    made = _named(tale, entry, part)
    for line in made:
        line.charges, line.original = charge, (entry.currency, entry.amount)
    return made


@story("part_payment")
def part_payment(tale: Tale) -> list[Line]:
    """A part of a named invoice, and the text says so."""
    entry = tale.books.entry(tale.payer(), amount=tale.chance.amount() + 20000)
    paid = entry.amount * tale.chance.between(25, 75) // 10000 * 100
    text = tale.naming([entry.no], wording=tale.words.part)
    if not text:
        return []
    part = Part("entry", paid, entry=entry)
    return [tale.receipt(entry.party, [part], text, stated=[entry.no])]


@story("overpayment")
def overpayment(tale: Tale) -> list[Line]:
    """A named invoice is overpaid; the rest stays on account."""
    entry = tale.books.entry(tale.payer())
    more = max(entry.amount * tale.chance.between(3, 20) // 100, 500)
    text = tale.naming([entry.no])
    if not text:
        return []
    parts = [full(entry), Part("on_account", more, party=entry.party)]
    return [tale.receipt(entry.party, parts, text, stated=[entry.no])]


@story("two_lines")
def two_lines(tale: Tale) -> list[Line]:
    """Two payments, on one day or two, settle one named invoice together."""
    entry = tale.books.entry(tale.payer(), amount=tale.chance.amount() + 20000)
    first = entry.amount * tale.chance.between(30, 60) // 10000 * 100
    made = []
    for paid in (first, entry.amount - first):
        if not (text := tale.naming([entry.no], wording=tale.words.part)):
            return []
        part = Part("entry", paid, entry=entry)
        made.append(tale.receipt(entry.party, [part], text, stated=[entry.no]))
    later = tale.day + timedelta(tale.chance.between(0, 1))
    if later.weekday() < 5:
        made[1].day, made[1].value = later, None
    return made


@story("credit_netted")
def credit_netted(tale: Tale) -> list[Line]:
    """Invoices less a credit memo, all of them named."""
    party = tale.payer()
    entries = [tale.books.entry(party, amount=tale.chance.amount() + 10000)
               for _ in range(tale.chance.between(1, 3))]  # fmt: skip
    memo = tale.books.entry(party, "credit_memo", tale.chance.between(10, 90) * 100)
    credit = tale.chance.pick(tale.words.credit).format(memo.no)
    text = tale.naming([entry.no for entry in entries], credit)
    if memo.no.lower() not in text.lower():
        return []
    parts = [full(entry) for entry in (*entries, memo)]
    return [tale.receipt(party, parts, text, stated=[e.no for e in (*entries, memo)])]


@story("reference_discount")
def reference_discount(tale: Tale) -> list[Line]:
    """The creditor reference, and the invoice less its discount in time."""
    if not tale.setting.reference:
        return []
    entry = _discountable(tale, tale.chance.between(0, 6))
    return _referred(tale, entry, less_discount(entry))


@story("reference_part")
def reference_part(tale: Tale) -> list[Line]:
    """The creditor reference, and a part of the amount."""
    if not tale.setting.reference:
        return []
    entry = tale.books.entry(tale.payer(), amount=tale.chance.amount() + 20000)
    paid = entry.amount * tale.chance.between(25, 75) // 10000 * 100
    return _referred(tale, entry, Part("entry", paid, entry=entry))


def _referred(tale: Tale, entry: Entry, part: Part) -> list[Line]:
    number = tale.books.refer(entry)
    return [tale.receipt(entry.party, [part], "", "reference", [number], reference=number)]
