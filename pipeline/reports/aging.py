"""Aged open entries: what each party owes, by how long it is overdue (accounting, section 9).

Due on the day itself is not overdue; each instalment ages singly. Unapplied payments and credits
are a column of their own, never netted into a band: bands + unapplied = balance = control account.
Amounts have the sign of the ledger: what a customer owes is positive, what we owe is negative.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.domain import money
from pipeline.reports import layout
from pipeline.reports.bank_reconciliation import where
from pipeline.reports.control import against_items
from pipeline.reports.layout import amount, heading, short, table

Row = dict[str, Any]
Report = dict[str, Any]
BANDS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")
COLUMNS = (*BANDS, "unapplied", "balance")
_UNAPPLIED = ("payment", "refund", "credit_memo")
_KEY = ("party_type", "party_no", "currency")
_TITLES = {
    "customer": "Customers",
    "vendor": "Vendors (what we owe is negative, as in the ledger)",
}


def compose(
    head: Report,
    open_entries: Sequence[Row],
    names: Iterable[Row],
    balances: Sequence[Row],
    party_type: str | None = None,
) -> Report:
    """The report as plain data: amounts as decimal text.

    ``open_entries`` as ``ledger.known.entries`` gives them, ``balances`` of all G/L accounts.
    ``party_type`` leaves the parties of the other side out. ``problems`` names each control account
    that is not the sum of its entries.
    """
    as_of = dt.date.fromisoformat(head["as_of"])
    called = {(row["party_type"], row["party_no"]): row["name"] for row in names}
    sums: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    control: dict[tuple[str, str], int] = defaultdict(int)
    for row in open_entries:
        own = sums[tuple(row[name] for name in _KEY)]
        own[_column(row, as_of)] += row["remaining"]
        own["balance"] += row["remaining"]
        control[row["control_account"], row["currency"]] += row["remaining"]
    parties = [
        {
            **dict(zip(_KEY, key, strict=True)),
            "name": called.get((key[0], key[1]), ""),
            **{name: money.text(value, key[2]) for name, value in own.items()},
        }
        for key, own in sorted(sums.items())
        if party_type in (None, key[0])
    ]
    ties = against_items(control, balances, {name for name, _ in control}, "entries")
    problems = [
        f"{row['gl_account']}: the balance differs from its open entries by {row['difference']}"
        f" {row['currency']}"
        for row in ties
        if money.minor(row["difference"], row["currency"])
    ]
    return {**head, "parties": parties, "control": ties, "problems": problems}


def _column(row: Row, as_of: dt.date) -> str:
    owed = row["remaining"] > 0 if row["party_type"] == "customer" else row["remaining"] < 0
    if not owed or row["document_type"] in _UNAPPLIED:
        return "unapplied"
    days = (as_of - row["due_date"]).days
    return BANDS[0 if days <= 0 else min(1 + (days - 1) // 30, 4)]


_CSV = ("as_of", "register", *_KEY[:2], "name", "currency", *COLUMNS)


def comma_separated(report: Report) -> str:
    """The parties as CSV, one row for each party and currency."""
    head = {"as_of": report["as_of"], "register": report["register"]["no"]}
    rows = [{**head, **row} for row in report["parties"]]
    return layout.comma_separated(_CSV, rows, ("as_of", "register", *COLUMNS))


def text(report: Report) -> str:
    """The report for people: a table a side and currency, then the control accounts."""
    parts = [f"Aging of open entries as of {report['as_of']}", where(report)]
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in report["parties"]:
        groups[row["party_type"], row["currency"]].append(row)
    for (side, currency), rows in sorted(groups.items()):
        parts += [heading(f"{_TITLES[side]}, {currency}"), _side(rows, currency)]
    if report["control"]:
        parts += [heading("Control accounts"), _ties(report["control"])]
    parts += ["", *[f"DIFFERENCE  {line}" for line in report["problems"]]]
    if not report["problems"]:
        parts.append("Bands and unapplied are the balance, and the balance is the control account.")
    return "\n".join(parts) + "\n"


def _side(rows: Sequence[Row], currency: str) -> str:
    columns = ("no", "name", ">not due", ">1-30 days", ">31-60 days", ">61-90 days",
               ">over 90 days", ">unapplied", ">balance")  # fmt: skip
    body: list[Sequence[object]] = [
        (row["party_no"], short(row["name"], 32), *_cells(row, currency)) for row in rows
    ]
    total = {
        name: money.text(sum(money.minor(row[name], currency) for row in rows), currency)
        for name in COLUMNS
    }
    return table(columns, [*body, ("-",), ("", "total", *_cells(total, currency))])


def _cells(row: Row, currency: str) -> list[str]:
    values = [money.minor(row[name], currency) for name in COLUMNS]
    return [amount(value, currency) if value else "-" for value in values]


def _ties(rows: Sequence[Row]) -> str:
    columns = ("G/L account", "", ">balance", ">open entries", ">difference")
    names = ("balance", "entries", "difference")
    body = []
    for row in rows:
        values = [money.minor(row[name], row["currency"]) for name in names]
        cells = [amount(value, row["currency"]) if value else "-" for value in values]
        body.append((row["gl_account"], row["currency"], *cells))
    return table(columns, body)
