"""What the bank states a line to be in another currency, and how it pays entries of that one."""

from fractions import Fraction
from typing import Any

from pipeline.matching.amounts import Entry

Line = dict[str, Any]


def stated(line: Line) -> int:
    """What the line is in the stated currency, with its sign; 0 where nothing else is stated."""
    if line["original_currency"] in ("", line["currency"]):
        return 0
    return int(line["original_amount"]) * (1 if line["amount"] > 0 else -1)


def shared(line: Line, entries: list[Entry]) -> list[dict[str, Any]]:
    """Rows (``frames.PROPOSED``) by which the line settles ``entries`` of the stated currency.

    What is open of all of them must be the stated amount, to the cent; each has its share of the
    line. None otherwise.
    """
    whole, amount = stated(line), int(line["amount"])
    own = all(entry["currency"] == line["original_currency"] for entry in entries)
    if not whole or not own or whole != sum(entry["remaining_amount"] for entry in entries):
        return []
    rows, upto = [], 0
    for entry in entries:
        before, upto = upto, upto + entry["remaining_amount"]
        applied = round(Fraction(amount * upto, whole)) - round(Fraction(amount * before, whole))
        rows.append(
            {
                "target": "entry", "target_id": entry["entry_id"],
                "party_type": entry["party_type"], "party_no": entry["party_no"],
                "applied_amount": applied, "entry_amount": entry["remaining_amount"],
            }
        )  # fmt: skip
    alike = all(row["applied_amount"] * row["entry_amount"] > 0 for row in rows)
    return rows if alike else []
