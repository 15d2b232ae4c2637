"""What a payer or text would hit: the mappings that fit it, and the open lines that it stands in.

Nothing is written. The lines are found by the same functions as the night's.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.domain import frames, money
from pipeline.domain.errors import UsageError
from pipeline.ledger import decisions, mappings, reads
from pipeline.matching import mappings as taught
from pipeline.matching import payers
from pipeline.teaching import words
from pipeline.teaching.listing import shown

Row = dict[str, Any]
_COLUMN = {
    "payer_account": "counterparty_account",
    "payer_name": "counterparty_name",
    "text": "text",
}


def attempt(settings: Settings, asked: Mapping[str, str]) -> Row:
    """``asked``: kind -> account, name or text. What fits it now, and the open lines of it."""
    given = {kind: words.checked(kind, pattern) for kind, pattern in asked.items() if pattern}
    if not given:
        raise UsageError("expected --payer-account, --payer-name or --text")
    with ledger.open(settings.ledger) as book:
        known = payers.known_names(reads.parties(book))
        standing = mappings.in_force(book, two_people=settings.two_people)
        fits = taught.hits(_lines_that_say(given), standing, known)
        numbers = set(fits["mapping_no"])
        rows = [row for row in mappings.states(book) if row["mapping_no"] in numbers]
        lines = reads.open_lines(book)
        found = taught.hits(lines, _as_mappings(given), known)["line_id"].unique()
        items = decisions.open_items(book)
    hit = lines.filter(pl.col("line_id").is_in(found.implode())).sort("booking_date", "line_id")
    return {
        "mappings": [shown(row, settings) for row in rows],
        "answer": _answer(rows, settings),
        "lines": [_line(row, items) for row in hit.to_dicts()],
    }


def _lines_that_say(given: Mapping[str, str]) -> pl.DataFrame:
    """A line each way, money in and money out, with the words that are asked about."""
    said = {_COLUMN[kind]: pattern for kind, pattern in given.items()}
    rows = [{"line_id": number, "amount": amount, **said} for number, amount in ((1, 1), (2, -1))]
    return frames.conform(pl.DataFrame(rows), frames.LINES)


def _as_mappings(given: Mapping[str, str]) -> pl.DataFrame:
    rows = [
        {"mapping_no": number, "kind": kind, "pattern": pattern, "side": "both"}
        for number, (kind, pattern) in enumerate(sorted(given.items()), 1)
    ]
    return frames.conform(pl.DataFrame(rows), frames.MAPPINGS)


def _answer(rows: list[Row], settings: Settings) -> str:
    targets = sorted({words.target(row) for row in rows})
    if not targets:
        return "no mapping fits; a line asks unless the books tell its party"
    if len(targets) > 1:
        return f"leads to {', '.join(targets)}: a line that nothing else explains asks"
    return f"{targets[0]}: {words.state(rows[0], two_people=settings.two_people)}"


def _line(row: Row, items: Mapping[int, int]) -> Row:
    return {
        "exception": items.get(row["line_id"]),
        "bank_line": f"{row['bank_account_no']}/{row['statement_no']}/{row['line_id']}",
        "booking_date": str(row["booking_date"] or row["value_date"] or ""),
        "amount": money.text(row["amount"], row["currency"]),
        "currency": row["currency"],
        "counterparty_name": row["counterparty_name"],
        "text": row["text"],
    }
