"""A conflict with the source of an entry: what stands, and a person who ends it."""

from typing import Any

from pipeline import books, steps
from pipeline.config import Settings
from pipeline.corrections import two_people
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.ledger import conflicts

Receipt = dict[str, Any]


def listed(settings: Settings) -> list[Receipt]:
    """Each entry in conflict: what we have open of it, what its source said, since when."""
    with books.opened(settings) as book:
        rows = conflicts.standing(book)
    return [
        {
            "party": f"{row['party_type']} {row['party_no']}",
            "document": _name(row),
            "open_here": f"{money.text(row['remaining_amount'], row['currency'])}"
            f" {row['currency']}",
            "source_says": row["said"],
            "since": row["since"],
            "loaded_by": row["by"],
        }
        for row in rows
    ]


def end(settings: Settings, named: str, actor: str, reason: str, *, party: str = "") -> Receipt:
    """Ours stands against what the source says: the entry takes automatic postings again.

    Until the source says something else. With ``[policy] approval = "two_people"`` the first
    person asks, another one says the same. Afterwards what is left is matched.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why ours stands")
    with books.opened(settings) as book:
        rows = conflicts.standing(book, named, party)
        if not rows:
            raise UsageError(f"{named}: is not in conflict with its source; see: lettrage conflict"
                             " list")  # fmt: skip
        if len({(row["party_type"], row["party_no"]) for row in rows}) > 1:
            raise UsageError(f"{named}: several parties have this document; name one: --party NO")
        receipt: Receipt = {"documents": [_name(row) for row in rows],
                            "source_said": sorted({row["said"] for row in rows})}  # fmt: skip
        people = (actor, "")
        if settings.two_people:
            subject = f"{rows[0]['party_type']}/{rows[0]['party_no']}/{named}"
            seen = "|".join(row["said"] for row in rows)
            wanted = two_people.Wanted("end_conflict", subject, seen, actor, reason)
            request = two_people.first(book, wanted)
            if request is None:
                return {**receipt, **two_people.asked(wanted)}
            people = (actor, request.actor)
        with book.transaction() as connection:
            for row in rows:
                conflicts.end(connection, row, people, reason)
    matched = steps.propose(settings, actor)
    return {**receipt, "done": True, "exceptions": matched["exceptions"]}


def _name(row: dict[str, Any]) -> str:
    part = f"/{row['instalment']}" if row["instalment"] else ""
    return f"{row['document_type']} {row['document_no']}{part}"
