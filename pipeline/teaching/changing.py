"""Mappings by hand: add one, change where it leads to, approve it, remove it.

Every change is a newer state of the mapping, with who made it and why; nothing is overwritten. The
same said twice changes nothing more.
"""

from typing import Any

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import company, mappings
from pipeline.named import gl_account, named_party
from pipeline.teaching import words

Receipt = dict[str, Any]
Row = dict[str, Any]


def add(
    settings: Settings,
    kind: str,
    pattern: str,
    to: tuple[str, str],
    actor: str,
    *,
    side: str = "",
    limit: str = "",
    reason: str = "",
) -> Receipt:
    """A new mapping of a ``kind``; ``to`` is ``party`` or ``account``, and the person's word.

    ``side`` is in, out or both; empty: both for an account. ``limit`` is AMOUNT or AMOUNT CURRENCY.
    """
    with books.opened(settings) as book:
        said = {"kind": kind, "pattern": words.checked(kind, pattern)}
        said |= _target(book, settings, to) | {"side": side, "amount_limit": None, "currency": ""}
        said = _agreed(book, settings, said, limit)
        alike = [m for m in mappings.standing(book) if words.same(m, said)]
        for row in alike:
            if all(row[name] == said[name] for name in mappings.WHAT if name != "pattern"):
                return _receipt(settings, row["mapping_no"], "add", row, changed=False)
        with book.transaction() as connection:
            number = mappings.add(connection, said, actor, reason=reason)
        receipt = _receipt(settings, number, "add", said | {"action": "add"})
    others = [row["mapping_no"] for row in alike if _overlaps(row, said)]
    if others:
        receipt["warnings"] = [
            f"mapping {other} leads elsewhere for the same {words.KINDS[kind]}: lines of it ask"
            for other in others
        ]
    return receipt


def edit(
    settings: Settings,
    number: int,
    actor: str,
    *,
    pattern: str = "",
    to: tuple[str, str] | None = None,
    side: str = "",
    limit: str = "",
    reason: str = "",
) -> Receipt:
    """Change what is given; ``limit`` may be ``none``. What was approved must be approved anew."""
    with books.opened(settings) as book:
        seen = _of(book, number)
        said = {name: seen[name] for name in mappings.WHAT}
        if pattern:
            said["pattern"] = words.checked(seen["kind"], pattern)
        if to:
            said |= _target(book, settings, to)
        if side:
            said["side"] = side
        if limit == "none" or not words.may_post(said):
            said |= {"amount_limit": None, "currency": ""}
        said = _agreed(book, settings, said, "" if limit == "none" else limit)
        changed = any(said[name] != seen[name] for name in mappings.WHAT)
        if changed:
            mappings.change(book, seen, "edit", said, actor, reason)
    now = said | {"action": "edit" if changed else seen["action"]}
    return _receipt(settings, number, "edit", now, changed=changed)


def approve(settings: Settings, number: int, actor: str, *, reason: str = "") -> Receipt:
    """Let a mapping to an account, or of money out to a vendor, post within its limit.

    By another than who wrote it last. With ``[policy] approval = "two_people"`` one that tells who
    pays us is approved too, and holds from then on.
    """
    with books.opened(settings) as book:
        seen = _of(book, number)
        if seen["action"] == "approve":
            return _receipt(settings, number, "approve", seen, changed=False)
        posts = words.may_post(seen)
        if not posts and not settings.two_people:
            raise UsageError(
                f"mapping {number} tells who pays us; only accounts and money out are approved"
            )
        if posts and seen["amount_limit"] is None:
            raise UsageError(
                f"mapping {number} has no limit up to which it may post; set it first:"
                f" lettrage mapping edit {number} --limit AMOUNT"
            )
        if seen["actor"].strip().casefold() == actor.strip().casefold():
            raise DecisionError(f"{seen['actor']} wrote mapping {number}; a second person approves")
        mappings.change(book, seen, "approve", seen, actor, reason)
    return _receipt(settings, number, "approve", seen | {"action": "approve"})


def remove(settings: Settings, number: int, actor: str, *, reason: str = "") -> Receipt:
    """End a mapping; its states stay on record."""
    with books.opened(settings) as book:
        seen = _of(book, number, removed=True)
        changed = seen["action"] != "remove"
        if changed:
            mappings.change(book, seen, "remove", seen, actor, reason)
    return _receipt(settings, number, "remove", seen | {"action": "remove"}, changed=changed)


def _of(book: ledger.Ledger, number: int, *, removed: bool = False) -> Row:
    """The state of a mapping as it stands; UsageError when there is none."""
    found = [row for row in mappings.states(book) if row["mapping_no"] == number]
    if not found:
        raise UsageError(f"mapping {number} does not exist; see: lettrage mapping list")
    if found[0]["action"] == "remove" and not removed:
        raise UsageError(f"mapping {number} was removed; add it anew: lettrage mapping add")
    return found[0]


def _target(book: ledger.Ledger, settings: Settings, to: tuple[str, str]) -> Row:
    what, word = to
    if what == "account":
        return {"target_type": "gl", "target_no": gl_account(book, word, settings)}
    party_type, party_no = named_party(book, word)
    return {"target_type": party_type, "target_no": party_no}


def _agreed(book: ledger.Ledger, settings: Settings, said: Row, limit: str) -> Row:
    """``said`` with its side and limit; UsageError where they do not belong together."""
    party = said["target_type"] != "gl"
    paid = said["target_type"] == "vendor" and said["side"] == "out"
    if party and not paid and (limit or said["side"] not in ("", "in")):
        raise UsageError(
            "a mapping to a party tells who pays us: expected money in (--side in) and no --limit;"
            " only a vendor may be paid by one (--side out)"
        )
    said = said | {"side": said["side"] or ("in" if party else "both")}
    return said | (_limit(limit, company.currency(book, settings)) if limit else {})


def _limit(text: str, currency: str) -> Row:
    amount, _, code = text.partition(" ")
    currency = code.strip().upper() or currency
    try:
        value = money.minor(amount, currency)
    except (ValueError, KeyError) as error:
        raise UsageError(f"--limit {text}: {error}; expected AMOUNT or 'AMOUNT CURRENCY'") from None
    if value <= 0:
        raise UsageError(f"--limit {text}: expected more than 0")
    return {"amount_limit": value, "currency": currency}


def _overlaps(one: Row, other: Row) -> bool:
    """Do two mappings of one payer or text lead the same line to different places?"""
    elsewhere = (one["target_type"], one["target_no"]) != (other["target_type"], other["target_no"])
    return elsewhere and (one["side"] == other["side"] or "both" in (one["side"], other["side"]))


def _receipt(
    settings: Settings, number: int, action: str, row: Row, *, changed: bool = True
) -> Receipt:
    found = {"mapping": number, "action": action, "changed": changed, "says": words.sentence(row)}
    state = words.state(row, two_people=settings.two_people)
    return found | {"side": row["side"], "limit": words.limit(row), "state": state}
