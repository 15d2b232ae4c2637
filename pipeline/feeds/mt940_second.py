"""A second reading of the money in a statement, by the library ``mt-940``.

The library overwrites lines and cuts digits in silence (a :61: without type code, decimal points),
so that it cannot decide; but where it reads the same, two independent readers agree.
"""

import itertools
import logging
import re
from functools import lru_cache
from typing import Any

import mt940 as library

from pipeline.domain.packed_lines import PackedLines
from pipeline.feeds.mt940_cut import Part

# The library logs whole fields with payer data; our own errors say place and reason instead.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_POINT = re.compile(r"(\d)\.(\d)")
_ENTRY_DATE = re.compile(r"([0-9]{6})[0-9]{4}(?=[A-Z])")
_MONEY_FIELDS = ("60F", "60M", "61", "62F", "62M")
_PIECE = 2_000
_OPTIONS = library.Options.all()


class _Statement(library.tags.Statement):
    """Field :61: by the library's pattern, with its amount and sign; of the dates, if they are any.

    The name is the library's: it looks for what prepares a field by the name of the class.
    """

    def parse(self, transactions: library.models.Transactions, value: str) -> dict[str, str | None]:
        match = self.re.match(value)  # without the log entry of the library's own
        return match.groupdict() if match else super().parse(transactions, value)

    def __call__(
        self, transactions: library.models.Transactions, value: dict[str, Any]
    ) -> dict[str, object]:
        if value["entry_day"]:
            return super().__call__(transactions, value)
        _date(value["year"], value["month"], value["day"])
        amount = library.models.Amount(value["amount"], value["status"], options=_OPTIONS)
        return {"id": value["id"], "amount": amount}


_TAGS: dict[int | str, library.tags.Tag] = {_Statement.id: _Statement()}
_PROCESSORS: dict[str, list[Any]] = {"post_statement": []}  # they change nothing of an amount


@lru_cache(maxsize=4096)
def _date(year: str, month: str, day: str) -> library.models.Date:
    """The library's date; ValueError where it knows no such day."""
    return library.models.Date(year=year, month=month, day=day)


def differences(part: Part, lines: PackedLines) -> list[str]:
    """Warnings where the library reads another number of lines or another sum."""
    fields = (item for item in part.fields if item[0] == "61")
    ends = [item for item in part.fields if item[0] in _MONEY_FIELDS and item[0] != "61"]
    cents = 0
    count = 0
    try:
        while own := list(itertools.islice(fields, _PIECE)):
            piece = [*ends[:1], *own, *ends[1:]]
            for statement in library.parse_statements(
                _text(part, piece), tags=_TAGS, processors=_PROCESSORS, options=_OPTIONS
            ):
                count += len(statement.transactions)
                cents += sum(int(t.data["amount"].amount * 10_000) for t in statement.transactions)
    except Exception as error:  # noqa: BLE001 - the library raises many kinds; ours is the reading
        return [f"mt-940 cannot read this statement: {type(error).__name__}"]
    if count != lines.height:
        return [f"mt-940 reads {count} lines, the raw text has {lines.height}"]
    return _sum_differs(part, cents, lines)


def _sum_differs(part: Part, sum_of_library: int, lines: PackedLines) -> list[str]:
    if not lines.height:
        return []
    ours = lines.net
    # The library signs EC and ED as it likes, and knows no exponents: compare at four decimals.
    scaled = {ours * 10**places for places in range(5)}
    return [] if sum_of_library in scaled else ["mt-940 reads another sum of the lines"]


def _text(part: Part, fields: list[tuple[str, int, int]]) -> str:
    pieces = [":20:X\n:25:X\n:28C:1\n"]
    for number, start, end in fields:
        text = part.text[start:end]
        if number == "61":  # neither the entry date nor the bank's reference is compared
            text = _ENTRY_DATE.sub(r"\1", text, count=1).partition("//")[0]
        if "." in text:
            text = _POINT.sub(r"\1,\2", text)
        pieces.append(f":{number}:{text}\n")
    return "".join(pieces)
