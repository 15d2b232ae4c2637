"""What is posted in other currencies is worth, in the company's: by entry, application, rate.

A row names the journal entry that posts the value: that of the fact itself, or a later valuation.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)

from pipeline.ledger.schema.columns import metadata, number, once, to, words

valuation = Table(  # a journal entry that has a value, and the rate that gave it
    "valuation",
    metadata,
    Column("values_no", BigInteger, ForeignKey("journal_entry.no"), primary_key=True),
    to("journal_entry_no", "journal_entry.no"),
    words("rate"),
    words("rate_date"),
    Index("valuation_journal", "journal_entry_no", unique=True),
)
entry_value = Table(  # what an entry is carried at before anything is applied to it
    "entry_value",
    metadata,
    to("entry_id", "entry.id", nullable=True),
    to("bank_entry_id", "bank_entry.id", nullable=True),
    to("journal_entry_no", "journal_entry.no"),
    number("amount_company"),
    CheckConstraint("(entry_id IS NULL) <> (bank_entry_id IS NULL)"),
    once("entry_value_entry", "entry_id"),
    once("entry_value_bank_entry", "bank_entry_id"),
    Index("entry_value_journal", "journal_entry_no"),
)
application_value = Table(  # by how much an application lowers it, and what was realised by that
    "application_value",
    metadata,
    Column("application_no", BigInteger, nullable=False),
    number("seq"),
    to("journal_entry_no", "journal_entry.no"),
    number("entry_company"),
    number("applied_company"),
    number("discount_company"),
    number("difference_company"),
    number("fx_company"),
    PrimaryKeyConstraint("application_no", "seq"),
    ForeignKeyConstraint(
        ("application_no", "seq"), ("application.journal_entry_no", "application.seq")
    ),
    Index("application_value_journal", "journal_entry_no"),
)
