"""The letterhead of statements: logo, lines about the company, colour."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.errors import UsageError
from pipeline.domain.pdf import drawable

_MOST = 500_000
"""Bytes of a logo, which every PDF carries."""
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
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
    found = path.read_bytes()
    kind = next((name for begin, name in _KINDS.items() if found.startswith(begin)), "")
    if not kind:
        raise UsageError(f"{place}: expected a PNG or JPEG")
    if not drawable(found, f"logo.{kind}"):
        raise UsageError(f"{place}: this {kind.upper()} is damaged and cannot be drawn")
    return found, kind


def _contrast(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
