"""Feed files in inbox folders: which there are, and reading each once, through one descriptor.

What stands in an inbox comes from outside: a name is never followed as a link, and what is no
regular file (a pipe would block for ever) is refused by name.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.errors import UsageError
from pipeline.feeds.decode import visible

LARGEST = 512 * 1024 * 1024
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_MT940_DATE = re.compile(rb":62[FM]:[CD]([0-9]{6})")
_OFX_DATE = re.compile(rb"<DTASOF>\s*([0-9]{8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file as it was read: ``problem`` says why there is no data, ``growing`` wait for more.

    What cannot be read is known by its name and problem, so that it is told once and not nightly.
    """

    path: Path
    data: bytes = b""
    sha256: str = ""
    problem: str = ""
    growing: bool = False
    size: int = 0
    packed: bytes = b""
    """The bytes as ``domain.original`` keeps them, once they are parsed."""

    @property
    def name(self) -> str:
        """The file's name as a database and a screen take it, whatever its bytes are."""
        return visible(os.fsencode(self.path.name).decode("utf-8", "replace")).replace(
            "\n", "\u240a"
        )

    @property
    def date(self) -> str:
        """The first closing date in the file (YYYYMMDD), empty where it states none."""
        if match := _OFX_DATE.search(self.data):
            return match[1].decode()
        match = _MT940_DATE.search(self.data)
        return f"20{match[1].decode()}" if match else ""


def listing(paths: Iterable[Path]) -> list[Path]:
    """The feed files under ``paths`` in a total order; unfinished uploads and dot files left out.

    A path that is missing is a UsageError. What is no regular file is kept in the list: it is
    refused by name when it is read, so that it is not lost in silence.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: does not exist; expected a feed file or an inbox folder")
        if not path.is_dir():
            found.append(path.resolve() if path.is_symlink() else path)
            continue
        try:
            inside = sorted(path.iterdir())
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
        found += [item for item in inside if not _left_alone(item)]
    return list(dict.fromkeys(found))


def _left_alone(path: Path) -> bool:
    name = path.name.lower()
    if name.startswith(".") or name.endswith(_UNFINISHED):
        return True
    return path.is_dir() and not path.is_symlink()


def read(path: Path, largest: int = LARGEST) -> FeedFile:
    """The bytes of one file and their hash, taken through one descriptor that follows no link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "is a link" if path.is_symlink() else f"cannot be read: {error.strerror}"
        return _problem(path, f"{reason}; expected a regular file")
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return _problem(path, "is no regular file; refused")
        if before.st_size > largest:
            found = f"{before.st_size} bytes; expected at most {largest}"
            return _problem(path, found)
        data = file.read(largest + 1)
        after = os.fstat(descriptor)
    if len(data) != before.st_size or after.st_size != before.st_size:
        return FeedFile(path, growing=True)
    return FeedFile(path, data, hashlib.sha256(data).hexdigest(), size=len(data))


def _problem(path: Path, problem: str) -> FeedFile:
    named = os.fsencode(path.name) + b"\0" + problem.encode()
    return FeedFile(path, sha256=hashlib.sha256(named).hexdigest(), problem=problem)
