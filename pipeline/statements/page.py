"""What is kept of a statement, and the page that is made of it at any later time."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.statements import figures
from pipeline.statements.language import language

_OF_THE_PAGE = ("words", "footer")
"""What its language and its run say of a statement; all else is its customer's alone."""

_canonical = msgspec.json.Encoder(order="sorted").encode
"""As ``json`` writes it with sorted keys and no blanks, in a sixth of the time."""


def kept(data: Mapping[str, Any]) -> str:
    """A composed statement as canonical JSON: the same facts give the same text."""
    own = {name: value for name, value in data.items() if name not in _OF_THE_PAGE}
    return _canonical(own).decode()


def page(
    content: str,
    head: str,
    number: int = 0,
    revision: int = 0,
    replaces: tuple[int, str] = (0, ""),
) -> dict[str, Any]:
    """What the renderer takes: kept content with words, number, revision and register.

    ``head`` is the hash of the register up to which the books were read; ``replaces`` the number
    and content of the statement that a revision replaces, 0 where none came to the customer.
    """
    data: dict[str, Any] = json.loads(content)
    words = language(data["language"], data["region"])
    data |= {
        "words": words.words,
        "footer": words.say("footer", day=data["as_of"], head=head[:16]),
    }
    before, told = replaces
    if before:
        why = "revision_otherwise" if _says_the_same(data, told) else "revision"
        data["notice"] = words.say(why, revision=revision, number=before)
    data["content_sha256"] = hashlib.sha256(content.encode()).hexdigest()
    return data | ({"number": number} if number else {})


def _says_the_same(data: Mapping[str, Any], before: str) -> bool:
    """Whether a revision has the figures of what it replaces, and only looks otherwise.

    Of another period the movements are others anyhow: there the balances tell.
    """
    told = json.loads(before or "{}")
    if not told or not figures.are_there(told) or not figures.are_there(data):
        return False  # erased, or kept by a release that kept no figures
    moved = data.get("period") == told.get("period")
    return _sums(data, moved=moved) == _sums(told, moved=moved)


def _sums(data: Mapping[str, Any], *, moved: bool) -> Counter[tuple[str, ...]]:
    """What a statement comes to, by member, currency and kind, however its rows are put."""
    found: Counter[tuple[str, ...]] = Counter()
    for section in data["currencies"]:
        own = (section.get("member", {}).get("no", ""), section["currency"])
        for name, amount in zip(("balance", "unapplied"), section["exact"], strict=False):
            found[*own, name] += amount
        for name in ("owed", "credits", "account", "activity", "late") if moved else ():
            for row in section.get(name, ()):
                if "text" not in row:  # a balance
                    kind, *said = row["exact"]
                    found[*own, name, kind] += sum(one for one in said if isinstance(one, int))
    return found
