"""Own transfers in other currencies: what their two sides differ by is realised.

Accounting rules, section 1: each journal balances per currency and in the company's. Each side of a
transfer is worth the rate of its own day, so that the account of transfers keeps what the rate
moved in between; and where the sides are in two currencies, both amounts. A journal entry of its
own settles that: it belongs to two lines of two days.
"""

import datetime as dt
import hashlib
from collections import defaultdict, deque
from collections.abc import Collection
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames, values
from pipeline.domain.days import of_one_transfer
from pipeline.domain.values import Values
from pipeline.posting.journal import Journal

Row = dict[str, Any]
Pair = tuple[Row, Row]
_DAYS = dt.timedelta(days=9)
"""No five banking days are more."""
_FAR = 10
"""One part in so many: sides that differ by more at the rates of their days are no pair by that."""


def pairs(sides: list[Row]) -> list[Pair]:
    """The sides that clear each other, first and second, as the days went by.

    ``sides`` in order of day, with ``currency, amount`` (debit positive), ``worth``, ``day``,
    ``bank_account_no``, ``other`` (the bank account of ours that the line names, else empty),
    ``whole`` (all of the line) and what the bank states (``original_amount, original_currency``).
    Of one currency the first of the same amount; of two the one that names the other's account,
    when it is the only one.
    """
    ordered = sorted(sides, key=itemgetter("day"))
    fits = _fitting(ordered)
    waiting: set[int] = set()
    places: dict[tuple[str, int], deque[int]] = defaultdict(deque)
    found: list[tuple[int, int]] = []
    for _, own in groupby(range(len(ordered)), key=lambda place: ordered[place]["day"]):
        for place in own:
            currency, amount = ordered[place]["currency"], ordered[place]["amount"]
            first = _first(places[currency, -amount], waiting)
            if first is None:
                waiting.add(place)
                places[currency, amount].append(place)
            else:
                waiting.remove(first)
                found.append((first, place))
        exchanged = _exchanged(waiting, fits)
        waiting.difference_update(chain.from_iterable(exchanged))
        found += exchanged
    return [(ordered[first], ordered[second]) for first, second in found]


def _first(places: deque[int], waiting: set[int]) -> int | None:
    while places:
        place = places.popleft()
        if place in waiting:
            return place
    return None


def _exchanged(waiting: set[int], fits: dict[int, set[int]]) -> list[tuple[int, int]]:
    """Those of two currencies that are each other's only fit, in their order."""
    left = {place: fits[place] & waiting for place in waiting & fits.keys()}
    only = {place: min(own) for place, own in left.items() if len(own) == 1}
    return sorted((one, other) for one, other in only.items()
                  if one < other and only.get(other) == one)  # fmt: skip


def _fitting(ordered: list[Row]) -> dict[int, set[int]]:
    """The places of the sides that fit each place; a side is compared with those of its days."""
    found: dict[int, set[int]] = defaultdict(set)
    begin = 0
    for place, side in enumerate(ordered):
        while side["day"] - ordered[begin]["day"] > _DAYS:
            begin += 1
        for before in range(begin, place):
            if _fits(side, ordered[before]) and _fits(ordered[before], side):
                found[place].add(before)
                found[before].add(place)
    return found


def _fits(one: Row, other: Row) -> bool:
    """May ``other`` be the side of ``one`` on another account, in another currency?"""
    apart = one["currency"] != other["currency"] and one["amount"] * other["amount"] < 0
    named = other["other"] in ("", one["bank_account_no"]) and (one["other"] or other["other"])
    if not (apart and named and one["whole"]) or one["worth"] is None:
        return False
    if not of_one_transfer(one["day"], other["day"]):
        return False
    if one["original_currency"] == other["currency"] and one["original_amount"]:
        return bool(one["original_amount"] == abs(other["amount"]))
    near = abs(one["worth"] + (other["worth"] or 0)) * _FAR <= abs(one["worth"])
    return bool(near or other["original_currency"] == one["currency"])


def differences(
    found: list[Pair],
    settings: Settings,
    company: str,
    before: dict[str, bool],
    first_open: dt.date | None,
) -> tuple[Journal, list[str]]:
    """A journal entry for each pair that leaves something on the account of transfers.

    Dated as its second side, or on the first open day. ``before``: keys of such entries, and
    whether they stand. Returns those that are missing, and the keys that belong to no pair any
    more.
    """
    undone = {key for key, stands in before.items() if not stands}
    heads, legs, gone = [], [], set(before) - undone
    for first, second in found:
        own = _legs(first, second, settings, company)
        key = _key(first, second, undone)
        if own and key not in before:
            day = max(second["day"], first_open or dt.date.min)
            said = f"{first['place']} and {second['place']}"
            heads.append({"key": key, "kind": "exchange", "posting_date": day, "reason": said,
                          "line_id": None})  # fmt: skip
            legs += [{"key": key, "seq": seq, **leg} for seq, leg in enumerate(own, 1)]
        if own:
            gone.discard(key)
    entries = pl.DataFrame(heads, schema_overrides={"line_id": pl.Int64})
    journal = Journal(
        frames.conform(entries, frames.JOURNAL_ENTRIES),
        frames.conform(pl.DataFrame(legs, infer_schema_length=None), frames.POSTINGS),
        frames.empty(frames.NEW_ENTRIES),
        frames.empty(frames.APPLICATIONS),
        pl.DataFrame(schema={"line_id": pl.Int64, "reason": pl.String}),
        values=Values(
            valuations=frames.conform(pl.DataFrame({"key": [head["key"] for head in heads]}),
                                      values.VALUATIONS)
        ),
    )  # fmt: skip
    return journal, sorted(gone)


def _key(first: Row, second: Row, undone: Collection[str]) -> str:
    count = 0
    while True:
        said = f"exchange|{first['key']}|{second['key']}|{count}"
        key = hashlib.sha256(said.encode()).hexdigest()
        if key not in undone:
            return key
        count += 1


def _legs(first: Row, second: Row, settings: Settings, company: str) -> list[Row]:
    """What is taken off the account of transfers: amounts of two currencies, and the difference.

    The side in the company's currency, else the first, says what passes through the position
    account of the other currency; what is left of the other is realised.
    """
    if first["worth"] is None or second["worth"] is None:
        return []
    transfers = settings.accounts["transfers"]
    whole = first["worth"] + second["worth"]
    base, other = (second, first) if second["currency"] == company else (first, second)
    legs: list[Row] = []
    if base["currency"] != other["currency"]:
        position = settings.accounts["fx_position"].replace("{currency}", other["currency"])
        for side, worth in ((base, base["worth"]), (other, -base["worth"])):
            for account, sign, value in (
                (transfers, -1, -side["worth"]),
                (position, 1, worth),
            ):
                legs.append(_leg(account, side["currency"], sign * side["amount"], value, company))
    elif whole:
        legs.append(_leg(transfers, other["currency"], 0, -whole, company))
    if whole:
        account = settings.accounts["fx_loss" if whole > 0 else "fx_gain"]
        legs.append(_leg(account, other["currency"], 0, whole, company))
    return legs


def _leg(account: str, currency: str, amount: int, value: int, company: str) -> Row:
    worth = None if currency == company else value
    return {"gl_account": account, "currency": currency, "amount": amount, "amount_company": worth}
