"""Lines that must not post: a careful accountant would ask."""

from datetime import timedelta

from benchmarks.worlds.books import JUDGED
from benchmarks.worlds.stories.vendors import past
from benchmarks.worlds.story import Line, Part, Party
from benchmarks.worlds.tale import Tale, full, story


@story("unknown_payer")
def unknown_payer(tale: Tale) -> list[Line]:
    """Somebody unknown, text about nothing of ours."""
    text = tale.chance.pick(tale.words.private)[: tale.bank.text_limit]
    line = tale.receipt(tale.stranger(), [], text, "stranger", amount=tale.chance.amount())
    return tale.unsettled(line, "unknown_payer")


@story("name_twin")
def name_twin(tale: Tale) -> list[Line]:
    """Two customers of the same name, each with an entry of the amount."""
    first = tale.alone(on_file=False)
    second = tale.alone(on_file=False)
    second.name = first.name
    amount = tale.chance.amount()
    true, _ = (tale.books.entry(party, amount=amount) for party in (first, second))
    line = tale.receipt(first, [full(true)], tale.vague(), "tie")
    return tale.unsettled(line, "ambiguous")


@story("equal_amounts")
def equal_amounts(tale: Tale) -> list[Line]:
    """The account is on file, two of its entries have the amount."""
    party = tale.alone(on_file=True, entries=(0, 3))
    if not party.on_file or not tale.bank.account:
        return []
    return _equal(tale, party)


@story("equal_amounts_by_name")
def equal_amounts_by_name(tale: Tale) -> list[Line]:
    """The name is known, two of its entries have the amount."""
    return _equal(tale, tale.alone(on_file=False, entries=(0, 3)))


def _equal(tale: Tale, party: Party) -> list[Line]:
    amount = tale.chance.amount()
    entries = [tale.books.entry(party, amount=amount) for _ in range(2)]
    line = tale.receipt(party, [full(tale.chance.pick(entries))], tale.vague(), "tie")
    return tale.unsettled(line, "ambiguous")


@story("ambiguous_sum")
def ambiguous_sum(tale: Tale) -> list[Line]:
    """The payer is known, several sums of his entries have the amount."""
    party = tale.alone(on_file=True, entries=(0, 1))
    low, high = (tale.chance.between(10, 90) * 1000 for _ in range(2))
    middle = tale.chance.between(10, 90) * 100
    entries = [tale.books.entry(party, amount=value)
               for value in (low, high + middle, low + middle, high)]  # fmt: skip
    line = tale.receipt(party, [full(entries[0]), full(entries[1])], tale.vague(), "tie")
    return tale.unsettled(line, "ambiguous")


@story("wrong_party")
def wrong_party(tale: Tale) -> list[Line]:
    """A customer names the invoice of another, and the amount fits neither."""
    payer, other = tale.sure(), tale.books.customer()
    entry = tale.books.entry(other)
    amount = entry.amount * 3 // 2 + tale.chance.between(1, 9999)
    line = tale.receipt(payer, [], tale.naming([entry.no]), "none_fits", [entry.no], amount)
    return tale.unsettled(line, "party_differs") if line.text else []


@story("document_closed")
def document_closed(tale: Tale) -> list[Line]:
    """The named invoice was paid last week."""
    entry = tale.books.entry(tale.sure())
    if not (again := tale.naming([entry.no])):
        return []
    before = past(tale, tale.receipt(entry.party, [full(entry)], entry.no, stated=[entry.no]))
    line = tale.receipt(entry.party, [], again, "paid_before", [entry.no], entry.amount)
    return [before, *tale.unsettled(line, "document_closed")]


@story("paid_twice")
def paid_twice(tale: Tale) -> list[Line]:
    """The same payment a second time some days later; the first one is right."""
    entry = tale.books.entry(tale.sure())
    if tale.day == JUDGED[-1] or not (text := tale.naming([entry.no])):
        return []
    first = tale.receipt(entry.party, [full(entry)], entry.no, stated=[entry.no])
    again = tale.receipt(entry.party, [], text, "paid_before", [entry.no], entry.amount)
    again.day, again.value = tale.chance.pick([d for d in JUDGED if d > tale.day]), None
    return [first, *tale.unsettled(again, "document_closed")]


@story("amount_far")
def amount_far(tale: Tale) -> list[Line]:
    """The payer is known, the amount is far from all that he owes."""
    party = tale.alone(on_file=tale.bank.account, entries=(2, 5))
    amount = sum(entry.amount for entry in party.entries) * 2 + tale.chance.between(1000, 99999)
    line = tale.receipt(party, [], tale.vague(), "none_fits", amount=amount)
    return tale.unsettled(line, "amount_differs")


@story("contradiction")
def contradiction(tale: Tale) -> list[Line]:
    """The text names one invoice, the amount is exactly another one's."""
    party = tale.sure()
    named, meant = tale.books.entry(party), tale.books.entry(party)
    if abs(named.amount - meant.amount) < 1000 or not (text := tale.naming([named.no])):
        return []
    line = tale.receipt(party, [], text, "contradicted", [named.no], meant.amount)
    return tale.unsettled(line, "ambiguous")


@story("foreign_currency")
def foreign_currency(tale: Tale) -> list[Line]:
    """The named invoice is in another currency, no rate is stated."""
    entry = tale.books.entry(tale.sure())
    entry.currency, entry.reference = tale.setting.foreign, ""
    amount = entry.amount * tale.chance.between(80, 120) // 100
    if amount == entry.amount or not (text := tale.naming([entry.no], tale.setting.foreign)):
        return []
    line = tale.receipt(entry.party, [], text, "free", [entry.no], amount)
    return tale.unsettled(line, "currency_differs")


@story("not_yet_posted")
def not_yet_posted(tale: Tale) -> list[Line]:
    """The named invoice is dated after the payment."""
    posted = JUDGED[-1] + timedelta(tale.chance.between(1, 5))
    entry = tale.books.entry(tale.sure(), posted=posted)
    line = tale.receipt(entry.party, [full(entry)], tale.naming([entry.no]), "free", [entry.no])
    return tale.unsettled(line, "not_yet_posted") if line.text else []


@story("on_hold")
def on_hold(tale: Tale) -> list[Line]:
    """The named invoice is on hold in the books, as disputed ones are."""
    entry = tale.books.entry(tale.sure())
    entry.on_hold = True
    line = tale.receipt(entry.party, [full(entry)], tale.naming([entry.no]), "free", [entry.no])
    return tale.unsettled(line, "on_hold") if line.text else []


@story("document_unknown")
def document_unknown(tale: Tale) -> list[Line]:
    """A number of our series that the books do not have, from a known payer."""
    party = tale.sure()
    entry = tale.books.entry(party)
    party.entries.remove(entry)
    tale.books.entries.remove(entry)
    amount = entry.amount * 2 + tale.chance.between(1, 9999)
    line = tale.receipt(party, [], tale.naming([entry.no]), "none_fits", amount=amount)
    return tale.unsettled(line, "document_unknown") if line.text else []


@story("other_purpose")
def other_purpose(tale: Tale) -> list[Line]:
    """The payer is known and owes exactly this, but says that the money is for something else."""
    entry = tale.books.entry(tale.sure())
    text = tale.chance.pick(tale.words.elsewhere)[: tale.bank.text_limit]
    line = tale.receipt(entry.party, [], text, "free", amount=entry.amount)
    return tale.unsettled(line, "other_purpose")


@story("nothing_open")
def nothing_open(tale: Tale) -> list[Line]:
    """A known customer who owes nothing."""
    party = tale.alone(on_file=tale.bank.account, entries=(0, 0))
    line = tale.receipt(party, [], tale.vague(), "none_fits", amount=tale.chance.amount())
    return tale.unsettled(line, "party_without_entry")


@story("surname_only")
def surname_only(tale: Tale) -> list[Line]:
    """A stranger with the surname of a customer who owes the same amount."""
    surname = tale.chance.pick(tale.setting.surnames)
    trade, form = tale.chance.pick(tale.setting.trades), tale.chance.pick(tale.setting.forms)
    party = tale.books.party("customer", f"{surname} {trade} {form}")
    entry = tale.books.entry(party)
    payer = tale.stranger()
    first = "".join(tale.chance.some(tale.setting.syllables, 2)).title()
    payer.name = f"{first} {surname}"
    text = tale.chance.pick(tale.words.private)[: tale.bank.text_limit]
    line = tale.receipt(payer, [], text, "stranger", amount=entry.amount)
    return tale.unsettled(line, "unknown_payer")


@story("fragment")
def fragment(tale: Tale) -> list[Line]:
    """A stranger states four digits that end several invoice numbers."""
    entry = tale.books.entry(tale.books.customer())
    text = f"{str(entry.number)[-4:]} {tale.vague()}"[: tale.bank.text_limit]
    amount = entry.amount + tale.chance.between(1000, 99999)
    line = tale.receipt(tale.stranger(), [], text, "stranger", amount=amount)
    return tale.unsettled(line, "unknown_payer")


@story("unannounced")
def unannounced(tale: Tale) -> list[Line]:
    """Wages, taxes, rent or a card payment that nothing in the books explains."""
    words = tale.chance.pick((tale.words.salary, tale.words.taxes, tale.words.private))
    text = tale.chance.pick(words).format("10/2026")[: tale.bank.text_limit]
    line = tale.receipt(tale.stranger(), [], text, "stranger", amount=-tale.chance.amount())
    return tale.unsettled(line, "unannounced_debit")


@story("payee_account")
def payee_account(tale: Tale) -> list[Line]:
    """Money out that names a vendor invoice, to an account that is not on file."""
    vendor = tale.books.party("vendor")
    vendor.on_file = bool(vendor.account)
    if not vendor.on_file or not tale.bank.account:
        return []
    entry = tale.books.entry(vendor)
    text = tale.naming([entry.external])
    line = tale.receipt(vendor, [full(entry)], text, "free", account=tale.stranger().account)
    return tale.unsettled(line, "payee_account_unknown")


@story("customer_refund")
def customer_refund(tale: Tale) -> list[Line]:
    """Money out to a customer for a credit memo, without a bank entry."""
    memo = tale.books.entry(tale.sure(), "credit_memo")
    if not (text := tale.naming([memo.no], wording=tale.words.refund)):
        return []
    line = tale.receipt(memo.party, [Part("entry", memo.amount, entry=memo)], text, "free")
    return tale.unsettled(line, "customer_refund")
