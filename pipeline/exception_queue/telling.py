"""One mail to each person for whom something new waits: numbers, counts, sums and where to look.

A mail is kept once the server has taken it; one that was sent by a run that was killed before that
goes again, under the same Message-ID.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.delivering import check_mail
from pipeline.domain import mailbox
from pipeline.domain.errors import UsageError
from pipeline.exception_queue import words
from pipeline.ledger import attention, notices, people, queue
from pipeline.statements.mail import Mail, message, one_line
from pipeline.statements.mail_server import MailServer, MailServerError

Receipt = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for one person: numbers of exceptions, and the rows of those of their own."""

    name: str
    mine: list[Row]
    overdue: list[int]
    waiting: list[int]
    """Decisions that others prepared and this person may approve."""
    nobody: tuple[int, int]
    """How many nobody has, and the number of the newest of them."""

    def told(self) -> Row:
        """What a mail tells, as it is kept."""
        own = [row["id"] for row in self.mine]
        return {"mine": own, "overdue": self.overdue, "waiting": self.waiting,
                "nobody": self.nobody[1]}  # fmt: skip

    def new(self, before: Mapping[str, Any]) -> list[int] | None:
        """Numbers that were not told ``before``; None where nothing is new at all."""
        told = self.told()
        kinds = ("mine", "overdue", "waiting")
        fresh = {number for kind in kinds for number in set(told[kind]) - set(before.get(kind, []))}
        return sorted(fresh) if fresh or told["nobody"] > before.get("nobody", 0) else None


def notify(settings: Settings, actor: str) -> Receipt:
    """Send a mail to everybody of ``[queue.addresses]`` for whom something is new; counts.

    MailServerError (retryable) where a mail was not taken yet; what was sent is not sent again.
    """
    done: Receipt = {"sent": 0, "unknown": 0, "failed": 0, "unchanged": 0}
    waits: list[str] = []
    _check_addresses(settings)
    with books.opened(settings) as book:
        before = notices.last(book)
        found = [(desk, desk.new(before.get(desk.name, {}))) for desk in _desks(book, settings)]
        due = [(desk, new) for desk, new in found if new is not None]
        done["unchanged"] = len(found) - len(due)
        if due:
            check_mail(settings)
        with MailServer(settings.mail) as server:
            for desk, new in due:
                mail = _mail(settings, desk, new)
                state, why = _send(settings, server, mail)
                if state == "pending":
                    waits.append(why)
                    continue
                done[state] += 1
                notices.record(book, desk.name, desk.told(), mail.message_id, (state, why), actor)
    if waits:
        raise MailServerError(f"{len(waits)} mails about the queue wait: {waits[0]}")
    return done


def _send(settings: Settings, server: MailServer, mail: Mail) -> tuple[str, str]:
    sender, reply_to = settings.mail["sender"], settings.mail["reply_to"]
    made = message(mail, sender, reply_to, dt.datetime.now(dt.UTC))
    return server.send(sender, mail.recipient, made)


def _desks(book: ledger.Ledger, settings: Settings) -> list[Desk]:
    """The desk of each person who has an address, by name."""
    names = sorted(settings.queue["addresses"])
    if not names:
        return []
    before = queue.overdue_before(queue.last_day(book), settings.queue["overdue_days"])
    today = attention.today(book)
    rows, nobody = notices.assigned(book, today), notices.of_nobody(book, today)
    prepared = notices.waiting(book)
    known = people.newest(book)
    found = []
    for name in names:
        mine = [row for row in rows if row["assigned_to"] == name]
        overdue = [row["id"] for row in mine if row["opened_on"] and row["opened_on"] < before]
        others = [row["id"] for row in prepared if row["actor"].casefold() != name.casefold()]
        waiting = others if not known or people.approves(known, name) else []
        found.append(Desk(name, mine, overdue, waiting, nobody))
    return found


def _check_addresses(settings: Settings) -> None:
    for name, address in settings.queue["addresses"].items():
        if wrong := mailbox.wrong(address):
            raise UsageError(f"[queue.addresses] {name}: found {address!r}, {wrong}")


def _mail(settings: Settings, desk: Desk, new: Iterable[int]) -> Mail:
    said = words.language(settings.queue["language"])
    told = json.dumps([desk.name, desk.told()], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()[:40]
    page = settings.queue["page"]
    lines = [
        said.say("mine", count=len(desk.mine)),
        *words.sums(said, desk.mine),
        said.say("new", ids=words.listed(said, new)),
        said.say("overdue", days=settings.queue["overdue_days"],
                 ids=words.listed(said, desk.overdue)),
        said.say("waiting", ids=words.listed(said, desk.waiting)),
        said.say("nobody", count=desk.nobody[0]),
        "",
        said.say("look", place=f"{page.rstrip('/')}/?who=mine" if page else
                 f"lettrage exceptions list --assigned-to {desk.name}"),
    ]  # fmt: skip
    subject = said.say("subject", mine=len(desk.mine), overdue=len(desk.overdue),
                       company=settings.company["name"] or "Lettrage")  # fmt: skip
    return Mail(
        settings.queue["addresses"][desk.name],
        f"<queue.{digest}@{mailbox.domain(settings.mail['sender'])}>",
        one_line(subject),
        "\n".join(lines) + "\n",
    )
