"""The feed files that were taken, byte by byte as the banks sent them."""

from pathlib import Path

from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.originals import kept, write


def originals(ledger: Ledger, folder: Path, beginning: str = "") -> list[Path]:
    """Write each file under its SHA-256 into ``folder``; only those whose hash has a ``beginning``.

    The names that the banks gave are in the export ``files``: no path is made of them. Raises
    LedgerError for a file that is damaged, UsageError where no file has that beginning.
    """
    rows = ledger.rows("SELECT sha256 FROM feed_file WHERE status = 'taken' ORDER BY sha256")
    wanted = [row[0] for row in rows if row[0].startswith(beginning.lower())]
    if beginning and not wanted:
        raise UsageError(f"--file {beginning!r}: expected the beginning of a file_sha256")
    folder.mkdir(parents=True, exist_ok=True)
    return [
        write(kept(ledger, sha256)[0], sha256, folder / sha256, f"file {sha256}")
        for sha256 in wanted
    ]
