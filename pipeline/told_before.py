"""What customers were told last, each with what was posted late into its time.

A customer may have been told with its group, by itself, or by its projects, and be told otherwise
now: what was stated then is counted anew, in the account that is told now.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline import ledger, statements
from pipeline.domain import account_unit
from pipeline.ledger import as_of
from pipeline.ledger import statement_runs as runs

Row = dict[str, Any]
_Account = tuple[str, str | None]
"""A customer, and the project alone that is told of it; None: all."""
_Known = tuple[dt.date, int]
_Late = Mapping[_Known, Mapping[str, Mapping[str | None, list[Row]]]]
"""Movements by day and register, customer and project."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A statement that told an account, among others or alone; to whom, says its ``key``.

    ``balances`` are those of the account, in minor units by currency.
    """

    account: _Account
    key: runs.Key
    number: int
    as_of: dt.date
    register_no: int
    balances: Mapping[str, int]

    @property
    def known(self) -> _Known:
        """As of which day it was told, by which register."""
        return self.as_of, self.register_no

    def place(self, account: _Account) -> tuple[dt.date, int, bool, int]:
        """The last of an account is the greatest; its own goes before one of more or less."""
        return *self.known, self.account == account, self.number


class Before:
    """The last statements of all customers as of a day before that of a run."""

    def __init__(self, told: pl.DataFrame) -> None:
        """``told`` as ``runs.told`` gives it."""
        self._of: dict[str, list[_Stated]] = defaultdict(list)
        for row in told.iter_rows(named=True):
            balances, known = json.loads(row["balances"]), (row["as_of"], row["register_no"])
            members = json.loads(row["members"]) or {row["customer_no"]: balances}
            key = (row["customer_no"], row["unit"])
            project = account_unit.project_of(row["unit"])
            for number, own in members.items():
                stated = _Stated((number, project), key, row["number"], *known, own)
                self._of[number].append(stated)

    def told(
        self,
        book: ledger.Ledger,
        register_no: int,
        form: statements.Form,
        families: Iterable[Sequence[str]],
    ) -> dict[runs.Key, dict[str, statements.Told]]:
        """By recipient and member what was told last, where anything was posted late into it."""
        families = list(families)
        numbers = [number for family in families for number in family if number in self._of]
        late = self._late(book, register_no, numbers, by_project=form.per == "project")
        counted = _Counted(book)
        found: dict[runs.Key, dict[str, statements.Told]] = {}
        for family in families:
            for account, last in self._last(family, late, by_project=form.per == "project"):
                own = account == last.account
                stated = last.balances if own else counted.of(account, *last.known, numbers)
                key = (family[0], account_unit.of(account[1], group=len(family) > 1))
                found.setdefault(key, {})[account[0]] = statements.Told(
                    last.number if key == last.key else 0, last.as_of, stated,
                    late[last.known][account[0]][account[1]],
                )  # fmt: skip
        return found

    def _late(
        self, book: ledger.Ledger, register_no: int, numbers: Sequence[str], *, by_project: bool
    ) -> _Late:
        """What came after each register that statements of these customers knew."""
        of: dict[_Known, set[str]] = defaultdict(set)
        for number in numbers:
            for stated in self._of[number]:
                of[stated.known].add(number)
        found: dict[_Known, dict[str, dict[str | None, list[Row]]]] = {}
        for (day, known), those in of.items():
            moved = as_of.customer_movements(
                book, day, register_no, sorted(those), known, by_project=by_project
            )
            own = found[day, known] = {}
            for row in moved.iter_rows(named=True):
                project = row["project"] if by_project else None
                own.setdefault(row["party_no"], {}).setdefault(project, []).append(row)
        return found

    def _last(
        self, family: Sequence[str], late: _Late, *, by_project: bool
    ) -> Iterator[tuple[_Account, _Stated]]:
        """Of each account the last statement that told it, where anything came late into it."""
        for number in family:
            stated = self._of.get(number, [])
            projects = {project for one in stated for project in late[one.known].get(number, ())}
            for project in sorted(projects, key=lambda project: project or ""):
                telling = [
                    one for one in stated if not by_project or one.account[1] in (None, project)
                ]
                account = (number, project)
                last = max(telling, key=lambda one: one.place(account), default=None)
                if last is not None and project in late[last.known].get(number, ()):
                    yield account, last


class _Counted:
    """What accounts came to that were told in another way, read once for each day and register."""

    def __init__(self, book: ledger.Ledger) -> None:
        self._book = book
        self._read: dict[tuple[dt.date, int], pl.DataFrame] = {}

    def of(
        self, account: _Account, day: dt.date, register_no: int, numbers: Sequence[str]
    ) -> dict[str, int]:
        """Minor units by currency as of a day, by the registers up to one."""
        known = (day, register_no)
        if known not in self._read:
            self._read[known] = as_of.customer_entries(self._book, *known, numbers)
        number, project = account
        rows = self._read[known].filter(pl.col("party_no") == number)
        if project is not None:
            rows = rows.filter(pl.col("project") == project)
        return dict(rows.group_by("currency").agg(pl.col("remaining_amount").sum()).iter_rows())
