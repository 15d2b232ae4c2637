"""What stays open after a night, with its age; and whether control accounts equal their items."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain import money
from pipeline.reports.control import against_items
from pipeline.reports.proof import Proof

Row = dict[str, Any]
_TRANSFER_DAYS = 5
_OPEN = {
    "not_booked": "queued lines",
    "parked": "parked lines",
    "deposit": "deposits in transit",
    "payment": "outstanding checks and payments",
    "missing": "missing statements",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The frames of ``ledger.known.night`` as rows, and what a setting says."""

    since: int
    received_last: Sequence[Row]
    fates: Sequence[Row]
    held: Sequence[Row]
    given: Sequence[Row]
    control: Sequence[Row]
    transfers: Sequence[Row]
    source_lag: Sequence[Row]
    payments: Sequence[Row]
    balances: Sequence[Row]
    clearing_account: str
    transfers_account: str
    red_after: int


def open_items(proofs: Sequence[Proof], facts: Facts, as_of: dt.date) -> list[Row]:
    """``what, of, currency, count, amount, oldest, age_days``: one row a kind and account."""
    found: list[tuple[str, str, str, list[tuple[dt.date | None, int]]]] = []
    for section, what in _OPEN.items():
        for proof in proofs:
            own = [(r["date"], r["amount"]) for r in proof.items if r["section"] == section]
            account = proof.account
            found.append((what, account["bank_account_no"], account["currency"], own))
    for (of, currency), rows in _grouped(facts.held, "bank_account_no"):
        held = [(row["to_date"], row["net"]) for row in rows]
        found.append(("held statements", of or "unknown account", currency, held))
    for (of, currency), rows in _grouped(one_sided(facts.transfers), "gl_account"):
        sides = [(row["posting_date"], row["amount"]) for row in rows]
        found.append(("one-sided transfers", of, currency, sides))
    for (of, currency), rows in _grouped(facts.payments, "party_type"):
        cash = [(row["posting_date"], row["remaining"]) for row in rows]
        found.append(("unapplied cash", f"{of}s", currency, cash))
    return [_row(what, of, currency, own, as_of) for what, of, currency, own in found if own]


def _grouped(rows: Iterable[Row], name: str) -> list[tuple[tuple[str, str], list[Row]]]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[name], row["currency"]].append(row)
    return sorted(groups.items())


def _row(
    what: str, of: str, currency: str, own: list[tuple[dt.date | None, int]], as_of: dt.date
) -> Row:
    oldest = min((day for day, _ in own if day), default=None)
    return {
        "what": what,
        "of": of,
        "currency": currency,
        "count": len(own),
        "amount": money.text(sum(amount for _, amount in own), currency),
        "oldest": oldest.isoformat() if oldest else "",
        "age_days": (as_of - oldest).days if oldest else None,
    }


def one_sided(rows: Iterable[Row]) -> list[Row]:
    """Of postings of equal size those that no opposite one cancels, the latest ones."""
    groups: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["posting_date"], row["no"])):
        groups[row["gl_account"], row["currency"], abs(row["amount"])].append(row)
    left = []
    for (_, _, size), own in sorted(groups.items()):
        total = sum(row["amount"] for row in own)
        same = [row for row in own if row["amount"] * total > 0]
        left += same[len(same) - abs(total) // size :]
    return sorted(left, key=lambda row: (row["posting_date"], row["no"]))


def late_sides(rows: Iterable[Row], as_of: dt.date) -> list[Row]:
    """Those of ``one_sided`` whose other side has not come for more than five days."""
    return [row for row in one_sided(rows) if (as_of - row["posting_date"]).days > _TRANSFER_DAYS]


def control_differences(ties: Sequence[Row]) -> list[str]:
    """A sentence for each of ``control_accounts`` that does not equal its items."""
    return [
        f"{row['gl_account']}: the balance differs from its items by {row['difference']}"
        f" {row['currency']}"
        for row in ties
        if money.minor(row["difference"], row["currency"])
    ]


def control_accounts(facts: Facts, proofs: Sequence[Proof]) -> list[Row]:
    """Balance of each control account against its items: entries, parked lines, transfers."""
    items: dict[tuple[str, str], int] = defaultdict(int)
    for row in facts.control:
        items[row["gl_account"], row["currency"]] += row["amount"]
    for proof in proofs:
        for row in proof.items:
            if row["section"] == "parked":
                items[row["gl_account"], proof.account["currency"]] -= row["amount"]
    for row in one_sided(facts.transfers):
        items[row["gl_account"], row["currency"]] += row["amount"]
    own = {name for name, _ in items} | {facts.clearing_account, facts.transfers_account}
    return against_items(items, facts.balances, own, "items")
