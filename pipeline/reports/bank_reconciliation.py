"""The bank reconciliation: the proof of each account with every outstanding item and its age."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.domain import money
from pipeline.domain.pdf import Template
from pipeline.domain.plain import plain
from pipeline.reports import layout
from pipeline.reports.layout import amount, heading, short, table
from pipeline.reports.proof import SECTIONS, Proof

Row = dict[str, Any]
Report = dict[str, Any]
_TERMS = ("deposit", "payment", "booked_ahead", "not_booked", "missing", "opening")
_ITEM = {
    "deposit": "deposit in transit",
    "payment": "outstanding payment",
    "not_booked": "not in the books",
    "booked_ahead": "on a later statement",
    "missing": "statement missing",
    "opening": "opening not in the books",
    "parked": "parked on clearing",
}
_PROOF = ("closing", *_TERMS, "expected", "bank", "transit", "book", "difference")
SINGLE = "single-user mode: no second person approved the policy"
_TAKEN = ("not_booked", "missing", "opening")


def compose(head: Report, proofs: Sequence[Proof]) -> Report:
    """The report as plain data: amounts as decimal text, dates as ISO text.

    ``head``: ``as_of``, ``register`` and what else says from where it looks, and ``refused``.
    ``problems`` names each account whose proof does not tie.
    """
    accounts = {
        proof.account["bank_account_no"]: {**account(proof), "items": _listed(proof)}
        for proof in proofs
    }
    problems = [problem for proof in proofs for problem in differences(proof)]
    return {**head, "accounts": accounts, "problems": problems}


def refused(row: Row) -> Report:
    """A statement that people refused (``ledger.known.bank.refused``) as plain data."""
    amount = money.text(row["net"], row["currency"])
    return {**row, "to_date": _date(row["to_date"]), "net": amount}


def told_refused(report: Report) -> list[str]:
    """A sentence for each statement that people refused: nothing of it is in the books."""
    return [
        f"statement {row['statement_no']} of {short(row['account'])}, to {row['to_date'] or '-'}:"
        f" {row['lines']} line{'s' * (row['lines'] != 1)}, {row['net']} {row['currency']}, held"
        f" for {row['reason']}; refused by {row['asked_by']} and {row['approved_by']} on"
        f" {row['refused_on']}: {short(row['why'], 200)}"
        for row in report["refused"]
    ]


def differences(proof: Proof) -> list[str]:
    """The sentence that says by how much the books differ from the bank; empty when they tie."""
    number, currency = proof.account["bank_account_no"], proof.account["currency"]
    if not proof.difference:
        return []
    text = money.text(proof.difference, currency)
    return [f"{number}: the bank proof differs by {text} {currency}"]


def account(proof: Proof) -> Report:
    """Name, currency, last statement and the terms of the proof, amounts as decimal text."""
    currency = proof.account["currency"]
    number, day = proof.last_statement

    def text(value: int) -> str:
        return money.text(value, currency)

    return {
        "name": proof.account["name"],
        "currency": currency,
        "statement_no": number,
        "statement_date": _date(day),
        "closing_stated": proof.chain.stated,
        "proof": {
            "bank": text(proof.bank),
            "transit": text(proof.transit),
            "book": text(proof.book),
            "closing": text(proof.chain.closing),
            **{name: text(proof.total(name)) for name in _TERMS},
            "expected": text(proof.expected),
            "difference": text(proof.difference),
        },
    }


def _listed(proof: Proof) -> list[Report]:
    currency = proof.account["currency"]
    return [
        {
            "section": row["section"],
            "date": _date(row["date"]),
            "age_days": row["age_days"],
            "amount": money.text(row["amount"], currency),
            "reference": row["reference"],
            "text": row["text"],
        }
        for row in proof.items
    ]


def _date(day: Any) -> str:
    return day.isoformat() if day else ""


_CSV = ("as_of", "register", "bank_account_no", "kind", "date", "age_days", "amount", "currency",
       "reference", "text")  # fmt: skip


def comma_separated(report: Report) -> str:
    """The report as CSV: the terms of each proof, then its items, a row each."""
    found = []
    for number, one in report["accounts"].items():
        base = {"as_of": report["as_of"], "register": report["register"]["no"],
                "bank_account_no": number, "currency": one["currency"]}  # fmt: skip
        found += [
            {**base, "kind": f"total {name}", "amount": one["proof"][name]} for name in _PROOF
        ]
        found += [{**base, "kind": item["section"], **item} for item in one["items"]]
    found += [
        {"as_of": report["as_of"], "register": report["register"]["no"],
         "bank_account_no": row["account"], "kind": "refused statement", "date": row["to_date"],
         "amount": row["net"], "currency": row["currency"], "reference": row["statement_no"],
         "text": told}
        for row, told in zip(report["refused"], told_refused(report), strict=True)
    ]  # fmt: skip
    whole = [{name: row.get(name, "") for name in _CSV} for row in found]
    return layout.comma_separated(_CSV, whole, ("as_of", "register", "date", "age_days", "amount"))


def text(report: Report) -> str:
    """The report for people: one proof after another, then what does not tie."""
    parts = [f"Bank reconciliation as of {report['as_of']}", where(report)]
    for number, one in report["accounts"].items():
        parts.append(heading(f"{number}  {short(one['name'])}  {one['currency']}"))
        code = f">{one['currency']}"
        parts.append(table(("", "", code), _terms(one)))
        if one["items"]:
            heads = ("outstanding", "since", ">age", code, "where", "what")
            parts.append("\n" + table(heads, _items(one)))
    if report["refused"]:
        parts += [heading("Refused statements: nothing of them is in the books")]
        parts += told_refused(report)
    parts += ["", *[f"DIFFERENCE  {text}" for text in report["problems"]]]
    count = len(report["accounts"])
    if not report["problems"]:
        parts.append(f"The books of {count} bank accounts tie to the bank's statements.")
    return "\n".join(parts) + "\n"


def where(report: Report) -> str:
    """From where the report looks, and who stands behind its policy: the same bytes each time."""
    head = report["register"]
    if not head["no"]:
        return "nothing is posted yet"
    later = report["statement_events_since"]
    more = f", and {later} statement events since" if later else ""
    people = report["policy_approved_by"]
    policy = f"policy approved by {' and '.join(people)}" if len(people) > 1 else SINGLE
    return f"register {head['no']}{more}, hash {head['hash']}\n{policy}"


_PDF = Path(__file__).with_suffix(".typ")


def pdf(report: Report, company: str) -> bytes:
    """The report as PDF: the same report gives the same bytes."""
    accounts = [
        {"no": number, "name": short(one["name"]), "currency": one["currency"],
         "terms": _terms(one), "items": _items(one)}
        for number, one in report["accounts"].items()
    ]  # fmt: skip
    head = {"company": plain(company), "as_of": report["as_of"], "problems": report["problems"],
            "refused": told_refused(report)}  # fmt: skip
    return Template(_PDF).pdf({**head, "where": where(report).splitlines(), "accounts": accounts})


def _terms(account: Report) -> list[tuple[str, ...]]:
    """The lines of a proof: what, what about it, amount; one ``-`` alone is a rule."""
    proof, currency = account["proof"], account["currency"]

    def cell(value: str, sign: int = 1) -> str:
        return amount(sign * money.minor(value, currency), currency)

    number, day = account["statement_no"], account["statement_date"]
    carried = "" if account["closing_stated"] else ", carried on from the bank's last balance"
    named = f"{number} " if number and not number.startswith(day or " ") else ""
    closing = f"statement {named}of {day}{carried}" if day else "no statement yet"
    terms: list[tuple[str, ...]] = [("bank's closing balance", closing, cell(proof["closing"]))]
    for name in _TERMS:
        if money.minor(proof[name], currency):
            sign, word = (-1, "less ") if name in _TAKEN else (1, "")
            items = sum(item["section"] == name for item in account["items"])
            terms.append((f"{word}{SECTIONS[name]}", _count(items), cell(proof[name], sign)))
    terms += [("-",), ("must be in the books", "", cell(proof["expected"]))]
    terms.append(("books: confirmed by the bank", "G/L bank", cell(proof["bank"])))
    terms.append(("books: in transit", "G/L transit", cell(proof["transit"])))
    return [*terms, ("-",), ("difference", "", cell(proof["difference"]))]


def _count(items: int) -> str:
    return f"{items} item{'s' * (items != 1)}"


def _items(account: Report) -> list[tuple[str, ...]]:
    """What is outstanding: kind, since when, age, amount, where and what."""
    currency = account["currency"]
    body: list[tuple[str, ...]] = []
    for item in account["items"]:
        age = "" if item["age_days"] is None else f"{item['age_days']} d"
        value = amount(money.minor(item["amount"], currency), currency)
        body.append((_ITEM[item["section"]], item["date"], age, value,
                     item["reference"], short(item["text"])))  # fmt: skip
    return body
