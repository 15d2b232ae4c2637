"""A run of customer statements: what each customer is told is composed once and kept.

A run that was stopped goes on where it was; asked for again it finds itself. Nothing leaves the
house here: that is ``delivering``.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline import books, customer_accounts, ledger, statements, told_before
from pipeline.config import Settings
from pipeline.domain import mailbox
from pipeline.ledger import as_of, suppressions
from pipeline.ledger import statement_runs as runs

Receipt = dict[str, Any]
Progress = Callable[[str, int, int], None]
_SLICE = 10_000
_PART = 1_000


def compose(
    settings: Settings,
    day: dt.date,
    form: statements.Form,
    choice: statements.Choice,
    sending: str,
    actor: str,
    progress: Progress,
    occasion: str = "",
) -> Receipt:
    """Compose and keep the statements of a run; returns its number and counts.

    ``sending``: ``email`` (to each customer as it wishes) or ``print`` (all on paper). A run of an
    ``occasion`` is there once, in the words in which it was asked for first.
    """
    with books.opened(settings) as book:
        asked = (dataclasses.asdict(form), dataclasses.asdict(choice))
        run = runs.begin(book, day, *asked, sending, actor, occasion)
        if not run.composed:
            _fill(book, run, settings, actor, progress)
            runs.mark(book, run.no, "composed", actor)
        return {"run": run.no, "as_of": run.as_of.isoformat(), "register_no": run.register_no}


def approve(settings: Settings, number: int, actor: str) -> None:
    """Let a composed run leave the house."""
    with books.opened(settings) as book:
        runs.mark(book, number, "approved", actor)


def _fill(
    book: ledger.Ledger, run: runs.Run, settings: Settings, actor: str, progress: Progress
) -> None:
    form, choice = _form(run.form), _choice(run.choice)
    known = runs.done(book, run.no)
    everyone = statements.families(as_of.customers(book), form.per)
    before = told_before.Before(runs.told(book, run.as_of))
    domain = mailbox.domain(settings.mail["sender"])
    way = _Way(settings, run.sending, suppressions.standing(book))
    done = 0
    for families in _slices(everyone):
        numbers = [number for family in families for number in family]
        accounts, customers = customer_accounts.read(
            book, run.as_of, (run.register_no, run.register_hash), form, choice, settings, numbers
        )
        told = before.told(book, run.register_no, form, families)
        wanted, skipped = statements.chosen(accounts, customers, form, choice, told)
        wanted = [recipient for recipient in wanted if recipient.key not in known]
        parts = customer_accounts.with_references(book, accounts, wanted, form, settings, actor)
        found = statements.letters(accounts, wanted, parts, form, settings.company, told)
        for letters in _parts(map(way.of, found)):
            runs.record(book, run, letters, (), domain, actor)
        runs.record(book, run, (), skipped, domain, actor)
        done += len(numbers)
        progress("compose", done, sum(map(len, everyone)))


def _slices(families: Iterable[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """Some families at a time, of ``_SLICE`` customers but for a family of more."""
    found: list[tuple[str, ...]] = []
    count = 0
    for family in families:
        if found and count + len(family) > _SLICE:
            yield found
            found, count = [], 0
        found.append(family)
        count += len(family)
    if found:
        yield found


def _parts(found: Iterable[runs.Letter]) -> Iterator[list[runs.Letter]]:
    part: list[runs.Letter] = []
    for letter in found:
        part.append(letter)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part


@dataclasses.dataclass(frozen=True, slots=True)
class _Way:
    """How each statement goes to its customer."""

    settings: Settings
    sending: str
    suppressed: set[str]

    def of(self, letter: statements.Composed) -> runs.Letter:
        """The letter as it is recorded, with its way."""
        customer, unit = letter.recipient.customer, letter.recipient.unit
        method, recipient, withheld = self._way(customer)
        return runs.Letter(
            customer["no"], letter.data["style"], letter.balances, statements.kept(letter.data),
            method, recipient, withheld,
            bool(withheld) and self.settings.mail["fallback"] == "print",
            unit, letter.owed if letter.recipient.is_group else {},
        )  # fmt: skip

    def _way(self, customer: Mapping[str, Any]) -> tuple[str, str, str]:
        if self.sending == "print" or customer["statement_method"] == "print":
            return "print", "", ""
        recipient = str(customer.get("email", "")).strip()
        if mailbox.wrong(recipient):
            return "email", recipient, "invalid_address" if recipient else "no_address"
        listed = suppressions.address_hash(recipient) in self.suppressed
        return "email", recipient, "suppressed_address" if listed else ""


def _form(text: str) -> statements.Form:
    said = json.loads(text)
    days = {
        name: dt.date.fromisoformat(said[name]) if said.get(name) else None
        for name in ("first", "dated")
    }
    return statements.Form(**{**said, **days, "bands": tuple(said["bands"])})


def _choice(text: str) -> statements.Choice:
    said: dict[str, Any] = json.loads(text)
    said |= {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    said["minimum"] = None if said["minimum"] is None else Decimal(said["minimum"])
    return statements.Choice(**said)
