"""The books of a company: its ledger, opened under settings that agree with it."""

import contextlib
from collections.abc import Iterator

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import company


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[ledger.Ledger]:
    """The ledger for a step or a decision.

    UsageError before anything is read or written when ``settings`` name another company currency
    than the one in which its books are posted.
    """
    with ledger.open(settings.ledger) as book:
        company.currency(book, settings)
        yield book
