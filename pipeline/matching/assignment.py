"""Deciding by booking date: each date jointly, each seeing what earlier dates settled.

Lines of one date claim entries together; an entry that two of them claim with equal right goes to
none, and stays contested while both are open. Older open lines are asked again whenever something
that they look at has changed, until nothing changes, so that N days in one call give what N calls
in date order give.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain.seen import kept, said, saw
from pipeline.domain.signature import signature
from pipeline.matching import transfers
from pipeline.matching.books import Books
from pipeline.matching.cases import Answer, Line
from pipeline.matching.evidence import Evidence
from pipeline.matching.open_items import OpenItems
from pipeline.matching.rules import answer

Claim = tuple[str, int]
_CANDIDATES = 5
_REJECTED = Answer("none", "none", "rejected", evidence=saw("rejected"))


class Assignment:
    """Decides lines one by one, with care, while the dates go by."""

    def __init__(
        self,
        lines: pl.DataFrame,
        items: OpenItems,
        evidence: Evidence,
        settings: Settings,
        rejected: Mapping[int, Collection[str]] = MappingProxyType({}),
        transferred: pl.DataFrame | None = None,
    ) -> None:
        self.rejected = rejected
        self.company = settings.company["name"]
        self.books = Books(lines, items, evidence, settings)
        self.lines = {line["line_id"]: line for line in lines.sort("day", "line_id").to_dicts()}
        self.answers: dict[int, list[Answer]] = {}
        self.open: set[int] = set()
        self.watchers: dict[Hashable, set[int]] = defaultdict(set)
        self.contested: dict[Claim, dict[int, Answer]] = defaultdict(dict)
        booked = [] if transferred is None else transferred.to_dicts()
        self.one_sided = transfers.OneSided(booked)

    def decide(self, settled: dict[dt.date, list[tuple[int, int]]]) -> dict[int, list[Answer]]:
        """The answers of all lines; ``settled`` (entry, amount) by date is settled elsewhere."""
        by_day: dict[dt.date, list[int]] = defaultdict(list)
        for number, line in self.lines.items():
            by_day[line["day"]].append(number)
        for day in sorted({*by_day, *settled}):
            self._decide_day(by_day.get(day, []), settled.get(day, []))
            self._pair_transfers()
        self._ask_about_transfers()
        return self.answers

    def _unexplained(self) -> list[Line]:
        """Open lines that nothing explains, that state no account and that nobody judged."""
        return [
            self.lines[number]
            for number in sorted(self.open - self.rejected.keys())
            if self.answers[number][0].reason in ("unknown_payer", "unannounced_debit")
            and not self.answers[number][0].rows
            and not self.lines[number]["counterparty_account"]
        ]

    def _pair_transfers(self) -> None:
        """Settle opposites of ours, booked or not; a later day may only add lines to them."""
        lines = self._unexplained()
        for line in self.one_sided.cleared_by(transfers.without_other_name(lines, self.company)):
            self._transfer(line, transfers.answer(line, sure=True, clears=True))
        lines = transfers.without_other_name(self._unexplained(), self.company)
        found = transfers.pairs(lines)
        ours = transfers.of_our_name([line for pair in found for line in pair], self.company)
        for pair in found:
            if ours & {line["line_id"] for line in pair}:
                for line in pair:
                    self._transfer(line, transfers.answer(line, sure=True))

    def _transfer(self, line: Line, sure: Answer) -> None:
        self.answers[line["line_id"]] = [sure]
        self.open.discard(line["line_id"])
        self.one_sided.add(line)

    def _ask_about_transfers(self) -> None:
        """What looks like an own transfer and is not sure is a question with that answer."""
        lines = self._unexplained()
        alike = {line["line_id"] for pair in transfers.pairs(lines) for line in pair}
        for number in sorted(alike | transfers.of_our_name(lines, self.company)):
            self.answers[number] = [transfers.answer(self.lines[number], sure=False)]

    def _decide_day(self, asked: list[int], settled: list[tuple[int, int]]) -> None:
        """Decide the lines of a day and the older open ones, until nothing changes."""
        self.open.update(asked)
        sure_elsewhere = {("entry", number) for number, _ in settled}
        while asked or settled:
            for number in asked:
                self.answers[number] = self._answer(number)
            changed = self._settle(asked, sure_elsewhere)
            for number, amount in settled:
                changed |= self.books.take("entry", number, amount)
            settled, sure_elsewhere = [], set()
            asked = sorted({line for key in changed for line in self.watchers[key]} & self.open)

    def _answer(self, number: int) -> list[Answer]:
        case, looked_at = self.books.case(self.lines[number])
        for key in looked_at:
            self.watchers[key].add(number)
        found = answer(case)
        if number in self.rejected:
            past = self.rejected[number]
            found = [a for a in found if signature(a.party, a.rule, a.rows) not in past]
        return found[:_CANDIDATES] or [_REJECTED]

    def _settle(self, asked: Iterable[int], elsewhere: set[Claim]) -> set[Hashable]:
        """Let sure answers take their entries; returns what changed."""
        again = set(asked)
        for standing in self.contested.values():
            for number in again & standing.keys():
                del standing[number]
        sure = {n: self.answers[n][0] for n in asked if self.answers[n][0].confidence == "high"}
        claims: dict[Claim, list[int]] = defaultdict(list)
        for number, best in sure.items():
            for claim in best.claims():
                claims[claim].append(number)
        losers: set[int] = set()
        for claim, claimants in claims.items():
            losers |= self._losers(claim, claimants, sure, elsewhere)
        losers |= sure.keys() & self.rejected.keys()
        changed: set[Hashable] = set()
        for number in sorted(sure):
            best = sure[number]
            if number in losers:
                for claim in best.claims():
                    self.contested[claim][number] = best
                ask = self._ask(number, best)
                self.answers[number] = [ask, *self.answers[number][1:]]
                continue
            changed |= self._take(number, best)
        return changed

    def _take(self, number: int, best: Answer) -> set[Hashable]:
        """What changed because a line is settled by its best answer."""
        self.open.discard(number)
        if best.rule == "own_transfer":
            self.one_sided.add(self.lines[number])
        changed: set[Hashable] = set()
        for row in best.rows:
            changed |= self.books.take(row["target"], row["target_id"], row.get("entry_amount", 0))
        return changed

    def _ask(self, number: int, best: Answer) -> Answer:
        """``best`` as a question: a person rejected another one, or several lines claim it."""
        if number in self.rejected:
            return replace(best, confidence="medium", reason="rejected")
        return replace(best, confidence="low", reason="ambiguous")

    def _losers(
        self, claim: Claim, claimants: list[int], sure: dict[int, Answer], elsewhere: set[Claim]
    ) -> set[int]:
        """Claimants that must wait: the weaker ones, or all where the claim is equal."""
        rivals = {n: a for n, a in self.contested.get(claim, {}).items() if n in self.open}
        claiming = {**rivals, **{number: sure[number] for number in claimants}}
        firm = {n: a for n, a in claiming.items() if a.rule != "party_oldest"}
        claiming = firm or claiming  # the oldest entries are for what others leave
        strong = {number for number, found in claiming.items() if found.strong}
        if claim in elsewhere:
            return set(claimants)
        if len(claiming) == 1:
            return set(claimants) - claiming.keys()
        if len(strong) == 1:
            return set(claimants) - strong
        if _same_part([claiming[number] for number in strong]):
            return set(claimants) - {min(strong)}  # the others pay again what the first has paid
        if strong and claim[0] == "entry":
            taken = sum(self._taken(claiming[number], claim) for number in sorted(strong))
            if abs(taken) <= abs(self.books.entries[claim[1]]["remaining_amount"]):
                return set(claimants) - strong
        return set(claimants)

    @staticmethod
    def _taken(found: Answer, claim: Claim) -> int:
        rows = (row for row in found.rows if (row["target"], row["target_id"]) == claim)
        return sum(int(row["entry_amount"]) for row in rows)


def _same_part(found: list[Answer]) -> bool:
    """Whether several lines pay the same payment part, each in full: one of them does it twice."""
    return (
        len(found) > 1
        and {answer.rule for answer in found} == {"payment_part"}
        and len({signature(answer.party, answer.rule, answer.rows) for answer in found}) == 1
    )


def as_rows(answers: dict[int, list[Answer]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The answers as rows of ``frames.PROPOSALS`` and ``frames.PROPOSED``."""
    heads: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number, found in answers.items():
        for rank, best in enumerate(found, 1):
            heads.append(
                {
                    "line_id": number, "rank": rank, "confidence": best.confidence,
                    "rule": best.rule, "reason": best.reason, "party_type": best.party[0],
                    "party_no": best.party[1], "explanation": said(best.evidence),
                    "seen": kept(best.evidence),
                }
            )  # fmt: skip
            rows += [
                {"line_id": number, "rank": rank, "seq": seq, **row}
                for seq, row in enumerate(best.rows, 1)
            ]
    return heads, rows
