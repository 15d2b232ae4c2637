"""Feed file -> bank statements: ``parse`` tells OFX from MT940 by content, never by name."""

import re

from pipeline.domain.bank_statement import FeedResult, RefusedStatement
from pipeline.feeds import foreign

_OFX = re.compile(rb"<OFX>", re.IGNORECASE)


def parse(data: bytes, encoding_fallback: str = "windows-1252") -> FeedResult:
    """Read one feed file: sound statements, and what was refused with its reason."""
    reason, detail = foreign.problem(data)
    if reason:
        return FeedResult((), (RefusedStatement(1, "", "", 1, reason, detail),))
    head = data[:4000].replace(b"\0", b"").upper()
    if b"<OFX>" in head or b"OFXHEADER" in head or _OFX.search(data):
        from pipeline.feeds import ofx

        return ofx.parse(data, encoding_fallback)
    from pipeline.feeds import mt940

    return mt940.parse(data, encoding_fallback)
