"""What goes on paper: files of many statements, sorted as the post takes them."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfWriter

from pipeline import books, delivering, statements
from pipeline.config import Settings
from pipeline.ledger import outbox
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.outbox import Delivery, Scope

Receipt = dict[str, Any]
_MOST = 1_000
"""Statements of one file: what a printer takes, and memory holds."""


def print_batch(settings: Settings, scope: Scope, folder: Path, actor: str) -> Receipt:
    """Put what is pending on paper of a run into files, by country and postcode.

    A file is there before its statements count as printed; the same batch again is the same file.
    LedgerError where somebody else printed it meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, count = [], 0
    with books.opened(settings) as book:
        run = runs.get(book, scope.run_no)
        waiting = outbox.deliveries(book, scope, state="pending", method="print")
        ready = sorted((item for item in waiting if item.pdf_sha256), key=_place)
        for start in range(0, len(ready) if run.approved else 0, _MOST):
            batch = ready[start : start + _MOST]
            file = folder / f"print-run-{run.no}-{min(item.id for item in batch)}.pdf"
            statements.put(_joined(delivering.Pages(run), batch), file)
            outbox.printed(book, batch, actor)
            count += len(batch)
            sheet = {"statements": len(batch), "pages": sum(item.pages for item in batch)}
            files.append({"file": str(file), **sheet})
    return {"printed": count, "print_files": files}


def _place(item: Delivery) -> tuple[str, str, str, int]:
    said = json.loads(item.content)
    return said["country"], said["postcode"], item.customer_no, item.id


def _joined(pages: delivering.Pages, batch: list[Delivery]) -> bytes:
    writer = PdfWriter()
    for item in batch:
        writer.append(BytesIO(pages.pdf(item)), import_outline=False)
    writer.compress_identical_objects()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
