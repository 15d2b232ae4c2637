"""A night under a scheduler, beside the steps: chunks of work, red or not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pipeline import ledger
from pipeline.config import Settings
from pipeline.domain import whole_file
from pipeline.ledger import reads
from pipeline.reports import night_text

Receipt = dict[str, Any]
_Item = TypeVar("_Item")
_FILES = 25


def chunks(items: Sequence[_Item], most: int, least: int = _FILES) -> list[list[_Item]]:
    """``items`` in pieces of ``least`` or more, in at most ``most`` pieces.

    >>> chunks([1, 2, 3, 4, 5], most=2, least=1)
    [[1, 2, 3], [4, 5]]
    """
    size = max(least, -(-len(items) // most))
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


def keep_report(report: Receipt, folder: Path, batch_id: str) -> None:
    """Write the control report of a night as text and as JSON, each whole or not at all.

    ``night-<business date>-<batch>.txt`` is the file to open in the morning.
    """
    whole_file.folder(folder)
    forms = {
        "json": json.dumps(report, sort_keys=True, indent=1, ensure_ascii=False) + "\n",
        "txt": night_text.text(report),
    }
    for suffix, content in forms.items():
        whole_file.put(content.encode(), folder / f"night-{report['as_of']}-{batch_id}.{suffix}")


def not_taken(settings: Settings, files: Sequence[Receipt]) -> list[str]:
    """Short hashes of the ``files`` (as ``discover`` gave them) that are refused or held now.

    A held statement that the bank has corrected since does not count. What is no regular file
    has no hash.
    """
    with ledger.open(settings.ledger) as book:
        bad = reads.files_not_taken(book)
    return [file["sha256"][:12] or "no file" for file in files if file["sha256"] in {*bad, ""}]
