"""Customer and vendor entries that were open as of a date (accounting, section 9)."""

from collections.abc import Collection

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.known import Known, was

_T, _N, _D = pl.String, pl.Int64, pl.Date


def open_entries(ledger: Ledger, at: Known, document_types: Collection[str] = ()) -> pl.DataFrame:
    """Open entries of both sides; ``remaining`` in minor units, what a customer owes positive.

    An entry counts from the day on which it was posted here, at the earliest the cut-over; an
    application from the latest of the entries that it joins. Where an application is posted
    before an entry that it names, the discount that is in the books already is a row of its own.
    """
    only = ", ".join(f"'{name}'" for name in sorted(document_types))
    chosen = f" AND e.document_type IN ({only})" if only else ""
    sql = (
        "WITH late AS (SELECT DISTINCT a.journal_entry_no AS no FROM entry e JOIN application a"
        f" ON a.entry_id = e.id WHERE e.posting_date > '{at.as_of}'),"
        " used AS (SELECT a.entry_id AS id, sum(a.entry_amount) AS amount FROM application a"
        f" WHERE {at.posted('a.journal_entry_no')}"
        " AND a.journal_entry_no NOT IN (SELECT no FROM late) AND a.entry_id IS NOT NULL"
        f"{_of(chosen)} GROUP BY a.entry_id)"
        " SELECT e.party_type, e.party_no, e.control_account, e.currency, e.document_type,"
        " e.document_no, e.instalment, e.posting_date, coalesce(e.due_date, e.posting_date),"
        " CAST(e.initial_amount - coalesce(u.amount, 0) AS BIGINT) FROM entry e"
        " LEFT JOIN used u ON u.id = e.id"
        f" WHERE {at.posted('e.journal_entry_no')}{chosen}"
        " AND e.initial_amount <> coalesce(u.amount, 0)"
        " UNION ALL SELECT e.party_type, e.party_no, e.control_account, e.currency, 'payment',"
        " '', 0, j.posting_date, j.posting_date, CAST(-sum(a.entry_amount) AS BIGINT) FROM late"
        " JOIN application a ON a.journal_entry_no = late.no JOIN entry e ON e.id = a.entry_id"
        f" JOIN journal_entry j ON j.no = late.no WHERE {at.journal}"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(a.entry_amount) <> 0"
    )
    text = ("party_type", "party_no", "control_account", "currency", "document_type", "document_no")
    return ledger.frame(
        sql,
        {
            **dict.fromkeys(text, _T),
            "instalment": _N,
            "posting_date": _D,
            "due_date": _D,
            "remaining": _N,
        },
    )


def _of(chosen: str) -> str:
    """The applications of chosen entries only: a ledger has many more of the others."""
    return f" AND a.entry_id IN (SELECT e.id FROM entry e WHERE 1 = 1{chosen})" if chosen else ""


def names(ledger: Ledger, at: Known) -> pl.DataFrame:
    """``party_type, party_no, name`` of all parties, by the names of then."""
    columns = ("party_type", "party_no", "name")
    name = was(at, "p.party_type", "p.party_no", "name")
    sql = f"SELECT p.party_type, p.party_no, {name} FROM party p ORDER BY p.id"
    return ledger.frame(sql, dict.fromkeys(columns, _T))
