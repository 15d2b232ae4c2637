"""A night under a scheduler, beside the steps: chunks of work, its report, red or not."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pipeline import books, ledger, mailing
from pipeline.config import Settings
from pipeline.domain import whole_file
from pipeline.ledger import notices, reads
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


def mail_report(settings: Settings, report: Receipt, actor: str) -> Receipt:
    """Mail the control report of a night to ``[report] mail_to``; counts, by what came of it.

    The subject says whether every figure ties, the text is that of the report. Nobody gets the
    same report twice. MailServerError (retryable) where a mail was not taken yet.
    """
    to = list(dict.fromkeys(settings.report["mail_to"]))
    for address in to:
        mailing.check_address("[report] mail_to", address)
    text = night_text.text(report)
    told = {"night": report["as_of"], "sha256": hashlib.sha256(text.encode()).hexdigest()}
    company = settings.company["name"] or "Lettrage"
    subject = f"{company}: night of {report['as_of']}: {night_text.outcome(report)}"
    found = [mailing.Notice(f"control report to {one}", one, told, subject, text) for one in to]
    with books.opened(settings) as book:
        due = [one for one in found if not notices.was_told(book, one.name, told)]
        done = mailing.tell(settings, book, due, actor)
    return {**done, "unchanged": len(found) - len(due)}


def not_taken(settings: Settings, files: Sequence[Receipt]) -> list[str]:
    """Short hashes of the ``files`` (as ``discover`` gave them) that are refused or held now.

    A held statement that the bank has corrected since does not count. What is no regular file
    has no hash.
    """
    with ledger.open(settings.ledger) as book:
        bad = reads.files_not_taken(book)
    return [file["sha256"][:12] or "no file" for file in files if file["sha256"] in {*bad, ""}]
