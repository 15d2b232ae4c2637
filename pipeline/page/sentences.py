"""Sentences of the program, which are in English, in the language of the reader.

What is refused is said in one place for page, terminal and log. Here the sentence is recognised by
the words between its blanks, and said again in another language with the same blanks; one that no
catalogue (``sentences/``) knows stays as it is.
"""

import functools
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "sentences"
_BLANK = re.compile(r"\{(\w+)\}")
_LONGEST = 4000
Say = Callable[[str, str], str]
"""What stands in a blank, by the name of the blank, as the reader reads it."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    parts: tuple[str, ...]
    blanks: tuple[str, ...]
    other: str

    def filled(self, text: str) -> dict[str, str] | None:
        """What stands in the blanks of ``text``; None where it is another sentence."""
        first, *between, last = self.parts if self.blanks else (*self.parts, "")
        if not self.blanks:
            return {} if text == first else None
        if len(text) < len(first) + len(last) or not (
            text.startswith(first) and text.endswith(last)
        ):
            return None
        place, end, found = len(first), len(text) - len(last), []
        for part in between:
            at = text.find(part, place, end)
            if at < 0:
                return None
            found.append(text[place:at])
            place = at + len(part)
        return dict(zip(self.blanks, [*found, text[place:end]], strict=True))


def said(text: str, code: str, say: Say) -> str:
    """``text`` in the language of a catalogue; what it does not know as it is."""
    for sentence in _sentences(code) if 0 < len(text) < _LONGEST else ():
        found = sentence.filled(text)
        if found is not None:
            filled = {name: say(name, value) for name, value in found.items()}
            return sentence.other.format_map(filled)
    return text


@functools.cache
def _sentences(code: str) -> tuple[_Sentence, ...]:
    """The sentences of a catalogue, those with the most words of their own first."""
    path = _FOLDER / f"{code}.toml"
    rows = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    found = [
        _Sentence(tuple(_BLANK.split(english)[::2]), tuple(_BLANK.findall(english)), other)
        for english, other in rows.items()
    ]
    return tuple(sorted(found, key=lambda one: (-sum(map(len, one.parts)), one.parts)))
