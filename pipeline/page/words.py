"""The words of the page in each language; days and amounts as its locale writes them.

The catalogues (``texts/``) are plain TOML with the same keys; whoever adds one adds a language.
"""

import datetime as dt
import functools
import re
import tomllib
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from pipeline.ledger.feed_fates import ENDED_BY
from pipeline.page import sentences
from pipeline.review import HINTS
from pipeline.statements.language import Language, grouped

_DECIMAL = re.compile(r"(-?)\b(\d{1,18})(?:\.(\d+))?\b")
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

    def told(self, text: str) -> str:
        """A sentence of the program, such as why something is refused."""
        return sentences.said(text, self.code, self._blank)

    def decimal(self, text: str) -> str:
        """A text with its decimal number, if any, as the locale writes it."""
        return _DECIMAL.sub(self._decimal, text)

    def _decimal(self, found: re.Match[str]) -> str:
        sign, whole, part = found.groups()
        said = grouped(int(whole), get_group_symbol(self.locale))
        said = f"{said}{self.point()}{part}" if part else said
        return f"\N{MINUS SIGN}{said}" if sign else said

    def moment(self, text: str) -> str:
        """A time of the ledger (ISO, UTC): day, hour and minute."""
        day, _, time = text.partition("T")
        return f"{self.day(dt.date.fromisoformat(day))}, {time[:5]}" if time else text

    def did(self, action: str) -> str:
        """What somebody did."""
        return str(self.words.get(f"did_{action.replace('-', '_')}", action))

    def _blank(self, name: str, value: str, *, within: bool = True) -> str:
        """What stands in a blank of a sentence; its name says what it is.

        ``within``: it may be a sentence itself, one in another and no more.
        """
        if name.startswith("sum"):
            return self.decimal(value)
        if name == "moment":
            return self.moment(value)
        if name == "state":
            return str(self.words.get(f"state_{value}", value))
        if name == "action":
            return self.did(value)
        if name == "reason":
            return self.reason(value)
        inner = functools.partial(self._blank, within=False)
        return sentences.said(value, self.code, inner) if within else value

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
