"""Bytes to text: BOM, UTF-8 first, then the bank's own code page; one kind of line end."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = re.compile(r"^\{1:.*?\{4:|^\{4:", re.MULTILINE | re.DOTALL)


def decode(data: bytes, fallback: str) -> str:
    """The text of a feed file; no byte is dropped: what ``fallback`` lacks is read as Latin-1."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in ("utf-8", fallback):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def swift_lines(text: str) -> list[str]:
    """The lines of a SWIFT file without envelopes: CR and CRLF ends, 0x1A and block heads gone."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "").replace("\0", "")
    plain = plain.lstrip("\ufeff")
    plain = _BLOCK.sub("\n", plain)
    return plain.split("\n")
