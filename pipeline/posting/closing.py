"""Which statements close: all lines settled, tied, following the last closed one."""

from typing import Any

import polars as pl

Row = dict[str, Any]


def reconcile(statements: pl.DataFrame) -> tuple[list[Row], list[Row]]:
    """Statements to close in chain order, and those that wait, each with ``waits_for``.

    ``statements`` as ``ledger.reads.statements_to_reconcile`` gives them; the balance chain
    decides, not the numbers. An OFX statement opens with its closing balance less its lines.
    """
    closing: list[Row] = []
    waiting: list[Row] = []
    for (_,), part in statements.group_by("bank_account_no", maintain_order=True):
        left = [_with_opening(row) for row in part.to_dicts()]
        last, ordinal = left[0]["last_closing"], left[0]["last_ord"]
        while True:
            following = _following(left, last)
            if following is None:
                break
            ordinal += 1
            left.remove(following)
            last = following["closing"]
            closing.append({**following, "ord": ordinal})
        waiting += [{**row, "waits_for": _waits_for(row, last)} for row in left]
    return closing, waiting


def _with_opening(row: Row) -> Row:
    if row["opening"] is None and row["closing"] is not None:
        return {**row, "opening": row["closing"] - row["net"]}
    return row


def _following(left: list[Row], last: int | None) -> Row | None:
    """The first statement in date order, if it follows and all its lines are settled."""
    for row in left:
        if last is None or row["opening"] == last:
            return row if _waits_for(row, last) == "" else None
    return None


def _waits_for(row: Row, last: int | None) -> str:
    if row["status"] == "held":
        return "held"
    if row["closing"] is None:
        return "closing_balance"
    if last is not None and row["opening"] != last:
        return "earlier_statement"
    return "open_lines" if row["unsettled"] else ""
