"""Which part of the queue a person asks for, in words that page, terminal and saved filters share.

``reason, account, currency, confidence, who, overdue, later, q, payer, sort, down``: as in the
address of the list. ``who`` is ``mine``, ``nobody`` or a name; ``confidence`` is the least.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pipeline.ledger.queue import LEVELS, SORTS, Filter, Found

NAMES = ("reason", "account", "currency", "confidence", "who", "overdue", "later", "q", "payer",
         "sort", "down")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """What days count from: before which an item is overdue (ISO, may be empty), and today."""

    overdue_before: str
    today: str


def filter_of(
    given: Mapping[str, str], name: str, days: Days, search: Callable[[str], Found]
) -> Filter:
    """As the ledger takes it; ``name`` is who asks, ``search`` finds the items of words."""
    words = given.get("q", "")[:200].strip()
    who, confidence = given.get("who", ""), given.get("confidence", "")
    return Filter(
        reason=given.get("reason", ""),
        bank_account=given.get("account", ""),
        payer=given.get("payer"),
        currency=given.get("currency", ""),
        assigned_to={"mine": name, "nobody": ""}.get(who, who or None),
        opened_before=days.overdue_before if given.get("overdue") else "",
        today=days.today,
        confidence=confidence if confidence in LEVELS else "",
        put_off=bool(given.get("later")),
        found=search(words) if words else None,
    )


def order_of(given: Mapping[str, str]) -> tuple[str, bool]:
    """By what it is sorted, and whether from the largest down."""
    sort = given.get("sort", "age")
    return sort if sort in SORTS else "age", bool(given.get("down"))


def query(given: Mapping[str, str], **changed: object) -> str:
    """The address of a list, from its ``?`` on; what is empty is left out."""
    kept = {name: given[name] for name in NAMES if name in given}
    new = {**kept, **{k: v for k, v in changed.items() if v is not None}}
    left = {k: v for k, v in new.items() if v != "" or (k == "payer" and k in kept)}
    return "?" + urlencode(left)


def given_of(text: str) -> dict[str, str]:
    """What stands in the query of an address, without what is no part of a filter."""
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True)
    return {name: value for name, value in pairs if name in NAMES}
