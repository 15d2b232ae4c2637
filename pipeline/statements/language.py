"""In which words, dates and numbers a statement is written: a catalogue and a locale (CLDR).

The catalogues (``texts/``) are plain TOML; whoever adds one adds a language.
"""

import contextlib
import datetime as dt
import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from pipeline.domain import money
from pipeline.domain.errors import UsageError

_TEXTS = Path(__file__).parent / "texts"
FALLBACK = "en"
"""For customers without a language, or of one that has no catalogue."""
_COUNTRY = {"en": "GB"}
"""Where English is written as most of its readers outside America expect it."""


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.stem for path in _TEXTS.glob("*.toml"))


def check(tag: str, place: str) -> None:
    """UsageError that names the ``place`` of a tag whose language has no catalogue."""
    if tag.replace("_", "-").partition("-")[0].lower() not in ("", *languages()):
        raise UsageError(f"{place} {tag}: no words for it; there are {', '.join(languages())}")


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The words of a statement and how its language writes days and amounts; each is there once."""

    code: str
    locale: Locale
    words: dict[str, Any]
    _days: dict[dt.date, str] = field(default_factory=dict, repr=False, compare=False)
    """Dates as they are written: a statement has one in each row, a run few different ones."""
    _amounts: dict[str, tuple[int, str, Sequence[str]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Of a currency what makes one whole, the sign for thousands, how each fraction is written."""

    def say(self, key: str, **filled: object) -> str:
        """The words of a key, with what stands in braces filled in."""
        text: str = self.words[key]
        return text.format(**filled)

    def kind(self, document_type: str) -> str:
        """What a document or movement is called."""
        return str(self.words["types"].get(document_type, document_type))

    def paid_in(self, document_type: str, amount: int, currency: str) -> str:
        """What money is called that came as so many minor units of another currency."""
        said = self.amount(abs(amount), currency)
        return self.say("paid_in", kind=self.kind(document_type), amount=said, currency=currency)

    def day(self, day: dt.date | None) -> str:
        """A date as the locale writes it; nothing for none."""
        if not day:
            return ""
        return self._days.get(day) or self._first_seen(day)

    def _first_seen(self, day: dt.date) -> str:
        return self._days.setdefault(day, format_date(day, "medium", locale=self.locale))

    def amount(self, amount: int, currency: str) -> str:
        """Minor units with all decimals of the currency and a true minus sign."""
        one, group, decimals = self._amounts.get(currency) or self._written(currency)
        whole, part = divmod(abs(amount), one)
        text = grouped(whole, group) + decimals[part]
        return f"\N{MINUS SIGN}{text}" if amount < 0 else text

    def _written(self, currency: str) -> tuple[int, str, Sequence[str]]:
        places = money.exponent(currency)
        group, point = get_group_symbol(self.locale), get_decimal_symbol(self.locale)
        decimals = [f"{point}{part:0{places}}" for part in range(10**places)] if places else [""]
        return self._amounts.setdefault(currency, (10**places, group, decimals))


_THREE = [f"{n:03}" for n in range(1000)]
"""Written once, as the fractions of a currency: a format takes four times as long as a look."""


def grouped(whole: int, group: str) -> str:
    """A whole number that is not negative, with a sign between its thousands."""
    if whole < 1000:
        return str(whole)
    thousands, rest = divmod(whole, 1000)
    return f"{grouped(thousands, group)}{group}{_THREE[rest]}"


@functools.cache
def iso(day: dt.date | None) -> str:
    """A date as programs read it; nothing for none. Rows of a run have few different ones."""
    return str(day or "")


@functools.cache
def language(tag: str, country: str = "") -> Language:
    """The language of a BCP 47 ``tag``; its region, else ``country`` (ISO 3166-1), says how.

    A language without a catalogue is ``FALLBACK``.
    """
    code, _, region = tag.replace("_", "-").partition("-")
    code = code.lower()
    if code not in languages():
        code, region, country = FALLBACK, "", ""
    with (_TEXTS / f"{code}.toml").open("rb") as file:
        words = tomllib.load(file)
    return Language(code, _locale(code, region or country), words)


def _locale(code: str, country: str) -> Locale:
    for region in filter(None, (country.upper(), _COUNTRY.get(code))):
        with contextlib.suppress(UnknownLocaleError, ValueError):
            return Locale(code, region)
    return Locale(code)
