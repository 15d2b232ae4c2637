"""The error tree: one root, few children, each one sentence."""

from dataclasses import dataclass


class LettrageError(Exception):
    """Anything that Lettrage refuses; the message names place, field, found and expected."""

    retryable = False


class UsageError(LettrageError):
    """The call or the settings are wrong; nothing was changed (exit 2)."""


class FeedError(LettrageError):
    """A feed file or one of its statements cannot be read."""


class LoadError(LettrageError):
    """A master-data or entry file has rows that cannot be taken; nothing of it was."""


class LedgerError(LettrageError):
    """The ledger refuses what it was asked to hold."""


class LedgerBusyError(LedgerError):
    """Another process holds the ledger; the same call may be made again."""

    retryable = True


class DecisionError(LettrageError):
    """A person's decision cannot be taken so; nothing was written."""


class WorkerEndedError(LettrageError):
    """A process that worked for a step was ended from outside; the step may be made again."""

    retryable = True


class NotPostedError(DecisionError):
    """Lines that may not be posted so: why, by the id of each."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(f"not posted: {next(iter(reasons.values()))}")
        self.reasons = reasons


class StaleDecisionError(DecisionError):
    """What the decision was about has changed since the person saw it."""


class StaleProposalError(LedgerError):
    """What lines were to settle has changed since they were looked at; nothing was written."""

    def __init__(self, line_ids: list[int]) -> None:
        super().__init__(f"{len(line_ids)} lines: what they settle changed since; match again")
        self.line_ids = line_ids


class KeyConflictError(LedgerError):
    """A key was posted before with other content."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a file, as a value that travels beside the good rows."""

    place: str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.place}: {self.field}: found {self.found!r}, expected {self.expected}"
