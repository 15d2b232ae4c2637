"""What identifies a proposal for a line, whatever its amounts and rank."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

_SIGNED = (("target", ""), ("target_id", 0), ("party_type", ""), ("party_no", ""),
           ("gl_account", ""))  # fmt: skip


def signature(party: tuple[str, str], rule: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """The signature of a proposal: what its ``rows`` settle, else the party and the rule."""
    settled = sorted([row.get(name, empty) for name, empty in _SIGNED] for row in rows)
    return json.dumps(settled or [["party", 0, *party, rule]])
