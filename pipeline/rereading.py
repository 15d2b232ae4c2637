"""``verify --files``: the kept files read again, and what the ledger holds compared with them.

It stands beside ``ledger.verify`` because only here the readers of feeds and the ledger meet.
"""

from collections import Counter
from itertools import chain
from typing import Any, NamedTuple

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.original import unpacked
from pipeline.domain.pages import is_page
from pipeline.ledger import feed_lines, originals
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.verify import Check
from pipeline.ledger.verify.check import Work, ask


class _Kept(NamedTuple):
    """A stored line: its id, identity and all that it says; whether it stands in its place."""

    line_id: int
    identity: str
    told: str
    in_place: bool


def check_files(books: Snapshot) -> Check:
    """I24: each stored statement says what its file says, and so does each line, in all columns.

    It names the ids of the statements that do not, and of the lines. Files are read as they were
    read first: the encoding for text that is no UTF-8 is kept too.
    """
    holds = "each statement and each of its lines says what its file says, in all columns"
    return ask(books, "I24c", Work("statement", holds, _broken), {})


def _broken(books: Snapshot) -> list[Any]:
    rows = originals.statements(books)
    broken: list[Any] = []
    lines: set[int] = set()
    pages: set[str] = set()
    of_pages: list[_Kept] = []
    for (sha256,), own in rows.group_by("sha256", maintain_order=True):
        said = _read_again(books, str(sha256))
        pages.update(chain.from_iterable(map(_told, filter(is_page, said.values()))))
        for number, _, ordinal, fingerprint in own.iter_rows():
            kept, statement = _kept(books, number), said.get(ordinal)
            identities = Counter(line.identity for line in kept)
            if statement is None or not _says(statement, fingerprint, identities):
                broken.append(number)
            if statement is None:
                continue
            lines.update(line.line_id for line in kept if not line.in_place)
            others = _others(kept, Counter(_told(statement)))
            if is_page(statement):
                of_pages += others  # they came with another page, perhaps in another file
            else:
                lines.update(line.line_id for line in others)
    lines.update(line.line_id for line in of_pages if line.told not in pages)
    return [*sorted(broken), *(f"line {number}" for number in sorted(lines))]


def _kept(books: Snapshot, statement_id: int) -> list[_Kept]:
    found: list[_Kept] = []
    for frame in originals.lines(books, statement_id):
        places = range(len(found) + 1, len(found) + 1 + frame.height)
        found += map(
            _Kept, frame["line_id"], frame["identity"], feed_lines.told(frame),
            (number == place for number, place in zip(frame["line_no"], places, strict=True)),
        )  # fmt: skip
    return found


def _told(statement: BankStatement) -> list[str]:
    return [told for piece in statement.lines.pieces() for told in feed_lines.told(piece)]


def _others(kept: list[_Kept], said: Counter[str]) -> list[_Kept]:
    """Lines that are not among those said; twins are as many."""
    found = []
    for line in kept:
        said[line.told] -= 1
        if said[line.told] < 0:
            found.append(line)
    return found


def _read_again(books: Snapshot, sha256: str) -> dict[int, BankStatement]:
    """The statements of a file by their place in it; none where its bytes are damaged."""
    packed, encoding = originals.kept(books, sha256)
    try:
        found = feeds.parse(b"".join(unpacked(packed)), encoding)
    except ValueError:
        return {}
    return {statement.ordinal: statement for statement in found.statements}


def _says(statement: BankStatement, fingerprint: str, kept: Counter[str]) -> bool:
    """Whether a file's statement is the stored one: its balances and lines, or as one of its pages.

    An OFX file whose account was unknown at first was stored again with the opening balance that
    follows from its lines.
    """
    ofx = statement.format.startswith("ofx")
    pieces = statement.lines.pieces(*feed_lines.IDENTIFYING)
    identity = [key for piece in pieces for key in feed_lines.identities(piece, ofx=ofx)]
    openings = [statement.opening]
    if ofx and statement.closing is not None:
        openings.append(statement.closing - sum(statement.lines["amount"].to_list()))
    prints = [feed_lines.fingerprint(at, statement.closing, identity) for at in openings]
    if fingerprint in prints:
        return kept <= Counter(identity)
    return is_page(statement) and Counter(identity) <= kept
