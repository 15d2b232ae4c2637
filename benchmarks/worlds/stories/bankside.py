"""The bank's own lines, transfers between own accounts, and what the books show already."""

from datetime import timedelta

from benchmarks.worlds.books import OPENING
from benchmarks.worlds.story import BankEntry, Line, Part, Party
from benchmarks.worlds.tale import Tale, story


def own(tale: Tale) -> Party:
    """The company itself, as the other side of its own accounts."""
    other = tale.setting.banks[1 - tale.at]
    return Party("own", "", tale.setting.company, other.own_iban(), True, "", "", "")


def bank_itself(tale: Tale) -> Party:
    """A counterparty without name and account: the bank."""
    return Party("bank", "", "", "", False, "", "", "")


def confirmed(entry: BankEntry) -> Part:
    """The line is what the books show already."""
    return Part("bank_entry", entry.amount, bank_entry=entry)


def booked(tale: Tale, amount: int, kind: str, about: str, party: Party | None = None) -> BankEntry:
    """A bank entry of one to three days before the line, or older for checks."""
    back = tale.chance.between(4, 20) if kind == "check" else tale.chance.between(1, 3)
    posted = max(tale.day - timedelta(back), OPENING - timedelta(15))
    return tale.books.bank_entry(tale.bank.no, amount, kind, posted, about, party)


def _own_text(tale: Tale, words: tuple[str, ...]) -> str:
    return tale.chance.pick(words)[: tale.bank.text_limit]


@story("fee")
def fee(tale: Tale) -> list[Line]:
    """A fee of the bank, by its type code."""
    amount = -tale.chance.between(150, 9000)
    part = Part("gl_account", amount, account="BANK-FEES")
    text = _own_text(tale, tale.words.bank_fee)
    return [tale.receipt(bank_itself(tale), [part], text, "free", kind="fee", end_to_end="")]


@story("interest")
def interest(tale: Tale) -> list[Line]:
    """Interest that the bank pays, by its type code."""
    amount = tale.chance.between(10, 8000)
    part = Part("gl_account", amount, account="INTEREST-INCOME")
    text = _own_text(tale, tale.words.interest)
    return [tale.receipt(bank_itself(tale), [part], text, "free", kind="interest", end_to_end="")]


def _other_side(tale: Tale, amount: int, parts: list[list[Part]], text: str) -> list[Line]:
    """The outgoing line here and the incoming one on the other account, same day or next."""
    if not tale.bank.account:
        number = tale.setting.banks[1 - tale.at].account_id.rpartition("/")[2]
        longer = f"{text} {number}"
        text = longer if len(longer) <= tale.bank.text_limit else text
    first = tale.receipt(own(tale), parts[0], text, "free", kind="own", end_to_end="")
    tale.at = 1 - tale.at
    second = tale.receipt(own(tale), parts[1], text, "free", kind="own", end_to_end="")
    later = tale.day + timedelta(tale.chance.between(0, 1))
    if later.weekday() < 5:
        second.day, second.value = later, None
    return [first, second]


@story("transfer")
def transfer(tale: Tale) -> list[Line]:
    """Money moved between own accounts, both lines, nothing booked yet."""
    amount = tale.chance.between(10, 900) * 10000 + tale.chance.between(1, 99) * 100
    text = _own_text(tale, tale.words.transfer)
    sides = [[Part("transfer", sign * amount, account="TRANSFERS")] for sign in (-1, 1)]
    return _other_side(tale, amount, sides, text)


@story("transfer_booked")
def transfer_booked(tale: Tale) -> list[Line]:
    """Money moved between own accounts, booked on both before."""
    amount = tale.chance.between(10, 900) * 10000
    out = booked(tale, -amount, "transfer", "To own account")
    into = booked(tale, amount, "transfer", "From own account")
    into.bank, into.no = tale.setting.banks[1 - tale.at].no, f"{out.no}"
    text = f"{_own_text(tale, tale.words.transfer)} {out.no}"
    if len(text) > tale.bank.text_limit:
        text = out.no
    return _other_side(tale, amount, [[confirmed(out)], [confirmed(into)]], text)


@story("payment_confirmed")
def payment_confirmed(tale: Tale) -> list[Line]:
    """A payment to a vendor that the books show, by its number."""
    vendor = tale.books.party("vendor")
    entry = booked(tale, -tale.chance.amount(), "payment", "Payment run", vendor)
    entry.end_to_end = entry.no
    made = tale.receipt(vendor, [confirmed(entry)], entry.no, "free", end_to_end=entry.no)
    return [made]


def _batch(tale: Tale, sign: int, kind: str, words: tuple[str, ...], side: str) -> list[Line]:
    number = f"{tale.chance.pick(('RUN', 'LS', 'B'))}-{tale.chance.digits(5)}"
    entries = []
    for _ in range(tale.chance.between(3, 7)):
        party = tale.books.party(side)
        entries.append(booked(tale, sign * tale.chance.amount(), kind, "Batch", party))
        entries[-1].batch = number
    text = tale.chance.pick(words).format(number)
    text = text if len(text) <= tale.bank.text_limit else number
    parts = [confirmed(entry) for entry in entries]
    return [tale.receipt(bank_itself(tale), parts, text, "free", kind="batch", end_to_end="")]


@story("payment_batch")
def payment_batch(tale: Tale) -> list[Line]:
    """A collective debit for a payment run, by its batch number."""
    return _batch(tale, -1, "payment", tale.words.run, "vendor")


@story("collection_batch")
def collection_batch(tale: Tale) -> list[Line]:
    """A collective credit for direct debits that we collect."""
    return _batch(tale, 1, "direct_debit", tale.words.direct_debit, "customer")


@story("check")
def check(tale: Tale) -> list[Line]:
    """A check that was written is presented, by its number."""
    vendor = tale.books.party("vendor")
    entry = booked(tale, -tale.chance.amount(), "check", "Check", vendor)
    entry.check_no = _check_no(tale)
    return [_presented(tale, entry, entry.amount)]


def _check_no(tale: Tale) -> str:
    taken = {entry.check_no for entry in tale.books.bank_entries}
    while (number := tale.chance.digits(6)) in taken:
        pass
    return number


def _presented(tale: Tale, entry: BankEntry, amount: int) -> Line:
    text = tale.chance.pick(tale.words.check).format(entry.check_no)[: tale.bank.text_limit]
    return tale.receipt(
        bank_itself(tale), [confirmed(entry)], text, "free", amount=amount, kind="check",
        check_no=entry.check_no, end_to_end="",
    )  # fmt: skip


@story("check_differs")
def check_differs(tale: Tale) -> list[Line]:
    """A check is presented with another amount than the books show."""
    entry = booked(tale, -tale.chance.amount(), "check", "Check", tale.books.party("vendor"))
    entry.check_no = _check_no(tale)
    line = _presented(tale, entry, entry.amount - tale.chance.between(1, 90) * 100)
    line.parts = []
    return tale.unsettled(line, "check_amount_differs")


@story("check_stopped")
def check_stopped(tale: Tale) -> list[Line]:
    """A stopped check is presented."""
    entry = booked(tale, -tale.chance.amount(), "check", "Check", tale.books.party("vendor"))
    entry.check_no, entry.status = _check_no(tale), "stopped"
    line = _presented(tale, entry, entry.amount)
    line.parts = []
    return tale.unsettled(line, "check_irregular")


@story("deposit")
def deposit(tale: Tale) -> list[Line]:
    """Cash or checks paid in, which the books show, by their number."""
    entry = booked(tale, tale.chance.amount(), "deposit", "Deposit")
    text = tale.chance.pick(tale.words.deposit).format(entry.no)
    text = text if len(text) <= tale.bank.text_limit else entry.no
    return [tale.receipt(bank_itself(tale), [confirmed(entry)], text, "free", kind="deposit",
                         end_to_end="")]  # fmt: skip


@story("payroll_booked")
def payroll_booked(tale: Tale) -> list[Line]:
    """Wages that the books show, by the number of the run."""
    entry = booked(tale, -tale.chance.between(500000, 9000000), "payment", "Wages")
    entry.end_to_end = entry.no
    text = tale.chance.pick(tale.words.salary).format(entry.no)
    text = text if len(text) <= tale.bank.text_limit else entry.no
    return [tale.receipt(bank_itself(tale), [confirmed(entry)], text, "free", kind="batch",
                         end_to_end=entry.no)]  # fmt: skip


@story("refund_booked")
def refund_booked(tale: Tale) -> list[Line]:
    """A refund to a customer that the books show, by its number."""
    customer = tale.books.customer()
    entry = booked(tale, -tale.chance.amount(), "payment", "Refund", customer)
    entry.end_to_end = entry.no
    text = tale.chance.pick(tale.words.refund).format(entry.no)
    text = text if len(text) <= tale.bank.text_limit else entry.no
    return [tale.receipt(customer, [confirmed(entry)], text, "free", end_to_end=entry.no)]
