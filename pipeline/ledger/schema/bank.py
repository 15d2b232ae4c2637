"""Our bank accounts, and what the books say about them before the bank does."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.ledger.schema.columns import day, key, metadata, number, personal, to, words

bank_account = Table(
    "bank_account",
    metadata,
    Column("bank_account_no", Text, primary_key=True),
    words("name"),
    words("currency"),
    words("iban"),
    words("gl_account"),
    words("transit_account"),
    words("last_statement_no"),
    number("last_statement_balance", nullable=True),
    day("last_statement_date"),
    words("statement_frequency", "daily"),
    words("statement_numbering", "none"),
    words("reconcile", "at_posting"),
    day("active_from"),
    day("closed_on"),
)
bank_account_id = Table(
    "bank_account_id",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
)
bank_entry = Table(
    "bank_entry",
    metadata,
    key(),
    to("journal_entry_no", "journal_entry.no"),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
    words("entry_no"),
    Column("posting_date", Text, nullable=False),
    number("amount"),
    number("remaining_amount"),
    words("currency"),
    *[
        words(name)
        for name in (
            "entry_type",
            "document_no",
            "check_no",
            "party_type",
            "party_no",
            "batch_no",
            "end_to_end_id",
            "mandate_id",
            "applies_to_document_no",
        )
    ],
    words("status", "open"),
    *personal("description"),
    UniqueConstraint("bank_account_no", "entry_no"),
    CheckConstraint(
        "(amount >= 0 AND remaining_amount BETWEEN 0 AND amount)"
        " OR (amount < 0 AND remaining_amount BETWEEN amount AND 0)"
    ),
)
