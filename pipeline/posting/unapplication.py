"""Un-application: what a line settles opens again, and its payment stands on account."""

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames, values
from pipeline.domain.errors import LedgerError
from pipeline.domain.values import Values
from pipeline.posting.journal import Journal
from pipeline.posting.legs import less_accounts
from pipeline.posting.values import of_taxes

Row = dict[str, Any]
AMOUNTS = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")


def unapply(
    applied: pl.DataFrame, taxes: pl.DataFrame, day: dt.date, reason: str, settings: Settings
) -> Journal:
    """The journal that takes back ``applied`` (``frames.APPLIED``), what one line settles.

    Each entry opens again with its discount, tax and difference (minor units, negated); what the
    line brought to the party is open on its payment entry, and on account for the line. The bank
    is not touched. ``taxes``: the shares of ``applied``, by ``application`` (its place in it).
    What it was worth in company currency is taken back too, where all of it has a value.
    Raises LedgerError where the posting left no payment entry that could be open again.
    """
    said = "|".join(f"{row['key']}/{row['seq']}" for row in applied.iter_rows(named=True))
    return taken_back(f"unapply|{said}", "unapplication", applied, taxes, day, reason, settings)


def taken_back(
    said: str,
    kind: str,
    applied: pl.DataFrame,
    taxes: pl.DataFrame,
    day: dt.date,
    reason: str,
    settings: Settings,
) -> Journal:
    """All that ``applied`` brought, taken back by one journal entry of no line.

    ``said`` is what its key is made of.
    """
    discount, difference = less_accounts(settings)
    rows = applied.with_columns(discount.alias("discount_account"),
                                difference.alias("difference_account")).to_dicts()  # fmt: skip
    key = hashlib.sha256(said.encode()).hexdigest()
    valued = all(row["entry_company"] is not None for row in rows)
    shares = _shares(rows, taxes)
    entry = {"key": key, "posting_date": day, "kind": kind, "line_id": None, "reason": reason}
    applications = _applications(key, kind, rows)
    return Journal(
        frames.conform(pl.DataFrame([entry]), frames.JOURNAL_ENTRIES),
        _postings(key, rows, shares, settings, valued=valued),
        frames.empty(frames.NEW_ENTRIES),
        applications,
        pl.DataFrame(schema={"line_id": pl.Int64, "reason": pl.String}),
        _taxes(key, shares),
        _values(key, rows, applications) if valued else Values(),
    )


def _shares(rows: list[Row], taxes: pl.DataFrame) -> list[Row]:
    """``taxes`` with ``tax_company``, the share of what their discount or difference is worth."""
    place = pl.int_range(pl.len(), dtype=pl.Int64).alias("target_id")
    given = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        place, pl.lit("").alias("key"), pl.lit("entry").alias("target"),
        pl.col(list(values.PARTS)).cast(pl.Int64),
    )  # fmt: skip
    split = taxes.with_columns(pl.col("application").alias("target_id"), pl.lit("").alias("key"))
    return of_taxes(split, given).drop("key", "target_id").to_dicts()


def _postings(
    key: str, rows: list[Row], shares: list[Row], settings: Settings, *, valued: bool
) -> pl.DataFrame:
    """Control accounts both ways, a leg a side; what was given up goes back where it came from."""
    legs: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def add(leg: tuple[str, ...], amount: int, worth: int | None) -> None:
        legs[leg][0] += amount
        legs[leg][1] += worth or 0

    for row in rows:
        code, party = row["currency"], (row["party_type"], row["party_no"])
        entry, payment = row["control_account"], row["payment_account"]
        add(("entry", entry, code, *party), row["entry_amount"], row["entry_company"])
        add(("payment", payment, code, *party), -_brought(row),
            -(row["applied_company"] or 0))  # fmt: skip
        for part in ("discount", "difference"):
            add(("given", row[f"{part}_account"], code, "", ""), -row[f"{part}_amount"],
                -(row[f"{part}_company"] or 0))  # fmt: skip
        realised = row["fx_company"] or 0
        account = settings.accounts["fx_loss" if realised > 0 else "fx_gain"]
        add(("given", account, code, "", ""), 0, -realised)
    for share in shares:
        row = rows[share["application"]]
        amount, worth = share["tax_amount"], share["tax_company"] or 0
        account, code = row[f"{share['part']}_account"], row["currency"]
        add(("given", account, code, "", ""), amount, worth)
        add(("given", share["gl_account"], code, "", ""), -amount, -worth)
    found = [
        {"key": key, "gl_account": account, "currency": currency, "amount": amount,
         "amount_company": worth if valued else None,
         "party_type": party_type, "party_no": party_no, "bank_account_no": ""}
        for (_, account, currency, party_type, party_no), (amount, worth) in sorted(legs.items())
        if amount or worth
    ]  # fmt: skip
    return frames.conform(
        pl.DataFrame([{**row, "seq": seq} for seq, row in enumerate(found, 1)]), frames.POSTINGS
    )


def _values(key: str, rows: list[Row], applications: pl.DataFrame) -> Values:
    """What each row had is taken back; what the line brought is what its payment is worth."""
    parties: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        parties[row["party_type"], row["party_no"], row["payment_id"]] += row["applied_company"]
    said = applications.filter(pl.col("target") == "entry")
    found = []
    for place, one in enumerate(said.iter_rows(named=True)):
        if place >= len(rows):  # the money
            worth = parties[one["party_type"], one["party_no"], one["target_id"]]
            alone = worth if one["role"] == "settles" else 0
            parts = {**dict.fromkeys(values.PARTS, 0), "entry_company": worth,
                     "applied_company": alone}  # fmt: skip
        else:
            parts = {name: -rows[place][name] for name in values.PARTS}
        found.append({"key": key, "seq": one["seq"], **parts})
    return Values(
        applications=frames.conform(pl.DataFrame(found), values.APPLICATIONS),
        valuations=frames.conform(pl.DataFrame([{"key": key}]), values.VALUATIONS),
    )


def _applications(key: str, kind: str, rows: list[Row]) -> pl.DataFrame:
    found: list[Row] = [
        {
            **{name: row[name] for name in ("line_id", "party_type", "party_no",
                                            "difference_kind", "confidence", "rule")},
            **{name: -row[name] for name in AMOUNTS},
            "role": "settles", "target": "entry", "target_id": row["entry_id"],
        }
        for row in rows
    ]  # fmt: skip
    parties: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        names = ("line_id", "party_type", "party_no", "payment_id")
        sums = parties[tuple(row[name] for name in names)]
        sums[0] += row["applied_amount"]
        sums[1] += _brought(row)
    for (line_id, party_type, party_no, payment), (applied, amount) in parties.items():
        if not (applied or amount):
            continue
        if payment is None:
            raise LedgerError(
                f"the posting of the line leaves no payment of {party_type} {party_no}; un-apply"
                " all that the line settles at once, or reverse it"
            )
        base = {"line_id": line_id, "party_type": party_type, "party_no": party_no,
                "confidence": "manual", "rule": kind}  # fmt: skip
        if line_id is None:  # no line stands behind the money: it is settled as a document is
            found.append({**base, "role": "settles", "target": "entry", "target_id": payment,
                          "applied_amount": applied, "entry_amount": amount})  # fmt: skip
            continue
        found.append({**base, "role": "settles", "target": "on_account", "applied_amount": applied})
        found.append({**base, "role": "counter", "target": "entry", "target_id": payment,
                      "entry_amount": amount})  # fmt: skip
    empty = {name: 0 if kind == pl.Int64 else "" for name, kind in frames.APPLICATIONS.items()}
    whole = [{**empty, **row, "key": key, "seq": seq} for seq, row in enumerate(found, 1)]
    return pl.DataFrame(whole, schema=frames.APPLICATIONS)


def _brought(row: Row) -> int:
    """What the line brought to the party, in the entry's currency."""
    return int(row["entry_amount"] - row["discount_amount"] - row["difference_amount"])


def _taxes(key: str, shares: list[Row]) -> pl.DataFrame:
    found = [
        {**{name: value for name, value in share.items() if name != "tax_company"},
         "key": key, "seq": share["application"] + 1,
         "base_amount": -share["base_amount"], "tax_amount": -share["tax_amount"]}
        for share in shares
    ]  # fmt: skip
    if not found:
        return frames.empty(frames.APPLICATION_TAXES)
    return frames.conform(pl.DataFrame(found), frames.APPLICATION_TAXES)
