"""Customer statements: open entries as of a date, composed as data, rendered with typst."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import typst

from pipeline.domain import money

_TEMPLATE = Path(__file__).parent / "customer_statement.typ"


def compose(
    party: Mapping[str, Any], entries: pl.DataFrame, as_of: dt.date, company: str, head: str
) -> dict[str, Any]:
    """What the letter says: rows and totals a currency; due on ``as_of`` is not overdue."""
    rows: list[dict[str, Any]] = []
    totals: dict[str, int] = {}
    overdue: dict[str, int] = {}
    for row in entries.sort("currency", "posting_date", "document_no", "entry_id").to_dicts():
        currency = row["currency"]
        late = row["due_date"] is not None and row["due_date"] < as_of
        totals[currency] = totals.get(currency, 0) + row["remaining_amount"]
        if late and row["remaining_amount"] > 0:
            overdue[currency] = overdue.get(currency, 0) + row["remaining_amount"]
        rows.append(
            {
                "document": row["document_no"],
                "date": str(row["posting_date"]),
                "due": str(row["due_date"] or ""),
                "amount": f"{money.text(row['amount'], currency)} {currency}",
                "open": f"{money.text(row['remaining_amount'], currency)} {currency}",
                "overdue": late,
            }
        )
    return {
        "company": company,
        "no": party["party_no"],
        "name": party["name"],
        "as_of": as_of.isoformat(),
        "head": head[:16],
        "rows": rows,
        "totals": [f"{money.text(value, code)} {code}" for code, value in sorted(totals.items())],
        "overdue": [f"{money.text(value, code)} {code}" for code, value in sorted(overdue.items())],
    }


def render(data: Mapping[str, Any]) -> bytes:
    """The PDF of one statement: the same data gives the same bytes."""
    text = json.dumps(data, sort_keys=True)
    return bytes(typst.compile(str(_TEMPLATE), sys_inputs={"data": text}))


def write_all(
    entries: pl.DataFrame,
    parties: pl.DataFrame,
    as_of: dt.date,
    out: Path,
    *,
    company: Mapping[str, str],
    head: str,
) -> int:
    """One PDF for each party with open entries posted by ``as_of``; returns how many."""
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    posted = entries.filter(pl.col("posting_date") <= as_of)
    for party in parties.sort("party_no").to_dicts():
        own = posted.filter(pl.col("party_no") == party["party_no"])
        if own.is_empty():
            continue
        safe = "".join(c if c.isalnum() else "-" for c in party["party_no"])
        target = out / f"statement-{safe}-{as_of}.pdf"
        part = target.with_suffix(".part")
        part.write_bytes(render(compose(party, own, as_of, company["name"], head)))
        part.replace(target)
        written += 1
    return written
