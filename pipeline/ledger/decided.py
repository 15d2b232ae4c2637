"""What people posted, newest first, each with whether it still stands; what a line posted."""

from typing import Any

from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

Row = dict[str, Any]
_SQL = (
    "SELECT d.id, d.action, d.actor, d.prepared_by, d.reason, d.recorded_at, d.register_no,"
    " x.id AS item, l.counterparty_name, l.text, l.amount, s.currency, s.bank_account_no,"
    " s.statement_no, l.line_no, s.status AS statement_status, j.no AS journal_entry_no,"
    " (SELECT max(r.no) FROM journal_entry r WHERE r.reverses_no = j.no) AS reversed_by"
    " FROM decision d JOIN statement_line l ON l.line_id = d.line_id JOIN statement s ON"
    " s.id = l.statement_id LEFT JOIN exception_item x ON x.line_id = d.line_id LEFT JOIN"
    " journal_entry j ON j.register_no = d.register_no AND j.line_id = d.line_id AND"
    " j.reverses_no IS NULL WHERE d.outcome = 'posted' AND d.action <> 'reverse'"
)


def posted(ledger: Ledger, *, register: int = 0, before: int = 0, size: int = 100) -> list[Row]:
    """Decisions that posted, newest first: of one ``register``, or with an id below ``before``."""
    where = f" AND d.register_no = {int(register)}" if register else ""
    where += f" AND d.id < {int(before)}" if before else ""
    return ledger.records(f"{_SQL}{where} ORDER BY d.id DESC LIMIT {int(size)}")


def chosen(ledger: Ledger, ids: list[int]) -> list[Row]:
    """Decisions by their ids, in this order of age."""
    return ledger.records(f"{_SQL} AND d.id IN ({listed(ids)}) ORDER BY d.id")


def journal(ledger: Ledger, line_id: int) -> list[Row]:
    """The postings of a line, by journal entry (``journal_entry_no``, its day and register).

    ``amount`` in minor units, debit > 0; ``reverses_no`` is the entry that this one takes back.
    """
    sql = (
        "SELECT j.no AS journal_entry_no, j.posting_date, j.register_no, j.reverses_no,"
        " p.gl_account, p.party_no, p.bank_account_no, p.amount, p.currency FROM journal_entry j"
        " JOIN posting p ON p.journal_entry_no = j.no WHERE j.line_id = :line ORDER BY j.no, p.seq"
    )
    return ledger.records(sql, line=line_id)
