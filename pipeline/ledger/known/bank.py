"""Bank accounts as the ledger knew them: balances, statements, open entries, lines not booked."""

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.known import RECEIVED, Known, there, was

_T, _N, _D = pl.String, pl.Int64, pl.Date
_DAY = "coalesce(l.booking_date, l.value_date)"
_CLOSES = (
    "coalesce(s.to_date, (SELECT max(coalesce(m.booking_date, m.value_date)) FROM statement_line m"
    " WHERE m.statement_id = s.id), s.from_date)"
)
_LIVE = "(b.last_statement_date IS NULL OR s.to_date IS NULL OR s.to_date > b.last_statement_date)"


def accounts(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Our bank accounts with what was loaded about their statements by then."""
    text = ("bank_account_no", "name", "currency", "gl_account", "transit_account",
            "statement_frequency", "last_statement_no")  # fmt: skip
    dates = ("last_statement_date", "active_from", "closed_on")
    schema = {**dict.fromkeys(text, _T), **dict.fromkeys(dates, _D), "last_statement_balance": _N}
    kind, row = "'bank_account'", "b.bank_account_no"
    changing = ("name", "statement_frequency", "active_from", "closed_on")
    columns = ", ".join(
        f"nullif({was(at, kind, row, name)}, '')" if name in changing else f"b.{name}"
        for name in schema
    )
    sql = f"SELECT {columns} FROM bank_account b WHERE {there(at, kind, row)}"
    return ledger.frame(f"{sql} ORDER BY b.bank_account_no", schema)


def balances(ledger: Ledger, at: Known) -> pl.DataFrame:
    """G/L balances: ``gl_account, currency, bank_account_no, opening (0, 1), amount``."""
    opening = "SELECT no FROM journal_entry WHERE kind = 'opening' AND line_id IS NULL"
    sql = (
        "SELECT p.gl_account, p.currency, p.bank_account_no, CASE WHEN p.journal_entry_no IN"
        f" ({opening}) THEN 1 ELSE 0 END, CAST(sum(p.amount) AS BIGINT) FROM posting p"
        f" WHERE {at.posted('p.journal_entry_no')} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    )
    names = ("gl_account", "currency", "bank_account_no")
    return ledger.frame(sql, {**dict.fromkeys(names, _T), "opening": _N, "amount": _N})


def statements(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Statements received after the cut-over, as ``domain.chain`` wants them, and two more.

    ``ord`` is their place in the chain of closed ones, where they stand in it by then; a closed
    one's ``opening`` and ``closing`` are those of the chain, an OFX one has no opening.
    """
    ofx = "substr(s.format, 1, 3) = 'ofx'"
    sql = (
        f"WITH {at.seen}, closed AS ({closed(at)}), sums AS (SELECT statement_id,"
        " CAST(sum(CASE WHEN before_cutover = 0 THEN amount ELSE 0 END) AS BIGINT) AS net,"
        " CAST(sum(CASE WHEN before_cutover = 0 THEN 0 ELSE amount END) AS BIGINT) AS before,"
        " count(*) AS lines FROM statement_line GROUP BY statement_id)"
        f" SELECT s.id, s.bank_account_no, s.statement_no, s.page, s.currency, s.from_date,"
        f" {_CLOSES}, CASE WHEN c.ord IS NOT NULL THEN c.opening WHEN {ofx} THEN NULL"
        " ELSE s.opening END, coalesce(c.closing, s.closing), s.complete, coalesce(k.net, 0),"
        " coalesce(k.before, 0), s.net, s.line_count, coalesce(k.lines, 0), c.ord"
        " FROM statement s JOIN seen w ON w.id = s.id"
        " JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
        " LEFT JOIN sums k ON k.statement_id = s.id LEFT JOIN closed c ON c.statement_id = s.id"
        " AND w.status = 'reconciled'"
        f" WHERE {RECEIVED} AND {_LIVE} ORDER BY s.bank_account_no, s.id"
    )
    return ledger.frame(
        sql,
        {
            "statement_id": _N,
            **dict.fromkeys(("bank_account_no", "statement_no", "page", "currency"), _T),
            **dict.fromkeys(("from_date", "to_date"), _D),
            **dict.fromkeys(("opening", "closing", "complete", "net", "before"), _N),
            **dict.fromkeys(("stated_net", "stated_lines", "lines", "ord"), _N),
        },
    )


def closed(at: Known) -> str:
    """SQL: the row of the chain by which each statement was closed by then, also if closed anew.

    The first closing of a statement is the first event that says so, and so on.
    """
    return (
        "SELECT q.statement_id, q.ord, q.opening, q.closing, q.actor FROM (SELECT c.*, row_number()"
        " OVER (PARTITION BY statement_id ORDER BY ord) AS time FROM statement_chain c WHERE"
        " undoes_ord IS NULL) q JOIN (SELECT statement_id, count(*) AS times"
        f" FROM statement_event WHERE new_status = 'reconciled' AND id <= {at.feeds} GROUP BY"
        " statement_id) n ON n.statement_id = q.statement_id AND n.times = q.time"
    )


def lines_off(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Lines whose amount is not in the books as their statement has it by that day.

    ``amount`` counts where the statement closes by then (``closes`` 1), ``booked`` is what the
    bank's G/L account holds of the line: a line of a later statement may be booked already.
    """
    closes = f"CASE WHEN {_CLOSES} <= '{at.as_of}' THEN 1 ELSE 0 END"
    sql = (
        f"WITH {at.seen}, held AS (SELECT j.line_id, CAST(sum(p.amount) AS BIGINT) AS amount"
        " FROM journal_entry j JOIN posting p ON p.journal_entry_no = j.no"
        f" WHERE j.line_id IS NOT NULL AND p.bank_account_no <> '' AND {at.journal}"
        f" GROUP BY j.line_id), own AS (SELECT s.id, {closes} AS closes, s.bank_account_no,"
        " s.statement_no FROM statement s JOIN seen w ON w.id = s.id JOIN bank_account b"
        f" ON b.bank_account_no = s.bank_account_no WHERE {RECEIVED} AND {_LIVE})"
        " SELECT o.id, o.bank_account_no, o.statement_no, o.closes, l.line_no,"
        f" {_DAY}, l.value_date, l.amount, coalesce(h.amount, 0), l.counterparty_name, l.text"
        " FROM statement_line l JOIN own o ON o.id = l.statement_id"
        " LEFT JOIN held h ON h.line_id = l.line_id WHERE l.before_cutover = 0"
        " AND l.amount * o.closes <> coalesce(h.amount, 0)"
        f" ORDER BY o.bank_account_no, {_DAY}, o.id, l.line_no"
    )
    return ledger.frame(
        sql,
        {
            "statement_id": _N,
            **dict.fromkeys(("bank_account_no", "statement_no"), _T),
            **dict.fromkeys(("closes", "line_no"), _N),
            **dict.fromkeys(("booking_date", "value_date"), _D),
            **dict.fromkeys(("amount", "booked"), _N),
            **dict.fromkeys(("counterparty_name", "text"), _T),
        },
    )


def open_entries(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Bank entries that no line had confirmed by then; ``amount`` is what remains."""
    sql = (
        "WITH used AS (SELECT a.bank_entry_id AS id, sum(a.entry_amount) AS amount"
        " FROM application a WHERE a.bank_entry_id IS NOT NULL"
        f" AND {at.posted('a.journal_entry_no')} GROUP BY a.bank_entry_id)"
        " SELECT e.bank_account_no, e.entry_no, e.posting_date, e.entry_type, e.document_no,"
        " e.check_no, CAST(e.amount - coalesce(u.amount, 0) AS BIGINT) FROM bank_entry e"
        " LEFT JOIN used u ON u.id = e.id"
        f" WHERE {at.posted('e.journal_entry_no')} AND e.amount <> coalesce(u.amount, 0)"
        " ORDER BY e.bank_account_no, e.posting_date, e.entry_no"
    )
    text = ("entry_type", "document_no", "check_no")
    return ledger.frame(
        sql,
        {"bank_account_no": _T, "entry_no": _T, "posting_date": _D, **dict.fromkeys(text, _T),
         "amount": _N},
    )  # fmt: skip


def refused(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Statements that people had refused by then, with who and why; no line of them is posted.

    ``account`` as the file names it where it is not known; ``reason``: for what it was held.
    """
    sql = (
        f"WITH {at.seen}, said AS (SELECT f.*, row_number() OVER (PARTITION BY statement_id ORDER"
        f" BY id DESC) AS back FROM statement_refusal f WHERE after_event < {at.feeds} AND action ="
        " 'refuse') SELECT coalesce(s.bank_account_no, s.account), s.currency, s.statement_no,"
        " s.to_date, s.line_count, s.net, s.reason, f.actor, f.second_actor, f.reason AS why,"
        " substr(f.recorded_at, 1, 10) FROM statement s JOIN seen w ON w.id = s.id JOIN said f ON"
        " f.statement_id = s.id AND f.back = 1 WHERE w.status = 'refused' ORDER BY 1, 4, s.id"
    )
    text = ("account", "currency", "statement_no")
    said = ("reason", "asked_by", "approved_by", "why", "refused_on")
    return ledger.frame(sql, {**dict.fromkeys(text, _T), "to_date": _D, "lines": _N, "net": _N,
                              **dict.fromkeys(said, _T)})  # fmt: skip


def parked(ledger: Ledger, at: Known) -> pl.DataFrame:
    """Lines that stood on a clearing account by then; ``amount`` as the bank has it."""
    sql = (
        "WITH put AS (SELECT a.line_id, a.gl_account, CAST(sum(a.applied_amount) AS BIGINT)"
        " AS amount FROM application a WHERE a.rule = 'parking' AND a.line_id IS NOT NULL"
        f" AND {at.posted('a.journal_entry_no')}"
        " GROUP BY a.line_id, a.gl_account HAVING sum(a.applied_amount) <> 0)"
        f" SELECT s.bank_account_no, s.currency, p.gl_account, s.statement_no, l.line_no, {_DAY},"
        " l.value_date, p.amount, l.counterparty_name, l.text FROM put p JOIN statement_line l"
        " ON l.line_id = p.line_id JOIN statement s ON s.id = l.statement_id"
        f" ORDER BY s.bank_account_no, {_DAY}, s.id, l.line_no"
    )
    return ledger.frame(
        sql,
        {
            **dict.fromkeys(("bank_account_no", "currency", "gl_account", "statement_no"), _T),
            "line_no": _N,
            **dict.fromkeys(("booking_date", "value_date"), _D),
            "amount": _N,
            **dict.fromkeys(("counterparty_name", "text"), _T),
        },
    )
