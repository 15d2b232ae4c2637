"""The tables of the ledger: SQLAlchemy Core, the same on SQLite and PostgreSQL.

Amounts are Int64 minor units, dates ISO 8601 text. Posted tables are append only; the triggers of
``pipeline.ledger.rules`` keep what must not be out of the database.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
LIMIT = 9_000_000_000_000_000


def _key(name: str = "id") -> Column[int]:
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _date(name: str) -> Column[str]:
    return Column(name, Text, CheckConstraint(f"{name} IS NULL OR length({name}) = 10"))


def _number(name: str, *, nullable: bool = False) -> Column[int]:
    check = CheckConstraint(f"{name} IS NULL OR {name} BETWEEN -{LIMIT} AND {LIMIT}")
    return Column(name, BigInteger, check, nullable=nullable, server_default=None)


def _to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(target), nullable=nullable)


def _once(name: str, *columns: str) -> Index:
    """Unique where it is set; without the condition SQLite would look up the many nulls by it."""
    given = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=given, postgresql_where=given)


def _personal(name: str, default: str = "") -> tuple[Column[str], ...]:
    """Text about people: the hash chain holds its salted hash only, so that it can be erased."""
    return _text(name, default), _text("personal_salt"), _text("personal_hash")


meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value"))
counter = Table("counter", metadata, Column("name", Text, primary_key=True), _number("value"))
register = Table(
    "register",
    metadata,
    Column(
        "no",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("register_seal.register_no", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("kind", Text, CheckConstraint("kind <> ''"), nullable=False),
    _text("reason"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    _text("run_id"),
    _text("policy_hash"),
    _text("recorded_at"),
)
register_seal = Table(
    "register_seal",
    metadata,
    _key("register_no"),
    _number("journal_entries"),
    _number("postings"),
    _number("applications"),
    Column("prev_hash", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
)
gl_account = Table(
    "gl_account",
    metadata,
    Column("no", Text, primary_key=True),
    _text("name"),
    _text("kind"),
    _text("origin", "loaded"),
)
party = Table(
    "party",
    metadata,
    _key(),
    Column("party_type", Text, CheckConstraint("party_type IN ('customer','vendor')")),
    _text("party_no"),
    _text("name"),
    _text("name_2"),
    _text("blocked", "0"),
    _text("control_account"),
    _text("fields", "{}"),
    UniqueConstraint("party_type", "party_no"),
)
party_iban = Table(
    "party_iban",
    metadata,
    _to("party_id", "party.id"),
    _text("iban"),
    UniqueConstraint("party_id", "iban"),
)
party_alias = Table(
    "party_alias",
    metadata,
    _to("party_id", "party.id"),
    _text("alias"),
    UniqueConstraint("party_id", "alias"),
)
bank_account = Table(
    "bank_account",
    metadata,
    Column("bank_account_no", Text, primary_key=True),
    _text("name"),
    _text("currency"),
    _text("iban"),
    _text("gl_account"),
    _text("transit_account"),
    _text("last_statement_no"),
    _number("last_statement_balance", nullable=True),
    _date("last_statement_date"),
    _text("statement_frequency", "daily"),
    _text("statement_numbering", "none"),
    _text("reconcile", "at_posting"),
    _date("active_from"),
    _date("closed_on"),
)
bank_account_id = Table(
    "bank_account_id",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
)
feed_file = Table(
    "feed_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    _text("name"),
    _number("size"),
    _text("status"),
    _text("detail"),
)
statement = Table(
    "statement",
    metadata,
    _key(),
    Column("sha256", Text, ForeignKey("feed_file.sha256"), nullable=False),
    _number("ordinal"),
    _text("format"),
    _text("kind"),
    _text("account"),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no")),
    _text("currency"),
    _text("reference"),
    _text("statement_no"),
    _text("page"),
    _date("from_date"),
    _date("to_date"),
    _number("opening", nullable=True),
    _number("closing", nullable=True),
    _number("line_count"),
    _number("net"),
    _number("complete"),
    _text("fingerprint"),
    Column(
        "status",
        Text,
        CheckConstraint(
            "status IN ('received','held','reconciled','refused','announced','replaced')"
        ),
        nullable=False,
    ),
    _text("reason"),
    _text("detail"),
    _text("waits_for"),
    Index(  # a statement that took another's place may stand where that one stood
        "statement_place",
        "sha256",
        "ordinal",
        unique=True,
        sqlite_where=text("status <> 'replaced'"),
        postgresql_where=text("status <> 'replaced'"),
    ),
)
statement_event = Table(
    "statement_event",
    metadata,
    _key(),
    _to("statement_id", "statement.id"),
    _text("old_status"),
    _text("new_status"),
    _text("reason"),
    Index("statement_event_statement", "statement_id"),
)
closed_statement = Table(
    "closed_statement",
    metadata,
    Column("statement_id", BigInteger, ForeignKey("statement.id"), primary_key=True),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
    Column("ord", BigInteger, CheckConstraint("ord >= 1"), nullable=False),
    Column("prev_ord", BigInteger),
    _number("opening"),
    _number("closing"),
    Column("actor", Text, nullable=False),
    UniqueConstraint("bank_account_no", "ord"),
    UniqueConstraint("bank_account_no", "ord", "closing"),
    CheckConstraint(
        "CASE WHEN ord = 1 THEN prev_ord IS NULL "
        "ELSE prev_ord IS NOT NULL AND prev_ord = ord - 1 END"
    ),
    ForeignKeyConstraint(
        ("bank_account_no", "prev_ord", "opening"),
        [f"closed_statement.{name}" for name in ("bank_account_no", "ord", "closing")],
    ),
)
statement_line = Table(
    "statement_line",
    metadata,
    _key("line_id"),
    _to("statement_id", "statement.id"),
    _number("line_no"),
    _date("booking_date"),
    _date("value_date"),
    _number("amount"),
    Column("is_reversal", Integer, nullable=False, server_default="0"),
    *[
        _text(name)
        for name in (
            "type_code",
            "bank_reference",
            "customer_reference",
            "check_no",
            "counterparty_name",
            "counterparty_account",
            "text",
            "payment_reference",
            "end_to_end_id",
            "mandate_id",
            "creditor_id",
            "business_code",
        )
    ],
    _number("charges"),
    _number("original_amount"),
    _text("original_currency"),
    _text("corrects"),
    _text("raw"),
    _text("identity"),
    _number("occurrence"),
    _number("before_cutover"),
    UniqueConstraint("statement_id", "line_no"),
    Index("statement_line_identity", "identity"),
)
journal_entry = Table(
    "journal_entry",
    metadata,
    _key("no"),
    _to("register_no", "register.no"),
    Column("key", Text, nullable=False, unique=True),
    _text("payload_hash"),
    Column("posting_date", Text, CheckConstraint("length(posting_date) = 10"), nullable=False),
    _text("kind"),
    _to("line_id", "statement_line.line_id", nullable=True),
    Column("reverses_no", BigInteger, ForeignKey("journal_entry.no")),
    _once("journal_entry_reverses", "reverses_no"),
    _text("reason"),
    CheckConstraint("reverses_no IS NULL OR (reverses_no < no AND reason <> '')"),
    Index("journal_entry_register", "register_no"),
    Index("journal_entry_line", "line_id"),
    Index(
        "journal_entry_parking",
        "line_id",
        sqlite_where=text("kind = 'parking'"),
        postgresql_where=text("kind = 'parking'"),
    ),
)
posting = Table(
    "posting",
    metadata,
    _to("journal_entry_no", "journal_entry.no"),
    _number("seq"),
    Column("gl_account", Text, ForeignKey("gl_account.no"), nullable=False),
    _text("currency"),
    Column(
        "amount",
        BigInteger,
        CheckConstraint(f"amount <> 0 AND amount BETWEEN -{LIMIT} AND {LIMIT}"),
        nullable=False,
    ),
    _number("amount_company", nullable=True),
    _text("party_type"),
    _text("party_no"),
    _text("bank_account_no"),
    UniqueConstraint("journal_entry_no", "seq"),
)
entry = Table(
    "entry",
    metadata,
    _key(),
    _to("journal_entry_no", "journal_entry.no"),
    _text("party_type"),
    _text("party_no"),
    _text("document_type"),
    _text("document_no"),
    _number("instalment"),
    Column("posting_date", Text, nullable=False),
    _date("due_date"),
    _date("document_date"),
    _text("currency"),
    _number("amount"),
    _number("initial_amount"),
    _number("remaining_amount"),
    _text("external_document_no"),
    _text("payment_reference"),
    _date("discount_date"),
    _number("discount_amount"),
    _date("discount_tolerance_date"),
    _date("discount_date_2"),
    _number("discount_amount_2"),
    _text("on_hold"),
    _text("mandate_id"),
    _text("control_account"),
    *_personal("fields", "{}"),
    UniqueConstraint("party_type", "party_no", "document_type", "document_no", "instalment"),
    CheckConstraint(
        "(initial_amount >= 0 AND remaining_amount BETWEEN 0 AND initial_amount)"
        " OR (initial_amount < 0 AND remaining_amount BETWEEN initial_amount AND 0)"
    ),
    Index("entry_journal", "journal_entry_no"),
)
bank_entry = Table(
    "bank_entry",
    metadata,
    _key(),
    _to("journal_entry_no", "journal_entry.no"),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
    _text("entry_no"),
    Column("posting_date", Text, nullable=False),
    _number("amount"),
    _number("remaining_amount"),
    _text("currency"),
    *[
        _text(name)
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
    _text("status", "open"),
    *_personal("description"),
    UniqueConstraint("bank_account_no", "entry_no"),
    CheckConstraint(
        "(amount >= 0 AND remaining_amount BETWEEN 0 AND amount)"
        " OR (amount < 0 AND remaining_amount BETWEEN amount AND 0)"
    ),
)
application = Table(
    "application",
    metadata,
    _to("journal_entry_no", "journal_entry.no"),
    _number("seq"),
    Column("role", Text, CheckConstraint("role IN ('settles','counter','external')")),
    _to("line_id", "statement_line.line_id", nullable=True),
    _to("entry_id", "entry.id", nullable=True),
    _to("bank_entry_id", "bank_entry.id", nullable=True),
    _text("party_type"),
    _text("party_no"),
    _text("gl_account"),
    _number("applied_amount"),
    _number("entry_amount"),
    _number("discount_amount"),
    _number("difference_amount"),
    _text("difference_kind"),
    _text("confidence"),
    _text("rule"),
    Column("unapplies_no", BigInteger),
    Column("unapplies_seq", BigInteger),
    UniqueConstraint("journal_entry_no", "seq"),
    _once("application_unapplies", "unapplies_no", "unapplies_seq"),
    ForeignKeyConstraint(
        ("unapplies_no", "unapplies_seq"), ("application.journal_entry_no", "application.seq")
    ),
    CheckConstraint("(unapplies_no IS NULL) = (unapplies_seq IS NULL)"),
    CheckConstraint("unapplies_no IS NULL OR unapplies_no < journal_entry_no"),
    CheckConstraint("entry_id IS NULL OR bank_entry_id IS NULL"),
    Index("application_entry", "entry_id"),
    Index("application_bank_entry", "bank_entry_id"),
    Index("application_line", "line_id"),
)
proposal = Table(
    "proposal",
    metadata,
    _to("line_id", "statement_line.line_id"),
    _number("rank"),
    *[
        _text(name)
        for name in ("confidence", "rule", "reason", "party_type", "party_no", "explanation")
    ],
    UniqueConstraint("line_id", "rank"),
)
proposed = Table(
    "proposed",
    metadata,
    _to("line_id", "statement_line.line_id"),
    _number("rank"),
    _number("seq"),
    _text("target"),
    _number("target_id"),
    _text("party_type"),
    _text("party_no"),
    _text("gl_account"),
    _number("applied_amount"),
    _number("entry_amount"),
    _number("discount_amount"),
    _number("difference_amount"),
    _text("difference_kind"),
    UniqueConstraint("line_id", "rank", "seq"),
)
exception_item = Table(
    "exception_item",
    metadata,
    _key(),
    Column("line_id", BigInteger, ForeignKey("statement_line.line_id"), unique=True),
    _text("reason"),
    _text("status", "open"),
    _date("opened_on"),
    _text("assigned_to"),
    _number("remaining"),
    _text("candidates", "[]"),
    _text("hint"),
)
decision = Table(
    "decision",  # what people decided or noted about a line, append only
    metadata,
    _key(),
    _to("line_id", "statement_line.line_id"),
    _text("action"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    _text("prepared_by"),  # whose decision this one approves
    _text("reason"),
    _text("detail", "{}"),
    _text("seen"),  # version of the item that the actor saw
    Column("outcome", Text, CheckConstraint("outcome IN ('recorded','posted','waiting')")),
    Column(
        "register_no",
        BigInteger,
        ForeignKey("register.no", deferrable=True, initially="DEFERRED"),
    ),
    _number("written_off"),  # magnitude
    _text("party_type"),
    _text("party_no"),
    _text("recorded_at"),
    CheckConstraint("(outcome = 'posted') = (register_no IS NOT NULL)"),
    CheckConstraint("lower(prepared_by) <> lower(actor)"),
    Index("decision_line", "line_id"),
)
mapping = Table(
    "mapping",
    metadata,
    _key(),
    _text("pattern"),
    _text("target_type"),
    _text("target_no"),
    _text("actor"),
    _text("approved_by"),
    _number("amount_limit", nullable=True),
)
entry_tax = Table(
    "entry_tax",
    metadata,
    _to("entry_id", "entry.id"),
    _text("tax_code"),
    _text("rate"),
    _number("base_amount"),
    _number("tax_amount"),
    _text("tax_account"),
    _text("discount_tax_account"),
    UniqueConstraint("entry_id", "tax_code"),
)
rate = Table(
    "rate",
    metadata,
    _text("date"),
    _text("currency"),
    _text("rate"),
    UniqueConstraint("date", "currency"),
)
control_total = Table(
    "control_total",
    metadata,
    _text("account"),
    _text("currency"),
    _number("balance"),
    _text("date"),
    UniqueConstraint("account", "currency", "date"),
)
period_event = Table(
    "period_event",
    metadata,
    _key(),
    _text("closed_through"),
    Column("action", Text, CheckConstraint("action IN ('close','reopen')"), nullable=False),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    _text("second_actor"),
    _text("reason"),
    _number("after_register"),
)
month_event = Table(  # what was said and done about a month of the bank accounts, each once
    "month_event",
    metadata,
    Column("month", Text, CheckConstraint("length(month) = 7"), nullable=False),
    Column("action", Text, CheckConstraint("action IN ('declared','announced','statements_sent')")),
    _text("actor"),
    _text("detail"),
    UniqueConstraint("month", "action"),
)
