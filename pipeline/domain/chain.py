"""The chain of balances: which statement of a bank account follows which (accounting, section 4).

The balances decide, in the order of the dates; statement numbers only name what is missing.
"""

from typing import Any

Row = dict[str, Any]
"""A statement: ``statement_no, page, from_date, to_date, opening, closing, complete``, ``net`` (its
lines after the cut-over) and ``before`` (its lines up to the cut-over), in minor units."""


def start(row: Row) -> int | None:
    """The balance that a statement starts from, lines up to the cut-over counted as known.

    A stated opening balance, else (OFX) the closing balance less the lines; None without either.
    """
    if row["opening"] is not None:
        return int(row["opening"] + row["before"])
    return None if row["closing"] is None else int(row["closing"] - row["net"])


def begins(group: list[Row]) -> int | None:
    """The balance that a group of ``walk`` starts from: OFX statements are proved by their last."""
    if group[0]["opening"] is None and group[-1]["closing"] is not None:
        return int(group[-1]["closing"] - sum(row["net"] for row in group))
    return start(group[0])


def order(row: Row) -> tuple[Any, ...]:
    """Sort key of statements of one account: dates, then number and page as numbers."""
    numbers = [str(row[name]).zfill(20) for name in ("statement_no", "page")]
    dates = [(row[name] is None, str(row[name] or "")) for name in ("to_date", "from_date")]
    return (*dates, *numbers, row["closing"] or 0, row["statement_id"])


def walk(rows: list[Row], last: int | None) -> tuple[list[list[Row]], list[Row]]:
    """Groups of statements that follow ``last`` without a gap, in chain order, and the rest.

    A group closes as a whole: one statement; the pages of one number; OFX statements of which only
    the last one's balance ties, since a bank may state it as of another moment. No group jumps
    over an earlier date: a balance that comes back by chance after a gap follows nothing.
    """
    left = sorted(rows, key=order)
    groups = []
    while left:
        group = _next_group(left, last)
        if not group:
            break
        groups.append(group)
        last = group[-1]["closing"]
        if len(group) == 1 and group[0] is left[0]:
            left = left[1:]
        else:
            left = [row for row in left if all(row is not member for member in group)]
    return groups, left


def _next_group(left: list[Row], last: int | None) -> list[Row]:
    day = left[0]["to_date"]
    for row in left:
        if row["to_date"] != day:
            break
        if row["closing"] is not None and (last is None or start(row) == last):
            return _pages(row, left)
    return _carried(left, last)


def _pages(first: Row, left: list[Row]) -> list[Row]:
    """The pages of a statement up to the one that closes it; nothing while that is missing."""
    group = [first]
    while not group[-1]["complete"]:
        balance = group[-1]["closing"]
        following = [
            row
            for row in left
            if row["statement_no"] == first["statement_no"]
            and start(row) == balance
            and all(row is not page for page in group)
        ]
        if not following:
            return []
        group.append(following[0])
    return group


def _carried(left: list[Row], last: int | None) -> list[Row]:
    """The fewest OFX statements in date order whose last balance proves all of their lines.

    Where no balance is known yet, the first one that the bank states says where they began.
    """
    total = 0
    for count, row in enumerate(left, 1):
        if row["opening"] is not None:
            return []
        total += row["net"]
        if row["closing"] is not None and last in (None, row["closing"] - total):
            return left[:count]
    return []
