"""Who asks, and what they may do. A role may do all that the roles below it may."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request


class Role(enum.IntEnum):
    """What a person may do on the page."""

    VIEWER = 1
    """Look."""
    REVIEWER = 2
    """Decide, and undo what they decided themselves."""
    APPROVER = 3
    """Approve what others prepared, and undo what others decided."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks."""

    name: str
    role: Role
    session: str
    """What the forms of this person are tied to: nobody else's form is taken for theirs."""


Identify = Callable[[Request], Person]
"""Raises NotSignedInError for somebody unknown, whatever the reason."""


class NotSignedInError(Exception):
    """Nobody whom the page knows asks."""


class MayNotError(Exception):
    """The person's role does not allow this."""
