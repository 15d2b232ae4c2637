"""Movements: an account with the balance after each, the activity of a period, what came late."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import polars as pl

from pipeline.statements import by_kind, reversed_pairs
from pipeline.statements.form import LINES, REVERSED, Form
from pipeline.statements.language import Language, iso
from pipeline.statements.open_items import document_number

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The last statement of a customer, and the movements posted late into its time.

    ``number`` is 0 where it was told of more accounts or fewer. ``balances``: what it said, minor
    units by currency. ``late``: rows of ``MOVEMENTS``.
    """

    number: int
    as_of: dt.date
    balances: Mapping[str, int]
    late: Sequence[Row]


def carried(movements: pl.DataFrame, first: dt.date) -> pl.DataFrame:
    """Movements with those before a day in one row of each account, project and currency.

    A statement shows no more of them than their sum, and years of them are most of the rows.
    """
    before = movements.filter(pl.col("day") < first)
    sums = before.group_by("party_no", "project", "currency").agg(pl.col("amount").sum())
    sums = sums.sort("party_no", "project", "currency").with_columns(
        day=pl.lit(first - dt.timedelta(days=1)), kind=pl.lit("carried"), document_no=pl.lit(""),
        instalment=pl.lit(0, pl.Int64), no=pl.lit(0, pl.Int64), seq=pl.lit(0, pl.Int64),
    )  # fmt: skip
    period = movements.filter(pl.col("day") >= first)
    return pl.concat([sums, period], how="diagonal").select(movements.columns)


def balance_forward(
    code: str,
    movements: Sequence[Row],
    first: dt.date,
    as_of: dt.date,
    form: Form,
    words: Language,
) -> Row:
    """The balance before the period, every movement of it, the balance after each."""
    balance = sum(row["amount"] for row in movements if row["day"] < first)
    before = words.say("brought_forward", day=words.day(first - dt.timedelta(days=1)))
    rows = [_stands(before, balance, code, words)]
    period = _in_order(of_period(movements, first, form))
    if form.lines != LINES[0]:
        period = by_kind.movements(period, words)
    moved, balance = _account(period, balance, code, words)
    rows += moved
    rows.append(_stands(words.say("closing", day=words.day(as_of)), balance, code, words))
    return {"title": words.say("movements", currency=code), "account": rows}


def _stands(text: str, balance: int, code: str, words: Language) -> Row:
    """A row that says a balance and moves nothing."""
    return {"text": text, "balance": words.amount(balance, code), "exact": [balance]}


def _account(moved: list[Row], balance: int, code: str, words: Language) -> tuple[list[Row], int]:
    """Movements with the balance after each, and the last of these balances."""
    rows = []
    for row in moved:
        balance += row["amount"]
        said = _moved(row, words)
        said["charge" if row["amount"] > 0 else "credit"] = words.amount(abs(row["amount"]), code)
        said["balance"] = words.amount(balance, code)
        rows.append(said)
    return rows, balance


def late(code: str, told: Told, words: Language) -> list[Row]:
    """From the balance that was stated to what it is now; nothing where nothing came late."""
    moved = [row for row in told.late if row["currency"] == code]
    if not moved:
        return []
    stated, day = told.balances.get(code, 0), words.day(told.as_of)
    said = "as_stated" if told.number else "as_told"
    first = _stands(words.say(said, day=day, number=told.number), stated, code, words)
    rows, balance = _account(_in_order(moved), stated, code, words)
    return [first, *rows, _stands(words.say("as_of_now", day=day), balance, code, words)]


def activity(
    code: str,
    entries: Sequence[Row],
    movements: Sequence[Row],
    first: dt.date,
    form: Form,
    words: Language,
) -> Row:
    """Every movement of the period, or those of each kind, and what of it is open still."""
    still = {row["entry_id"]: row["remaining_amount"] for row in entries}
    moved = _in_order(of_period(movements, first, form))
    shown = moved if form.lines == LINES[0] else by_kind.movements(moved, words)
    rows = [_active(row, still.get(row["entry_id"]), code, words) for row in shown]
    total = words.amount(sum(row["amount"] for row in moved), code)
    return {"title": words.say("activity", currency=code), "activity": rows, "total": total}


def _active(row: Row, left: int | None, code: str, words: Language) -> Row:
    """A movement and what of its entry is ``left``; None for what is no entry or not open."""
    said, amount = _moved(row, words), row["amount"]
    text = said["amount"] = words.amount(amount, code)
    said["open"] = "" if left is None else text if left == amount else words.amount(left, code)
    said["exact"].append(left)
    return said


def of_period(movements: Sequence[Row], first: dt.date, form: Form) -> list[Row]:
    """The movements from a day on that a resolved ``form`` shows."""
    period = [row for row in movements if row["day"] >= first]
    return period if form.reversed == REVERSED[0] else reversed_pairs.left_out(period)


def _in_order(movements: Sequence[Row]) -> list[Row]:
    """By day and what tells movements of a day apart; of an entry before what is of none."""
    first = itemgetter("day", "no", "document_no", "instalment", "kind")
    return sorted(
        movements,
        key=lambda row: (*first(row), row["entry_id"] is None, row["entry_id"], row["seq"]),
    )


def _moved(row: Mapping[str, Any], words: Language) -> Row:
    return {
        "date": words.day(row["day"]),
        "type": _kind(row, words),
        "document": document_number(row),
        "exact": [row["kind"], iso(row["day"]), row["amount"]],
    }


def _kind(row: Mapping[str, Any], words: Language) -> str:
    """What moved, and what money came as that settles entries of another currency."""
    code = row["paid_currency"]
    return words.paid_in(row["kind"], row["paid_amount"], code) if code else words.kind(row["kind"])
