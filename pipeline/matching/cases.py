"""What the rules see of one line, and what they answer."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.matching.amounts import Entry, Tolerance

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
    exact: set[int]
    by_account: list[Party]
    by_name: list[Party]
    close_name: bool
    party_entries: list[Entry]
    bank_entries: list[Entry]
    closed_documents: bool
    own_account: bool
    payee_on_file: bool
    on_file: set[Party]
    blocked: set[Party]
    grace: int
    tolerance: Tolerance
    charge_limit: int
    policy: dict[str, Any]
