"""Un-application: what a line settles opens again, and its payment stands on account."""

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.domain.errors import LedgerError
from pipeline.posting.journal import Journal
from pipeline.posting.legs import less_accounts

Row = dict[str, Any]
_AMOUNTS = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")


def unapply(
    applied: pl.DataFrame, taxes: pl.DataFrame, day: dt.date, reason: str, settings: Settings
) -> Journal:
    """The journal that takes back ``applied`` (``frames.APPLIED``), what one line settles.

    Each entry opens again with its discount, tax and difference (minor units, negated); what the
    line brought to the party is open on its payment entry, and on account for the line. The bank
    is not touched. ``taxes``: the shares of ``applied``, by ``application`` (its place in it).
    Raises LedgerError where the posting left no payment entry that could be open again.
    """
    discount, difference = less_accounts(settings)
    rows = applied.with_columns(discount.alias("discount_account"),
                                difference.alias("difference_account")).to_dicts()  # fmt: skip
    said = "|".join(f"{row['key']}/{row['seq']}" for row in rows)
    key = hashlib.sha256(f"unapply|{said}".encode()).hexdigest()
    shares = taxes.to_dicts()
    entry = {"key": key, "posting_date": day, "kind": "unapplication", "line_id": None,
             "reason": reason}  # fmt: skip
    return Journal(
        frames.conform(pl.DataFrame([entry]), frames.JOURNAL_ENTRIES),
        _postings(key, rows, shares),
        frames.empty(frames.NEW_ENTRIES),
        _applications(key, rows),
        pl.DataFrame(schema={"line_id": pl.Int64, "reason": pl.String}),
        _taxes(key, shares),
    )


def _postings(key: str, rows: list[Row], shares: list[Row]) -> pl.DataFrame:
    """Control accounts both ways, a leg a side; what was given up goes back where it came from."""
    legs: dict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        party = (row["party_type"], row["party_no"])
        legs["entry", row["control_account"], row["currency"], *party] += row["entry_amount"]
        legs["payment", row["payment_account"], row["currency"], *party] -= row["applied_amount"]
        for part in ("discount", "difference"):
            legs["given", row[f"{part}_account"], row["currency"], "", ""] -= row[f"{part}_amount"]
    for share in shares:
        row = rows[share["application"]]
        account = row[f"{share['part']}_account"]
        legs["given", account, row["currency"], "", ""] += share["tax_amount"]
        legs["given", share["gl_account"], row["currency"], "", ""] -= share["tax_amount"]
    found = [
        {"key": key, "gl_account": account, "currency": currency, "amount": amount,
         "party_type": party_type, "party_no": party_no, "bank_account_no": ""}
        for (_, account, currency, party_type, party_no), amount in sorted(legs.items())
        if amount
    ]  # fmt: skip
    return frames.conform(
        pl.DataFrame([{**row, "seq": seq} for seq, row in enumerate(found, 1)]), frames.POSTINGS
    )


def _applications(key: str, rows: list[Row]) -> pl.DataFrame:
    found: list[Row] = [
        {
            **{name: row[name] for name in ("line_id", "party_type", "party_no",
                                            "difference_kind", "confidence", "rule")},
            **{name: -row[name] for name in _AMOUNTS},
            "role": "settles", "target": "entry", "target_id": row["entry_id"],
        }
        for row in rows
    ]  # fmt: skip
    parties: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        names = ("line_id", "party_type", "party_no", "payment_id")
        parties[tuple(row[name] for name in names)] += row["applied_amount"]
    for (line_id, party_type, party_no, payment), amount in parties.items():
        if not amount:
            continue
        if payment is None:
            raise LedgerError(
                f"the posting of the line leaves no payment of {party_type} {party_no}; un-apply"
                " all that the line settles at once, or reverse it"
            )
        base = {"line_id": line_id, "party_type": party_type, "party_no": party_no,
                "confidence": "manual", "rule": "unapplication"}  # fmt: skip
        found.append({**base, "role": "settles", "target": "on_account", "applied_amount": amount})
        found.append({**base, "role": "counter", "target": "entry", "target_id": payment,
                      "entry_amount": amount})  # fmt: skip
    empty = {name: 0 if kind == pl.Int64 else "" for name, kind in frames.APPLICATIONS.items()}
    whole = [{**empty, **row, "key": key, "seq": seq} for seq, row in enumerate(found, 1)]
    return pl.DataFrame(whole, schema=frames.APPLICATIONS)


def _taxes(key: str, shares: list[Row]) -> pl.DataFrame:
    found = [
        {**share, "key": key, "seq": share["application"] + 1,
         "base_amount": -share["base_amount"], "tax_amount": -share["tax_amount"]}
        for share in shares
    ]  # fmt: skip
    if not found:
        return frames.empty(frames.APPLICATION_TAXES)
    return frames.conform(pl.DataFrame(found), frames.APPLICATION_TAXES)
