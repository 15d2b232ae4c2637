"""Field :61: with the :86: that belongs to it -> rows of ``frames.FEED_LINES``.

Source: SWIFT Standards, category 9, MT940 fields 61 and 86. Nothing is taken that the raw text
does not say; what is odd (decimals beyond the currency, impossible dates) is reported beside it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.domain.money import exponent, minor
from pipeline.domain.packed_lines import PackedLines
from pipeline.feeds import remittance
from pipeline.feeds.mt940_cut import Part
from pipeline.feeds.rows import Rows

_LINE = re.compile(
    r"\s*([0-9]{6})([0-9]{4}| {4})?(R[CD]|E[CD]|C|D)([A-Z])?"
    r" ?([0-9]{1,15}(?:[.,][0-9]*)?|,[0-9]+)(?=[A-Z /\n]|\Z)"
    r"([A-Z][A-Z0-9]{3}|N[A-Z0-9]{2}(?= )|[0-9]{3})?([^\n]*)\n?([\s\S]*)",
)
_LOWERS = ("D", "RC", "ED")
_YEAR = 366
_STATEMENT_LEVEL = ("62F", "62M", "64", "65", "90C", "90D")


class UnreadableError(Exception):
    """A statement cannot be read: reason code, what was found, place in the text of the file."""

    def __init__(self, reason: str, detail: str, place: int) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.place = reason, detail, place


@dataclass(slots=True)
class Lines:
    """The lines of one statement and what must be said about them."""

    packed: PackedLines
    """In the order of the file."""
    announced: list[int] = field(default_factory=list)
    """Numbers of the lines marked EC or ED: expected, not booked."""
    odd: tuple[str, str] | None = None
    """(reason code, detail) of the first line that must hold the statement."""


def read(part: Part, currency: str, around: dt.date | None) -> Lines:
    """All lines of a statement; ``around`` is its date, against which value dates are checked."""
    lines = Lines(PackedLines())
    rows = Rows()
    for number, (start, end, details) in enumerate(_pairs(part), 1):
        row = _line(part, start, end, currency)
        _note(lines, row, number, around)
        _add_details(row, number, part.text[start:end], details)
        rows.add(row)
    lines.packed = rows.lines()
    return lines


def _pairs(part: Part) -> Iterator[tuple[int, int, list[str]]]:
    """Each :61: (its place) with the texts of its :86: fields.

    A :86: before the first :61: belongs to that; one behind a closing or available balance speaks
    of the whole statement and belongs to no line.
    """
    place: tuple[int, int] | None = None
    details: list[str] = []
    for number, start, end in part.fields:
        if number == "61":
            if place is not None:
                yield (*place, details)
                details = []
            place = (start, end)
        elif number == "86":
            details.append(part.text[start:end])
        elif number in _STATEMENT_LEVEL and place is not None:
            yield (*place, details)
            place, details = None, []
        elif number in _STATEMENT_LEVEL:
            details = []
    if place is not None:
        yield (*place, details)


def _line(part: Part, start: int, end: int, currency: str) -> dict[str, Any]:
    match = _LINE.match(part.text, start, end)
    if not match:
        found = "field :61: is no statement line; expected date, C or D, amount"
        raise UnreadableError("unreadable", found, start)
    value, entry, mark, _, written, code, rest, supplement = match.groups()
    value_date = _date(value) or _date(value[:2] + (entry or ""))
    odd = "" if value_date else "bad_value_date"
    amount, detail = _amount(written, currency)
    customer, _, bank = rest.partition("//")
    customer = customer.strip()
    row: dict[str, Any] = {
        "booking_date": _entry_date(entry or "", value_date) if value_date else None,
        "value_date": value_date,
        "amount": -amount if mark in _LOWERS else amount,
        "is_reversal": mark in ("RC", "RD"),
        "type_code": code or "",
        "customer_reference": "" if customer == "NONREF" else customer,
        "bank_reference": bank.strip(),
        "check_no": customer if code == "NCHK" else "",
        "mark": mark,
        "odd": ("inexact_amount", detail) if detail else ((odd, "impossible") if odd else None),
    }
    if supplement:
        row["text"] = " ".join(supplement.split())
        row.update(remittance.stated(supplement.replace("\n", "")))
    return row


def _amount(written: str, currency: str) -> tuple[int, str]:
    try:
        return minor("0" + written if written[0] == "," else written, currency), ""
    except ValueError as error:
        return 0, str(error)


@lru_cache(maxsize=4096)
def _date(text: str) -> dt.date | None:
    try:
        return dt.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _entry_date(text: str, value_date: dt.date) -> dt.date:
    """The entry date in the year nearest to the value date; an impossible one gives that date."""
    near = []
    for year in (value_date.year - 1, value_date.year, value_date.year + 1):
        try:
            near.append(dt.date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    return min(near, key=lambda day: (abs((day - value_date).days), day)) if near else value_date


def _note(lines: Lines, row: dict[str, Any], number: int, around: dt.date | None) -> None:
    if row.pop("mark") in ("EC", "ED"):
        lines.announced.append(number)
    odd = row.pop("odd")
    value_date = row["value_date"]
    if odd is None and around and value_date and abs((value_date - around).days) > _YEAR:
        odd = ("bad_value_date", "more than a year from the statement")
    if odd and lines.odd is None:
        lines.odd = (odd[0], f"line {number}: {odd[1]}")


def _add_details(row: dict[str, Any], number: int, written: str, details: list[str]) -> None:
    row["line_no"] = number
    row["raw"] = ":61:" + written.strip("\n")
    if details:
        text = "\n".join(details).strip("\n")
        row["raw"] += "\n:86:" + text
        name = row.get("counterparty_name", "")
        row.update(remittance.read(text))
        row["counterparty_name"] = row.get("counterparty_name") or name


def parse_date(text: str) -> dt.date | None:
    """A date YYMMDD of this century, or None where there is no such day."""
    return _date(text) if len(text) == 6 else None


def places(currency: str, place: int) -> int:
    """Decimals of a currency; refused where ISO 4217 does not know it."""
    try:
        return exponent(currency)
    except ValueError as error:
        raise UnreadableError("unreadable", str(error), place) from None
