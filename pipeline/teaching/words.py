"""What a mapping says, in words and as a key of comparison."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.matching.text import folded, plain

Row = dict[str, Any]
KINDS = {"payer_account": "payer account", "payer_name": "payer name", "text": "text"}
SIDES = {"in": "money in", "out": "money out", "both": "both ways"}
_SHORTEST = 4
_LONGEST = 140


def key(kind: str, pattern: str) -> str:
    """Equal for two spellings of one account, name or text."""
    form = plain if kind == "payer_account" else folded
    return str(pl.select(form(pl.lit(pattern))).item())


def checked(kind: str, pattern: str) -> str:
    """``pattern`` with single blanks; UsageError where it is too short or too long to tell."""
    said = " ".join(pattern.split())
    length = len(key(kind, said))
    if length < _SHORTEST or len(said) > _LONGEST:
        raise UsageError(
            f"{KINDS[kind]} {pattern!r}: expected {_SHORTEST} letters or digits at least, and"
            f" {_LONGEST} characters at most"
        )
    return said


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two mappings ask for the same payer or text?"""
    kind = one["kind"]
    return bool(kind == other["kind"] and key(kind, one["pattern"]) == key(kind, other["pattern"]))


def target(row: Mapping[str, Any]) -> str:
    """Where a mapping leads to."""
    kind = "account" if row["target_type"] == "gl" else row["target_type"]
    return f"{kind} {row['target_no']}"


def limit(row: Mapping[str, Any]) -> str:
    """The amount up to which a mapping posts, with its currency; empty: none."""
    if row["amount_limit"] is None:
        return ""
    return f"{money.text(row['amount_limit'], row['currency'])} {row['currency']}"


def sentence(row: Mapping[str, Any]) -> str:
    """The whole mapping: what is looked for, and where it leads to."""
    return f"{KINDS[row['kind']]} {row['pattern']} -> {target(row)}"


def may_post(row: Mapping[str, Any]) -> bool:
    """May a mapping post by itself once it is approved: to an account, or money out to a vendor?"""
    return bool(row["target_type"] == "gl" or row["side"] == "out")


def state(row: Mapping[str, Any], *, two_people: bool = False) -> str:
    """What a mapping does as it stands; with ``two_people`` none tells a party unapproved."""
    if row["action"] == "remove":
        return "removed"
    if row.get("undone"):
        return "ended: its decision was reversed"
    if not may_post(row):
        waits = two_people and row["action"] != "approve"
        return "waits for a second person" if waits else "tells the party"
    if row["action"] != "approve":
        return "proposes, not approved"
    return "posts within its limit" if row["amount_limit"] is not None else "proposes, no limit"
