"""What a database said, as an error of ours."""

from sqlalchemy.exc import DBAPIError

from pipeline.domain.errors import LedgerBusyError, LedgerError

BUSY = ("locked", "lock timeout", "deadlock detected", "could not serialize")


def refusal(error: Exception) -> LedgerError:
    """What the database said, in one line without row content; retryable when it was a lock."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    first = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
    if any(word in first for word in BUSY):
        return LedgerBusyError(f"the ledger is busy, try again: {first}")
    return LedgerError(f"the ledger refuses: {first}")


def first_line(error: DBAPIError) -> str:
    """What the database said, without the statement that it said it of."""
    return str(error.orig).splitlines()[0]
