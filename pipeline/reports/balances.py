"""The statements of one bank account one after another: which follow, where one is missing.

``domain.chain`` says what follows what; here also what stands behind a gap is kept, since a proof
needs the bank's latest balance and what lies between (accounting, section 4).
"""

from dataclasses import dataclass, field
from typing import Any

from pipeline.domain import chain

Row = dict[str, Any]


@dataclass(slots=True)
class Chain:
    """Statements in their order with the balances that they tie together."""

    opening: int | None
    """Where the first one begins; None where the bank stated no balance at all."""
    assumed: bool
    """No balance was known: ``opening`` is what the first statement says."""
    links: list[Row] = field(default_factory=list)
    """Statements with ``begins``, ``ends`` and ``gap``: what is missing before them."""
    closing: int = 0
    stated: bool = True
    """Whether the bank itself states ``closing``, or it is carried on from its last balance."""


def follow(rows: list[Row], known: int | None) -> Chain:
    """The chain of ``rows`` (``ledger.known.bank.statements``) from the balance ``known``."""
    closed = sorted((row for row in rows if row["ord"] is not None), key=lambda row: row["ord"])
    found = Chain(known, known is None and bool(rows))
    last = known
    for row in closed:  # the database lets a chain close without gaps only
        last = _link(found, row, row["opening"], row["closing"], row["opening"])
    left = [row for row in rows if row["ord"] is None]
    while left:
        groups, left = chain.walk(left, last)
        for group in groups:
            balance = chain.begins(group) if last is None else last
            for row in group:
                ends = (balance or 0) + row["net"]
                last = balance = _link(found, row, balance, ends, last)
        if left:
            last, left = _beyond(found, left, last)
    found.closing = last or 0
    return found


def _link(found: Chain, row: Row, begins: int | None, ends: int, last: int | None) -> int:
    if found.opening is None:
        found.opening = begins
    gap = 0 if last is None or begins is None else begins - last
    found.links.append({**row, "begins": begins, "ends": ends, "gap": gap})
    found.stated = row["closing"] is not None and row["closing"] == ends
    return ends


def _beyond(found: Chain, left: list[Row], last: int | None) -> tuple[int, list[Row]]:
    """Take the first statement that follows nothing: after a gap, or without a balance."""
    row, rest = left[0], left[1:]
    begins = chain.start(row)
    if begins is None:
        begins = last or 0
    ends = begins + row["net"] if row["closing"] is None else row["closing"]
    return _link(found, row, begins, ends, last), rest
