"""The bank proof of one account as of a date (accounting, section 4).

Book balance = statement closing + open bank entries - lines not in the books. Two more terms make
it exact on any date: lines that are booked before their statement closes, and what a missing
statement must have moved. Whatever is left is a difference, and a difference is an error.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.domain import money
from pipeline.reports.balances import Chain, follow

Row = dict[str, Any]
SECTIONS = {
    "deposit": "deposits in transit",
    "payment": "outstanding checks and payments",
    "not_booked": "statement lines not in the books",
    "booked_ahead": "lines in the books, on a later statement",
    "missing": "movement that no statement here shows",
    "opening": "opening balance of the first statement, not yet in the books",
    "parked": "parked on clearing: in the books, not explained",
}
"""Kinds of outstanding items in the order of the report; ``parked`` is no term of the proof."""


@dataclass(slots=True)
class Proof:
    """All amounts in minor units of the account's currency, money in > 0."""

    account: Row
    chain: Chain
    bank: int = 0
    transit: int = 0
    begun: bool = True
    """Whether the books know the account by then: before the cut-over they hold nothing."""
    items: list[Row] = field(default_factory=list)
    """``section, date, age_days, amount, reference, text``, in the order of the report."""

    def total(self, *sections: str) -> int:
        """Sum of the items of these sections."""
        return sum(row["amount"] for row in self.items if row["section"] in sections)

    @property
    def book(self) -> int:
        """What the books hold: confirmed and in transit."""
        return self.bank + self.transit

    @property
    def expected(self) -> int:
        """What the books must hold by the bank's statement."""
        ahead = self.total("deposit", "payment", "booked_ahead")
        return self.chain.closing + ahead - self.total("not_booked", "missing", "opening")

    @property
    def difference(self) -> int:
        """What nothing explains; 0 in right books."""
        return self.book - self.expected

    @property
    def last_statement(self) -> tuple[str, dt.date | None]:
        """Number and date of the statement that ``chain.closing`` is of; empty before the first."""
        if self.chain.links:
            last = self.chain.links[-1]
            return last["statement_no"], last["to_date"]
        if not self.begun:
            return "", None
        return self.account["last_statement_no"], self.account["last_statement_date"]

    @property
    def reconciled_until(self) -> dt.date | None:
        """Up to when every line is in the books and no statement is missing; the cut-over first."""
        open_ones = {row["statement_id"] for row in self.items if row["section"] == "not_booked"}
        last: dt.date | None = self.account["last_statement_date"] if self.begun else None
        for link in self.chain.links:
            if link["gap"] or link["closing"] is None or link["statement_id"] in open_ones:
                break
            last = link["to_date"]
        return last


@dataclass(frozen=True, slots=True)
class BankFacts:
    """The frames of ``ledger.known.bank`` as rows, all accounts together."""

    accounts: Sequence[Row]
    balances: Sequence[Row]
    statements: Sequence[Row]
    lines_off: Sequence[Row]
    open_entries: Sequence[Row]
    parked: Sequence[Row]


def prove(facts: BankFacts, as_of: dt.date) -> list[Proof]:
    """One proof for each bank account, in the order of their numbers."""
    read = (facts.statements, facts.open_entries, facts.lines_off, facts.parked)
    own = [_by_account(rows) for rows in read]
    ordered = sorted(facts.accounts, key=lambda row: row["bank_account_no"])
    return [
        _prove(facts, account, as_of, *(rows[account["bank_account_no"]] for rows in own))
        for account in ordered
    ]


def _by_account(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["bank_account_no"]].append(row)
    return found


def _prove(
    facts: BankFacts,
    account: Row,
    as_of: dt.date,
    statements: list[Row],
    open_entries: list[Row],
    lines_off: list[Row],
    parked: list[Row],
) -> Proof:
    closed = [row for row in statements if row["to_date"] and row["to_date"] <= as_of]
    opening = _opening(facts.balances, account)
    begun = opening is not None or not _later(account, as_of)
    chain = follow(closed, opening if begun else 0)
    proof = Proof(account, chain, _bank(facts.balances, account), _transit(facts, account), begun)
    items = [
        *_entries(open_entries),
        *_lines(lines_off),
        *_gaps(chain),
        *_unbooked(chain, opening),
        *[_line_item("parked", row, row["amount"]) for row in parked],
    ]
    for row in items:
        row["age_days"] = (as_of - row["date"]).days if row["date"] else None
    order = list(SECTIONS)
    proof.items = sorted(
        items, key=lambda row: (order.index(row["section"]), str(row["date"]), row["order"])
    )
    return proof


def _later(account: Row, as_of: dt.date) -> bool:
    cutover = account["last_statement_date"]
    return bool(cutover and cutover > as_of)


def _opening(balances: Sequence[Row], account: Row) -> int | None:
    """The balance that the books began with; None while the bank has to say it."""
    posted: list[int] = [
        row["amount"]
        for row in balances
        if row["opening"] and row["gl_account"] == account["gl_account"]
        and row["bank_account_no"] == account["bank_account_no"]
    ]  # fmt: skip
    if posted:
        return sum(posted)
    stated = account["last_statement_balance"]
    return 0 if stated is not None and not stated else None


def _bank(balances: Sequence[Row], account: Row) -> int:
    """The account's own legs; legs of nobody are counted too, since they belong to no line."""
    mine = ("", account["bank_account_no"])
    return sum(
        row["amount"]
        for row in balances
        if row["gl_account"] == account["gl_account"] and row["bank_account_no"] in mine
    )


def _transit(facts: BankFacts, account: Row) -> int:
    """The transit account less what stands on it for other bank accounts that share it."""
    shared = {
        row["bank_account_no"]
        for row in facts.accounts
        if row["transit_account"] == account["transit_account"]
    } - {account["bank_account_no"]}
    whole: int = sum(
        row["amount"] for row in facts.balances if row["gl_account"] == account["transit_account"]
    )
    others: int = sum(
        row["amount"] for row in facts.open_entries if row["bank_account_no"] in shared
    )
    return whole - others


def _entries(rows: Sequence[Row]) -> list[Row]:
    return [
        {
            "section": "deposit" if row["amount"] > 0 else "payment",
            "date": row["posting_date"],
            "amount": row["amount"],
            "reference": f"bank entry {row['entry_no']}",
            "text": " ".join(filter(None, _entry_words(row))),
            "statement_id": None,
            "order": (str(row["entry_no"]).zfill(20), ""),
        }
        for row in rows
    ]


def _entry_words(row: Row) -> tuple[str, ...]:
    check = f"check {row['check_no']}" if row["check_no"] else ""
    kind = "" if check and row["entry_type"] == "check" else row["entry_type"]
    return kind, check, row["document_no"]


def _lines(rows: Sequence[Row]) -> list[Row]:
    """A line is in the books whole or not at all: any other sum stays as a difference."""
    return [
        _line_item("not_booked" if row["closes"] else "booked_ahead", row, row["amount"])
        for row in rows
        if not row["closes"] or not row["booked"]
    ]


def _line_item(section: str, row: Row, amount: int) -> Row:
    return {
        "section": section,
        "date": row["booking_date"] or row["value_date"],
        "amount": amount,
        "reference": f"statement {row['statement_no']} line {row['line_no']}",
        "text": row["counterparty_name"] or row["text"],
        "statement_id": row.get("statement_id"),
        "gl_account": row.get("gl_account", ""),
        "order": (str(row["statement_no"]).zfill(20), str(row["line_no"]).zfill(9)),
    }


def _gaps(chain: Chain) -> list[Row]:
    return [
        {
            "section": "missing",
            "date": link["from_date"] or link["to_date"],
            "amount": link["gap"],
            "reference": f"before statement {link['statement_no']}",
            "text": f"from balance {_text(link, link['begins'] - link['gap'])}"
            f" to {_text(link, link['begins'])}",
            "statement_id": None,
            "order": (str(place).zfill(9), ""),
        }
        for place, link in enumerate(chain.links)
        if link["gap"]
    ]


def _text(link: Row, amount: int) -> str:
    return money.text(amount, link["currency"])


def _unbooked(chain: Chain, opening: int | None) -> list[Row]:
    if opening is not None or not chain.links or not chain.opening:
        return []
    first = chain.links[0]
    return [
        {
            "section": "opening",
            "date": first["from_date"] or first["to_date"],
            "amount": chain.opening,
            "reference": f"statement {first['statement_no']}",
            "text": "taken from the statement itself",
            "statement_id": None,
            "order": ("", ""),
        }
    ]
