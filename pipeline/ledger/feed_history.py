"""What became of the files that came, also of those whose statements others have replaced."""

import polars as pl

from pipeline.ledger.connection import Ledger

FILE_FATES = {
    "sha256": pl.String,
    "name": pl.String,
    "bank_account_no": pl.String,
    "statement_no": pl.String,
    "status": pl.String,
    "reason": pl.String,
}

_SQL = (
    "SELECT f.sha256, f.name, coalesce(s.bank_account_no, '') AS bank_account_no,"
    " coalesce(s.statement_no, '') AS statement_no, coalesce(s.status, f.status) AS status,"
    " coalesce(s.reason, f.detail) AS reason FROM feed_file f"
    " LEFT JOIN statement s ON s.sha256 = f.sha256 ORDER BY f.sha256, s.ordinal, s.id"
)


def file_fates(ledger: Ledger) -> pl.DataFrame:
    """One row for each statement of each file known, or for a file without any (``FILE_FATES``).

    A ``replaced`` statement keeps the reason for which it was held.
    """
    return ledger.frame(_SQL, FILE_FATES)
