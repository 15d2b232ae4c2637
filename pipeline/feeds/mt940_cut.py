"""Cutting an MT940 file into statements and fields, before any library sees it (SWIFT cat. 9)."""

import itertools
import re
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_TAG = re.compile(r"^:([0-9]{2}[A-Z]?|NS):", re.MULTILINE)
_ENVELOPE = re.compile(r"^(?:-\})?\{[^\n]*(?=:20:)", re.MULTILINE)
_ACCOUNT = ("25", "25P")
_OPENING = ("60F", "60M")
_CLOSING = ("62F", "62M")
_BODY = {"20", *_ACCOUNT, "28", "28C", *_OPENING, "61", "86", *_CLOSING, "64", "65"}


_Field = tuple[str, int, int]


class Fields:
    """(number, start, end) of each field, as numbers: tuples would take eight times more memory.

    A statement of 100,000 lines has 200,000 of them.
    """

    def __init__(self, items: Iterable[_Field] = ()) -> None:
        self._numbers: list[str] = []
        self._places = array("q")
        for item in items:
            self.append(item)

    def append(self, item: _Field) -> None:
        """Take one more field."""
        self._numbers.append(sys.intern(item[0]))
        self._places.extend(item[1:])

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
        for number, start, end in self.fields:
            if number in numbers:
                return self.text[start:end].strip()
        return ""

    def has(self, *numbers: str) -> bool:
        """Whether one of these fields is there at all."""
        return any(number in numbers for number, _, _ in self.fields)

    def line(self, place: int) -> int:
        """The file line (from 1) of a place in the text."""
        return self.text.count("\n", 0, place) + 1

    @property
    def start(self) -> int:
        """Where the first field starts."""
        return next(iter(self.fields), ("", 0, 0))[1]


def parts(text: str) -> Iterator[Part]:
    """The statements of a file in its order; ``refused`` says what is none."""
    for block in _blocks(_ENVELOPE.sub("-\n", text)):
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
        if in_body and number not in _BODY and len(number) == 2 and number != "NS":
            continue
        in_body = number == "61" or (in_body and number != "20")
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
    found = [Part(block.text)]
    closed = has_account = has_opening = False
    for item in block.fields:
        number = item[0]
        begins = number in _ACCOUNT and has_account
        begins |= closed and number in ("28", "28C", *_OPENING) and has_opening
        if begins:
            found.append(Part(block.text))
            closed = has_account = has_opening = False
        closed |= number in _CLOSING
        has_account |= number in _ACCOUNT
        has_opening |= number in _OPENING
        found[-1].fields.append(item)
    if len(found) == 1:
        return found
    return _with_heads(block, found)


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
