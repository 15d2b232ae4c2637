"""Bytes to text: byte order marks, UTF-8 first, then the bank's own code page; one line end."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
_SHOWN |= dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], 0xFFFD)
_SHOWN |= {0x09: 0x09, 0x0A: 0x0A}


def decode(data: bytes, fallback: str) -> str:
    """The text of a feed file with LF ends; what ``fallback`` lacks is read as Latin-1.

    Control characters stay visible (``␀``), since a database refuses some and a screen hides
    others; Ctrl-Z, which old programs append to files, goes.
    """
    text = _text(data, fallback)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        text = visible(text.replace("\x1a", ""))
    return text.lstrip("\ufeff")


def visible(text: str) -> str:
    """Control characters and halves of surrogate pairs as letters that stand for them."""
    return text.translate(_SHOWN)


def _text(data: bytes, fallback: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _utf16(data[:400])
    for encoding in (*wide, "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if _is_single_byte(fallback):
        return "".join(_line(line, fallback) for line in data.splitlines(keepends=True))
    try:
        return data.decode(fallback)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_single_byte(encoding: str) -> bool:
    """Whether each byte is a letter of its own; an encoding that nobody knows counts as Latin-1."""
    try:
        return len(bytes(range(256)).decode(encoding, "replace")) == 256
    except LookupError:
        return True


def _line(line: bytes, fallback: str) -> str:
    """One line: files put together from several sources mix their encodings, lines do not."""
    for encoding in ("utf-8", fallback):
        try:
            return line.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return line.decode("latin-1")


def _utf16(head: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark shows as a NUL in every second byte of an ASCII head."""
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.8:
        return ("utf-16-le",)
    return ("utf-16-be",) if half and head[0::2].count(0) > half * 0.8 else ()
