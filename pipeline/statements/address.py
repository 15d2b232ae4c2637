"""An address as the post of its country takes it.

Sources: Universal Postal Union, addressing of the countries (where the postcode stands), and its
Regulations, article 17-103: the country last and in capitals, in a language that is known where the
letter is posted; a letter within a country names none.
"""

import functools
from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from pipeline.statements.language import FALLBACK

_BEHIND = ("AU", "CA", "IN", "NZ", "SG", "US")
"""Where the postcode stands behind the city."""
_LONGEST = 30
"""Signs of a word that fit into the window."""
_BELOW = ("GB", "GG", "GI", "IE", "IM", "JE")
"""Where it stands on a line of its own."""


def lines(page: Mapping[str, Any], home: str) -> list[str]:
    """The lines of an address in a letter from ``home`` (ISO 3166-1; empty: nobody knows).

    ``page`` keeps names, street, and "postcode city" as lines, and last the code of the ``country``
    where there is one.
    """
    rows, country = [_breakable(row) for row in page["address"]], page.get("country", "")
    if not country:
        return rows
    rows.pop()
    code = page.get("postcode", "")
    if code and rows[-1].startswith(f"{code} "):
        city = rows.pop().removeprefix(f"{code} ")
        rows += _place(code, city, country)
    return rows if country == home else [*rows, _name(country, home, page["language"])]


def _breakable(row: str) -> str:
    """A line that may end within a word which no window holds; a sign of no width says where."""
    parts = (
        "\N{ZERO WIDTH SPACE}".join(
            word[at : at + _LONGEST] for at in range(0, len(word), _LONGEST)
        )
        for word in row.split(" ")
    )
    return " ".join(parts) if len(row) > _LONGEST else row


def _place(postcode: str, city: str, country: str) -> list[str]:
    if country in _BELOW:
        return [city, postcode]
    return [f"{city} {postcode}" if country in _BEHIND else f"{postcode} {city}"]


@functools.cache
def _name(country: str, home: str, language: str) -> str:
    """A country in capitals, in the letter's language where it is one of the sender's country.

    Else in the first language there; where nobody knows the sender's country, in the letter's.
    """
    spoken = get_official_languages(home, de_facto=True) if home else ()
    said = language if language in spoken or not spoken else spoken[0]
    for tag in (said, FALLBACK):
        try:
            return str(Locale.parse(tag).territories.get(country, country)).upper()
        except (UnknownLocaleError, ValueError):
            continue
    return country
