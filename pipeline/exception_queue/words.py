"""The words of the mails about the queue, and its numbers and sums in them."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from pipeline.domain.errors import UsageError
from pipeline.statements.language import Language

_TEXTS = Path(__file__).parent / "texts"
_MOST = 30
"""Numbers that a mail lists; of more it says how many."""


def language(code: str) -> Language:
    """The words of a language; UsageError where there is no catalogue of it."""
    known = sorted(path.stem for path in _TEXTS.glob("*.toml"))
    if code not in known:
        raise UsageError(f"[queue] language: found {code!r}, expected one of {', '.join(known)}")
    return Language(code, Locale(code), tomllib.loads((_TEXTS / f"{code}.toml").read_text("utf-8")))


def listed(said: Language, ids: Iterable[int]) -> str:
    """Numbers of exceptions, with how many more there are; a dash for none."""
    numbers = list(ids)
    shown = ", ".join(map(str, numbers[:_MOST])) or "\N{EN DASH}"
    left = len(numbers) - _MOST
    return f"{shown} {said.say('more', count=left)}" if left > 0 else shown


def sums(said: Language, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line a currency: how many, and the sums of money in and out."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["currency"], []).append(row["remaining"])
    return [
        f"  {currency} {len(amounts)}: {said.amount(sum(a for a in amounts if a > 0), currency)}"
        f" / {said.amount(sum(a for a in amounts if a < 0), currency)}"
        for currency, amounts in sorted(found.items())
    ]
