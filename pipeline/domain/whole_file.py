"""Files that appear whole or not at all, and that no loss of power takes away again."""

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

_AT_ONCE = 200


def folder(path: Path) -> None:
    """Make a folder where there is none, with those above it; each is on the disk as well."""
    made = [one for one in (path, *path.parents) if not one.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for one in made:
        _sync(one.parent)


def put(data: bytes, target: Path) -> None:
    """Write a file beside its place, onto the disk, and then into it.

    When this returns the file is there for good: what is recorded of it afterwards stays true.
    """
    put_all([(target, data)])


def put_all(files: Iterable[tuple[Path, bytes]]) -> int:
    """``put`` many, some hundred for one wait for the disk; returns how many."""
    left, count = iter(files), 0
    while some := list(islice(left, _AT_ONCE)):
        parts = [(target, target.with_name(f"{target.name}.part")) for target, _ in some]
        for (_, part), (_, data) in zip(parts, some, strict=True):
            part.write_bytes(data)
        for _, part in parts:
            _sync(part)
        for target, part in parts:
            part.replace(target)
        for place in {target.parent for target, _ in some}:
            _sync(place)
        count += len(some)
    return count


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
