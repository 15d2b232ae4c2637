"""The trial balance: every account of the general ledger, debits beside credits.

Each currency balances by itself. Beside them stands the value in the company's currency; what has
none, for want of a rate, is named and counted, never taken one to one.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pipeline.domain import money
from pipeline.reports import layout
from pipeline.reports.bank_reconciliation import where
from pipeline.reports.layout import amount, heading, short, table

Row = dict[str, Any]
Report = dict[str, Any]
AMOUNTS = ("opening", "debit", "credit", "balance")
_KEY = ("gl_account", "name", "currency")


def compose(head: Report, movements: Sequence[Row], company: str, since: str = "") -> Report:
    """The report as plain data: amounts as decimal text, debit positive; ``credit`` a magnitude.

    ``movements`` as ``ledger.known.general`` gives them. ``company_amount`` is empty where nothing
    of an account has a value in the ``company`` currency. ``problems`` names each currency that
    does not balance.
    """
    rows = [_row(row, company) for row in movements]
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AMOUNTS, 0))
    for row in movements:
        for name, value in _amounts(row).items():
            totals[row["currency"]][name] += value
    return {
        **head,
        "since": since,
        "company_currency": company,
        "accounts": rows,
        "totals": [
            {"currency": code, **{name: money.text(sums[name], code) for name in AMOUNTS}}
            for code, sums in sorted(totals.items())
        ],
        "company_total": money.text(sum(row["valued"] for row in movements), company)
        if company
        else "",
        "unvalued": [_unvalued(row) for row in movements if row["unvalued_postings"]],
        "problems": _problems(totals, sum(row["valued"] for row in movements), company),
    }


def _amounts(row: Row) -> dict[str, int]:
    balance = row["opening"] + row["debit"] - row["credit"]
    return {"opening": row["opening"], "debit": row["debit"], "credit": row["credit"],
            "balance": balance}  # fmt: skip


def _row(row: Row, company: str) -> Row:
    code = row["currency"]
    amounts = {name: money.text(value, code) for name, value in _amounts(row).items()}
    known = company and (code == company or row["valued"] or not row["unvalued_postings"])
    worth = money.text(row["valued"], company) if known else ""
    return {**{name: row[name] for name in _KEY}, **amounts, "company_amount": worth}


def _unvalued(row: Row) -> Row:
    return {
        "gl_account": row["gl_account"],
        "currency": row["currency"],
        "amount": money.text(row["unvalued"], row["currency"]),
        "postings": row["unvalued_postings"],
    }


def _problems(totals: dict[str, dict[str, int]], worth: int, company: str) -> list[str]:
    said = [
        f"{code}: debits and credits differ by {money.text(sums['balance'], code)}"
        for code, sums in sorted(totals.items())
        if sums["balance"]
    ]
    if company and worth:
        said.append(f"all in {company}: debits and credits differ by {money.text(worth, company)}")
    return said


_CSV = ("as_of", "register", *_KEY, *AMOUNTS, "company_amount")


def comma_separated(report: Report) -> str:
    """The accounts as CSV, one row an account and currency."""
    head = {"as_of": report["as_of"], "register": report["register"]["no"]}
    rows = [{**head, **row} for row in report["accounts"]]
    return layout.comma_separated(
        _CSV, rows, ("as_of", "register", "gl_account", *AMOUNTS, "company_amount")
    )


def text(report: Report) -> str:
    """The report for people: a table a currency, then what has no value."""
    period = f"from {report['since']} to {report['as_of']}" if report["since"] else ""
    parts = [f"Trial balance {period or 'as of ' + report['as_of']}", where(report)]
    for total in report["totals"]:
        own = [row for row in report["accounts"] if row["currency"] == total["currency"]]
        parts += [heading(total["currency"]), _accounts(own, total, report)]
    if report["unvalued"]:
        told = f"Without a value in {report['company_currency']}"
        parts += [heading(told), _without_value(report["unvalued"])]
    parts += ["", *[f"DIFFERENCE  {line}" for line in report["problems"]]]
    if not report["problems"]:
        parts.append("Debits are credits in every currency.")
    return "\n".join(parts) + "\n"


def _accounts(rows: Sequence[Row], total: Row, report: Report) -> str:
    code, company = total["currency"], report["company_currency"]
    names = AMOUNTS if report["since"] else AMOUNTS[1:]
    foreign = code != company
    columns = ["G/L account", "name", *[f">{name}" for name in names], *[f">{company}"] * foreign]
    body: list[Sequence[object]] = []
    for row in rows:
        value = row["company_amount"]
        worth = [_cell(value, company) if value else "no rate"] * foreign
        name = "" if row["name"] == row["gl_account"] else short(row["name"])
        body.append((row["gl_account"], name, *_cells(row, names, code), *worth))
    last = ("", "total", *_cells(total, names, code), *[""] * foreign)
    return table(columns, [*body, ("-",), last])


def _cells(row: Row, names: Sequence[str], code: str) -> list[str]:
    return [_cell(row[name], code) for name in names]


def _cell(text: str, code: str) -> str:
    value = money.minor(text, code) if text else 0
    return amount(value, code) if value else "-"


def _without_value(rows: Sequence[Row]) -> str:
    body = [
        (row["gl_account"], row["currency"], _cell(row["amount"], row["currency"]), row["postings"])
        for row in rows
    ]
    return table(("G/L account", "", ">amount", ">postings"), body)
