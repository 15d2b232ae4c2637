"""Who pays is not whom the invoice was sent to, or one line pays for several."""

from benchmarks.worlds.story import Entry, Line, Part
from benchmarks.worlds.tale import Tale, full, story


def _of_several(tale: Tale, low: int, high: int) -> list[Entry]:
    return [tale.books.entry(tale.books.customer()) for _ in range(tale.chance.between(low, high))]


@story("several_parties")
def several_parties(tale: Tale) -> list[Line]:
    """Somebody pays named invoices of several customers in one sum."""
    entries = _of_several(tale, 2, 3)
    numbers = [entry.no for entry in entries]
    if not (text := tale.naming(numbers)):
        return []
    payer = tale.stranger()
    parts = [full(entry) for entry in entries]
    return [tale.receipt(payer, parts, text, stated=numbers)]


@story("payout")
def payout(tale: Tale) -> list[Line]:
    """A payment processor pays named invoices of several customers less a stated fee."""
    entries = _of_several(tale, 2, 4)
    total = sum(entry.amount for entry in entries)
    fee = max(total * tale.chance.between(10, 35) // 1000, 35)
    stated = f"{fee // 100}.{fee % 100:02}"
    numbers = [entry.no for entry in entries]
    text = tale.naming(numbers, tale.chance.pick(tale.words.fee).format(stated))
    if stated not in text:
        return []
    payer = tale.stranger()
    payer.name = tale.chance.pick(tale.setting.processors)
    parts = [full(entry) for entry in entries]
    parts.append(Part("gl_account", -fee, account="BANK-CHARGES"))
    return [tale.receipt(payer, parts, text, stated=numbers)]


@story("third_party")
def third_party(tale: Tale) -> list[Line]:
    """Somebody unknown pays a named invoice of a customer to the cent."""
    entry = tale.books.entry(tale.books.customer())
    text = tale.naming([entry.no])
    return [tale.receipt(tale.stranger(), [full(entry)], text, stated=[entry.no])] if text else []


@story("parent")
def parent(tale: Tale) -> list[Line]:
    """A customer pays a named invoice of its sister and says for whom."""
    payer, sister = tale.books.customer(), tale.books.customer()
    entry = tale.books.entry(sister)
    whom = tale.chance.pick(tale.words.on_behalf).format(sister.name)
    if len(text := f"{entry.no} {whom}") > tale.bank.text_limit:
        return []
    return [tale.receipt(payer, [full(entry)], text, stated=[entry.no])]


@story("shared_account")
def shared_account(tale: Tale) -> list[Line]:
    """Two customers have one account on file; the text names the invoice."""
    first, second = tale.alone(on_file=True), tale.alone(on_file=False)
    if not tale.bank.account or not first.on_file:
        return []
    second.accounts.append(first.account)
    entry = tale.books.entry(tale.chance.pick((first, second)))
    text = tale.naming([entry.no])
    payer = first if tale.chance.hit(0.7) else second
    made = tale.receipt(payer, [full(entry)], text, stated=[entry.no], account=first.account)
    return [made] if text else []
