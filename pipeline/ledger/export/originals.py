"""The feed files that were taken, byte by byte as the banks sent them."""

import hashlib
from pathlib import Path

from pipeline.domain.errors import LedgerError, UsageError
from pipeline.domain.original import unpacked
from pipeline.ledger.connection import Ledger
from pipeline.ledger.originals import kept


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
    return [_write(ledger, sha256, folder) for sha256 in wanted]


def _write(ledger: Ledger, sha256: str, folder: Path) -> Path:
    packed, _ = kept(ledger, sha256)
    digest = hashlib.sha256()
    unfinished = folder / f"{sha256}.part"
    try:
        with unfinished.open("wb") as out:
            for piece in unpacked(packed):
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != sha256:
            raise ValueError("other bytes")
        return unfinished.replace(folder / sha256)
    except ValueError as error:
        unfinished.unlink()
        raise LedgerError(f"file {sha256}: the kept bytes are damaged ({error})") from None
