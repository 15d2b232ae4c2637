"""Own transfers whose text has no account: two lines of opposite amount on two accounts of ours.

Only lines that nothing else explains and that state no account come here. Our own name in one of
them makes a pair sure when it is the only one within five banking days; without it, or without
the other line, it is a question. A transfer of which one side is booked waits for the other: the
only opposite line within five banking days clears it (accounting rules, section 6).
"""

from collections import defaultdict
from typing import Any

import polars as pl

from pipeline.domain.days import of_one_transfer
from pipeline.domain.seen import saw
from pipeline.matching.cases import Answer, Line
from pipeline.matching.text import folded, name_words

_SHORTEST_NAME = 8
Pair = tuple[Line, Line]


def pairs(lines: list[Line]) -> list[Pair]:
    """Lines that are each other's only opposite within five banking days; in order of line."""
    by_amount: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        by_amount[(line["currency"], line["amount"])].append(line)
    opposite: dict[int, list[Line]] = {}
    for line in lines:
        others = by_amount.get((line["currency"], -line["amount"]), ())
        opposite[line["line_id"]] = [other for other in others if _near(line, other)]
    found = []
    for line in lines:
        others = opposite[line["line_id"]]
        if line["amount"] < 0 and len(others) == 1 and len(opposite[others[0]["line_id"]]) == 1:
            found.append((line, others[0]))
    return sorted(found, key=lambda pair: pair[0]["line_id"])


def without_other_name(lines: list[Line], company: str) -> list[Line]:
    """Lines of the company's name or of none: those of another name are no transfer.

    Our name in the text of a line of another's name is that of the payee.
    """
    ours = of_our_name([line | {"text": ""} for line in lines], company)
    return [line for line in lines if not line["counterparty_name"] or line["line_id"] in ours]


class OneSided:
    """Transfers of which one account has its line and the other has not, while dates go by."""

    def __init__(self, booked: list[Line]) -> None:
        self.waiting: list[Line] = []
        for line in sorted(booked, key=lambda row: (row["booking_date"], row["line_id"])):
            self.add(line)

    def add(self, line: Line) -> None:
        """A line is booked to transfers: it clears its opposite, or waits for one."""
        for other in self.waiting:
            if _opposite(line, other):
                self.waiting.remove(other)
                return
        self.waiting.append(line)

    def cleared_by(self, lines: list[Line]) -> list[Line]:
        """Those of ``lines`` that are the only opposite of a waiting one, which is theirs only."""
        found = []
        for line in lines:
            mine = [other for other in self.waiting if _opposite(line, other)]
            if len(mine) == 1 and sum(_opposite(one, mine[0]) for one in lines) == 1:
                found.append(line)
        return found


def _opposite(line: Line, other: Line) -> bool:
    same = line["currency"] == other["currency"] and line["amount"] == -other["amount"]
    return same and _near(line, other)


def _near(line: Line, other: Line) -> bool:
    if line["bank_account_no"] == other["bank_account_no"]:
        return False
    return of_one_transfer(line["booking_date"], other["booking_date"])


def of_our_name(lines: list[Line], company: str) -> set[int]:
    """``line_id`` of lines that carry the company's name, legal form aside."""
    if not lines or not company:
        return set()
    words = folded(pl.lit(company))
    name = pl.select(name_words(words).list.join(" ")).item()
    wanted = set(name.split())
    if len(name) < _SHORTEST_NAME:
        return set()
    texts = pl.DataFrame(
        {
            "line_id": [line["line_id"] for line in lines],
            "text": [f"{line['counterparty_name']} {line['text']}" for line in lines],
        }
    )
    split = texts.select("line_id", folded(pl.col("text")).str.split(" ").alias("words"))
    return {number for number, found in split.rows() if wanted <= set(found)}


def answer(line: Line, *, sure: bool, clears: bool = False) -> Answer:
    """The line against the transfers account; ``clears`` where the other side is booked."""
    row: dict[str, Any] = {"target": "transfer", "target_id": 0, "applied_amount": line["amount"]}
    if clears:
        evidence = saw("opposite_booked")
        return Answer("high", "own_transfer_clears", "", ("gl", ""), [row], evidence, strong=True)
    if sure:
        evidence = saw("opposite_sure")
        return Answer("high", "own_transfer_pair", "", ("gl", ""), [row], evidence, strong=True)
    evidence = saw("opposite")
    return Answer("medium", "own_transfer_pair", "possible_transfer", ("gl", ""), [row], evidence)
