"""Feed file -> bank statements: ``read`` tells OFX from MT940 by content, never by name."""

import re
from collections.abc import Iterable, Iterator

from pipeline.domain.bank_statement import BankStatement, FeedResult, RefusedStatement
from pipeline.feeds import foreign

_OFX = re.compile(rb"<OFX>", re.IGNORECASE)


def read(
    data: bytes, encoding_fallback: str = "windows-1252"
) -> Iterator[BankStatement | RefusedStatement]:
    """Each statement of one feed file as soon as it is read, or why it is refused."""
    reason, detail = foreign.problem(data)
    if reason:
        return iter([RefusedStatement(1, "", "", 1, reason, detail)])
    head = data[:4000].replace(b"\0", b"").upper()
    if b"<OFX>" in head or b"OFXHEADER" in head or _OFX.search(data):
        from pipeline.feeds import ofx

        return ofx.read(data, encoding_fallback)
    from pipeline.feeds import mt940

    return mt940.read(data, encoding_fallback)


def parse(data: bytes, encoding_fallback: str = "windows-1252") -> FeedResult:
    """Read one feed file whole: sound statements, and what was refused with its reason."""
    return collected(read(data, encoding_fallback))


def collected(found: Iterable[BankStatement | RefusedStatement]) -> FeedResult:
    """All that one file held."""
    statements: list[BankStatement] = []
    refused: list[RefusedStatement] = []
    for item in found:
        if isinstance(item, BankStatement):
            statements.append(item)
        else:
            refused.append(item)
    return FeedResult(tuple(statements), tuple(refused))


def unread(problem: str) -> FeedResult:
    """What is no readable file, refused as a whole."""
    return FeedResult((), (RefusedStatement(1, "", "", 1, "not_readable", problem),))
