"""The night's control report (accounting, section 8): every figure ties, or the run is red.

Movement and lines are those of the statements that came last; balances, proof, what is open and
the control accounts are of all books.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.domain import money
from pipeline.reports import bank_reconciliation as reconciliation
from pipeline.reports.coverage import Coverage, cover
from pipeline.reports.items import (
    Facts,
    control_accounts,
    control_differences,
    late_sides,
    open_items,
)
from pipeline.reports.proof import Proof

Row = dict[str, Any]
Report = dict[str, Any]
FATES = ("posted", "on_account", "parked", "queued", "held")
"""What becomes of a line. ``on_account``: all of it; a surplus is counted with its line."""
ASIDE = ("before_cutover", "no_amount")
"""Lines that need no settling; shown where there are any."""
_SOURCE_DAYS = 7


def compose(head: Report, proofs: Sequence[Proof], facts: Facts) -> Report:
    """The report as plain data: amounts as decimal text, dates as ISO text.

    ``problems`` names every difference and each statement missing for too long; ``warnings`` what
    a person should look at.
    """
    as_of = dt.date.fromisoformat(head["as_of"])
    accounts: Report = {}
    problems: list[str] = []
    warnings: list[str] = []
    for proof in proofs:
        covered = cover(proof.account, proof.chain, as_of)
        found = _account(proof, covered, facts)
        accounts[proof.account["bank_account_no"]] = found
        problems += [*reconciliation.differences(proof), *_differences(proof, found)]
        said = _missing(proof, covered)
        red = covered.missing_since and covered.banking_days >= facts.red_after
        (problems if red else warnings).extend(said)
        warnings += _said(proof)
    ties = control_accounts(facts, proofs)
    problems += control_differences(ties)
    return {
        **head,
        "statements_since_register": facts.since,
        "accounts": accounts,
        "given": [_given(row) for row in facts.given],
        "open": open_items(proofs, facts, as_of),
        "control": ties,
        "warnings": [*warnings, *_transfers(facts, as_of), *_source(facts, as_of)],
        "problems": problems,
    }


def _account(proof: Proof, covered: Coverage, facts: Facts) -> Report:
    account = proof.account
    own = [row for row in facts.received_last if _is_of(row, account)]
    ids = {row["statement_id"] for row in own}
    rows = [row for row in facts.fates if row["statement_id"] in ids]
    held = sum(_is_of(row, account) for row in facts.held)
    return {
        **reconciliation.account(proof),
        "statements": {
            "expected_through": _text(covered.expected_through),
            "received_through": _text(covered.received_through),
            "reconciled_through": _text(proof.reconciled_until),
            "received_last": sum(not row["held"] for row in own),
            "held": held,
            "missing_since": _text(covered.missing_since),
            "banking_days_missing": covered.banking_days,
        },
        "movement": _movement(proof, ids, rows),
        "lines": _lines(own, rows, account["currency"]),
    }


def _is_of(row: Row, account: Row) -> bool:
    return bool(row["bank_account_no"] == account["bank_account_no"])


def _movement(proof: Proof, ids: set[int], rows: Sequence[Row]) -> Report:
    """Opening, credits, debits and closing of the statements that came last.

    ``between`` is what moved between them: statements that came before, and missing ones.
    """
    links = proof.chain.links
    own = [place for place, link in enumerate(links) if link["statement_id"] in ids]
    opening = links[own[0]]["begins"] if own else proof.chain.closing
    closing = links[own[-1]]["ends"] if own else proof.chain.closing
    inside = links[own[0] + 1 : own[-1] + 1] if own else []
    between = sum(
        link["gap"] + (0 if link["statement_id"] in ids else link["net"]) for link in inside
    )
    counted = {links[place]["statement_id"] for place in own}
    moved = [
        row
        for row in rows
        if row["statement_id"] in counted and row["fate"] not in ("held", "before_cutover")
    ]
    credits, debits = ([row for row in moved if row["credit"] == side] for side in (1, 0))
    difference = closing - opening - between - sum(row["amount"] for row in moved)
    currency = proof.account["currency"]
    debits = [row for row in debits if row["amount"]]
    return {
        "opening": money.text(opening, currency),
        "credits": _sum(credits, currency),
        "debits": _sum(debits, currency),
        "between": money.text(between, currency),
        "closing": money.text(closing, currency),
        "difference": money.text(difference, currency),
    }


def _sum(rows: Sequence[Row], currency: str) -> Report:
    amount = money.text(sum(row["amount"] for row in rows), currency)
    return {"count": sum(row["count"] for row in rows), "amount": amount}


def _lines(own: Sequence[Row], rows: Sequence[Row], currency: str) -> Report:
    """Lines by what became of them; ``received`` is what the statements say that they hold."""
    found: Report = {
        "received": {
            "count": sum(row["line_count"] for row in own),
            "amount": money.text(sum(row["net"] for row in own), currency),
        }
    }
    for fate in (*FATES, *ASIDE):
        found[fate] = _sum([row for row in rows if row["fate"] == fate], currency)
    parts = [found[fate] for fate in (*FATES, *ASIDE)]
    rest = money.minor(found["received"]["amount"], currency)
    rest -= sum(money.minor(part["amount"], currency) for part in parts)
    count = found["received"]["count"] - sum(part["count"] for part in parts)
    found["difference"] = {"count": count, "amount": money.text(rest, currency)}
    return found


def _differences(proof: Proof, found: Report) -> list[str]:
    number, currency = proof.account["bank_account_no"], proof.account["currency"]
    said = []
    if money.minor(found["movement"]["difference"], currency):
        text = found["movement"]["difference"]
        said.append(f"{number}: opening and movements differ from the closing balance by {text}")
    lost = found["lines"]["difference"]
    if lost["count"] or money.minor(lost["amount"], currency):
        said.append(
            f"{number}: {lost['count']} lines, {lost['amount']} {currency}, are neither posted, on"
            " account, parked, queued nor held"
        )
    return said


def _missing(proof: Proof, covered: Coverage) -> list[str]:
    if covered.missing_since is None:
        return []
    days = covered.banking_days
    passed = f", {days} banking day{'s' * (days != 1)} by now" if days else ""
    since = covered.missing_since.isoformat()
    return [f"{proof.account['bank_account_no']}: a statement is missing since {since}{passed}"]


def _said(proof: Proof) -> list[str]:
    """What the proof rests on that the bank or the books did not state."""
    number, currency = proof.account["bank_account_no"], proof.account["currency"]
    said = []
    if proof.total("opening"):
        text = money.text(proof.total("opening"), currency)
        said.append(
            f"{number}: opening balance {text} {currency} is taken from its first statement; it is"
            " booked when that is reconciled"
        )
    if not proof.chain.stated:
        said.append(f"{number}: the bank states no closing balance; it is carried on by the lines")
    return said


def _transfers(facts: Facts, as_of: dt.date) -> list[str]:
    old = late_sides(facts.transfers, as_of)
    if not old:
        return []
    count = len(old)
    verb = "have one side" if count > 1 else "has one side"
    oldest = min(row["posting_date"] for row in old).isoformat()
    said = f"{count} own transfer{'s' * (count > 1)} {verb} only, the oldest since {oldest}"
    return [f"{facts.transfers_account}: {said}"]


def _source(facts: Facts, as_of: dt.date) -> list[str]:
    """Entries that we settled and their ERP goes on sending open, for longer than it may lag."""
    return [
        f"ledger-entries: settled here and still open at their source: {row['entries']}, since"
        f" {row['since'].isoformat()}; does it book what is handed over to it?"
        for row in facts.source_lag
        if (as_of - row["since"]).days > _SOURCE_DAYS
    ]


def _given(row: Row) -> Report:
    kind = row["kind"]
    if kind == "discount":
        kind = "discount granted" if row["party_type"] == "customer" else "discount received"
    else:
        kind = f"{kind.replace('_', ' ')}, {row['party_type']}s"
    amount = money.text(row["amount"], row["currency"])
    return {"kind": kind, "currency": row["currency"], "count": row["count"], "amount": amount}


def _text(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
