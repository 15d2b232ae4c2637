"""What is loaded: accounts, parties, entries and their taxes, rates, control totals."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.ledger.schema.columns import day, key, metadata, number, personal, to, words

gl_account = Table(
    "gl_account",
    metadata,
    Column("no", Text, primary_key=True),
    words("name"),
    words("kind"),
    words("origin", "loaded"),
)
BLOCKED = "blocked NOT IN ('', '0', 'false', 'no')"
party = Table(
    "party",
    metadata,
    key(),
    Column("party_type", Text, CheckConstraint("party_type IN ('customer','vendor')")),
    words("party_no"),
    words("name"),
    words("name_2"),
    words("blocked", "0"),
    words("control_account"),
    words("fields", "{}"),
    UniqueConstraint("party_type", "party_no"),
    Index(  # the few that are: each register asks for them
        "party_blocked", "party_type", "party_no", sqlite_where=text(BLOCKED),
        postgresql_where=text(BLOCKED),
    ),
)  # fmt: skip
party_iban = Table(
    "party_iban",
    metadata,
    to("party_id", "party.id"),
    words("iban"),
    UniqueConstraint("party_id", "iban"),
)
party_alias = Table(
    "party_alias",
    metadata,
    to("party_id", "party.id"),
    words("alias"),
    UniqueConstraint("party_id", "alias"),
)
entry = Table(
    "entry",
    metadata,
    key(),
    to("journal_entry_no", "journal_entry.no"),
    words("party_type"),
    words("party_no"),
    words("document_type"),
    words("document_no"),
    number("instalment"),
    Column("posting_date", Text, nullable=False),
    day("due_date"),
    day("document_date"),
    words("currency"),
    number("amount"),
    number("initial_amount"),
    number("remaining_amount"),
    words("external_document_no"),
    words("payment_reference"),
    day("discount_date"),
    number("discount_amount"),
    day("discount_tolerance_date"),
    day("discount_date_2"),
    number("discount_amount_2"),
    words("on_hold"),
    words("mandate_id"),
    words("control_account"),
    number("amount_company", nullable=True),  # as the source states them
    number("remaining_company", nullable=True),
    *personal("fields", "{}"),
    UniqueConstraint(  # payments of one bank account side by side, not each among its party's
        "document_type", "document_no", "instalment", "party_type", "party_no"
    ),
    CheckConstraint(
        "(initial_amount >= 0 AND remaining_amount BETWEEN 0 AND initial_amount)"
        " OR (initial_amount < 0 AND remaining_amount BETWEEN initial_amount AND 0)"
    ),
    Index("entry_journal", "journal_entry_no"),
)
cash_sale = Table(  # paid at once: no part of the books, and told as activity
    "cash_sale",
    metadata,
    key(),
    to("load_id", "load_file.id"),
    Column("party_no", Text, CheckConstraint("party_no <> ''"), nullable=False),
    words("document_no"),
    number("instalment"),
    Column("posting_date", Text, CheckConstraint("length(posting_date) = 10"), nullable=False),
    Column("currency", Text, CheckConstraint("length(currency) = 3"), nullable=False),
    number("amount"),
    words("project"),  # may be erased
    UniqueConstraint("party_no", "document_no", "instalment"),
)
acknowledgement = Table(  # through which application the source of an entry agrees with us
    "acknowledgement",
    metadata,
    Column("entry_id", BigInteger, ForeignKey("entry.id"), primary_key=True),
    number("journal_entry_no"),
)
source_conflict = Table(  # what a source said that is not ours, each state of it a row
    "source_conflict",
    metadata,
    key(),
    to("entry_id", "entry.id"),
    Column("action", Text, CheckConstraint("action IN ('arose', 'agreed', 'ended')"),
           nullable=False),
    words("said"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("second_actor"),  # who asked for it, where it takes two
    words("reason"),
    number("after_register"),
    words("recorded_at"),
    CheckConstraint("action <> 'ended' OR (reason <> '' AND lower(actor) <> lower(second_actor))"),
    Index("source_conflict_entry", "entry_id"),
)  # fmt: skip
entry_tax = Table(
    "entry_tax",
    metadata,
    to("entry_id", "entry.id"),
    words("tax_code"),
    words("rate"),
    number("base_amount"),
    number("tax_amount"),
    words("tax_account"),
    words("discount_tax_account"),
    UniqueConstraint("entry_id", "tax_code"),
)
load_file = Table(  # who loaded which file when; the same one again is no new row
    "load_file",
    metadata,
    key(),
    Column("kind", Text, CheckConstraint("kind <> ''"), nullable=False),
    Column("sha256", Text, CheckConstraint("length(sha256) = 64"), nullable=False),
    words("file_name"),
    words("as_of"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    number("after_register"),  # the last register when it was loaded: what a report knew by then
    words("recorded_at"),
    Index("load_file_kind", "kind"),
)
source_lag = Table(  # how many entries a list showed open that we had settled, and since when
    "source_lag",
    metadata,
    Column("load_id", BigInteger, ForeignKey("load_file.id"), primary_key=True),
    Column("entries", BigInteger, CheckConstraint("entries > 0"), nullable=False),
    Column("since", Text, CheckConstraint("length(since) = 10"), nullable=False),
)
master_change = Table(  # what a load changed of master data; values may be erased, never changed
    "master_change",
    metadata,
    key(),
    to("load_id", "load_file.id"),
    Column("kind", Text, CheckConstraint("kind IN ('customer','vendor','bank_account',"
           "'gl_account')"), nullable=False),
    words("no"),
    Column("field", Text, CheckConstraint("field <> ''"), nullable=False),
    words("old_value"),
    words("new_value"),
    Index("master_change_no", "kind", "no"),
)  # fmt: skip
rate = Table(
    "rate",
    metadata,
    words("date"),
    words("currency"),
    words("rate"),
    UniqueConstraint("date", "currency"),
)
control_total = Table(
    "control_total",
    metadata,
    words("account"),
    words("currency"),
    number("balance"),
    words("date"),
    UniqueConstraint("account", "currency", "date"),
)
