"""A conflict with the source of an entry: what stands, and a person who ends it."""

from typing import Any

from pipeline import books, ledger, steps
from pipeline.config import Settings
from pipeline.corrections import two_people
from pipeline.domain import money
from pipeline.domain.errors import StaleDecisionError, UsageError
from pipeline.ledger import conflicts, requests

Receipt = dict[str, Any]
_KIND = "end_conflict"


def listed(settings: Settings) -> list[Receipt]:
    """Each entry in conflict: what we have open of it, what its source said, since when.

    ``seen`` is what ``end`` takes; ``asked_by`` who asked to end it, where that takes two.
    """
    with books.opened(settings) as book:
        rows = conflicts.standing(book)
        alike: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(_subject(row), []).append(row)
        asked = requests.people_by_subject(book, _KIND)
    return [
        {
            "party": f"{row['party_type']} {row['party_no']}",
            "document": _name(row),
            "open_here": f"{money.text(row['remaining_amount'], row['currency'])}"
            f" {row['currency']}",
            "source_says": row["said"],
            "since": row["since"],
            "loaded_by": row["by"],
            "party_no": row["party_no"],
            "document_no": row["document_no"],
            "seen": _seen(alike[_subject(row)]),
            "asked_by": asked.get((_subject(row), _seen(alike[_subject(row)])), []),
        }
        for row in rows
    ]


@books.kept_open
def end(
    settings: Settings, named: str, actor: str, reason: str, *, party: str = "", seen: str = ""
) -> Receipt:
    """Ours stands against what the source says: the entry takes automatic postings again.

    Until the source says something else. With ``[policy] approval = "two_people"`` the first
    person asks, another one says the same. Afterwards what is left is matched. ``seen`` is what
    ``listed`` gave, so that nobody ends what the source said later; empty: as it is now.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why ours stands")
    with books.opened(settings) as book:
        rows = _of(book, named, party)
        if seen not in ("", _seen(rows)):
            raise StaleDecisionError(f"{named}: its source says something else by now; look again:"
                                     " lettrage conflict list; nothing was written")  # fmt: skip
        receipt: Receipt = {"documents": [_name(row) for row in rows],
                            "source_said": sorted({row["said"] for row in rows})}  # fmt: skip
        people = (actor, "")
        if settings.two_people:
            wanted = two_people.Wanted(_KIND, _subject(rows[0]), _seen(rows), actor, reason)
            request = two_people.first(book, wanted)
            if request is None:
                return {**receipt, **two_people.asked(wanted)}
            people = (actor, request.actor)
        with book.transaction() as connection:
            for row in rows:
                conflicts.end(connection, row, people, reason)
    matched = steps.propose(settings, actor)
    return {**receipt, "done": True, "exceptions": matched["exceptions"]}


def _of(book: ledger.Ledger, named: str, party: str) -> list[dict[str, Any]]:
    """The entries in conflict of a document of one party."""
    rows = conflicts.standing(book, named, party)
    if not rows:
        raise UsageError(f"{named}: is not in conflict with its source; see: lettrage conflict"
                         " list")  # fmt: skip
    if len({(row["party_type"], row["party_no"]) for row in rows}) > 1:
        raise UsageError(f"{named}: several parties have this document; name one: --party NO")
    return rows


def _subject(row: dict[str, Any]) -> str:
    return f"{row['party_type']}/{row['party_no']}/{row['document_no']}"


def _seen(rows: list[dict[str, Any]]) -> str:
    """What the source says of all entries of a document."""
    return "|".join(row["said"] for row in rows)


def _name(row: dict[str, Any]) -> str:
    part = f"/{row['instalment']}" if row["instalment"] else ""
    return f"{row['document_type']} {row['document_no']}{part}"
