"""What one person prepared and a second one lets through: asked together, posted one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline import books, decisions, ledger, steps
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import decisions as stored
from pipeline.ledger import notices, people

Receipt = dict[str, Any]


def waiting(settings: Settings) -> Receipt:
    """The decisions that wait: each with its ``version``, and a sentence with counts and sums."""
    with ledger.open(settings.ledger) as book:
        rows = notices.waiting(book)
        items = [stored.item(book, row["id"]) for row in rows]
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["currency"]] = sums.get(row["currency"], 0) + row["written_off"]
    asked = [{"exception": item["id"], "version": item["version"]} for item in items if item]
    told = ", ".join(f"{money.text(sums[code], code)} {code}" for code in sorted(sums))
    return {"asked": asked, "written_off": told}


def approve(settings: Settings, asked: Iterable[Mapping[str, Any]], actor: str) -> Receipt:
    """Post what ``waiting`` gave, where it is still as it was then; the others are counted.

    UsageError where the ledger names others as approvers and not ``actor``.
    """
    with books.opened(settings) as book:
        known = people.newest(book)
    if known and not people.approves(known, actor):
        raise UsageError(
            f"{actor} is no approver of this ledger; see: lettrage user add NAME --role approver"
        )
    done: Receipt = {"approved": 0, "left": 0}
    for one in asked:
        number, version = one["exception"], one["version"]
        try:
            decisions.accept(settings, number, actor, seen=version, follow=False)
        except (DecisionError, UsageError):  # decided since, or prepared by the same person
            done["left"] += 1
        else:
            done["approved"] += 1
    if done["approved"]:
        steps.propose(settings, actor)
    return done
