"""The night's control report as text: a page that a person reads in the morning."""

from typing import Any

from pipeline.domain import days, money
from pipeline.reports.bank_reconciliation import told_refused, where
from pipeline.reports.layout import amount, heading, table
from pipeline.reports.night import ASIDE, FATES

Report = dict[str, Any]
_NAMES = {"on_account": "on account", "before_cutover": "before cut-over", "no_amount": "no amount"}
_OTHER = {
    "booked_ahead": "+ on a later statement",
    "missing": "- statement missing",
    "opening": "- opening not booked",
}


def _day(report: Report) -> str:
    day = report["as_of"]
    return "no bank line yet" if day == str(days.NONE) else f"business date {day}"


def text(report: Report) -> str:
    """The whole report; its first lines say what differs and what to look at."""
    parts = [
        f"Night's control report, {_day(report)}",
        f"{where(report)}\npolicy {report['policy_hash'][:16] or '-'}",
        "",
        result(report),
        heading("Statements"),
        _statements(report),
        *_refused(report),
        heading(
            "Movement of the statements that came last"
            f" (after register {report['statements_since_register']})"
        ),
        _movement(report),
        heading("Their lines"),
        _lines(report),
        heading("Bank proof"),
        _proof(report),
        heading("Open"),
        _open(report),
        heading("Control accounts"),
        _control(report),
        heading("Discounts, tolerances, write-offs posted since then (debit positive)"),
        _given(report),
    ]
    return "\n".join(parts) + "\n"


def result(report: Report) -> str:
    """What differs, what to look at, or that every figure ties: the first lines of the report."""
    lines = [f"DIFFERENCE  {line}" for line in report["problems"]]
    lines += [] if lines else ["Every figure ties."]
    return "\n".join([*lines, *[f"Look at     {line}" for line in report["warnings"]]])


def outcome(report: Report) -> str:
    """The result in a few words."""
    counts = {"differences": len(report["problems"]), "to look at": len(report["warnings"])}
    said = [f"{what}: {count}" for what, count in counts.items() if count]
    return ", ".join(said if report["problems"] else ["every figure ties", *said])


def _accounts(report: Report) -> list[tuple[str, Report]]:
    return list(report["accounts"].items())


def _cell(value: str, currency: str) -> str:
    """An amount; nothing where it is zero."""
    found = money.minor(value, currency)
    return amount(found, currency) if found else "-"


def _whole(value: str, currency: str) -> str:
    return amount(money.minor(value, currency), currency)


def _statements(report: Report) -> str:
    columns = ("bank account", "expected through", "received through", "reconciled through",
               ">new", ">held", "missing since")  # fmt: skip
    rows = []
    for number, account in _accounts(report):
        found = account["statements"]
        missing, days = found["missing_since"], found["banking_days_missing"]
        since = f"{missing}  {days} banking days" if days else missing or "-"
        dates = [found[f"{word}_through"] or "-" for word in ("expected", "received", "reconciled")]
        rows.append((number, *dates, found["received_last"], found["held"], since))
    return table(columns, rows)


def _refused(report: Report) -> list[str]:
    said = told_refused(report)
    return [heading("Refused statements: nothing of them is in the books"), *said] if said else []


def _movement(report: Report) -> str:
    columns = ["bank account", "", ">opening", ">credits", ">", ">debits", ">", ">closing",
               ">difference"]  # fmt: skip
    some = any(
        money.minor(a["movement"]["between"], a["currency"]) for _, a in _accounts(report)
    )  # fmt: skip
    if some:
        columns.insert(7, ">between them")
    rows = []
    for number, account in _accounts(report):
        found, currency = account["movement"], account["currency"]
        row: list[object] = [number, currency, _whole(found["opening"], currency)]
        for side in ("credits", "debits"):
            row += [found[side]["count"] or "-", _cell(found[side]["amount"], currency)]
        row += [_cell(found["between"], currency)] if some else []
        row += [_whole(found["closing"], currency), _cell(found["difference"], currency)]
        rows.append(row)
    return table(columns, rows)


def _lines(report: Report) -> str:
    fates = [*FATES, *[f for f in ASIDE if any(a["lines"][f]["count"]
                                               for _, a in _accounts(report))]]  # fmt: skip
    columns = ["bank account", "", ">lines", ">amount"]
    for place, fate in enumerate(fates):
        columns += [">+" if place else ">=", f">{_NAMES.get(fate, fate)}"]
    columns += [">difference"]
    rows = []
    for number, account in _accounts(report):
        found, currency = account["lines"], account["currency"]
        row: list[object] = [number, currency, found["received"]["count"] or "-"]
        row.append(_cell(found["received"]["amount"], currency))
        for fate in fates:
            row += [found[fate]["count"] or "-", _cell(found[fate]["amount"], currency)]
        row.append(_cell(found["difference"]["amount"], currency))
        rows.append(row)
    return table(columns, rows)


def _proof(report: Report) -> str:
    """The terms of each proof; those that are rare have a column where they are needed."""
    names = {**_OTHER, "expected": "= must be", "book": "books"}
    shown = [
        name
        for name in names
        if name not in _OTHER or any(_term(account, name) for _, account in _accounts(report))
    ]
    columns = ["bank account", "", ">statement closing", ">+ open bank entries",
               ">- not in the books", *[f">{names[name]}" for name in shown],
               ">difference"]  # fmt: skip
    rows = []
    for number, account in _accounts(report):
        currency = account["currency"]
        values = [_term(account, "closing"),
                  _term(account, "deposit") + _term(account, "payment"),
                  _term(account, "not_booked"),
                  *[_term(account, name) for name in shown],
                  _term(account, "difference")]  # fmt: skip
        rows.append((number, currency, *[amount(v, currency) if v else "-" for v in values]))
    return table(columns, rows)


def _term(account: Report, name: str) -> int:
    return money.minor(account["proof"][name], account["currency"])


def _open(report: Report) -> str:
    if not report["open"]:
        return "nothing"
    columns = ("what", "of", ">items", ">amount", "", "oldest", ">age")
    rows = [
        (row["what"], row["of"], row["count"], _whole(row["amount"], row["currency"]),
         row["currency"], row["oldest"] or "-",
         "" if row["age_days"] is None else f"{row['age_days']} d")
        for row in report["open"]
    ]  # fmt: skip
    return table(columns, rows)


def _control(report: Report) -> str:
    columns = ("G/L account", "", ">balance", ">its items", ">difference")
    rows = [
        (row["gl_account"], row["currency"], _whole(row["balance"], row["currency"]),
         _whole(row["items"], row["currency"]), _cell(row["difference"], row["currency"]))
        for row in report["control"]
    ]  # fmt: skip
    return table(columns, rows) if rows else "none"


def _given(report: Report) -> str:
    if not report["given"]:
        return "none"
    columns = ("kind", ">count", ">amount", "")
    rows = [
        (row["kind"], row["count"], _whole(row["amount"], row["currency"]), row["currency"])
        for row in report["given"]
    ]
    return table(columns, rows)
