"""What the night's control report counts: the statements that came last, and what stays open."""

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.known import Known, last_of

_T, _N, _D = pl.String, pl.Int64, pl.Date


def _arrivals(at: Known) -> str:
    """Statements that came by then and close by the day of the report; held ones of any day."""
    return (
        "arrival AS (SELECT e.statement_id AS id, e.after_register FROM statement_event e"
        " JOIN statement s ON s.id = e.statement_id WHERE e.old_status = ''"
        f" AND e.id <= {at.feeds} AND (e.new_status = 'held'"
        f" OR coalesce(s.to_date, '') <= '{at.as_of}'))"
    )


def since(ledger: Ledger, at: Known) -> int:
    """The register after which the statements came that came last; 0 when none came."""
    sql = f"WITH {_arrivals(at)} SELECT coalesce(max(after_register), 0) FROM arrival"
    return int(ledger.rows(sql)[0][0])


def _fresh(at: Known, since: int) -> str:
    return (
        f"{at.seen}, {_arrivals(at)},"
        f" fresh AS (SELECT id FROM arrival WHERE after_register = {since})"
    )


def received_last(ledger: Ledger, at: Known, since: int) -> pl.DataFrame:
    """The booked statements that came last, held ones too, with what they say of their lines."""
    sql = (
        f"WITH {_fresh(at, since)} SELECT s.id, coalesce(s.bank_account_no, ''), s.currency,"
        " CASE WHEN w.status = 'held' THEN 1 ELSE 0 END, s.line_count, s.net FROM statement s"
        " JOIN fresh f ON f.id = s.id JOIN seen w ON w.id = s.id WHERE s.kind = 'booked'"
        " AND w.status IN ('received', 'reconciled', 'held') ORDER BY s.id"
    )
    names = ("held", "line_count", "net")
    return ledger.frame(
        sql,
        {"statement_id": _N, "bank_account_no": _T, "currency": _T, **dict.fromkeys(names, _N)},
    )


def fates(ledger: Ledger, at: Known, since: int) -> pl.DataFrame:
    """Lines of the statements that came last, by what became of them and by sign.

    ``statement_id, fate, credit, count, amount``. ``fate``: posted, on_account (all of it), parked,
    queued, held, before_cutover, no_amount; broken where the parts are not the line's amount.
    """
    alone = "a.entry_id IS NULL AND a.bank_entry_id IS NULL AND a.gl_account = ''"
    sql = (
        f"WITH {_fresh(at, since)}, put AS (SELECT a.line_id, sum(a.applied_amount) AS total,"
        " sum(CASE WHEN a.rule = 'parking' THEN a.applied_amount ELSE 0 END) AS parked,"
        f" sum(CASE WHEN {alone} THEN a.applied_amount ELSE 0 END) AS account FROM application a"
        " JOIN statement_line k ON k.line_id = a.line_id JOIN fresh f ON f.id = k.statement_id"
        f" WHERE a.role = 'settles' AND a.journal_entry_no <= {at.last} GROUP BY a.line_id),"
        " told AS (SELECT l.statement_id, l.amount, CASE WHEN w.status = 'held' THEN 'held'"
        " WHEN l.before_cutover = 1 THEN 'before_cutover' WHEN l.amount = 0 THEN 'no_amount'"
        " WHEN coalesce(p.total, 0) = 0 THEN 'queued' WHEN p.total <> l.amount THEN 'broken'"
        " WHEN p.parked <> 0 THEN 'parked' WHEN p.account = l.amount THEN 'on_account'"
        " ELSE 'posted' END AS fate FROM statement_line l JOIN statement s"
        " ON s.id = l.statement_id JOIN fresh f ON f.id = s.id JOIN seen w ON w.id = s.id"
        " LEFT JOIN put p ON p.line_id = l.line_id WHERE s.kind = 'booked'"
        " AND w.status IN ('received', 'reconciled', 'held'))"
        " SELECT statement_id, fate, CASE WHEN amount > 0 THEN 1 ELSE 0 END, count(*),"
        " CAST(sum(amount) AS BIGINT) FROM told GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    numbers = ("credit", "count", "amount")
    return ledger.frame(sql, {"statement_id": _N, "fate": _T, **dict.fromkeys(numbers, _N)})


def held(ledger: Ledger, at: Known) -> pl.DataFrame:
    """All statements that are held: nothing of them is posted."""
    sql = (
        f"WITH {at.seen} SELECT coalesce(s.bank_account_no, ''), s.currency, s.statement_no,"
        " s.to_date, s.reason, s.line_count, s.net FROM statement s JOIN seen w ON w.id = s.id"
        " WHERE w.status = 'held' AND s.kind = 'booked' ORDER BY s.id"
    )
    text = ("bank_account_no", "currency", "statement_no")
    return ledger.frame(
        sql, {**dict.fromkeys(text, _T), "to_date": _D, "reason": _T, "lines": _N, "net": _N}
    )


def given(ledger: Ledger, at: Known, since: int) -> pl.DataFrame:
    """Discounts and differences posted by registers after ``since``; debit positive.

    ``kind`` is discount or the difference's own, with the side that it is of.
    """
    part = (
        "SELECT e.party_type, e.currency, {kind} AS kind, count(*) AS count,"
        " CAST(sum({amount}) AS BIGINT) AS amount FROM application a JOIN entry e"
        f" ON e.id = a.entry_id WHERE a.role = 'settles' AND a.journal_entry_no > {last_of(since)}"
        f" AND a.journal_entry_no <= {at.last} AND {{amount}} <> 0 GROUP BY 1, 2, 3"
    )
    discounts = part.format(kind="CAST('discount' AS TEXT)", amount="a.discount_amount")
    others = part.format(kind="a.difference_kind", amount="a.difference_amount")
    sql = f"SELECT * FROM ({discounts} UNION ALL {others}) AS q ORDER BY 1, 2, 3"
    text = ("party_type", "currency", "kind")
    return ledger.frame(sql, {**dict.fromkeys(text, _T), "count": _N, "amount": _N})


def control(ledger: Ledger, at: Known) -> pl.DataFrame:
    """What the entries of each control account sum up to: ``gl_account, currency, amount``."""
    begun = (
        "SELECT e.control_account, e.currency, CAST(sum(e.initial_amount) AS BIGINT) FROM entry e"
        f" WHERE {at.posted('e.journal_entry_no')} GROUP BY e.control_account, e.currency"
    )
    settled = (
        "SELECT e.control_account, e.currency, CAST(-sum(a.entry_amount) AS BIGINT) FROM"
        " application a JOIN entry e ON e.id = a.entry_id"
        f" WHERE {at.posted('a.journal_entry_no')} GROUP BY e.control_account, e.currency"
    )
    columns = {"gl_account": _T, "currency": _T, "amount": _N}
    found = ledger.side_by_side([begun, settled], columns)
    account = ("gl_account", "currency")
    return found.group_by(account).agg(pl.col("amount").sum()).sort(account)


def source_lag(ledger: Ledger, at: Known) -> pl.DataFrame:
    """What the last list of entries showed open that we had settled: ``entries, since``; or none.

    ``since``: the day of the first posting that the source lacked.
    """
    sql = (
        "SELECT g.entries, g.since FROM source_lag g WHERE g.load_id = (SELECT max(id) FROM"
        f" load_file WHERE kind = 'ledger-entries' AND id <= {at.loads})"
    )
    return ledger.frame(sql, {"entries": _N, "since": _D})
