"""Who a statement goes to, and whose account it tells.

A customer is told its own account, each of its projects by itself, or as a parent its whole group.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain import account_unit

Row = dict[str, Any]
Customer = Mapping[str, Any]
PER = ("customer", "project", "parent")


@dataclass(frozen=True, slots=True)
class Recipient:
    """``customer`` gets the letter, at its address and in its words; it tells of all ``members``.

    A customer has itself alone, a parent its group. ``project``: what is of one project alone,
    empty for what is of none; None: everything.
    """

    customer: Customer
    members: tuple[Customer, ...]
    project: str | None = None

    @property
    def is_group(self) -> bool:
        """Whether it tells other accounts beside its own."""
        return len(self.members) > 1

    @property
    def unit(self) -> str:
        """What tells the statements of one customer apart that are of other accounts."""
        return account_unit.of(self.project, group=self.is_group)

    @property
    def key(self) -> tuple[str, str]:
        """Its number and unit, by which the ledger knows it."""
        return self.customer["no"], self.unit

    def of(self, by_customer: Mapping[str, Sequence[Row]]) -> Sequence[Row]:
        """Of rows by customer those that its statement tells."""
        if not self.is_group and self.project is None:
            return by_customer.get(self.customer["no"], ())
        rows = [row for member in self.members for row in by_customer.get(member["no"], ())]
        return [row for row in rows if self.project in (None, row["project"])]


def families(customers: Iterable[Customer], per: str) -> list[tuple[str, ...]]:
    """Numbers of customers who get one letter together, who gets it first; in number order.

    ``project_parent`` names the parent, who may have one too. A customer whose parent is not known,
    or who is above itself, is on its own.
    """
    parents = {customer["no"]: customer.get("project_parent") or "" for customer in customers}
    if per != "parent":
        return [(number,) for number in parents]
    found: dict[str, list[str]] = {}
    for number in parents:
        found.setdefault(_root(number, parents), []).append(number)
    return sorted(
        (root, *sorted(number for number in numbers if number != root))
        for root, numbers in found.items()
    )


def _root(number: str, parents: Mapping[str, str]) -> str:
    seen = [number]
    while (parent := parents[seen[-1]]) in parents:
        if parent in seen:
            return number
        seen.append(parent)
    return seen[-1]


def recipients(
    customers: Sequence[Customer], per: str, rows: Iterable[Mapping[str, Sequence[Row]]]
) -> list[Recipient]:
    """Who gets the letters of these customers; for each of the projects that ``rows`` are of.

    ``rows``: entries and movements by customer. Who has none of a project is told what is of none.
    """
    by_no = {customer["no"]: customer for customer in customers}
    found = []
    for family in families(customers, per):
        members = tuple(by_no[number] for number in family)
        projects: Sequence[str | None] = [None]
        if per == "project":
            own = {row["project"] for by in rows for row in by.get(family[0], ())}
            projects = sorted(own) or [""]
        found += [Recipient(members[0], members, project) for project in projects]
    return found
