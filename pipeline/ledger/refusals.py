"""What a database said, as an error of ours."""

from sqlalchemy.exc import DBAPIError

from pipeline.domain.errors import LedgerBusyError, LedgerError

BUSY = ("locked", "lock timeout", "deadlock detected", "could not serialize")


def refusal(error: Exception) -> LedgerError:
    """What the database said, in one line without row content.

    Retryable when it was a lock, or when the server ended a connection that was open: what was not
    committed is not there, and every step may be repeated.
    """
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        lost = "the connection to the ledger was lost, try again"
        return LedgerBusyError(f"{lost}: {first_line(error)}")
    cause = error.orig if isinstance(error, DBAPIError) else error
    first = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
    if any(word in first for word in BUSY):
        return LedgerBusyError(f"the ledger is busy, try again: {first}")
    return LedgerError(f"the ledger refuses: {first}")


def first_line(error: DBAPIError) -> str:
    """What the database said, without the statement that it said it of."""
    return str(error.orig).splitlines()[0]
