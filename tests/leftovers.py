"""Folders of a test process; those of processes that were killed go at the next start."""

import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "lettrage-test-"


def own_folder(kind: str) -> Path:
    """A new folder that says which process it belongs to; the caller removes it at its end."""
    remove(Path(tempfile.gettempdir()))
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-{kind}-"))


def remove(base: Path) -> None:
    """Remove the folders under ``base`` whose process is gone.

    A PostgreSQL that still runs on one ends within a minute: it looks for its ``postmaster.pid``.
    """
    for folder in base.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not _lives(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True
