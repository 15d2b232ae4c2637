"""Reads of what is posted: parked lines and what is left to park, the originals of returns."""

import datetime as dt
from collections.abc import Collection

import polars as pl

from pipeline.domain import frames
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed, quoted
from pipeline.ledger.reads import LEFT, LIVE, PARKED

_TO_TIE = (
    "EXISTS (SELECT 1 FROM bank_account b JOIN proposal p ON p.line_id = l.line_id JOIN proposed d"
    " ON d.line_id = p.line_id AND d.rank = p.rank WHERE b.bank_account_no = s.bank_account_no AND"
    " b.reconcile = 'separate' AND p.rank = 1 AND p.confidence = 'high' AND"
    " d.target = 'bank_entry')"
)

_FITS = (
    "({0} IS NULL OR CASE WHEN {0} > 0 THEN {1}.remaining_amount - a.entry_amount BETWEEN 0 AND {0}"
    " ELSE {1}.remaining_amount - a.entry_amount BETWEEN {0} AND 0 END)"
)


def parked_lines(ledger: Ledger) -> pl.DataFrame:
    """Lines on the clearing account: ``line_id, clearing_account``."""
    sql = (
        "SELECT a.line_id, a.gl_account FROM application a JOIN journal_entry j"
        f" ON j.no = a.journal_entry_no WHERE j.kind = 'parking' AND {LIVE}"
        f" AND a.line_id IN ({PARKED}) ORDER BY a.line_id"
    )
    return ledger.frame(sql, {"line_id": pl.Int64, "clearing_account": pl.String})


_PAID_BY = (
    "CASE WHEN j.kind NOT IN ('unapplication', 'application') THEN j.no ELSE (SELECT max(p.no)"
    " FROM journal_entry p WHERE p.line_id = a.line_id AND p.kind <> 'parking' AND p.reverses_no IS"
    " NULL AND NOT EXISTS (SELECT 1 FROM journal_entry q WHERE q.reverses_no = p.no)) END"
)
"""The journal entry with the payment entry of a row ``a``: what was un-applied, or applied by hand,
stands on that of the line's posting."""


def originals(ledger: Ledger, amounts: Collection[int]) -> pl.DataFrame:
    """What lines settle, where they or a part of them have these amounts and nothing undid it.

    By ``frames.ORIGINALS``; minor units, the sign of the line.
    """
    names = list(frames.ORIGINALS)
    line = ", ".join(f"l.{name}" for name in names[3 : names.index("place")])
    wanted = listed(amounts)
    undone = "SELECT 1 FROM application u WHERE u.unapplies_no = {0}.journal_entry_no AND"
    undone += " u.unapplies_seq = {0}.seq"
    twin = (  # another line paid the same part of the entry: which of the two is undone?
        "SELECT 1 FROM application t WHERE {0} AND t.role = 'settles' AND"
        " t.unapplies_no IS NULL AND t.entry_amount = a.entry_amount AND (t.journal_entry_no <>"
        f" a.journal_entry_no OR t.seq <> a.seq) AND NOT EXISTS ({undone.format('t')})"
    )
    twins = " OR ".join(
        f"(a.{name} IS NOT NULL AND NOT EXISTS ({twin.format(f't.{name} = a.{name}')}))"
        for name in ("entry_id", "bank_entry_id")
    )
    on_account = "(a.entry_id IS NULL AND a.bank_entry_id IS NULL AND a.gl_account = '')"
    sql = (
        f"SELECT l.line_id, s.bank_account_no, s.currency, {line}, a.seq,"
        " CASE WHEN a.bank_entry_id IS NULL THEN 'entry' ELSE 'bank_entry' END,"
        " coalesce(a.entry_id, a.bank_entry_id, y.id, 0), coalesce(b.end_to_end_id, ''),"
        " coalesce(e.mandate_id, b.mandate_id, ''), coalesce(e.document_no, b.document_no, ''),"
        " coalesce(e.currency, s.currency),"
        " a.party_type, a.party_no, a.applied_amount,"
        f" CASE WHEN {on_account} THEN a.applied_amount ELSE a.entry_amount END,"
        " a.discount_amount, a.difference_amount, a.difference_kind,"
        f" CASE WHEN {twins} OR ({on_account} AND"
        " y.currency = s.currency AND y.remaining_amount = -a.applied_amount) THEN 1 ELSE 0 END"
        " FROM statement_line l JOIN statement s ON s.id = l.statement_id"
        " JOIN application a ON a.line_id = l.line_id"
        " JOIN journal_entry j ON j.no = a.journal_entry_no LEFT JOIN entry y ON"
        f" y.journal_entry_no = {_PAID_BY} AND y.party_type = a.party_type AND y.party_no ="
        " a.party_no"
        " LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id"
        f" WHERE (l.amount IN ({wanted}) OR a.applied_amount IN ({wanted})) AND a.role = 'settles'"
        f" AND a.rule NOT IN ('parking', 'return') AND {LIVE} AND a.unapplies_no IS NULL AND NOT"
        f" EXISTS ({undone.format('a')})"
        " ORDER BY l.line_id, a.journal_entry_no, a.seq"
    )
    return ledger.frame(sql, frames.ORIGINALS)


def differences(ledger: Ledger) -> pl.DataFrame:
    """Tolerances and bank charges that the machine gave up, what was taken back not counted.

    ``line_id`` (null), ``party_type, party_no, currency, day, difference_amount``; the day is the
    booking date of the line.
    """
    day = "coalesce(l.booking_date, l.value_date)"
    sql = (
        f"SELECT CAST(NULL AS BIGINT), a.party_type, a.party_no, e.currency, {day},"
        " CAST(sum(a.difference_amount) AS BIGINT) FROM application a JOIN entry e ON e.id ="
        " a.entry_id JOIN statement_line l ON l.line_id = a.line_id WHERE a.role = 'settles' AND"
        " a.difference_amount <> 0 AND a.difference_kind <> 'write_off' AND a.confidence NOT IN"
        f" ('manual', 'accepted') GROUP BY a.line_id, a.party_type, a.party_no, e.currency, {day}"
        " HAVING sum(a.difference_amount) <> 0 ORDER BY a.line_id"
    )
    text = ("party_type", "party_no", "currency")
    return ledger.frame(
        sql,
        {"line_id": pl.Int64, **dict.fromkeys(text, pl.String), "day": pl.Date,
         "difference_amount": pl.Int64},
    )  # fmt: skip


def transferred(ledger: Ledger, account: str, since: dt.date | None) -> pl.DataFrame:
    """Lines that stand booked to the transfers ``account`` since a day, all of their amount.

    ``line_id, bank_account_no, currency, amount, booking_date``. Where a transfer between two
    currencies was settled each of its lines has an opposite of no line and no bank account.
    """
    schema = {"line_id": pl.Int64, "bank_account_no": pl.String, "currency": pl.String,
              "amount": pl.Int64, "booking_date": pl.Date}  # fmt: skip
    if since is None:
        return pl.DataFrame(schema=schema)
    name = quoted(account)
    sql = (
        "SELECT l.line_id, s.bank_account_no, s.currency, l.amount,"
        " coalesce(l.booking_date, l.value_date) FROM journal_entry j JOIN application a"
        " ON a.journal_entry_no = j.no JOIN statement_line l ON l.line_id = a.line_id"
        " JOIN statement s ON s.id = l.statement_id WHERE j.kind IN ('transfer', 'gl', 'release')"
        f" AND j.posting_date >= '{since.isoformat()}' AND {LIVE} AND a.gl_account = {name}"
        " AND a.applied_amount = l.amount UNION ALL SELECT 0, '', p.currency, -p.amount,"
        " j.posting_date FROM journal_entry j JOIN posting p ON p.journal_entry_no = j.no WHERE"
        f" j.kind = 'exchange' AND j.posting_date >= '{since.isoformat()}' AND {LIVE} AND"
        f" p.gl_account = {name} AND p.amount <> 0 ORDER BY 1, 3, 4"
    )
    return ledger.frame(sql, schema)


def mandates_on_hold(ledger: Ledger) -> list[str]:
    """Mandates of which the bank took back two payments or more, for a person to look at."""
    mandate = "coalesce(nullif(r.mandate_id, ''), o.mandate_id)"
    sql = (
        f"SELECT {mandate} FROM journal_entry j JOIN statement_line r ON r.line_id = j.line_id"
        " JOIN application u ON u.journal_entry_no = j.no JOIN application a ON"
        " a.journal_entry_no = u.unapplies_no AND a.seq = u.unapplies_seq"
        f" JOIN statement_line o ON o.line_id = a.line_id WHERE j.kind = 'return' AND {LIVE} AND"
        f" {mandate} <> '' GROUP BY {mandate} HAVING count(DISTINCT r.line_id) > 1 ORDER BY 1"
    )
    return [str(row[0]) for row in ledger.rows(sql)]


def closed_through(ledger: Ledger) -> dt.date | None:
    """The last day of the closed periods; None when all are open."""
    rows = ledger.rows("SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1")
    return dt.date.fromisoformat(rows[0][0]) if rows and rows[0][0] else None


def first_open(ledger: Ledger) -> dt.date | None:
    """The first day of the open periods; None when all are open."""
    closed = closed_through(ledger)
    return closed + dt.timedelta(days=1) if closed else None


def lines_of(ledger: Ledger, statements: Collection[int]) -> pl.DataFrame:
    """The ``line_id`` of all lines of these statements."""
    wanted = listed(statements)
    sql = f"SELECT line_id FROM statement_line WHERE statement_id IN ({wanted}) ORDER BY line_id"
    return ledger.frame(sql, {"line_id": pl.Int64})


def lines_left(ledger: Ledger) -> pl.DataFrame:
    """Dated lines that no journal entry has: ``line_id, bank_account_no, day, closing_date``.

    Without those that are sure to confirm a bank entry once ``lettrage reconcile`` ties them.
    ``day`` is the booking date; ``closing_date`` that of the statement, else of its last line.
    """
    sql = (
        "SELECT l.line_id, s.bank_account_no, coalesce(l.booking_date, l.value_date),"
        " coalesce(s.to_date, (SELECT max(coalesce(m.booking_date, m.value_date)) FROM"
        " statement_line m WHERE m.statement_id = s.id)) FROM statement_line l"
        f" JOIN statement s ON s.id = l.statement_id WHERE l.line_id IN ({LEFT}) AND"
        f" l.amount <> 0 AND coalesce(l.booking_date, l.value_date) IS NOT NULL AND NOT {_TO_TIE}"
        " ORDER BY l.line_id"
    )
    schema = {"line_id": pl.Int64, "bank_account_no": pl.String, "day": pl.Date}
    return ledger.frame(sql, {**schema, "closing_date": pl.Date})


def asked_lines(ledger: Ledger) -> pl.DataFrame:
    """``line_id`` of the lines with an open exception."""
    sql = "SELECT line_id FROM exception_item WHERE status = 'open' ORDER BY line_id"
    return ledger.frame(sql, {"line_id": pl.Int64})


def closing_dates(ledger: Ledger) -> pl.DataFrame:
    """``bank_account_no, closing_date`` of all booked statements that were taken."""
    sql = (
        "SELECT DISTINCT bank_account_no, to_date FROM statement WHERE status IN ('received',"
        " 'reconciled') AND kind = 'booked' AND to_date IS NOT NULL ORDER BY 1, 2"
    )
    return ledger.frame(sql, {"bank_account_no": pl.String, "closing_date": pl.Date})


def reversed_lines(ledger: Ledger) -> pl.DataFrame:
    """What open lines settled until a person reversed it: ``frames.REVERSED``.

    ``fits``: the entry still owes, or holds, as much as was applied to it.
    """
    special = {
        "line_id": "k.line_id",
        "target": "CASE WHEN a.entry_id IS NOT NULL THEN 'entry' WHEN a.bank_entry_id IS NOT NULL"
        " THEN 'bank_entry' WHEN a.gl_account <> '' THEN 'gl' ELSE 'on_account' END",
        "target_id": "coalesce(a.entry_id, a.bank_entry_id, 0)",
        "fits": f"CASE WHEN {_FITS.format('e.initial_amount', 'e')} AND"
        f" {_FITS.format('b.amount', 'b')} THEN 1 ELSE 0 END",
    }
    columns = ", ".join(special.get(name, f"a.{name}") for name in frames.REVERSED)
    sql = (
        # From the few reversals: CROSS JOIN, or SQLite begins with every application there is.
        f"SELECT {columns} FROM journal_entry r CROSS JOIN journal_entry k CROSS JOIN application a"
        " LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id"
        " WHERE r.reverses_no IS NOT NULL AND k.no = r.reverses_no AND a.journal_entry_no = k.no"
        " AND a.role = 'settles' AND a.rule <> 'parking' AND k.line_id IS NOT NULL AND"
        " k.kind <> 'parking' AND NOT EXISTS (SELECT 1 FROM journal_entry n WHERE n.line_id ="
        " k.line_id AND n.no > k.no AND n.reverses_no IS NULL AND n.kind <> 'parking')"
        " ORDER BY k.line_id, a.seq"
    )
    return ledger.frame(sql, frames.REVERSED)
