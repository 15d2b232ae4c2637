"""The tables of the ledger: SQLAlchemy Core, the same on SQLite and PostgreSQL.

Amounts are Int64 minor units, dates ISO 8601 text. Posted tables are append only; the triggers of
``pipeline.ledger.rules`` keep what must not be out of the database. Others take ``metadata`` and
name a table by its key there.
"""

from sqlalchemy import BigInteger, Integer

from pipeline.ledger.schema import (
    bank,
    books,
    exports,
    feeds,
    payment_parts,
    people,
    registers,
    review,
    sending,
    values,
)
from pipeline.ledger.schema.columns import metadata

for _table in metadata.tables.values():  # SQLite keeps a half in a column of whole numbers else
    _table.dialect_options["sqlite"]["strict"] = True
    for _column in _table.columns:
        if isinstance(_column.type, BigInteger):
            _column.type = BigInteger().with_variant(Integer(), "sqlite")

__all__ = ["bank", "books", "exports", "feeds", "metadata", "payment_parts", "people",
           "registers", "review", "sending", "values"]  # fmt: skip
