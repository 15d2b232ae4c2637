"""A statement for programs: exact amounts, ISO dates, names of the books; as JSON and CSV."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.domain import money
from pipeline.domain.spreadsheet import guarded

Row = dict[str, Any]
COLUMNS = ("customer_no", "statement_no", "as_of", "section", "currency", "document_type",
           "document_no", "posting_date", "due_date", "days_overdue", "amount", "remaining_amount",
           "balance", "project")  # fmt: skip
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_ROW = '{"section": '
"""How a row begins, and no text: a quote in a text is written otherwise."""
_SECTIONS = {
    "owed": "open",
    "credits": "unapplied",
    "overdue_entries": "overdue",
    "noted_entries": "noted",
    "late": "posted_late",
    "account": "movement",
    "activity": "movement",
}


def figures(page: Mapping[str, Any], day: str) -> Row:
    """What a page says, amounts as decimal text in their currency; what is owed is positive."""
    return {
        "customer_no": page["no"],
        "customer": page["address"][0],
        "company": page["company"],
        "statement_no": page.get("number"),
        "as_of": day,
        "statement_date": page.get("dated_on", day),
        "style": page["style"],
        "language": page["language"],
        **({"project": page["project"]} if "project" in page else {}),
        "currencies": [_currency(section) for section in page["currencies"]],
        **({"totals": [_summed(one) for one in page["totals"]]} if "totals" in page else {}),
        "payment_parts": [_part(part) for part in page.get("payment_parts", ())],
    }


def are_there(page: Mapping[str, Any]) -> bool:
    """Whether a page has exact figures: what an older release kept says its amounts in words."""
    return all(
        "exact" in section and all("days" in band for band in section["bands"])
        for section in page["currencies"]
    )


def as_json(page: Mapping[str, Any], day: str) -> bytes:
    """``figures`` as JSON, a line for each row; the same page gives the same bytes."""
    text = _encoded(figures(page, day))
    return (text.replace(_ROW, f"\n{_ROW}") + "\n").encode()


def as_csv(page: Mapping[str, Any], day: str) -> bytes:
    """A row of ``COLUMNS`` for each entry and movement, and one with the balance of a currency.

    What a spreadsheet would take for a formula has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    said = figures(page, day)
    head = {
        "customer_no": guarded(said["customer_no"]),
        "statement_no": said["statement_no"] or "",
        "as_of": day,
        "project": guarded(said.get("project", "")),
    }
    for section in said["currencies"]:
        own = head | {"currency": section["currency"]}
        own |= {"customer_no": guarded(section["customer_no"])} if "customer_no" in section else {}
        for row in section["rows"]:
            writer.writerow(own | row | {"document_no": guarded(row.get("document_no", ""))})
        writer.writerow(own | {"section": "balance", "balance": section["balance"]})
    return out.getvalue().encode()


def _currency(section: Mapping[str, Any]) -> Row:
    code = section["currency"]
    of = {"customer_no": section["member"]["no"]} if "member" in section else {}
    waits = section.get("of_no_project")
    beside = {"unapplied_of_no_project": money.text(waits["exact"], code)} if waits else {}
    return of | _summed(section) | beside | {"rows": list(_rows(section, code))}


def _summed(section: Mapping[str, Any]) -> Row:
    code = section["currency"]
    balance, unapplied, *bands = section["exact"]
    aged = zip(section["bands"], bands, strict=True)
    return {
        "currency": code,
        "balance": money.text(balance, code),
        "unapplied": money.text(unapplied, code),
        "aging": [_band(band, money.text(amount, code)) for band, amount in aged],
    }


def _band(band: Mapping[str, Any], amount: str) -> Row:
    first, last = band["days"]
    return {"name": band["name"], "from_days": first, "until_days": last, "amount": amount}


def _rows(section: Mapping[str, Any], code: str) -> Iterator[Row]:
    for name, kind in _SECTIONS.items():
        rows = section.get(name, ())
        if name in ("late", "account"):
            found = _account(rows, code)
        else:
            found = (_moved(row, code) if name == "activity" else _open(row, code) for row in rows)
        yield from ({"section": kind, **row} for row in found)


def _open(row: Mapping[str, Any], code: str) -> Row:
    document_type, posted, due, amount, remaining = row["exact"]
    return {
        "document_type": document_type,
        "document_no": row["document"],
        "posting_date": posted,
        "due_date": due,
        "days_overdue": row["days"],
        "amount": money.text(amount, code),
        "remaining_amount": money.text(remaining, code),
        **({"notes": row["notes"]} if row.get("notes") else {}),
    }


def _account(rows: Iterable[Mapping[str, Any]], code: str) -> Iterator[Row]:
    """Movements between two balances, the first of which comes first, with that after each."""
    balance = 0
    for row in rows:
        if "text" in row:
            (balance,) = row["exact"]
            yield {"document_type": "balance", "balance": money.text(balance, code)}
        else:
            balance += row["exact"][2]
            yield _moved(row, code) | {"balance": money.text(balance, code)}


def _moved(row: Mapping[str, Any], code: str) -> Row:
    kind, day, amount, *left = row["exact"]
    remaining = [money.text(value, code) for value in left if value is not None]
    return {
        "document_type": kind,
        "document_no": row["document"],
        "posting_date": day,
        "amount": money.text(amount, code),
        **({"remaining_amount": remaining[0]} if remaining else {}),
    }


def _part(part: Mapping[str, Any]) -> Row:
    return {
        "kind": part["kind"],
        "currency": part["currency"],
        "amount": part["plain_amount"].replace(" ", ""),
        "payment_reference": part["reference"].replace(" ", ""),
        "account": part["account"].replace(" ", ""),
    }
