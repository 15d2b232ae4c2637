"""The item that a decision is about: its line, its proposals, and who decided it before."""

from typing import Any

import polars as pl

from pipeline import ledger
from pipeline.domain import money
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import chosen, decisions

Receipt = dict[str, Any]
Row = dict[str, Any]


def item_of(book: ledger.Ledger, number: int) -> Row:
    """The item of a number; UsageError when there is none."""
    item = decisions.item(book, number)
    if item is None:
        raise UsageError(f"exception {number} does not exist; see: lettrage exceptions list")
    return item


def line_of(book: ledger.Ledger, item: Row) -> Row:
    """The open line of an item; DecisionError when it is settled."""
    found = chosen.lines(book, [item["line_id"]]).to_dicts()
    if not found:
        raise _settled(book, item)
    return found[0]


def proposal_of(
    book: ledger.Ledger, item: Row, line: Row, rank: int, *, whole: bool = True
) -> tuple[Row, list[Row]]:
    """The stored proposal of a rank and its rows; ``whole``: they must explain all of the line."""
    mine = pl.col("rank") == rank
    stored = chosen.proposals(book, [line["line_id"]])
    heads, proposed = (frame.filter(mine).to_dicts() for frame in stored)
    if not heads:
        line_of(book, item)  # a colleague may have settled it since
        raise UsageError(f"there is no proposal of rank {rank}; see: lettrage exceptions show")
    applied = sum(row["applied_amount"] for row in proposed)
    if whole and applied != line["amount"]:
        text = money.text(line["amount"] - applied, line["currency"])
        raise UsageError(
            f"proposal {rank} leaves {text} {line['currency']} unexplained; use: lettrage"
            " exceptions apply"
        )
    place = ("line_id", "rank", "seq")
    return heads[0], [{k: v for k, v in row.items() if k not in place} for row in proposed]


def as_seen(item: Row, seen: str) -> dict[int, str]:
    """The version in which the person saw the item, by its id; empty: as it is now."""
    return {item["id"]: seen or item["version"]}


def again(
    book: ledger.Ledger, item: Row, action: str, actor: str, asked: Row, seen: str = ""
) -> Receipt | None:
    """The receipt when this person decided exactly this last; an error when others were first.

    ``seen``: it was decided on this version of the item, and not on a later one.
    """
    last = _last(book, item)
    same = last and (last["action"], last["actor"]) == (action, actor)
    if last and same and (not seen or last["seen"] == seen):
        stands = item["status"] == "resolved" or last["outcome"] != "posted"
        if stands and last["detail"].get("asked") == asked:
            receipt = {"exception": item["id"], "action": action, "changed": False}
            return {**receipt, "outcome": last["outcome"], "status": item["status"],
                    "register": last["register_no"]}  # fmt: skip
    if item["status"] == "open":
        return None
    raise _settled(book, item)


def _last(book: ledger.Ledger, item: Row) -> Row | None:
    past = decisions.history(book, item["line_id"])
    deciding = [row for row in past if row["action"] in decisions.DECIDING]
    return deciding[-1] if deciding else None


def _settled(book: ledger.Ledger, item: Row) -> DecisionError:
    if item["status"] == "open" and item["reason"] == "transfer_one_sided":
        place = "/".join(str(item[name]) for name in ("bank_account_no", "statement_no", "line_no"))
        return DecisionError(
            f"exception {item['id']}: its line is posted as an own transfer; nothing was written;"
            f" take it back first: lettrage reverse {place} --reason TEXT"
        )
    last = _last(book, item)
    who = f": {last['action']} by {last['actor']}" if last else " by the night, or its line is held"
    return DecisionError(f"exception {item['id']} is settled already{who}; nothing was written")
