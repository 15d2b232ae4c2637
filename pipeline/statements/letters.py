"""The letters of a run: who is told something, what, and why the others are told nothing."""

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.statements.choice import Choice
from pipeline.statements.compose import Row, compose, summary
from pipeline.statements.form import Form
from pipeline.statements.language import language
from pipeline.statements.movements import Told, of_period
from pipeline.statements.paying import paying
from pipeline.statements.payment_part import PaymentPart
from pipeline.statements.recipient import Recipient, recipients

WITH_PARENT = "told_with_parent"
"""Why a member of a group gets no letter of its own."""


@dataclass(frozen=True)
class Accounts:
    """What the books say of customers as of a date: frames as ``ledger.as_of`` gives them.

    ``head`` is the hash of the register up to which they were read.
    """

    as_of: dt.date
    head: str
    entries: pl.DataFrame
    movements: pl.DataFrame
    bank_accounts: Sequence[Mapping[str, Any]] = ()
    """Our own that are not closed by then."""

    @functools.cached_property
    def owing(self) -> dict[str, list[Row]]:
        """The open entries of each customer: a few rows each, which frames would be slow for."""
        return _by_customer(self.entries)

    @functools.cached_property
    def moved(self) -> dict[str, list[Row]]:
        """The movements of each customer."""
        return _by_customer(self.movements)


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as data.

    ``owed``: of each member minor units by currency, what it owes positive.
    """

    recipient: Recipient
    data: Mapping[str, Any]
    owed: Mapping[str, Mapping[str, int]]

    @property
    def balances(self) -> dict[str, int]:
        """What the members owe together, by currency."""
        sums: Counter[str] = Counter()
        for own in self.owed.values():
            sums.update(own)
        return dict(sorted(sums.items()))


Before = Mapping[tuple[str, str], Mapping[str, Told]]
"""What members were told last, by ``Recipient.key`` and number."""


def chosen(
    books: Accounts,
    customers: Sequence[Mapping[str, Any]],
    form: Form,
    choice: Choice,
    told: Before | None = None,
) -> tuple[list[Recipient], list[tuple[tuple[str, str], str]]]:
    """Who gets a statement, and customers and units of those who get none with the reason why.

    Open items are shown to who has some, the other styles also to whom something moved in the
    period; what was posted late counts as moved. ``told`` is what they were told before. Who is
    told with its parent gets none itself.
    """
    told = told or {}
    late: dict[str, list[Row]] = {}
    for before in told.values():
        for number, last in before.items():
            late.setdefault(number, []).extend(last.late)
    wanted, skipped = [], []
    for recipient in recipients(customers, form.per, (books.owing, books.moved, late)):
        customer, entries = recipient.customer, recipient.of(books.owing)
        first, moved = form.first_day(books.as_of), recipient.of(books.moved)
        latest = told.get(recipient.key)
        reason = _silent(customer, entries, moved, first, form, latest)
        active = _came_late(latest) or any(row["day"] >= first for row in moved)
        projects = {recipient.project or ""}
        if recipient.project is None and choice.projects:
            projects = {row["project"] for row in (*entries, *moved)}
        reason = reason or choice.leaves_out(
            customer, entries, books.as_of, moved=active, projects=projects
        )
        if reason:
            skipped.append((recipient.key, reason))
        else:
            wanted.append(recipient)
        if recipient.is_group:
            others = (member["no"] for member in recipient.members[1:])
            skipped += [((number, ""), reason or WITH_PARENT) for number in others]
    return wanted, skipped


def letters(
    books: Accounts,
    wanted: Iterable[Recipient],
    parts: Mapping[str, Sequence[PaymentPart]],
    form: Form,
    company: Mapping[str, str],
    told: Before | None = None,
) -> Iterator[Composed]:
    """The letter of each recipient, in their order, with the payment ``parts`` of its members."""
    for recipient in wanted:
        before = (told or {}).get(recipient.key, {})
        letter = _of_group if recipient.is_group else _of_one
        data = letter(recipient, books, form, company, before)
        own = [
            part
            for member in recipient.members
            for part in parts.get(member["no"], ())
            if recipient.project in (None, part.project)
        ]
        members = recipient.members if recipient.is_group else ()
        entries, day = recipient.of(books.owing), books.as_of
        data |= paying(
            recipient.customer, entries, own, books.bank_accounts, company, day, form, members
        )
        yield Composed(recipient, data, dict(_owed(recipient, books)))


def _of_one(
    recipient: Recipient,
    books: Accounts,
    form: Form,
    company: Mapping[str, str],
    told: Mapping[str, Told],
) -> Row:
    customer, project = recipient.customer, recipient.project
    entries, moved = recipient.of(books.owing), recipient.of(books.moved)
    last = told.get(customer["no"])
    head = (books.as_of, form, company["name"], books.head)
    data = compose(customer, entries, moved, *head, last)
    every = (books.owing.get(customer["no"], ()), books.moved.get(customer["no"], ()))
    if project is not None and any(row["project"] for rows in every for row in rows):
        data["project"] = project or data["words"]["no_project"]
        if project:
            _say_of_no_project(data, books.owing.get(customer["no"], ()), form.of(customer))
    return data


def _say_of_no_project(data: Row, entries: Sequence[Row], form: Form) -> None:
    """Beside the balance of a project: what money of the customer waits that names none.

    It may be meant for this project or for another, so that it is told and not deducted.
    """
    words = language(form.language, data["country"])
    for section in data["currencies"]:
        code = section["currency"]
        waits = sum(
            row["remaining_amount"]
            for row in entries
            if row["currency"] == code and not row["project"] and row["remaining_amount"] < 0
        )
        if waits:
            amount = words.amount(-waits, code)
            said = words.say("of_no_project", amount=amount, currency=code)
            section["of_no_project"] = {"text": said, "exact": waits}


def _of_group(
    recipient: Recipient,
    books: Accounts,
    form: Form,
    company: Mapping[str, str],
    told: Mapping[str, Told],
) -> Row:
    """A section for each member and currency, in the words and the style of who gets the letter."""
    parent, head = recipient.customer, (books.as_of, form, company["name"], books.head)
    data = compose(parent, (), (), *head)
    for member in recipient.members:
        number, own = member["no"], {"member": {"no": member["no"], "name": member["name"]}}
        moved = books.moved.get(number, ())
        said = compose(parent, books.owing.get(number, ()), moved, *head, told.get(number))
        data["currencies"] += [own | section for section in said["currencies"]]
    entries = recipient.of(books.owing)
    form = form.of(parent)
    words = language(form.language, parent.get("country", ""))
    codes = sorted({section["currency"] for section in data["currencies"]})
    data["totals"] = [
        summary(code, [row for row in entries if row["currency"] == code], books.as_of, form, words)
        for code in codes
    ]
    return data


def _owed(recipient: Recipient, books: Accounts) -> Iterator[tuple[str, dict[str, int]]]:
    for member in recipient.members:
        alone = Recipient(member, (member,), recipient.project)
        entries, movements = alone.of(books.owing), alone.of(books.moved)
        sums = dict.fromkeys(sorted({row["currency"] for row in (*entries, *movements)}), 0)
        for row in entries:
            sums[row["currency"]] += row["remaining_amount"]
        yield member["no"], sums


def _silent(
    customer: Mapping[str, Any],
    entries: Sequence[Row],
    movements: Sequence[Row],
    first: dt.date,
    form: Form,
    told: Mapping[str, Told] | None,
) -> str:
    """Why a customer gets none whatever the choice is; empty where there is something to read."""
    if customer.get("statement_method") == "none":
        return "wants_none"
    if form.named(customer) not in ("", *form.templates):
        return "unknown_template"
    own = form.of(customer)
    moved = own.style != "open_item" and bool(of_period(movements, first, own))
    return "" if entries or moved or _came_late(told) else "nothing_to_show"


def _came_late(told: Mapping[str, Told] | None) -> bool:
    """Whether something was posted into the time that one of the members was told of."""
    return any(last.late for last in (told or {}).values())


def _by_customer(frame: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    names, columns = frame.columns, (column.to_list() for column in frame.get_columns())
    for number, values in zip(frame["party_no"].to_list(), zip(*columns, strict=True), strict=True):
        found.setdefault(number, []).append(dict(zip(names, values, strict=True)))
    return found
