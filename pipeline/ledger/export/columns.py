"""The columns of each export, in the order of the interface (section 4), and their total order."""

_LINE = ("bank_account_no", "statement_no", "line_no", "bank_reference")
_APPLIED = (
    *_LINE, "booking_date", "value_date", "line_amount", "currency", "party_type", "party_no",
    "document_type", "document_no", "instalment", "applied_amount", "entry_amount",
    "discount_amount", "difference_amount", "difference_kind", "gl_account", "confidence", "rule",
    "status", "letter",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "applications": (*_APPLIED, "letter_date", "fx_amount_company", "entry_currency"),
    "lines": (
        *_LINE, "booking_date", "value_date", "amount", "currency", "counterparty_name",
        "counterparty_account", "text", "status", "party_type", "party_no", "applied_amount",
        "unapplied_amount", "confidence", "rule", "reason", "probability",
    ),
    "statements": (
        "bank_account_no", "statement_no", "from_date", "to_date", "currency", "opening",
        "closing", "line_count", "net", "difference", "status", "reason", "waits_for",
        "file_sha256", "file_name",
    ),
    "exceptions": (
        "id", *_LINE, "reason", "status", "opened_on", "age_days", "assigned_to", "remaining",
        "currency", "candidates", "hint",
    ),
    "entries": (
        "party_type", "party_no", "document_type", "document_no", "instalment", "posting_date",
        "due_date", "currency", "amount", "remaining_amount", "open", "on_hold", "letter",
    ),
    "bank-entries": (
        "bank_account_no", "entry_no", "posting_date", "amount", "currency", "entry_type",
        "document_no", "check_no", "status", "statement_no", "line_no",
    ),
    "gl": (
        "posting_date", "gl_account", "amount", "currency", "amount_company", "kind",
        "bank_account_no", "statement_no", "line_no", "party_type", "party_no", "document_no",
        "rate_missing",
    ),
    "proposals": (
        *_APPLIED, "rank", "probability", "explanation", "reason", "evidence", "entry_currency",
    ),
    "revisions": (*_LINE, "booking_date", "counterparty_name", "text", "file_sha256"),
    "files": (
        "file_sha256", "file_name", "size", "status", "reason", "statement_count", "line_count",
        "from_date", "to_date", "actor",
    ),
    "tax-corrections": (
        "posting_date", "period", "kind", "party_type", "party_no", "document_type", "document_no",
        "instalment", "tax_code", "rate", "base_amount", "tax_amount", "currency", "gl_account",
        "bank_account_no", "statement_no", "line_no",
    ),
    "batches": (
        "kind", "number", "first_register", "last_register", "journal_entries", "postings",
        "debits", "file_name", "row_count", "file_sha256", "actor",
    ),
    "mappings": (
        "mapping_no", "kind", "pattern", "target_type", "target_no", "side", "amount_limit",
        "currency", "approved", "actor", "prepared_by", "reason",
    ),
    "master-changes": (
        "number", "kind", "no", "field", "old_value", "new_value", "actor", "recorded_at",
        "file_name", "file_sha256",
    ),
}  # fmt: skip
ORDER: dict[str, tuple[str, ...]] = {
    "applications": ("bank_account_no", "booking_date", "statement_no", "line_no", "status"),
    "lines": ("bank_account_no", "booking_date", "statement_no", "line_no"),
    "statements": ("bank_account_no", "to_date", "from_date", "statement_no"),
    "exceptions": ("bank_account_no", "opened_on", "statement_no", "line_no"),
    "entries": (
        "party_type", "party_no", "posting_date", "document_type", "document_no", "instalment",
    ),
    "bank-entries": ("bank_account_no", "posting_date", "entry_no"),
    "gl": ("posting_date", "bank_account_no", "statement_no", "line_no", "kind", "document_no"),
    "proposals": ("bank_account_no", "booking_date", "statement_no", "line_no", "rank"),
    "revisions": ("bank_account_no", "booking_date", "statement_no", "line_no"),
    "files": ("to_date", "file_name"),
    "tax-corrections": (
        "posting_date", "bank_account_no", "statement_no", "line_no", "party_type", "party_no",
        "document_no", "instalment", "kind", "tax_code",
    ),
    "batches": ("kind", "number", "file_name"),
    "mappings": ("mapping_no",),
    "master-changes": ("number",),
}  # fmt: skip
"""Business facts that sort an export; all its other columns break what ties are left."""
NUMBERED = ("statement_no", "entry_no", "document_no")
"""Text that sorts as a number where it is one."""
DATED = {
    "statements": "to_date",
    "files": "to_date",
    "exceptions": "opened_on",
    "entries": "posting_date",
    "bank-entries": "posting_date",
    "gl": "posting_date",
    "tax-corrections": "posting_date",
    "master-changes": "recorded_at",
}
"""The date that ``--since`` looks at; ``booking_date`` for the others."""
OF_ENTRY = ("entry_amount", "discount_amount", "difference_amount")
"""Amounts of a row in ``entry_currency``, which may be another one than the line's."""
MONEY = (
    "line_amount", "amount", "applied_amount", "unapplied_amount", "entry_amount", "net",
    "discount_amount", "difference_amount", "opening", "closing", "difference", "remaining",
    "remaining_amount", "amount_company", "base_amount", "tax_amount",
    "amount_limit", "fx_amount_company",
)  # fmt: skip
NUMBERS = (
    "line_no", "instalment", "line_count", "rank", "id", "age_days", "size", "statement_count",
    "number", "first_register", "last_register", "journal_entries", "postings", "row_count",
    "mapping_no",
)  # fmt: skip
