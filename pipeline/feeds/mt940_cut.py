"""Cutting an MT940 file into statements and fields, before any library sees it (SWIFT cat. 9)."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"^:([0-9]{2}[A-Z]?):")
_STARTS = {"20"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One field: its number, its text with line ends, the file line where it starts (from 1)."""

    number: str
    text: str
    line: int


def tags(lines: list[str]) -> list[list[Tag]]:
    """The fields of a file, one list for each block that starts with :20:.

    A line ``-`` or ``-}`` ends a block; a tag inside :86: text counts only where it is a legal one.
    """
    blocks: list[list[Tag]] = []
    current: list[tuple[str, list[str], int]] = []
    ended = True
    for number, line in enumerate(lines, 1):
        match = _TAG.match(line)
        if match:
            if match[1] in _STARTS or (ended and not blocks and not current):
                _finish(blocks, current)
                current = []
            ended = False
            current.append((match[1], [line[match.end() :]], number))
        elif line.startswith("-}") or line.strip() == "-":
            ended = True
        elif current and not ended and line.strip():
            current[-1][1].append(line)
    _finish(blocks, current)
    return blocks


def _finish(blocks: list[list[Tag]], current: list[tuple[str, list[str], int]]) -> None:
    if current:
        blocks.append([Tag(no, "\n".join(text).rstrip(), line) for no, text, line in current])


def statements(block: list[Tag]) -> list[list[Tag]]:
    """Cut one :20: block where a second :25: with balances of its own starts a new statement."""
    cuts = [i for i, tag in enumerate(block) if tag.number in ("25", "25P")]
    if len(cuts) < 2:
        return [block]
    return [
        [*block[: cuts[0]], *block[start:end]]
        for start, end in zip(cuts, [*cuts[1:], len(block)], strict=True)
    ]
