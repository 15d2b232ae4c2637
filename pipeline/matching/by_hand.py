"""What a person's words settle, by the same amounts as the night: discount, tolerance, charges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.config import Settings
from pipeline.matching import amounts
from pipeline.matching.amounts import Entry, Share, Tolerance
from pipeline.matching.stated_amount import shared

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person said beyond the documents; minor units, keyed by entry id, entry's sign."""

    applied: Mapping[int, int] = field(default_factory=dict)
    discounts: Mapping[int, int] = field(default_factory=dict)
    differences: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    """Kind (``write_off``, ``bank_charge``) and amount."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Rows by the names of ``frames.PROPOSED``; what was written off beyond the rules."""

    rows: list[dict[str, Any]]
    written_off: int


def settle(line: Line, entries: list[Entry], terms: Terms, settings: Settings) -> Settlement | None:
    """The rows by which ``line`` settles ``entries``; None when no rule says how.

    With no amounts given all entries together are settled as the night would settle them when
    the line names them; with amounts each entry by itself, closing with discount or tolerance
    where the rules allow it. Entries in the currency that the bank states are settled by exactly
    that. ``written_off`` is a magnitude.
    """
    plain = not (terms.applied or terms.discounts or terms.differences)
    if any(entry["currency"] != line["currency"] for entry in entries):
        rows = shared(line, entries) if plain else []
        return Settlement(rows, 0) if rows else None
    if plain:
        fit = _named(line, entries, settings)
        return Settlement(_rows(list(fit.shares), entries), 0) if fit else None
    open_amount = line["amount"]
    shares, beyond = [], 0
    for entry in entries:
        share = _share(line, entry, terms, settings, open_amount, len(entries) == 1)
        open_amount -= share.applied
        beyond += _beyond(line, entry, share, settings)
        shares.append(share)
    return Settlement(_rows(shares, entries), beyond)


def _named(line: Line, entries: list[Entry], settings: Settings) -> amounts.Fit | None:
    currency = line["currency"]
    charges = settings.amount_limit("bank_charge_limit", currency) or 0
    tolerance = _tolerance(settings, currency)
    fit = amounts.closing(line["amount"], entries, line["value_date"], _grace(settings), tolerance)
    return fit or amounts.named(line, entries, charges)


def _grace(settings: Settings) -> int:
    return int(settings.policy["discount_grace_days"])


def _tolerance(settings: Settings, currency: str) -> Tolerance:
    most = settings.amount_limit("tolerance", currency) or 0
    return Tolerance(most, int(settings.policy["tolerance_percent"]))


def _share(
    line: Line, entry: Entry, terms: Terms, settings: Settings, left: int, alone: bool
) -> Share:
    number, remaining = entry["entry_id"], entry["remaining_amount"]
    discount = terms.discounts.get(number, 0)
    kind, difference = terms.differences.get(number, ("", 0))
    if number in terms.applied:
        applied = terms.applied[number]
    else:
        applied = remaining - discount - difference
        if alone and abs(applied) > abs(left) and applied * left > 0:
            applied = left
    if discount or difference:
        return Share(number, applied, discount, difference, kind)
    tolerance = _tolerance(settings, line["currency"])
    fit = amounts.closing(applied, [entry], line["value_date"], _grace(settings), tolerance)
    return fit.shares[0] if fit else Share(number, applied)


def _beyond(line: Line, entry: Entry, share: Share, settings: Settings) -> int:
    """How much of discount and difference the rules of the night would not give."""
    due = amounts.discounts(entry, line["value_date"], _grace(settings))
    closes = share.settled == entry["remaining_amount"]
    allowed = max((abs(d.amount) for d in due), default=0) if closes else 0
    beyond = max(0, abs(share.discount) - allowed)
    if share.kind == "bank_charge":
        limit = settings.amount_limit("bank_charge_limit", line["currency"]) or 0
        stated = min(int(line["charges"]), limit)
        beyond += max(0, abs(share.difference) - stated)
    elif share.kind == "write_off":
        beyond += abs(share.difference)
    return beyond


def _rows(shares: list[Share], entries: list[Entry]) -> list[dict[str, Any]]:
    own = {entry["entry_id"]: entry for entry in entries}
    return [
        {
            "target": "entry",
            "target_id": share.entry_id,
            "party_type": own[share.entry_id]["party_type"],
            "party_no": own[share.entry_id]["party_no"],
            "applied_amount": share.applied,
            "entry_amount": share.settled,
            "discount_amount": share.discount,
            "difference_amount": share.difference,
            "difference_kind": share.kind,
        }
        for share in shares
    ]
