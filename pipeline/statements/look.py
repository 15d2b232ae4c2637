"""The letterhead of statements: logo, lines about the company, colour."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.errors import UsageError
from pipeline.domain.pdf import drawable

STANDARDS = ("a-3a", "ua-1")
"""What a statement conforms to as PDF, its logo with it."""
_MOST = 500_000
"""Bytes of a logo, which every PDF carries."""
_PIXELS = 4_000_000
"""Of a logo: a picture of one colour is small as a file, and gigabytes where it is drawn."""
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG behind which height and width stand (ITU-T T.81, table B.1)."""
_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: what text must have on white."""


@dataclass(frozen=True, slots=True)
class Look:
    """``colour`` of headings as #rrggbb, ``letterhead`` lines, the ``logo`` and its ``kind``."""

    colour: str = "#1f6f78"
    letterhead: tuple[str, ...] = ()
    logo: bytes = b""
    kind: str = ""


def look(said: Mapping[str, Any]) -> Look:
    """The look that ``[statements]`` asks for; UsageError for what cannot be drawn or read."""
    colour = said["colour"] or Look().colour
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise UsageError(f"[statements] colour: found {colour!r}, expected one such as '#1f6f78'")
    if _contrast(colour) < _CONTRAST:
        raise UsageError(
            f"[statements] colour: {colour} on white is too pale to be read"
            f" ({_contrast(colour):.1f} to 1), expected a darker one ({_CONTRAST} to 1)"
        )
    logo, kind = _logo(Path(said["logo"])) if said["logo"] else (b"", "")
    return Look(colour, tuple(said["letterhead"]), logo, kind)


def _logo(path: Path) -> tuple[bytes, str]:
    place = f"[statements] logo {path}"
    if not path.is_file():
        raise UsageError(f"{place}: there is no such file, expected a PNG or JPEG")
    size = path.stat().st_size
    if size > _MOST:
        raise UsageError(f"{place}: {size:,} bytes, expected {_MOST:,} at most")
    try:
        found = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{place}: cannot be read: {error.strerror}") from error
    kind = next((name for begin, name in _KINDS.items() if found.startswith(begin)), "")
    if not kind:
        raise UsageError(f"{place}: expected a PNG or JPEG")
    width, height = _size(found, kind)
    if width * height > _PIXELS:
        raise UsageError(f"{place}: {width:,} x {height:,} pixels, expected {_PIXELS:,} at most")
    if not drawable(found, f"logo.{kind}", STANDARDS):
        if not drawable(found, f"logo.{kind}"):
            raise UsageError(f"{place}: this {kind.upper()} is damaged and cannot be drawn")
        raise UsageError(f"{place}: cannot be archived (PDF/A), expected RGB or grey, not CMYK")
    return found, kind


def _size(picture: bytes, kind: str) -> tuple[int, int]:
    """Width and height in pixels as the file says them; zeros where it does not."""
    if kind == "png":  # the first chunk, ISO/IEC 15948, 11.2.2
        return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    at = 2
    while at + 9 <= len(picture):
        marker = picture[at + 1]
        if marker in _FRAMES:
            height, width = picture[at + 5 : at + 7], picture[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        filled = marker == 0xFF  # any number of these may stand before a marker
        at += 1 if filled else 2 + int.from_bytes(picture[at + 2 : at + 4])
    return 0, 0


def _contrast(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
