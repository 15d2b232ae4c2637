"""One mail to each person for whom something new waits: numbers, counts, sums and where to look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import books, ledger, mailing
from pipeline.config import Settings
from pipeline.exception_queue import words
from pipeline.ledger import attention, last_days, notices, people, queue

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
    for name, address in settings.queue["addresses"].items():
        mailing.check_address(f"[queue.addresses] {name}", address)
    with books.opened(settings) as book:
        before = notices.last(book)
        found = [(desk, desk.new(before.get(desk.name, {}))) for desk in _desks(book, settings)]
        due = [_notice(settings, desk, new) for desk, new in found if new is not None]
        done = mailing.tell(settings, book, due, actor)
    return {**done, "unchanged": len(found) - len(due)}


def _desks(book: ledger.Ledger, settings: Settings) -> list[Desk]:
    """The desk of each person who has an address, by name."""
    names = sorted(settings.queue["addresses"])
    if not names:
        return []
    before = queue.overdue_before(last_days.covered(book), settings.queue["overdue_days"])
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


def _notice(settings: Settings, desk: Desk, new: Iterable[int]) -> mailing.Notice:
    said = words.language(settings.queue["language"])
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
    address, text = settings.queue["addresses"][desk.name], "\n".join(lines) + "\n"
    return mailing.Notice(desk.name, address, desk.told(), subject, text)
