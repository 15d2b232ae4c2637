"""Files that appear whole or not at all."""

from pathlib import Path


def put(data: bytes, target: Path) -> None:
    """Write a file beside its place and then into it."""
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.replace(target)
