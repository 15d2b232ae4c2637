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
    """The decisions that wait: each with its ``version``, and what they write off by currency."""
    sums: dict[str, int] = {}
    asked = []
    with ledger.open(settings.ledger) as book:
        for row in notices.waiting(book):
            item = stored.item(book, row["id"])
            if item is None or item["last_decision"] != row["decision"]:
                continue  # decided since: this version of the item is another question
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["written_off"]
            asked.append({"exception": item["id"], "version": item["version"]})
    told = ", ".join(f"{money.text(sums[code], code)} {code}" for code in sorted(sums))
    return {"asked": asked, "written_off": told}


@books.kept_open
def approve(
    settings: Settings, asked: Iterable[Mapping[str, Any]], actor: str, *, named: bool = False
) -> Receipt:
    """Post what ``waiting`` gave, where it is still as it was then; the others are counted.

    UsageError where the ledger names others as approvers and not ``actor``; with ``named`` also
    where it names nobody, as who signs in elsewhere is no approver by that.
    """
    with books.opened(settings) as book:
        known = people.newest(book)
    if (known or named) and not people.approves(known, actor):
        raise UsageError(
            f"{actor} is no approver of this ledger; see: lettrage user add NAME --role approver"
        )
    done: Receipt = {"approved": 0, "left": 0}
    for one in asked:
        number, version = one["exception"], one["version"]
        try:
            made = decisions.accept(settings, number, actor, seen=version, follow=False)
        except (DecisionError, UsageError):  # decided since, or prepared by the same person
            done["left"] += 1
        else:
            still = made.get("outcome") == "waiting"  # accepted by the same person before
            done["left" if still else "approved"] += 1
    if done["approved"]:
        steps.propose(settings, actor)
    return done
