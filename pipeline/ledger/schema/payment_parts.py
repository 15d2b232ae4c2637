"""Payment parts of customer statements: references, and the entries that each stands for."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from pipeline.ledger.schema.columns import LIMIT, metadata, number, to, words

payment_part = Table(  # a reference is what it stands for: the same entries have it once
    "payment_part",
    metadata,
    Column("payment_reference", Text, CheckConstraint("payment_reference <> ''"), primary_key=True),
    Column("party_type", Text, CheckConstraint("party_type = 'customer'"), nullable=False),
    words("party_no"),
    words("currency"),
    Column("amount", BigInteger, CheckConstraint(f"amount BETWEEN 1 AND {LIMIT}"), nullable=False),
    Column("entries", BigInteger, CheckConstraint("entries > 0"), nullable=False),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
)
payment_part_entry = Table(  # written before its part, which seals it
    "payment_part_entry",
    metadata,
    Column(
        "payment_reference",
        Text,
        ForeignKey("payment_part.payment_reference", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    to("entry_id", "entry.id"),
    number("amount"),  # what was open of the entry, its sign
    PrimaryKeyConstraint("payment_reference", "entry_id"),
    CheckConstraint("amount <> 0"),
    Index("payment_part_of_entry", "entry_id"),
)
