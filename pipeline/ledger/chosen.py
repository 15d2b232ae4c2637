"""Reads of a few lines and entries, by what a person names: they cost the same in large books."""

from collections.abc import Collection
from typing import Any

import polars as pl
from sqlalchemy import text

from pipeline.domain import frames
from pipeline.ledger import reads
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

FACTS_OF_LINES: frames.Schema = {
    name: frames.LINES[name]
    for name in ("line_id", "currency", "amount", "original_amount", "original_currency")
}
FACTS_OF_ENTRIES: frames.Schema = {
    name: frames.ENTRIES[name]
    for name in ("entry_id", "document_no", "amount", "discount_date", "discount_amount_2",
                 "discount_date_2")
}  # fmt: skip


def lines(ledger: Ledger, line_ids: Collection[int]) -> pl.DataFrame:
    """Those of these lines that nothing explains yet (``frames.LINES``)."""
    return reads.open_lines_of(ledger, f"IN ({listed(line_ids)})")


def proposals(ledger: Ledger, line_ids: Collection[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The stored proposals of lines and their rows."""
    of = f"WHERE line_id IN ({listed(line_ids)}) ORDER BY line_id, rank"
    heads = f"SELECT {', '.join(frames.PROPOSALS)} FROM proposal {of}"
    rows = f"SELECT {', '.join(frames.PROPOSED)} FROM proposed {of}, seq"
    return ledger.frame(heads, frames.PROPOSALS), ledger.frame(rows, frames.PROPOSED)


def facts(ledger: Ledger, line_ids: Collection[int]) -> tuple[pl.DataFrame, ...]:
    """What the evidence of the proposals of these lines is said from.

    Proposals (``PROPOSALS``) and their rows (``PROPOSED``), the lines (``FACTS_OF_LINES``) and what
    is settled (``FACTS_OF_ENTRIES``).
    """
    of_lines = f"line_id IN ({listed(line_ids)})"
    settled = f"SELECT target_id FROM proposed WHERE target = 'entry' AND {of_lines}"
    names = ", ".join(list(FACTS_OF_ENTRIES)[1:])
    lines = "l.line_id, s.currency, l.amount, l.original_amount, l.original_currency"
    asked: tuple[tuple[str, frames.Schema], ...] = (
        (f"SELECT {lines} FROM statement_line l JOIN statement s ON s.id = l.statement_id WHERE"
         f" l.{of_lines} ORDER BY l.line_id", FACTS_OF_LINES),
        (f"SELECT id, {names} FROM entry WHERE id IN ({settled}) ORDER BY id", FACTS_OF_ENTRIES),
    )  # fmt: skip
    told = [ledger.frame(sql, schema) for sql, schema in asked]
    return (*proposals(ledger, line_ids), *told)


def entries(ledger: Ledger, ids: Collection[int]) -> pl.DataFrame:
    """Those of these customer and vendor entries that are open (``frames.ENTRIES``)."""
    return reads.open_entries_of(ledger, f"IN ({listed(ids)})")


def entries_named(ledger: Ledger, document: str) -> pl.DataFrame:
    """Open entries with this document number, ours or the other party's (``ENTRIES``)."""
    sql = (
        "SELECT id FROM entry WHERE remaining_amount <> 0 AND (document_no = :no OR"
        " external_document_no = :no)"
    )
    return entries(ledger, _ids(ledger, sql, no=document))


def bank_entries_named(ledger: Ledger, bank_account_no: str, number: str) -> pl.DataFrame:
    """Open bank entries of an account with this entry, check or document number."""
    sql = (
        "SELECT id FROM bank_entry WHERE remaining_amount <> 0 AND bank_account_no = :account AND"
        " (entry_no = :no OR check_no = :no OR document_no = :no)"
    )
    found = _ids(ledger, sql, account=bank_account_no, no=number)
    return reads.open_bank_entries_of(ledger, f"IN ({listed(found)})")


def settled(ledger: Ledger, line_id: int) -> list[dict[str, Any]]:
    """What the last posting of a line settles or is booked to, in its order; not what it released.

    ``document_no, party_type, party_no, gl_account, amount`` (of the line), and ``left_open`` of
    the document in its ``currency``.
    """
    sql = (
        "SELECT coalesce(e.document_no, b.entry_no, '') AS document_no, a.party_type, a.party_no,"
        " a.gl_account, a.applied_amount AS amount, coalesce(e.remaining_amount,"
        " b.remaining_amount, 0) AS left_open, coalesce(e.currency, b.currency, '') AS currency"
        " FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id"
        " = a.bank_entry_id WHERE a.role = 'settles' AND a.rule <> 'parking' AND"
        " a.journal_entry_no = (SELECT max(j.no) FROM journal_entry j WHERE j.line_id = :line)"
        " ORDER BY a.seq"
    )
    return ledger.records(sql, line=line_id)


def _ids(ledger: Ledger, sql: str, **values: str) -> list[int]:
    with ledger.reading() as connection:
        return [row[0] for row in connection.execute(text(sql), values)]
