"""Another text under one FITID: the line stays what it was, what the bank says now is kept beside.

Banks send a card payment first with the terminal's text and later with the shop's name. Account,
FITID, date and amount make it the same line (design, section 3), so that nothing posts twice.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from pipeline.domain.packed_lines import PackedLines
from pipeline.ledger.connection import insert, next_id

_COLUMNS = ("id", "line_id", "sha256", "counterparty_name", "text", "raw")
_CHUNK = 500


class Stored(NamedTuple):
    """A line that the ledger holds, with its texts."""

    line_id: int
    counterparty_name: str
    text: str


def keep_changed(
    connection: Connection,
    sha256: str,
    lines: PackedLines,
    identity: Sequence[str],
    known: dict[str, list[Stored]],
) -> int:
    """Keep the texts of a file that differ from what its lines said last; returns how many.

    Only where one line of the file meets one stored line under a reference: of twins nobody knows
    which of them changed.
    """
    if not known:
        return 0
    found = _differing(lines, identity, known)
    last = _last_texts(connection, [line_id for line_id, *_ in found])
    fresh = [row for row in found if last.get(row[0]) != row[1:3]]
    first = next_id(connection, "line_revision")
    rows = [
        (number, line_id, sha256, *texts) for number, (line_id, *texts) in enumerate(fresh, first)
    ]
    if rows:
        insert(connection, "line_revision", _COLUMNS, rows)
    return len(rows)


def _differing(
    lines: PackedLines, identity: Sequence[str], known: dict[str, list[Stored]]
) -> list[tuple[int, str, str, str]]:
    times = Counter(identity)
    pieces = lines.pieces("bank_reference", "counterparty_name", "text", "raw")
    columns = (row for piece in pieces for row in piece.iter_rows())
    found = []
    for key, (reference, name, text, raw) in zip(identity, columns, strict=True):
        stored = known.get(key, [])
        if reference and len(stored) == times[key] == 1 and stored[0][1:] != (name, text):
            found.append((stored[0].line_id, name, text, raw))
    return found


def _last_texts(connection: Connection, line_ids: Sequence[int]) -> dict[int, Any]:
    """Name and text of the latest revision of each line that has one."""
    found: dict[int, Any] = {}
    for start in range(0, len(line_ids), _CHUNK):
        part = ", ".join(map(str, line_ids[start : start + _CHUNK]))
        sql = (
            "SELECT line_id, counterparty_name, text FROM line_revision"
            f" WHERE line_id IN ({part}) ORDER BY id"
        )
        for line_id, name, text in connection.exec_driver_sql(sql):
            found[line_id] = (name, text)
    return found
