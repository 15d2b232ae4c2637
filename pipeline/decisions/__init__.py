"""The story of a decision: read the item, explain its line, post it through the night's functions.

What a person does to one line goes the way of the night with a frame of one row. The decision is
recorded in the transaction of its register, which is refused when the item has changed since the
person saw it. The same decision twice changes nothing more.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline import booking, ledger, posting, review, steps
from pipeline.config import Settings
from pipeline.decisions.words import Explained, Pair, Wish, explain
from pipeline.domain import money
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import decisions, posted, reads

__all__ = ["Wish", "accept", "apply", "assign", "comment", "dismiss", "reject"]

Receipt = dict[str, Any]
Row = dict[str, Any]


def apply(
    settings: Settings,
    number: int,
    wish: Wish,
    actor: str,
    *,
    reason: str = "",
    seen: str = "",
    action: str = "apply",
) -> Receipt:
    """Explain an item's line as a person says and post it; beyond a limit it waits for a second.

    ``seen`` is the version of the item that the person saw; empty: as it is now.
    """
    asked = _words(wish)
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
        if done := _again(book, item, action, actor, asked):
            return done
        line = _line(book, item)
        found = explain(book, line, wish, settings)
        before = decisions.write_offs(book)
        over = _beyond_limits(book, line, found, settings)
        decision = _decision(action, actor, reason, {"asked": asked, "rows": found.rows})
        decision |= {"written_off": found.written_off, "write_offs_seen": before}
        decision |= dict(zip(("party_type", "party_no"), found.party, strict=True))
        if over:
            decisions.record(book, decision | {"outcome": "waiting"}, _seen(item, seen))
        else:
            _post(book, item, found.rows, ("manual", "manual"), decision, settings, seen)
    return _done(settings, actor, number, action, over)


def accept(
    settings: Settings, number: int, actor: str, *, rank: int = 1, reason: str = "", seen: str = ""
) -> Receipt:
    """Post the proposal of a rank; what waits for a second person is accepted by another one."""
    asked = {"rank": rank}
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
        if done := _again(book, item, "accept", actor, asked):
            return done
        line = _line(book, item)
        head, rows = _proposal(book, item, line, rank)
        waiting = decisions.standing(book)[1].get(line["line_id"]) if rank == 1 else None
        decision = _decision("accept", actor, reason, {"asked": asked, "rows": rows})
        how = ("accepted", head["rule"])
        if waiting is not None:
            how = ("manual", "manual")
            decision |= _approval(waiting, actor)
        _post(book, item, rows, how, decision, settings, seen)
    return _done(settings, actor, number, "accept", "")


def _approval(waiting: Mapping[str, Any], actor: str) -> Row:
    prepared = waiting["actor"]
    if prepared.strip().casefold() == actor.strip().casefold():
        raise DecisionError(f"{prepared} prepared this decision; a second person must accept it")
    names = ("written_off", "party_type", "party_no")
    return {"prepared_by": prepared, **{name: waiting[name] for name in names}}


def reject(
    settings: Settings, number: int, actor: str, *, rank: int = 1, reason: str = "", seen: str = ""
) -> Receipt:
    """Never propose this again for the line; a decision that waits is refused with it."""
    asked = {"rank": rank}
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
        if not seen and (done := _again(book, item, "reject", actor, asked)):
            return done
        line = _line(book, item)
        head, rows = _proposal(book, item, line, rank, whole=False)
        detail = {"asked": asked, "rejected": [review.signature(head, rows)]}
        decision = _decision("reject", actor, reason, detail) | {"outcome": "recorded"}
        decisions.record(book, decision, _seen(item, seen))
    return _done(settings, actor, number, "reject", "")


def dismiss(
    settings: Settings, number: int, actor: str, *, pair: int | None, reason: str, seen: str = ""
) -> Receipt:
    """End a pair of items whose lines cancel each other, +x and -x; both lines stay booked."""
    if pair is None:
        raise UsageError(
            f"exception {number}: its line is part of the bank's balance and stays until it is"
            " explained; name the line that cancels it (--with ID), or use apply or to-account"
        )
    with ledger.open(settings.ledger) as book:
        both = [_item(book, number), _item(book, pair)]
        if done := _again(book, both[0], "dismiss", actor, {"with": pair}):
            return done
        lines = [_line(book, item) for item in both]
        _cancel_each_other(*lines)
        account = settings.accounts["clearing"]
        detail = {"asked": {"with": pair}}
        rows = [_whole(line, account) for line in lines]
        decision = _decision("dismiss", actor, reason, detail)
        shown = {**_seen(both[0], seen), **_seen(both[1], "")}
        _post_all(book, [line["line_id"] for line in lines], rows, ("manual", "cancels"),
                  decision, settings, shown)  # fmt: skip
    return _done(settings, actor, number, "dismiss", "")


def assign(settings: Settings, number: int, actor: str, to: str) -> Receipt:
    """Say who takes care of an item."""
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
        changed = item["assigned_to"] != to
        if changed:
            decisions.assign(book, _note("assign", actor, "", {"to": to}), number, to)
    return {"exception": number, "action": "assign", "assigned_to": to, "changed": changed}


def comment(settings: Settings, number: int, actor: str, text: str) -> Receipt:
    """Note something about an item; the same note of the same person is kept once."""
    if not text.strip():
        raise UsageError("the comment is empty; expected a text")
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
        known = [
            row
            for row in decisions.history(book, item["line_id"])
            if (row["action"], row["actor"], row["reason"]) == ("comment", actor, text)
        ]
        if not known:
            decisions.record(book, _note("comment", actor, text, {}), _seen(item, ""))
    return {"exception": number, "action": "comment", "changed": not known}


def _decision(action: str, actor: str, reason: str, detail: Row) -> Row:
    empty = {"prepared_by": "", "party_type": "", "party_no": "", "written_off": 0}
    more = {"outcome": "posted", "register_no": None}
    return {"action": action, "actor": actor, "reason": reason, "detail": detail, **empty, **more}


def _note(action: str, actor: str, text: str, detail: Row) -> Row:
    return _decision(action, actor, text, detail) | {"outcome": "recorded"}


def _words(wish: Wish) -> Row:
    names = ("documents", "accounts", "discounts", "charges", "write_offs")
    said = {name: [list(pair) for pair in getattr(wish, name)] for name in names}
    return {**said, "on_account": wish.on_account}


def _item(book: ledger.Ledger, number: int) -> Row:
    item = decisions.item(book, number)
    if item is None:
        raise UsageError(f"exception {number} does not exist; see: lettrage exceptions list")
    return item


def _seen(item: Row, seen: str) -> dict[int, str]:
    return {item["id"]: seen or item["version"]}


def _again(book: ledger.Ledger, item: Row, action: str, actor: str, asked: Row) -> Receipt | None:
    """The receipt when this person decided exactly this last; an error when others were first."""
    last = _last(book, item)
    if last and (last["action"], last["actor"]) == (action, actor):
        stands = item["status"] == "resolved" or last["outcome"] != "posted"
        if stands and last["detail"].get("asked") == asked:
            receipt = {"exception": item["id"], "action": action, "changed": False}
            return {**receipt, "outcome": last["outcome"], "status": item["status"]}
    if item["status"] == "open":
        return None
    raise _settled(book, item)


def _last(book: ledger.Ledger, item: Row) -> Row | None:
    past = decisions.history(book, item["line_id"])
    deciding = [row for row in past if row["action"] in decisions.DECIDING]
    return deciding[-1] if deciding else None


def _settled(book: ledger.Ledger, item: Row) -> DecisionError:
    last = _last(book, item)
    who = f": {last['action']} by {last['actor']}" if last else " by the night, or its line is held"
    return DecisionError(f"exception {item['id']} is settled already{who}; nothing was written")


def _line(book: ledger.Ledger, item: Row) -> Row:
    found = decisions.open_line(book, item["line_id"]).to_dicts()
    if not found:
        raise _settled(book, item)
    return found[0]


def _proposal(
    book: ledger.Ledger, item: Row, line: Row, rank: int, *, whole: bool = True
) -> tuple[Row, list[Row]]:
    """The stored proposal of a rank and its rows; ``whole``: they must explain all of the line."""
    mine = (pl.col("line_id") == line["line_id"]) & (pl.col("rank") == rank)
    heads, proposed = (frame.filter(mine).to_dicts() for frame in reads.open_proposals(book))
    if not heads:
        _line(book, item)  # a colleague may have settled it since
        raise UsageError(f"there is no proposal of rank {rank}; see: lettrage exceptions show")
    applied = sum(row["applied_amount"] for row in proposed)
    if whole and applied != line["amount"]:
        text = money.text(line["amount"] - applied, line["currency"])
        raise UsageError(
            f"proposal {rank} leaves {text} {line['currency']} unexplained; use: lettrage"
            " exceptions apply"
        )
    place = ("line_id", "rank", "seq")
    return heads[0], [{k: v for k, v in row.items() if k not in place} for row in proposed]


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


def _beyond_limits(book: ledger.Ledger, line: Row, found: Explained, settings: Settings) -> str:
    """The name of the limit that a person's write-off passes, else empty."""
    if not found.written_off:
        return ""
    before = decisions.written_off(book, line, found.party)
    currency = line["currency"]
    for limit, total in (
        ("write_off_line", found.written_off),
        ("write_off_party_month", found.written_off + before["party_month"]),
        ("write_off_night", found.written_off + before["night"]),
    ):
        if total > (settings.amount_limit(limit, currency) or 0):
            return limit
    return ""


def _post(
    book: ledger.Ledger,
    item: Row,
    rows: list[Row],
    how: Pair,
    decision: Row,
    settings: Settings,
    seen: str,
) -> None:
    _post_all(book, [item["line_id"]], [rows], how, decision, settings, _seen(item, seen))


def _post_all(
    book: ledger.Ledger,
    line_ids: list[int],
    rows: list[list[Row]],
    how: Pair,
    decision: Row,
    settings: Settings,
    seen: dict[int, str],
) -> None:
    """Post lines as decided: limits, accounts and journal as in the night, one register."""
    parts = [
        review.proposal(line_id, own, *how) for line_id, own in zip(line_ids, rows, strict=True)
    ]
    heads = pl.concat([head for head, _ in parts])
    proposed = pl.concat([own for _, own in parts])
    lines = reads.open_lines(book).filter(pl.col("line_id").is_in(line_ids))
    chosen = posting.choose(lines, heads, settings)
    if chosen.held.height:
        raise DecisionError(f"not posted: {chosen.held['held_reason'][0]}")
    journal = posting.post(lines, chosen.post, proposed, reads.bank_accounts(book),
                           reads.open_entries(book), settings, reads.generations(book),
                           posted.parked_lines(book), posted.first_open(book))  # fmt: skip
    if journal.refused.height:
        raise DecisionError(f"not posted: {journal.refused['reason'][0]}")
    guard = decisions.recording(decision, seen, resolves=True)
    reason = decision["reason"] or f"{decision['action']} exception {min(seen)}"
    booking.write(book, journal, settings, kind="decision", actor=decision["actor"], reason=reason,
                guard=guard)  # fmt: skip


def _done(settings: Settings, actor: str, number: int, action: str, over: str) -> Receipt:
    """After a decision as after a night: match what is left, close what is settled."""
    matched = steps.match(settings, actor)
    closed = steps.reconcile(settings, actor=actor)
    with ledger.open(settings.ledger) as book:
        item = _item(book, number)
    receipt = {"exception": number, "action": action, "changed": True, "status": item["status"]}
    if over:
        receipt |= {"outcome": "waiting", "needs_approval": over}
    return {**receipt, "exceptions": matched["exceptions"], "reconciled": closed["reconciled"]}
