"""What the rules see of one line, and what they answer."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.matching.amounts import Entry, Fit, Tolerance, closing

Line = dict[str, Any]
Party = tuple[str, str]


@dataclass(slots=True)
class Answer:
    """One possible answer for a line; ``rows`` by the names of ``frames.PROPOSED``."""

    confidence: str
    rule: str
    reason: str = ""
    party: Party = ("", "")
    rows: list[dict[str, Any]] = field(default_factory=list)
    evidence: str = ""
    strong: bool = False

    def claims(self) -> list[tuple[str, int]]:
        """The entries and bank entries that this answer would settle."""
        return [(row["target"], row["target_id"]) for row in self.rows if row["target_id"]]


@dataclass(slots=True)
class Case:
    """All that is known of one line: candidates still open at its turn."""

    line: Line
    named: list[Entry]
    """Entries that the line names, in full or by bare digits."""
    exact: set[int]
    """``entry_id`` of those named in full."""
    by_account: list[Party]
    by_name: list[Party]
    """Parties by number, mandate or name: sure ones, else those that are only alike."""
    by_mandate: set[Party]
    close: set[Party]
    """Parties whose name is only alike."""
    close_name: bool
    """``by_name`` holds names that are only alike."""
    party_entries: list[Entry]
    """All open entries of the parties of account or name, by due date."""
    beside: list[Entry]
    """All entries of every party that the line points to."""
    bank_named: list[Entry]
    batch_named: list[Entry]
    bank_same: list[Entry]
    """Open bank entries of the line's account with exactly its amount."""
    batches: list[list[Entry]]
    """Batches of the line's account whose open entries sum to its amount."""
    closed_documents: bool
    unknown_documents: bool
    own_account: bool
    payee_on_file: bool
    on_file: set[Party]
    blocked: set[Party]
    taken: frozenset[int]
    """Remaining amounts of all open entries of the parties that the line points to."""
    grace: int
    tolerance: Tolerance
    charge_limit: int
    policy: dict[str, Any]

    def closing(self, entries: list[Entry]) -> Fit | None:
        """How the line's amount closes all of ``entries``, or None.

        No tolerance where the amount is exactly another open entry.
        """
        line = self.line
        fit = closing(line["amount"], entries, line["value_date"], self.grace, self.tolerance)
        if fit and fit.rule == "tolerance" and line["amount"] in self.taken:
            return None
        return fit
