"""Statement lines in the ledger: their identity over statements, and storing them in bulk."""

import bisect
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import frames
from pipeline.domain.packed_lines import PackedLines
from pipeline.ledger.bulk import insert_frame, next_id, placeholder
from pipeline.ledger.feed_revisions import Stored

_LINE = ["line_id", "statement_id", *frames.FEED_LINES, "identity", "occurrence", "before_cutover"]
_CHUNK = 500
_BETWEEN, _NOTHING = "\x1f", "\x1e"  # no text of a feed holds a control character
_LIVE = "s.status IN ('received', 'reconciled')"


IDENTIFYING = ("booking_date", "value_date", "amount", "bank_reference", "text", "raw")
"""What ``identities`` looks at."""
Places = list[tuple[int, str, int]]
"""Lines of a statement: place from 0, identity, how often it came by then."""


def identities(lines: pl.DataFrame, *, ofx: bool) -> list[str]:
    """What makes each line the same line in another file (design, section 3), within its account.

    OFX: FITID, amount and date, whatever the text; else dates, amount, reference and text. Dates
    may be ISO text.
    """
    day = pl.col("booking_date").cast(pl.String).fill_null("")
    value = pl.col("value_date").cast(pl.String).fill_null("")
    named = pl.col("bank_reference") != ""
    words = pl.when(named | (pl.col("text") != "")).then("text").otherwise("raw")
    whole = pl.concat_str(day, value, "amount", "bank_reference", words, separator=_BETWEEN)
    if ofx:
        by_id = pl.concat_str(day, "amount", "bank_reference", separator=_BETWEEN)
        whole = pl.when(named).then(by_id).otherwise(whole)
    known_by = lines.select(whole.alias("by"))["by"].to_list()
    sha256 = hashlib.sha256
    return [sha256(text.encode()).hexdigest()[:32] for text in known_by]


def told(lines: pl.DataFrame) -> list[str]:
    """All that each line says, as a hash; where it stands in its statement is not of it.

    Of lines as a feed has them or as the ledger keeps them, dates as text and flags as numbers.
    """
    cells = [pl.col(name) for name in frames.FEED_LINES if name != "line_no"]
    whole = pl.concat_str(
        [cell.cast(pl.String).fill_null(_NOTHING) for cell in cells], separator=_BETWEEN
    )
    flags = lines.with_columns(pl.col("is_reversal").cast(pl.Int64))
    texts = flags.select(whole.alias("told"))["told"].to_list()
    return [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]


def fingerprint(opening: int | None, closing: int | None, identity: Iterable[str]) -> str:
    """What a statement says, whatever the order of its lines or its line ends."""
    said = hashlib.sha256(repr((opening, closing)).encode())
    said.update("".join(sorted(identity)).encode())
    return said.hexdigest()


def stored(
    connection: Connection, bank_account_no: str, identity: Iterable[str]
) -> dict[str, list[Stored]]:
    """The lines that received statements of the account already hold, by identity."""
    mark = placeholder(connection)
    found: dict[str, list[Stored]] = defaultdict(list)
    wanted = list(dict.fromkeys(identity))
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        sql = (
            "SELECT l.identity, l.line_id, l.counterparty_name, l.text FROM statement_line l"
            " JOIN statement s ON s.id = l.statement_id"
            f" WHERE l.identity IN ({', '.join([mark] * len(part))})"
            f" AND s.bank_account_no = {mark} AND {_LIVE} ORDER BY l.line_id"
        )
        for key, *line in connection.exec_driver_sql(sql, (*part, bank_account_no)):
            found[key].append(Stored(*line))
    return found


def all_lines(identity: Sequence[str]) -> Places:
    """Every line, each with how often it came by then: twin payments are two."""
    if len(set(identity)) == len(identity):
        return [(place, key, 1) for place, key in enumerate(identity)]
    seen: Counter[str] = Counter()
    found = []
    for place, key in enumerate(identity):
        seen[key] += 1
        found.append((place, key, seen[key]))
    return found


def new_lines(
    lines: PackedLines, identity: Sequence[str], known: dict[str, list[Stored]]
) -> Places:
    """The lines that no earlier file brought.

    A file with more lines of one identity than the ledger has brings the difference: twin
    payments are real. Lines whose text is known are taken for the known ones first.
    """
    if not known and len(set(identity)) == len(identity):
        return [(place, key, 1) for place, key in enumerate(identity)]
    texts = lines["text"].to_list()
    groups: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(identity):
        groups[key].append(place)
    found = []
    for key, group in groups.items():
        before = known.get(key, [])
        if before and len(group) > 1:
            group = _known_first(group, texts, before)
        for occurrence, place in enumerate(group[len(before) :], len(before) + 1):
            found.append((place, key, occurrence))
    return sorted(found)


def _known_first(group: list[int], texts: list[str], before: list[Stored]) -> list[int]:
    left = Counter(line.text for line in before)
    matched: list[int] = []
    others: list[int] = []
    for place in group:
        is_known = left[texts[place]] > 0
        left[texts[place]] -= int(is_known)
        (matched if is_known else others).append(place)
    return [*matched, *others]


def insert_lines(
    connection: Connection,
    statement_id: int,
    lines: PackedLines,
    places: Places,
    cutover: str,
) -> int:
    """Store the lines of one statement that stand at ``places``, numbered anew; returns their net.

    Those booked until ``cutover`` are before_cutover.
    """
    first = next_id(connection, "statement_line", "line_id")
    day = pl.coalesce("booking_date", "value_date").cast(pl.String).fill_null("")
    done = net = begin = 0
    for piece in lines.pieces():
        end = bisect.bisect_left(places, (begin + piece.height,), done)
        own = places[done:end]
        part = piece
        if len(own) < piece.height:
            part = piece[[place - begin for place, _, _ in own]]
        number = pl.int_range(done + 1, end + 1, dtype=pl.Int64)
        rows = part.with_columns(
            number.alias("line_no"),
            (number + (first - 1)).alias("line_id"),
            pl.lit(statement_id).alias("statement_id"),
            pl.Series("identity", [key for _, key, _ in own], dtype=pl.String),
            pl.Series("occurrence", [times for _, _, times in own], dtype=pl.Int64),
            ((day <= cutover) & pl.lit(bool(cutover))).cast(pl.Int64).alias("before_cutover"),
            pl.col("booking_date", "value_date").cast(pl.String),
            pl.col("is_reversal").cast(pl.Int64),
        )
        insert_frame(connection, "statement_line", rows[_LINE], copy=False)
        net += sum(part["amount"].to_list())
        begin, done = begin + piece.height, end
    return net


def load_lines(connection: Connection, statement_id: int) -> pl.DataFrame:
    """The stored lines of a statement as ``frames.FEED_LINES``."""
    names = list(frames.FEED_LINES)
    sql = (
        f"SELECT {', '.join(names)} FROM statement_line WHERE statement_id = {int(statement_id)}"
        " ORDER BY line_no"
    )
    rows = [tuple(row) for row in connection.exec_driver_sql(sql)]
    raw = {
        name: pl.String if kind == pl.Date else pl.Int64 if kind == pl.Boolean else kind
        for name, kind in frames.FEED_LINES.items()
    }
    frame = pl.DataFrame(rows, schema=raw, orient="row")
    return frame.with_columns(
        pl.col("booking_date", "value_date").str.to_date("%Y-%m-%d"),
        pl.col("is_reversal").cast(pl.Boolean),
    )
