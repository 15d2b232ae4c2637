"""What the rules see of one line, and what they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.domain.seen import Seen
from pipeline.matching import rule_table
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
    evidence: Seen = ()
    strong: bool = False

    def __post_init__(self) -> None:
        """A rule that the table lacks, or that is surer than the table allows, answers nothing."""
        rule_table.check(self.rule, self.confidence)

    def claims(self) -> list[tuple[str, int]]:
        """The entries and bank entries that this answer would settle."""
        return [(row["target"], row["target_id"]) for row in self.rows if row["target_id"]]


@dataclass(eq=False)
class Case:
    """All that is known of one line: candidates still open at its turn."""

    line: Line
    named: list[Entry]
    """Entries that the line names, in full or by bare digits."""
    part: list[tuple[Entry, int]]
    """What the reference of a statement stands for, with what was open of each when it was made."""
    exact: set[int]
    """``entry_id`` of those named in full."""
    by_account: list[Party]
    by_name: list[Party]
    """Parties by number, mandate or name: sure ones, else those that are only alike."""
    by_mandate: set[Party]
    close: set[Party]
    """Parties whose name is only alike, or begins as that of a party of the other side."""
    near: list[tuple[Entry, str, str]]
    """Open entries that a damaged or shortened word may mean, with the word and its kind."""
    in_text: set[Party]
    """Parties of documents named in full whose whole name stands in the text."""
    others: list[Party]
    """Parties whose whole name stands in the text beside that of the payer."""
    close_name: bool
    """``by_name`` holds names that are only alike."""
    bank_named: list[Entry]
    batch_named: list[Entry]
    bank_same: list[Entry]
    """Open bank entries of the line's account with exactly its amount."""
    batches: list[list[Entry]]
    """Batches of the line's account whose open entries sum to its amount."""
    closed_of: set[Party]
    """Parties of documents named in full of which nothing remains."""
    mapped: list[tuple[int, str, str]]
    """Mappings to G/L accounts: number, account, and why it may not post by itself, else empty."""
    payees: list[tuple[int, Party, str]]
    """Mappings of money out to vendors: number, vendor, and why it may not post by itself."""
    unknown_documents: bool
    own_account: bool
    on_file: set[Party]
    blocked: set[Party]
    above: Mapping[str, str]
    """The parent of each customer that has one, by number."""
    grace: int
    tolerance: Tolerance
    charge_limit: int
    policy: Mapping[str, Any]
    company: str
    """Our own name, from the settings."""
    entries_of: Callable[[Party], list[Entry]]

    @property
    def closed_documents(self) -> bool:
        """Does the line name a document in full of which nothing remains?"""
        return bool(self.closed_of)

    @cached_property
    def full(self) -> list[Entry]:
        """Open entries that the line names in full."""
        return [e for e in self.named if e["entry_id"] in self.exact]

    @cached_property
    def parties(self) -> list[Party]:
        """Every party that the line points to."""
        named = ((e["party_type"], e["party_no"]) for e in self.named)
        taught = (party for _, party, _ in self.payees)
        stated = ((e["party_type"], e["party_no"]) for e, _ in self.part)
        return list(dict.fromkeys([*self.by_account, *self.by_name, *named, *taught, *stated]))

    @cached_property
    def beside(self) -> list[Entry]:
        """All open entries of every party that the line points to."""
        return [e for p in self.parties for e in self.entries_of(p) if e["remaining_amount"]]

    @cached_property
    def party_entries(self) -> list[Entry]:
        """All open entries of the parties of account or name, by due date."""
        known = self.by_account or self.by_name
        return [e for p in known for e in self.entries_of(p) if e["remaining_amount"]]

    @cached_property
    def taken(self) -> frozenset[int]:
        """Remaining amounts of all open entries of the parties that the line points to."""
        return frozenset(e["remaining_amount"] for e in self.beside)

    def surely(self, party: Party) -> bool:
        """Do account, number or a name that may be no other's tell the party?"""
        return party in self.by_account or not (self.close_name or party in self.close)

    def closing(self, entries: list[Entry]) -> Fit | None:
        """How the line's amount closes all of ``entries``, or None.

        No tolerance where the amount is exactly another open entry.
        """
        line = self.line
        fit = closing(line["amount"], entries, line["value_date"], self.grace, self.tolerance)
        if fit and fit.rule == "tolerance" and line["amount"] in self.taken:
            return None
        return fit
