"""What a rule saw of a line: keys of the catalogues (``texts/``) with what is filled in.

It is stored with each proposal, so that the page can say it in any language.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEXTS = Path(__file__).parent / "texts"
Seen = tuple[tuple[str, ...], ...]
"""Parts of a sentence: the key of each, then what its words are filled with, in their order."""


def catalogue(code: str) -> dict[str, Any]:
    """The words of sentences in a language (``en``, ``de``, ``fr``)."""
    return tomllib.loads((_TEXTS / f"{code}.toml").read_text("utf-8"))


ENGLISH = catalogue("en")


def saw(key: str, *filled: object) -> Seen:
    """One part, of the key and what it is filled with."""
    return ((key, *map(str, filled)),)


def kept(seen: Seen) -> str:
    """As it is stored; nothing where nothing was seen."""
    return json.dumps(seen, ensure_ascii=False, separators=(",", ":")) if seen else ""


def said(seen: Seen, words: Mapping[str, Any] = ENGLISH) -> str:
    """In the words of a catalogue."""
    return ", ".join(str(words["seen"][key]).format(*filled) for key, *filled in seen)


def read(stored: str) -> Seen:
    """What was ``kept``."""
    return tuple(tuple(part) for part in json.loads(stored)) if stored else ()
