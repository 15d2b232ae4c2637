"""The books of a company: its ledger, opened under settings that agree with it."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec, TypeVar

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import company

_More = ParamSpec("_More")
_Done = TypeVar("_Done")


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[ledger.Ledger]:
    """The ledger for a step or a decision.

    UsageError before anything is read or written when ``settings`` name another company currency
    than the one in which its books are posted.
    """
    with ledger.open(settings.ledger) as book:
        company.currency(book, settings)
        yield book


def kept_open(
    work: Callable[Concatenate[Settings, _More], _Done],
) -> Callable[Concatenate[Settings, _More], _Done]:
    """Work of several steps over one ledger, which stays open from one to the next."""

    @functools.wraps(work)
    def done(settings: Settings, /, *args: _More.args, **options: _More.kwargs) -> _Done:
        with ledger.kept(settings.ledger):
            return work(settings, *args, **options)

    return done
