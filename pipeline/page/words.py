"""The words of the page in each language; days and amounts as its locale writes them.

The catalogues (``texts/``) are plain TOML with the same keys; whoever adds one adds a language.
"""

import functools
import tomllib
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

from pipeline.ledger.feed_fates import ENDED_BY
from pipeline.review import HINTS
from pipeline.statements.language import Language

_TEXTS = Path(__file__).parent / "texts"


class Words(Language):
    """A language that also knows the reasons for which an item waits."""

    __slots__ = ()

    def reason(self, code: str) -> str:
        """A reason in a word or two."""
        return str(self.words["reasons"].get(code, code.replace("_", " ")))

    def held(self, code: str) -> str:
        """Why a statement is held, and what ends it."""
        return str(self.words["held_by"].get(code) or ENDED_BY.get(code, code.replace("_", " ")))

    def register(self, kind: str) -> str:
        """What a register is: what posted it."""
        name, _, what = kind.partition(" ")
        return f"{self.words['registers'].get(name, name)} {what}".strip()

    def point(self) -> str:
        """The sign before decimals."""
        return get_decimal_symbol(self.locale)

    def hint(self, code: str) -> str:
        """What would settle an item of this reason."""
        return str(self.words["hints"].get(code, HINTS.get(code, "")))


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.stem for path in _TEXTS.glob("*.toml")))


@functools.cache
def language(tag: str) -> Words:
    """The words of a BCP 47 ``tag`` of which there is a catalogue."""
    code, _, region = tag.replace("_", "-").partition("-")
    with (_TEXTS / f"{code.lower()}.toml").open("rb") as file:
        words = tomllib.load(file)
    try:
        locale = Locale(code.lower(), region.upper() or {"en": "GB"}.get(code.lower()))
    except (UnknownLocaleError, ValueError):
        locale = Locale(code.lower())
    return Words(code.lower(), locale, words)
