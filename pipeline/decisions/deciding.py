"""Decisions about a line: explain it, accept or reject a proposal, end two lines that cancel.

The same decision twice changes nothing more.
"""

from collections.abc import Mapping
from typing import Any

from pipeline import books, ledger, review, teaching
from pipeline.config import Settings
from pipeline.decisions.carrying_out import beyond_limits, follow_up, post, post_all, record_of
from pipeline.decisions.explaining import Explained, explain
from pipeline.decisions.giving_up import lets_go
from pipeline.decisions.items import Receipt, Row, again, as_seen, item_of, line_of, proposal_of
from pipeline.decisions.wish import Wish
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import decisions


@books.kept_open
def apply(
    settings: Settings,
    number: int,
    wish: Wish,
    actor: str,
    *,
    reason: str = "",
    seen: str = "",
    action: str = "apply",
    once: bool = False,
    remember: str = "",
    follow: bool = True,
    shown: str = "",
) -> Receipt:
    """Explain an item's line as a person says and post it; beyond a limit it waits for a second.

    ``seen`` is the version of the item that the person saw; empty: as it is now. ``shown`` is the
    digest of the preview that it must post as, empty: there was none. What the decision
    teaches of its payer is remembered unless it holds ``once`` only; ``remember`` are words of the
    text that lead to the same account or party, once a second person accepts where one must.
    Without ``follow`` the caller matches what is left.
    """
    asked = _words(wish) | ({"remember": remember} if remember else {}) | _once(once=once)
    with books.opened(settings) as book:
        item = item_of(book, number)
        if done := again(book, item, action, actor, asked):
            return done
        line = line_of(book, item)
        found = explain(book, line, wish, settings)
        before = decisions.write_offs(book)
        over = beyond_limits(book, line, found, settings)
        decision = record_of(action, actor, reason, {"asked": asked, "rows": found.rows})
        decision |= {"written_off": found.written_off, "write_offs_seen": before}
        decision |= dict(zip(("party_type", "party_no"), found.party, strict=True))
        if remember:
            lesson = teaching.of_text(book, line, found.rows, remember)
        else:
            lesson = _payer(book, line, found.rows, settings, once=once or bool(over))
        if over:
            decisions.record(book, decision | {"outcome": "waiting"}, as_seen(item, seen))
        else:
            decision |= {"teaches": lesson.mappings}
            post(book, item, found.rows, ("manual", "manual"), decision, settings, seen, shown)
        told = lesson.told(book, waits=bool(over))
    return {**follow_up(settings, actor, number, action, over, follow=follow), **told}


@books.kept_open
def accept(
    settings: Settings,
    number: int,
    actor: str,
    *,
    rank: int = 1,
    reason: str = "",
    seen: str = "",
    once: bool = False,
    follow: bool = True,
    shown: str = "",
) -> Receipt:
    """Post the proposal of a rank; what waits for a second person is accepted by another one.

    What it teaches of its payer is remembered unless it holds ``once`` only, or was prepared so;
    words of the text that were to be remembered when it was prepared are, with both people.
    """
    asked = {"rank": rank} | _once(once=once)
    with books.opened(settings) as book:
        item = item_of(book, number)
        if done := again(book, item, "accept", actor, asked):
            return done
        line = line_of(book, item)
        head, rows = proposal_of(book, item, line, rank)
        waiting = waits_as(book, line, rows) if rank == 1 else None
        decision = record_of("accept", actor, reason, {"asked": asked, "rows": rows})
        how, over, remember = ("accepted", head["rule"]), "", ""
        if waiting is not None:
            how = ("manual", "manual")
            decision |= _approval(waiting, actor)
            prepared = waiting["detail"]["asked"]
            once, remember = once or "once" in prepared, prepared.get("remember", "")
        else:
            over = written_off(book, line, head, rows, settings, decision)
        if remember:
            lesson = teaching.of_text(book, line, rows, remember)
        else:
            lesson = _payer(book, line, rows, settings, once=once or bool(over))
        if over:
            decisions.record(book, decision | {"outcome": "waiting"}, as_seen(item, seen))
        else:
            decision |= {"teaches": lesson.mappings}
            post(book, item, rows, how, decision, settings, seen, shown)
        told = lesson.told(book)
    return {**follow_up(settings, actor, number, "accept", over, follow=follow), **told}


def written_off(
    book: ledger.Ledger, line: Row, head: Row, rows: list[Row], settings: Settings, decision: Row
) -> str:
    """The limit that the write-off of a proposal passes, else empty; ``decision`` states it."""
    beyond = lets_go(rows, line, settings)
    if not beyond:
        return ""
    party = (head["party_type"], head["party_no"])
    decision |= {"written_off": beyond, "write_offs_seen": decisions.write_offs(book)}
    decision |= dict(zip(("party_type", "party_no"), party, strict=True))
    return beyond_limits(book, line, Explained(rows, beyond, party), settings)


def waits_as(book: ledger.Ledger, line: Row, rows: list[Row]) -> Row | None:
    """The decision that waits for a second person, of which this is the proposal; None: no one.

    DecisionError while the proposals are older than it: a second person approves what was
    prepared, and nothing else.
    """
    waiting = decisions.standing(book, line["line_id"])[1].get(line["line_id"])
    if waiting is None:
        return None
    _, own = review.proposal(line["line_id"], waiting["detail"]["rows"], "manual", "manual")
    if own.drop("line_id", "rank", "seq").to_dicts() != rows:
        raise DecisionError(
            f"what {waiting['actor']} prepared is not among the proposals yet; nothing was"
            " written; try again after: lettrage match"
        )
    return waiting


def _payer(
    book: ledger.Ledger, line: Row, rows: list[Row], settings: Settings, *, once: bool
) -> teaching.Lesson:
    """What is remembered of the payer; nothing where the decision holds ``once`` only."""
    return teaching.Lesson() if once else teaching.of_decision(book, line, rows, settings)


def _approval(waiting: Mapping[str, Any], actor: str) -> Row:
    prepared = waiting["actor"]
    if prepared.strip().casefold() == actor.strip().casefold():
        raise DecisionError(f"{prepared} prepared this decision; a second person must accept it")
    names = ("written_off", "party_type", "party_no")
    return {"prepared_by": prepared, **{name: waiting[name] for name in names}}


@books.kept_open
def reject(
    settings: Settings,
    number: int,
    actor: str,
    *,
    rank: int = 1,
    reason: str = "",
    seen: str = "",
    follow: bool = True,
) -> Receipt:
    """Never propose this again for the line; a decision that waits is refused with it."""
    asked = {"rank": rank}
    with books.opened(settings) as book:
        item = item_of(book, number)
        if done := again(book, item, "reject", actor, asked, seen):
            return done
        line = line_of(book, item)
        head, rows = proposal_of(book, item, line, rank, whole=False)
        detail = {"asked": asked, "rejected": [review.signature(head, rows)]}
        decision = record_of("reject", actor, reason, detail) | {"outcome": "recorded"}
        decisions.record(book, decision, as_seen(item, seen))
    return follow_up(settings, actor, number, "reject", "", follow=follow)


@books.kept_open
def dismiss(
    settings: Settings,
    number: int,
    actor: str,
    *,
    pair: int | None,
    reason: str,
    seen: str = "",
    follow: bool = True,
    shown: str = "",
) -> Receipt:
    """End a pair of items whose lines cancel each other, +x and -x; both lines stay booked."""
    if pair is None:
        raise UsageError(
            f"exception {number}: its line is part of the bank's balance and stays until it is"
            " explained; name the line that cancels it (--with ID), or use apply or to-account"
        )
    with books.opened(settings) as book:
        both = [item_of(book, number), item_of(book, pair)]
        if done := again(book, both[0], "dismiss", actor, {"with": pair}):
            return done
        lines = [line_of(book, item) for item in both]
        rows = cancelling(lines, settings)
        detail = {"asked": {"with": pair}}
        decision = record_of("dismiss", actor, reason, detail)
        versions = {**as_seen(both[0], seen), **as_seen(both[1], "")}
        post_all(book, [line["line_id"] for line in lines], rows, [("manual", "cancels")] * 2,
                  decision, settings, versions, shown)  # fmt: skip
    return follow_up(settings, actor, number, "dismiss", "", follow=follow)


def _once(*, once: bool) -> Row:
    return {"once": True} if once else {}


def _words(wish: Wish) -> Row:
    names = ("documents", "accounts", "discounts", "charges", "write_offs")
    said = {name: [list(pair) for pair in getattr(wish, name)] for name in names}
    return {**said, "on_account": wish.on_account}


def cancelling(lines: list[Row], settings: Settings) -> list[list[Row]]:
    """Rows that post two lines against each other; UsageError where they do not cancel."""
    _cancel_each_other(*lines)
    return [_whole(line, settings.accounts["clearing"]) for line in lines]


def _whole(line: Row, account: str) -> list[Row]:
    amount = line["amount"]
    return [{"target": "gl", "target_id": 0, "gl_account": account, "applied_amount": amount}]


def _cancel_each_other(one: Row, other: Row) -> None:
    same = (one["currency"], one["bank_account_no"]) == (
        other["currency"],
        other["bank_account_no"],
    )
    if not same or one["amount"] + other["amount"]:
        raise UsageError(
            "dismiss: the two lines do not cancel each other; expected opposite amounts on one"
            " bank account"
        )
