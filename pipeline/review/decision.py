"""What a person decides about one line, as proposal frames of one row, and what stands of it.

A rejected proposal is known again by its signature: what it settles, without the amounts. Pure.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.domain.seen import Seen, kept, said, saw
from pipeline.domain.signature import signature as signed

Row = dict[str, Any]
Answer = tuple[Row, list[Row]]
"""A stored proposal: its head and its rows."""
_DECIDED = saw("decided")
_CANDIDATES = 5


def proposal(
    line_id: int,
    rows: list[Row],
    confidence: str,
    rule: str,
    reason: str = "",
    evidence: Seen = _DECIDED,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``rows`` (by the names of ``PROPOSED``) as the answer for a line: rank 1 and its rows."""
    named = [row for row in rows if row.get("party_no")]
    first = named[0] if named else {"party_type": "", "party_no": ""}
    head = {
        "line_id": line_id,
        "rank": 1,
        "confidence": confidence,
        "rule": rule,
        "reason": reason,
        "party_type": first["party_type"],
        "party_no": first["party_no"],
        "explanation": said(evidence),
        "evidence": "",
        "probability": "",
        "seen": kept(evidence),
    }
    bare = {name: 0 if kind == pl.Int64 else "" for name, kind in frames.PROPOSED.items()}
    place = {"line_id": line_id, "rank": 1}
    numbered = [{**bare, **row, **place, "seq": seq} for seq, row in enumerate(rows, 1)]
    return (
        pl.DataFrame([head], schema=frames.PROPOSALS),
        pl.DataFrame(numbered, schema=frames.PROPOSED),
    )


def signature(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """What identifies a stored proposal; see ``pipeline.domain.signature``."""
    return signed((head["party_type"], head["party_no"]), head["rule"], rows)


def overlay(
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    rejected: Mapping[int, Collection[str]],
    waiting: Mapping[int, Mapping[str, Any]],
    undone: Mapping[int, Answer | None],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The matcher's proposals with what people decided before.

    A line of which a proposal was ``rejected``, or what was posted was reversed (``undone``: what
    it was, None where that cannot be posted again), posts nothing by itself any more: what was
    reversed comes first. A decision that waits for a second person (its rows in ``detail``) comes
    before all others.
    """
    touched = sorted({*rejected, *waiting, *undone} & set(proposals["line_id"].to_list()))
    if not touched:
        return proposals, proposed
    heads, rows = [], []
    for line_id in touched:
        answers = _answers(line_id, proposals, proposed)
        if line_id in rejected:
            answers = [_asked(answer, "rejected") for answer in answers]
        elif line_id in undone:
            answers = [_asked(answer, "reversed") for answer in answers]
        answers = _first(undone.get(line_id), answers, rejected.get(line_id, ()))
        if line_id in waiting:
            answers.insert(0, _second_person(line_id, waiting[line_id]))
        for rank, (head, own) in enumerate(answers[:_CANDIDATES], 1):
            heads.append({**head, "rank": rank})
            rows += [{**row, "rank": rank} for row in own]
    return (
        _replaced(proposals, touched, heads, frames.PROPOSALS, ["line_id", "rank"]),
        _replaced(proposed, touched, rows, frames.PROPOSED, ["line_id", "rank", "seq"]),
    )


def _first(posted: Answer | None, answers: list[Answer], rejected: Collection[str]) -> list[Answer]:
    """What was posted before the others, which say something else than it or than nothing."""
    if posted is None or signature(*posted) in rejected:
        return answers
    same = signature(*posted)
    return [posted, *[a for a in answers if a[1] and signature(*a) != same]]


def _answers(line_id: int, proposals: pl.DataFrame, proposed: pl.DataFrame) -> list[Answer]:
    own = proposed.filter(pl.col("line_id") == line_id).sort("rank", "seq").to_dicts()
    heads = proposals.filter(pl.col("line_id") == line_id).sort("rank").to_dicts()
    return [(head, [row for row in own if row["rank"] == head["rank"]]) for head in heads]


def _asked(answer: Answer, why: str) -> Answer:
    """An answer as a question; of what was reversed also where the matcher says another reason."""
    head, rows = answer
    level = "medium" if head["confidence"] == "high" else head["confidence"]
    reason = why if why == "reversed" else head["reason"] or why
    return {**head, "confidence": level, "reason": reason}, rows


def _second_person(line_id: int, decision: Mapping[str, Any]) -> Answer:
    heads, rows = proposal(
        line_id, decision["detail"]["rows"], "manual", "manual", "needs_approval"
    )
    return heads.to_dicts()[0], rows.to_dicts()


def _replaced(
    frame: pl.DataFrame, lines: list[int], rows: list[Row], schema: frames.Schema, order: list[str]
) -> pl.DataFrame:
    kept = frame.filter(~pl.col("line_id").is_in(lines))
    return pl.concat([kept, pl.DataFrame(rows, schema=schema)]).sort(order)
