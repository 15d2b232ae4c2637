"""What goes on paper: files of many statements, sorted as the post takes them."""

import hashlib
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline import books, delivering, ledger
from pipeline.config import Settings
from pipeline.domain import whole_file
from pipeline.ledger import outbox
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.outbox import Delivery, Scope

Receipt = dict[str, Any]
_MOST = 1_000
"""Statements of one file: what a printer takes, and memory holds."""


def print_batch(settings: Settings, scope: Scope, folder: Path, actor: str) -> Receipt:
    """Put what is pending on paper of a run into files, by country and postcode.

    A file is there before its statements count as printed; the same batch again is the same file.
    ``problems`` say where one was there already, from a time of which the ledger knows nothing: its
    backup was restored, or the process was killed between both. LedgerError where somebody else
    printed it meanwhile.
    """
    whole_file.folder(folder)
    files, problems, count = [], [], 0
    with books.opened(settings) as book:
        run = runs.get(book, scope.run_no)
        pages = delivering.Pages(run, settings)
        ready = sorted(_places(book, scope)) if run.approved else []
        for start in range(0, len(ready), _MOST):
            numbers = [place[-1] for place in ready[start : start + _MOST]]
            batch, joined, sheets, failed = _joined(book, pages, outbox.those(book, numbers), actor)
            outbox.rendered(book, (), failed, actor)
            if not batch:
                continue
            file = folder / _name(run.no, min(batch, key=lambda item: item.id))
            if file.exists():
                file, said = _again(file, joined)
                problems.append(said)
            whole_file.put(joined, file)
            outbox.printed(book, batch, actor)
            count += len(batch)
            files.append({"file": str(file), "statements": len(batch), "pages": sheets})
    return {"printed": count, "print_files": files, "problems": problems, **pages.said()}


def _again(file: Path, joined: bytes) -> tuple[Path, str]:
    """Where a batch goes whose file is there already, and what is said of it.

    What is there stays: it may be the only trace of what the post took.
    """
    asked = "look whether it went to the post before this one does"
    if file.read_bytes() == joined:
        return file, f"{file.name} was there already, the same: {asked}"
    other = file.with_name(f"{file.stem}-{hashlib.sha256(joined).hexdigest()[:8]}.pdf")
    return other, f"{file.name} was there already, with other pages than {other.name}: {asked}"


def _name(run: int, first: Delivery) -> str:
    """Of a file by its first statement; printed again it has another, and no file is lost."""
    again = f"-{first.tries}" if first.tries else ""
    return f"print-run-{run}-{first.id}{again}.pdf"


def _places(book: ledger.Ledger, scope: Scope) -> Iterator[tuple[str, str, str, int]]:
    """Country, postcode, customer and id of what is ready; pages are for later."""
    after = 0
    while part := outbox.pending(
        book, scope, rendered=True, method="print", after=after, most=_MOST
    ):
        for item in part:
            said = json.loads(item.content or "{}")  # may be erased
            yield said.get("country", ""), said.get("postcode", ""), item.customer_no, item.id
        after = part[-1].id


def _joined(
    book: ledger.Ledger, pages: delivering.Pages, items: list[Delivery], actor: str
) -> tuple[list[Delivery], bytes, int, list[tuple[int, str]]]:
    """What could be made, in one file, its pages, and by id why others could not.

    That stops no other.
    """
    from pypdf import PdfWriter  # takes a fifth of the time in which any command starts

    writer, made, failed = PdfWriter(), [], []
    for item in items:
        try:
            pdf = pages.again(book, item, actor)
        except Exception as error:  # noqa: BLE001 - as in ``delivering.render``
            failed.append((item.id, delivering.why_not(error)))
        else:
            writer.append(BytesIO(pdf), import_outline=False)
            made.append(item)
    writer.compress_identical_objects()
    out = BytesIO()
    if made:
        writer.write(out)
    return made, out.getvalue(), len(writer.pages), failed
