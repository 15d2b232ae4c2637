"""Cutting an MT940 file into statements and fields, before any library sees it (SWIFT cat. 9)."""

import itertools
import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_TAG = re.compile(r"^:([0-9]{2}[A-Z]?|NS):", re.MULTILINE)
_ENVELOPE = re.compile(r"^(?:-\})?\{[^\n]*(?=:20:)", re.MULTILINE)
_ACCOUNT = ("25", "25P")
_OPENING = ("60F", "60M")
_CLOSING = ("62F", "62M")
_OF_A_LINE = ("61", "86")
_BODY = {"20", *_ACCOUNT, "28", "28C", *_OPENING, *_OF_A_LINE, *_CLOSING, "64", "65"}


_Field = tuple[str, int, int]


class Fields:
    """(number, start, end) of each field, as numbers: tuples would take eight times more memory.

    A statement of 100,000 lines has 200,000 of them.
    """

    def __init__(self, items: Iterable[_Field] = ()) -> None:
        self._numbers: list[str] = []
        self._places = array("q")
        self._first: dict[str, int] = {}
        for item in items:
            self.append(item)

    def append(self, item: _Field) -> None:
        """Take one more field."""
        number, start, end = item
        if number not in self._first:
            self._first[sys.intern(number)] = len(self._numbers)
        self._numbers.append(sys.intern(number))
        self._places.append(start)
        self._places.append(end)

    def first(self, *numbers: str) -> _Field | None:
        """The first field with one of these numbers."""
        found = [self._first[number] for number in numbers if number in self._first]
        if not found:
            return None
        at = min(found)
        return self._numbers[at], self._places[2 * at], self._places[2 * at + 1]

    @property
    def numbers(self) -> Sequence[str]:
        """The numbers alone."""
        return self._numbers

    def __iter__(self) -> Iterator[_Field]:
        places = iter(self._places)
        return zip(self._numbers, places, places, strict=True)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(slots=True)
class Part:
    """The fields of one statement, as places in the text of the whole file.

    ``fields`` holds (number, start, end): a big statement is never copied field by field.
    """

    text: str
    fields: Fields = field(default_factory=Fields)
    refused: str = ""
    """Why the fields are no statement by themselves; empty for most."""

    def first(self, *numbers: str) -> str:
        """The text of the first field with one of these numbers, or an empty string."""
        found = self.fields.first(*numbers)
        return self.text[found[1] : found[2]].strip() if found else ""

    def has(self, *numbers: str) -> bool:
        """Whether one of these fields is there at all."""
        return self.fields.first(*numbers) is not None

    def line(self, place: int) -> int:
        """The file line (from 1) of a place in the text."""
        return self.text.count("\n", 0, place) + 1

    @property
    def start(self) -> int:
        """Where the first field starts."""
        return next(iter(self.fields), ("", 0, 0))[1]


def parts(text: str) -> Iterator[Part]:
    """The statements of a file in its order; ``refused`` says what is none."""
    for block in _blocks(_ENVELOPE.sub("-\n", text) if "{" in text else text):
        if block.has("20") or block.has(*_OPENING, "61", *_CLOSING):
            yield from _divided(block)


def _blocks(text: str) -> Iterator[Part]:
    """One part for each :20: (what stands before the first one opens a part of its own)."""
    block = Part(text)
    marks = itertools.chain(_marks(text), [("", len(text), len(text))])
    for (number, _, start), (following, end, _) in itertools.pairwise(marks):
        if following in ("", "20"):
            end = _without_tail(text, start, end)
        if number == "20" and block.fields:
            yield block
            block = Part(text)
        block.fields.append((number, start, max(start, end - (text[end - 1 : end] == "\n"))))
    yield block


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """(number, place of the tag, place after it) of each tag that can stand where it stands.

    Behind the first :61: two digits that are no field of a statement's body are wrapped text,
    such as a time of day (``:12:11``).
    """
    in_body = False
    for match in _TAG.finditer(text):
        number = match[1]
        if number not in _OF_A_LINE:
            if in_body and number not in _BODY and len(number) == 2 and number != "NS":
                continue
            in_body = in_body and number != "20"
        elif number == "61":
            in_body = True
        yield number, match.start(), match.end()


def _without_tail(text: str, start: int, end: int) -> int:
    """Where a statement's last field ends: a line ``-``, ``-}`` or an envelope closes it."""
    place = start
    while (place := text.find("\n", place, end)) >= 0:
        head = text[place + 1 : place + 3]
        if head in ("-", "-\n", "-}", "- ") or head[:1] == "{":
            return place
        place += 1
    return end


def _divided(block: Part) -> list[Part]:
    """Cut a block where a further account or page with balances of its own begins."""
    starts = list(_starts(block.fields.numbers))
    if not starts:
        return [block]
    items = list(block.fields)
    cuts = itertools.pairwise([0, *starts, len(items)])
    return _with_heads(block, [Part(block.text, Fields(items[a:b])) for a, b in cuts])


def _starts(numbers: Iterable[str]) -> Iterator[int]:
    """The places of the fields that begin a further account or page."""
    closed = has_account = has_opening = False
    for place, number in enumerate(numbers):
        if number in _OF_A_LINE:
            continue
        begins = number in _ACCOUNT and has_account
        begins |= closed and number in ("28", "28C", *_OPENING) and has_opening
        if begins:
            yield place
            closed = has_account = has_opening = False
        closed |= number in _CLOSING
        has_account |= number in _ACCOUNT
        has_opening |= number in _OPENING


def _with_heads(block: Part, found: list[Part]) -> list[Part]:
    """Each part under one :20: with its reference and account, or the block refused whole."""
    accounts = [part.first(*_ACCOUNT) for part in found]
    whole = all(part.has(*_OPENING) and part.has(*_CLOSING) for part in found)
    if not whole:
        block.refused = "several accounts or pages under one :20:; expected 60 and 62 for each"
        return [block]
    head = [item for item in found[0].fields if item[0] in ("20", *_ACCOUNT)]
    for part, account in zip(found[1:], accounts[1:], strict=True):
        own = [item for item in head if item[0] == "20" or not account]
        part.fields = Fields([*own, *part.fields])
    return found
