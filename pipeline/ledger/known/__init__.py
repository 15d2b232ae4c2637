"""What the ledger knew: as of a date, at a register, with the statements that had come by then.

Every report is a function of these three, so that the same three give the same bytes.
"""

import datetime as dt
from dataclasses import dataclass

from pipeline.domain.errors import UsageError
from pipeline.ledger import last_days, reads, requests
from pipeline.ledger.connection import Ledger


@dataclass(frozen=True, slots=True)
class Known:
    """The point from which a report looks; ``journal`` and ``seen`` are its SQL."""

    as_of: dt.date
    register: int
    hash: str
    policy_hash: str
    """Of the policy under which that register ran."""
    approved_by: tuple[str, ...]
    """The people who approved that policy; it counts as approved when they are two."""
    feeds: int
    """Number of the last statement event that counts."""
    loads: int
    """Number of the last load whose names and other master data count."""
    later: int
    """Statement events that no register has followed yet."""
    last: int
    """Number of the last journal entry of that register."""
    dated_later: bool
    """Whether journal entries until that one are posted after ``as_of``: mostly none is."""

    @property
    def journal(self) -> str:
        """Condition on a journal entry ``j``."""
        return f"j.posting_date <= '{self.as_of}' AND j.register_no <= {self.register}"

    def posted(self, column: str) -> str:
        """Condition on a ``column`` that has the number of a journal entry, as ``journal`` of it.

        Where the number alone tells it no journal entry is looked up: a report asks for millions.
        """
        if self.dated_later:
            return f"{column} IN (SELECT j.no FROM journal_entry j WHERE {self.journal})"
        return f"{column} <= {self.last}"

    @property
    def seen(self) -> str:
        """Common table ``seen``: ``id, status, reason`` of the statements, as they were."""
        return (
            "seen AS (SELECT e.statement_id AS id, e.new_status AS status, e.reason FROM"
            " statement_event e"
            " JOIN (SELECT statement_id, max(id) AS id FROM statement_event WHERE id <="
            f" {self.feeds} GROUP BY statement_id) m ON m.id = e.id)"
        )


def was(at: Known, kind: str, row: str, field: str) -> str:
    """SQL for a field of master data as it was known; ``row`` has it now, by its number.

    ``kind`` and ``row`` are SQL: the kind as ``master_change`` has it, the number of the row.
    """
    table = row.partition(".")[0]
    return (
        "coalesce((SELECT m.old_value FROM master_change m WHERE m.kind ="
        f" {kind} AND m.no = {row} AND m.field = '{field}' AND m.load_id > {at.loads}"
        f" ORDER BY m.id LIMIT 1), {table}.{field})"
    )


def there(at: Known, kind: str, row: str) -> str:
    """Condition that something of master data was known already; the words are those of ``was``."""
    return (
        f"NOT EXISTS (SELECT 1 FROM master_change m WHERE m.kind = {kind} AND m.no = {row} AND"
        f" m.field = 'no' AND m.load_id > {at.loads})"
    )


RECEIVED = "w.status IN ('received', 'reconciled') AND s.kind = 'booked'"
"""Condition on a statement ``s`` with its status ``w`` of ``seen``."""


def known(ledger: Ledger, as_of: dt.date | None = None, at: int | None = None) -> Known:
    """What the ledger knows now, or knew when register ``at`` was sealed.

    ``as_of`` defaults to the latest booking date of the statements received, never the clock's.
    UsageError when there is no such register.
    """
    head = reads.register_head(ledger)
    if at is not None and not 0 < at <= head["no"]:
        raise UsageError(f"--as-known-at {at}: expected a register from 1 to {head['no']}")
    number = head["no"] if at is None else at
    rows = ledger.rows(
        "SELECT s.hash, r.policy_hash, r.recorded_at FROM register_seal s JOIN register r"
        f" ON r.no = s.register_no WHERE s.register_no = {number}"
    )
    before = "" if at is None else f" WHERE after_register < {at}"
    feeds, loads = (
        ledger.rows(f"SELECT coalesce(max(id), 0) FROM {table}{before}")[0][0]
        for table in ("statement_event", "load_file")
    )
    later = (  # to close a statement or undo that is no news to a report: its lines are settled
        "SELECT count(*) FROM statement_event WHERE 'reconciled' NOT IN (old_status, new_status)"
        f" AND id <= {feeds} AND after_register >= {number}"
    )
    sealed, policy, written = rows[0] if rows else ("", "", "")
    day = as_of or last_days.known(ledger, feeds, number)
    people = tuple(requests.people(ledger, requests.POLICY, policy, until=written))
    last = ledger.rows(f"SELECT {last_of(number)}")[0][0]
    dated = f"SELECT 1 FROM journal_entry WHERE no <= {last} AND posting_date > '{day}' LIMIT 1"
    return Known(
        day, number, sealed, policy, people, feeds, loads, ledger.rows(later)[0][0],
        last, bool(ledger.rows(dated)),
    )  # fmt: skip


def last_of(register: int) -> str:
    """SQL: the number of the last journal entry of a register, 0 for none."""
    return f"coalesce((SELECT max(no) FROM journal_entry WHERE register_no = {register}), 0)"
