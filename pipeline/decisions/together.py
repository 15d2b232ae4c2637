"""One decision about many items: all of it in one register, or none of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.decisions.carrying_out import digest, journal, post_all, record_of
from pipeline.decisions.explaining import explain
from pipeline.decisions.giving_up import lets_go
from pipeline.decisions.items import Receipt, Row, again, item_of, line_of, proposal_of
from pipeline.decisions.wish import Pair, Wish
from pipeline.domain.errors import LettrageError, NotPostedError, UsageError
from pipeline.ledger import decisions

Taken = tuple[Row, list[Row], Pair]
"""The line of an item, the rows that explain it, and confidence and rule."""


@dataclass(frozen=True, slots=True)
class Together:
    """What a decision about many items would post, and which of them it leaves, each with why."""

    sums: list[Row]
    """``gl_account, currency, debit, credit`` (minor units), of all that is taken."""
    taken: tuple[int, ...]
    left: Mapping[int, str]
    digest: str = ""
    """What ``decide`` takes as ``shown``, so that it posts this or nothing."""


def preview(settings: Settings, numbers: list[int], wish: Wish | None) -> Together:
    """Each item's best proposal, or what ``wish`` says of each; nothing is written."""
    left: dict[int, str] = {}
    taken: dict[int, Taken] = {}
    with books.opened(settings) as book, book.looking():
        for number in sorted(set(numbers)):
            try:
                taken[number] = _one(book, settings, number, wish)
            except LettrageError as error:
                left[number] = str(error)
        _leave_twice(taken, left)
        made = None
        while taken and made is None:
            try:
                made = journal(book, *_apart(taken), settings)
            except NotPostedError as error:  # the others are posted without these
                _leave(taken, left, error.reasons)
    if made is None:
        return Together([], (), left)
    moved = made.postings.filter(pl.col("amount") != 0)
    sums = moved.group_by("gl_account", "currency").agg(
        pl.col("amount").filter(pl.col("amount") > 0).sum().alias("debit"),
        (-pl.col("amount").filter(pl.col("amount") < 0).sum()).alias("credit"),
    )
    rows = sums.sort("gl_account", "currency").to_dicts()
    return Together(rows, tuple(taken), left, digest(made, _apart(taken)[1]))


def _leave_twice(taken: dict[int, Taken], left: dict[int, str]) -> None:
    """What settles the same as an item before it is left to be looked at alone."""
    settled: dict[tuple[str, int], int] = {}
    for number, (_, rows, _) in list(taken.items()):
        targets = {(row["target"], row["target_id"]) for row in rows if row["target_id"]}
        first = next((settled[target] for target in targets if target in settled), None)
        if first is not None:
            del taken[number]
            left[number] = f"settles what exception {first} settles; decide it alone"
        else:
            settled |= dict.fromkeys(targets, number)


def _leave(taken: dict[int, Taken], left: dict[int, str], reasons: Mapping[int, str]) -> None:
    for number, (line, _, _) in list(taken.items()):
        if line["line_id"] in reasons:
            del taken[number]
            left[number] = f"not posted: {reasons[line['line_id']]}"


def decide(
    settings: Settings,
    seen: Mapping[int, str],
    wish: Wish | None,
    actor: str,
    reason: str,
    shown: str = "",
) -> Receipt:
    """Post what ``preview`` takes of these items (number -> version that was seen).

    Nothing is learnt of their payers, and nothing is written off: that is decided one by one.
    """
    asked: Row = {"together": sorted(seen), "wish": repr(wish) if wish else ""}
    action = "apply" if wish else "accept"
    with books.opened(settings) as book:
        first = item_of(book, min(seen))
        if done := again(book, first, action, actor, asked):
            return done
        taken = {number: _one(book, settings, number, wish) for number in sorted(seen)}
        decision = record_of(action, actor, reason, {"asked": asked})
        post_all(book, *_apart(taken), decision, settings, dict(seen), shown)
        register = decisions.history(book, first["line_id"])[-1]["register_no"]
    return {"exceptions": sorted(seen), "action": action, "changed": True, "register": register}


def _apart(
    taken: Mapping[int, Taken],
) -> tuple[list[int], list[list[Row]], list[Pair]]:
    lines, rows, how = zip(*taken.values(), strict=True)
    return [line["line_id"] for line in lines], list(rows), list(how)


def _one(
    book: ledger.Ledger, settings: Settings, number: int, wish: Wish | None
) -> tuple[Row, list[Row], Pair]:
    item = item_of(book, number)
    line = line_of(book, item)
    if wish is not None:
        found = explain(book, line, wish, settings)
        if found.written_off:
            raise UsageError("a write-off is decided one by one")
        return line, found.rows, ("manual", "manual")
    head, rows = proposal_of(book, item, line, 1)
    if head["rule"] == "manual":
        raise UsageError("waits for a second person, who accepts it alone")
    if lets_go(rows, line, settings):
        raise UsageError("a write-off is decided one by one")
    return line, rows, ("accepted", head["rule"])
