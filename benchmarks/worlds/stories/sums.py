"""No document is named: the party is certain, and the amount has one explanation or several."""

from benchmarks.worlds.story import Entry, Line, Party
from benchmarks.worlds.tale import Tale, full, story


def oldest_first(party: Party) -> list[Entry]:
    """Open invoices by age."""
    return sorted(party.entries, key=lambda entry: (entry.posted, entry.number))


def known(tale: Tale, entries: tuple[int, int] = (2, 6)) -> Party:
    """By account where the bank shows one, else by a name that fits one party only."""
    return tale.alone(on_file=tale.bank.account, entries=entries)


@story("customer_number")
def customer_number(tale: Tale) -> list[Line]:
    """Only the customer number; one entry has the amount."""
    party = tale.alone(on_file=False)
    entry = tale.chance.pick(party.entries)
    text = tale.naming([party.no], wording=tale.words.customer)
    made = tale.receipt(party, [full(entry)], text, "sum", [party.no])
    made.name = tale.chance.pick((party.name, "", party.name))
    return [made] if text else []


@story("name_only")
def name_only(tale: Tale) -> list[Line]:
    """Only the payer's name, which fits one customer; one entry has the amount."""
    party = tale.alone(on_file=False)
    return [tale.receipt(party, [full(tale.chance.pick(party.entries))], tale.vague(), "sum")]


@story("account_only")
def account_only(tale: Tale) -> list[Line]:
    """Only the payer's account, which is on file; one entry has the amount."""
    party = tale.alone(on_file=True)
    if not tale.bank.account or not party.on_file:
        return []
    made = tale.receipt(party, [full(tale.chance.pick(party.entries))], tale.vague(), "sum")
    made.name = tale.chance.pick(("", party.name))
    return [made]


@story("lump_oldest")
def lump_oldest(tale: Tale) -> list[Line]:
    """A lump sum for the oldest two to four invoices, without text."""
    party = known(tale, (3, 7))
    paid = oldest_first(party)[: tale.chance.between(2, min(4, len(party.entries) - 1))]
    return [tale.receipt(party, [full(entry) for entry in paid], tale.vague(), "sum")]


@story("sum_by_account")
def sum_by_account(tale: Tale) -> list[Line]:
    """Two or three invoices in one sum, none of them named."""
    party = known(tale)
    paid = tale.chance.some(party.entries, tale.chance.between(2, min(3, len(party.entries))))
    return [tale.receipt(party, [full(entry) for entry in paid], tale.vague(), "sum")]


@story("netted_by_account")
def netted_by_account(tale: Tale) -> list[Line]:
    """An invoice less a credit memo, neither of them named."""
    party = known(tale, (1, 4))
    entry = max(party.entries, key=lambda entry: (entry.amount, entry.no))
    memo = tale.books.entry(party, "credit_memo", max(entry.amount // 7, 500))
    return [tale.receipt(party, [full(entry), full(memo)], tale.vague(), "sum")]


@story("alias")
def alias(tale: Tale) -> list[Line]:
    """Another name of the customer, which the books have as an alias; one entry has the amount."""
    party = tale.alone(on_file=False)
    party.aliases.append(tale.books.names.company())
    made = tale.receipt(party, [full(tale.chance.pick(party.entries))], tale.vague(), "sum")
    made.name = party.aliases[0]
    return [made]


@story("whole_balance")
def whole_balance(tale: Tale) -> list[Line]:
    """All that the customer owes, credit memos taken off, none of it named."""
    party = known(tale, (2, 5))
    smallest = min(entry.amount for entry in party.entries)
    tale.books.entry(party, "credit_memo", max(smallest // 3, 300))
    parts = [full(entry) for entry in party.entries]
    return [tale.receipt(party, parts, tale.vague(), "sum")]
