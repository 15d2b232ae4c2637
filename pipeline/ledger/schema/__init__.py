"""The tables of the ledger: SQLAlchemy Core, the same on SQLite and PostgreSQL.

Amounts are Int64 minor units, dates ISO 8601 text. Posted tables are append only; the triggers of
``pipeline.ledger.rules`` keep what must not be out of the database. Others take ``metadata`` and
name a table by its key there.
"""

from pipeline.ledger.schema import bank, books, feeds, registers, review
from pipeline.ledger.schema.columns import metadata

__all__ = ["bank", "books", "feeds", "metadata", "registers", "review"]
