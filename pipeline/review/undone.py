"""What a person reversed is asked again: it comes first, and never posts itself. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from pipeline.domain.seen import saw
from pipeline.domain.signature import signature as signed
from pipeline.review.decision import Answer, proposal

Row = dict[str, Any]
_POSTED_BEFORE = saw("posted_before")


def reversed_answers(
    rows: pl.DataFrame, accounts: Mapping[str, str]
) -> tuple[dict[int, Answer | None], dict[int, set[str]]]:
    """By line, what was posted (None where it cannot be posted again), and its signature.

    ``rows`` by ``frames.REVERSED``; ``accounts`` as the settings have them.
    """
    keys = {number: key for key, number in sorted(accounts.items()) if number}
    lines: dict[int, list[Row]] = {}
    for row in rows.to_dicts():
        lines.setdefault(row["line_id"], []).append(_as_proposed(row, keys))
    answers: dict[int, Answer | None] = {}
    signatures: dict[int, set[str]] = {}
    for line_id, own in lines.items():
        rule, fits = own[0]["rule"], all(row["fits"] for row in own)
        rows_of = [{k: v for k, v in row.items() if k not in ("rule", "fits")} for row in own]
        heads, proposed = proposal(line_id, rows_of, "medium", rule, "reversed", _POSTED_BEFORE)
        head = heads.to_dicts()[0]
        signatures[line_id] = {signed((head["party_type"], head["party_no"]), rule, own)}
        answers[line_id] = (head, proposed.to_dicts()) if fits else None
    return answers, signatures


def _as_proposed(row: Row, keys: Mapping[str, str]) -> Row:
    """A posted row in the matcher's words: keys of [accounts], own transfers by their target."""
    found = {name: value for name, value in row.items() if name != "line_id"}
    key = keys.get(row["gl_account"], row["gl_account"]) if row["target"] == "gl" else ""
    if key == "transfers":
        return found | {"target": "transfer", "gl_account": ""}
    if key == "clearing":  # one line of a pair that cancels
        return found | {"fits": 0}
    return found | {"gl_account": key}


def together(
    one: Mapping[int, Collection[str]], other: Mapping[int, Collection[str]]
) -> dict[int, set[str]]:
    """The signatures of both, by line: what the matcher does not answer again."""
    return {line: {*one.get(line, ()), *other.get(line, ())} for line in {*one, *other}}
