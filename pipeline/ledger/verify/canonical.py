"""Rows as the texts that were hashed, written by the database: no row becomes an object here.

They only ever say quickly that all is well: what does not come out as it was hashed is looked at
again by the functions that hashed it.
"""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import Text

from pipeline.ledger import chain, payload
from pipeline.ledger.schema import metadata

_BYTES = ' COLLATE "C"'
Cell = tuple[str, bool]
"""An SQL expression, and whether it stands in quotes: then it is never null."""


def row(table: str, *, sqlite: bool) -> str:
    """What ``bulk.canonical`` makes of ``t``, a row of ``table``, in the columns of the chain."""
    cells = [_cell(table, name) for name in chain.columns(table)]
    return written(cells, ",", sqlite=sqlite)


def _cell(table: str, name: str) -> Cell:
    column = metadata.tables[table].columns[name]
    if chain.kind(table, name) == pl.Int64:
        return f"t.{name}", False
    return (_quoted(f"t.{name}"), False) if column.nullable else (f"t.{name}", True)


def _quoted(cell: str) -> str:
    return f"'\"' || replace({cell}, '\"', '\"\"') || '\"'"


def written(cells: Sequence[Cell], between: str, *, sqlite: bool) -> str:
    """An SQL expression of the cells, one after the other; null is nothing at all."""
    if sqlite:  # twice as quick as concat; %w doubles the quotes in a text
        marks = between.join('"%w"' if quoted else "%s" for _, quoted in cells)
        return f"printf('{marks}', {', '.join(cell for cell, _ in cells)})"
    told = (_quoted(cell) if quoted else cell for cell, quoted in cells)
    separator = f", '{between}', "
    return f"concat({separator.join(told)})"


def together(table: str, own: str, *, sqlite: bool) -> str:
    """An SQL expression of the rows ``own`` of a group of ``t``, in the order of the chain.

    SQLite comes to them in that order by the number of their journal entry; to sort them again
    would take as long as to read them.
    """
    order = chain.ORDER[table]
    if sqlite and order[0] in ("journal_entry_no", "no"):
        return f"string_agg({own}, '{payload.BETWEEN_ROWS}')"
    words = metadata.tables[table].columns
    by = ", ".join(
        f"t.{name}{_BYTES if not sqlite and isinstance(words[name].type, Text) else ''} NULLS FIRST"
        for name in order
    )
    return f"string_agg({own}, '{payload.BETWEEN_ROWS}' ORDER BY {by})"
