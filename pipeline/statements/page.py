"""What is kept of a statement, and the page that is made of it at any later time."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pipeline.statements.language import language

_OF_THE_PAGE = ("words", "footer")
"""What its language and its run say of a statement; all else is its customer's alone."""

_canonical = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def kept(data: Mapping[str, Any]) -> str:
    """A composed statement as canonical JSON: the same facts give the same text."""
    own = {name: value for name, value in data.items() if name not in _OF_THE_PAGE}
    return _canonical(own)


def page(
    content: str, head: str, number: int = 0, revision: int = 0, replaces: int = 0
) -> dict[str, Any]:
    """What the renderer takes: kept content with words, number, revision and register.

    ``head`` is the hash of the register up to which the books were read; ``replaces`` the number of
    the statement that a revision replaces, 0 where none came to the customer.
    """
    data: dict[str, Any] = json.loads(content)
    words = language(data["language"], data["region"])
    data |= {
        "words": words.words,
        "footer": words.say("footer", day=data["as_of"], head=head[:16]),
    }
    if replaces:
        data["notice"] = words.say("revision", revision=revision, number=replaces)
    data["content_sha256"] = hashlib.sha256(content.encode()).hexdigest()
    return data | ({"number": number} if number else {})
