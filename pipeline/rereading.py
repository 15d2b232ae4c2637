"""``verify --files``: the kept files read again, and what the ledger holds compared with them.

It stands beside ``ledger.verify`` because only here the readers of feeds and the ledger meet.
"""

import time
from collections import Counter

from pipeline import feeds, ledger
from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.original import unpacked
from pipeline.domain.pages import is_page
from pipeline.ledger import feed_lines, originals
from pipeline.ledger.verify import Check
from pipeline.ledger.verify.check import checked


def check_files(book: ledger.Ledger) -> Check:
    """I24: each stored statement says what its file says; the ids of those that do not.

    Files are read as they were read first: the encoding for text that is no UTF-8 is kept too.
    """
    begun = time.perf_counter()
    rows = originals.statements(book)
    broken: list[int] = []
    for (sha256,), own in rows.group_by("sha256", maintain_order=True):
        said = _read_again(book, str(sha256))
        kept = originals.lines(book, str(sha256))
        broken += [
            number
            for number, _, ordinal, fingerprint in own.iter_rows()
            if ordinal not in said or not _says(said[ordinal], fingerprint, kept[number])
        ]
    return checked("I24c", rows.height, sorted(broken), begun)


def _read_again(book: ledger.Ledger, sha256: str) -> dict[int, BankStatement]:
    """The statements of a file by their place in it; none where its bytes are damaged."""
    packed, encoding = originals.kept(book, sha256)
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
