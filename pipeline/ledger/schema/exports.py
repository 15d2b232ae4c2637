"""What was handed to other programs: each register once for each kind of export, in batches."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.ledger.schema.columns import metadata, number, to, words

_REGISTERS = ("kind", "number", "through_register")

export_batch = Table(  # a batch begins after the register with which the one before it ends
    "export_batch",
    metadata,
    Column("kind", Text, CheckConstraint("kind <> ''"), nullable=False),
    number("number"),
    number("prev_number", nullable=True),
    number("after_register"),
    to("through_register", "register.no"),
    number("journal_entries"),
    number("postings"),
    words("debits", "{}"),  # JSON: currency -> decimal text
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
    PrimaryKeyConstraint("kind", "number"),
    UniqueConstraint(*_REGISTERS),
    CheckConstraint("through_register > after_register"),
    CheckConstraint(
        "CASE WHEN number = 1 THEN prev_number IS NULL AND after_register = 0"
        " ELSE prev_number IS NOT NULL AND prev_number = number - 1 END"
    ),
    ForeignKeyConstraint(
        ("kind", "prev_number", "after_register"), [f"export_batch.{name}" for name in _REGISTERS]
    ),
)
export_file = Table(
    "export_file",
    metadata,
    Column("kind", Text, nullable=False),
    number("number"),
    words("name"),
    number("row_count"),
    number("size"),
    words("sha256"),
    Column("content", LargeBinary, nullable=False),  # the file's bytes as gzip
    PrimaryKeyConstraint("kind", "number", "name"),
    ForeignKeyConstraint(("kind", "number"), ("export_batch.kind", "export_batch.number")),
)
