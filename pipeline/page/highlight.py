"""Which parts of a bank text support a proposal: its numbers and names, however they are set."""

import re
from collections.abc import Iterable

_SHORTEST = 3
_BETWEEN = r"[\s./\-_]*"


def needles(documents: Iterable[str], names: Iterable[str]) -> list[str]:
    """What to look for: numbers as they are, of names every word of some length."""
    words = [word for name in names for word in re.findall(r"\w+", name) if len(word) > _SHORTEST]
    return sorted({text for text in (*documents, *words) if len(text) >= _SHORTEST})


def marked(text: str, wanted: list[str]) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it is one of ``wanted``; together they are the text."""
    patterns = [_pattern(one) for one in wanted]
    if not any(patterns):
        return [(text, False)]
    whole = re.compile("|".join(filter(None, patterns)), re.IGNORECASE)
    pieces, end = [], 0
    for found in whole.finditer(text):
        pieces += [(text[end : found.start()], False), (found[0], True)]
        end = found.end()
    return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]


def _pattern(one: str) -> str:
    """Its letters and digits in order, with any of the usual marks between groups of them."""
    groups = re.findall(r"[^\W\d_]+|\d+", one)
    return r"(?<!\w)" + _BETWEEN.join(map(re.escape, groups)) + r"(?!\w)" if groups else ""
