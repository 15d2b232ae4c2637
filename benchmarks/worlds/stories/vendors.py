"""Vendors who are paid without the books knowing it yet, and payments that come back."""

from datetime import timedelta

from benchmarks.worlds.books import HISTORY
from benchmarks.worlds.story import Entry, Line, Part
from benchmarks.worlds.tale import Tale, full, less_discount, story


def _purchase(tale: Tale) -> Entry:
    vendor = tale.books.party("vendor")
    vendor.on_file = bool(vendor.account)
    for _ in range(tale.chance.between(0, 2)):
        tale.books.entry(vendor)
    return tale.books.entry(vendor, amount=max(tale.chance.amount(), 10000))


def _naming(tale: Tale, entry: Entry) -> str:
    return tale.naming([entry.external])


@story("vendor_paid")
def vendor_paid(tale: Tale) -> list[Line]:
    """Money out that names an open vendor invoice, to the account on file."""
    entry = _purchase(tale)
    text = _naming(tale, entry)
    return [tale.receipt(entry.party, [full(entry)], text, "own", [entry.external])]


@story("vendor_discount")
def vendor_discount(tale: Tale) -> list[Line]:
    """A vendor invoice paid less its discount in time."""
    entry = _purchase(tale)
    tale.books.terms(entry, tale.day + timedelta(tale.chance.between(1, 6)), 2)
    text = _naming(tale, entry)
    return [tale.receipt(entry.party, [less_discount(entry)], text, "own", [entry.external])]


@story("vendor_debit")
def vendor_debit(tale: Tale) -> list[Line]:
    """A vendor collects a named invoice by direct debit."""
    entry = _purchase(tale)
    return [
        tale.receipt(entry.party, [full(entry)], _naming(tale, entry), "own", [entry.external],
                     kind="direct_debit", mandate="M" + tale.chance.digits(7))
    ]  # fmt: skip


@story("vendor_refund")
def vendor_refund(tale: Tale) -> list[Line]:
    """A vendor pays back a named credit memo."""
    vendor = tale.books.party("vendor")
    vendor.on_file = bool(vendor.account)
    entry = tale.books.entry(vendor, "credit_memo")
    text = tale.naming([entry.external], wording=tale.words.refund)
    return [tale.receipt(vendor, [full(entry)], text, "own", [entry.external])] if text else []


def past(tale: Tale, line: Line) -> Line:
    """The same line in the files of the week before, which are not judged."""
    line.history, line.day, line.value = True, tale.chance.pick(HISTORY), None
    return line


@story("debit_returned")
def debit_returned(tale: Tale) -> list[Line]:
    """A direct debit of last week comes back, with or without the bank's fee."""
    entry = tale.books.entry(tale.sure())
    entry.mandate = "MND" + tale.chance.digits(6)
    number = "DD" + tale.chance.digits(9)
    before = past(tale, tale.receipt(entry.party, [full(entry)], entry.no, stated=[entry.no],
                  kind="direct_debit", end_to_end=number, mandate=entry.mandate))  # fmt: skip
    parts = [Part("entry", -entry.amount, entry=entry)]
    fee = 300 if tale.bank.dialect == "german" and tale.chance.hit(0.5) else 0
    if fee:
        parts.append(Part("gl_account", -fee, account="BANK-FEES"))
    words = tale.chance.pick(tale.words.returned)[: tale.bank.text_limit]
    back = tale.receipt(entry.party, parts, words, "free", kind="return",
                        end_to_end=number, mandate=entry.mandate)  # fmt: skip
    back.original, back.charges = (entry.currency, entry.amount), fee
    return [before, back]


@story("payment_returned")
def payment_returned(tale: Tale) -> list[Line]:
    """A payment to a vendor of last week comes back."""
    entry = _purchase(tale)
    number = "CT" + tale.chance.digits(9)
    before = past(tale, tale.receipt(entry.party, [full(entry)], entry.external, "own",
                  [entry.external], end_to_end=number))  # fmt: skip
    words = tale.chance.pick(tale.words.returned)[: tale.bank.text_limit]
    part = Part("entry", -entry.amount, entry=entry)
    return [before, tale.receipt(entry.party, [part], words, "free", kind="return",
                                 end_to_end=number)]  # fmt: skip
