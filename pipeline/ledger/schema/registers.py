"""What was posted: registers with their seals, journal entries, postings, applications, periods."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from pipeline.ledger.schema.columns import LIMIT, key, metadata, number, once, set_only, to, words

meta = Table("meta", metadata, Column("key", Text, primary_key=True), words("value"))
counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    number("value"),
    sqlite_with_rowid=False,
)
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
    words("reason"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("run_id"),
    words("policy_hash"),
    words("recorded_at"),
)
register_seal = Table(
    "register_seal",
    metadata,
    key("register_no"),
    number("journal_entries"),
    number("postings"),
    number("applications"),
    Column("prev_hash", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
)
journal_entry = Table(
    "journal_entry",
    metadata,
    key("no"),
    to("register_no", "register.no"),
    Column("key", Text, nullable=False, unique=True),
    words("payload_hash"),
    Column("posting_date", Text, CheckConstraint("length(posting_date) = 10"), nullable=False),
    words("kind"),
    to("line_id", "statement_line.line_id", nullable=True),
    Column("reverses_no", BigInteger, ForeignKey("journal_entry.no")),
    once("journal_entry_reverses", "reverses_no"),
    words("reason"),
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
    to("journal_entry_no", "journal_entry.no"),
    number("seq"),
    Column("gl_account", Text, ForeignKey("gl_account.no"), nullable=False),
    words("currency"),
    Column(
        "amount",
        BigInteger,
        CheckConstraint(f"amount BETWEEN -{LIMIT} AND {LIMIT}"),
        nullable=False,
    ),
    number("amount_company", nullable=True),  # null: no value yet, or the company's own currency
    words("party_type"),
    words("party_no"),
    words("bank_account_no"),
    PrimaryKeyConstraint("journal_entry_no", "seq"),
    CheckConstraint(
        "amount <> 0 OR coalesce(amount_company, 0) <> 0", name="posting_moves_something"
    ),
    Index(
        "posting_valued",
        "journal_entry_no",
        sqlite_where=text("amount_company IS NOT NULL"),
        postgresql_where=text("amount_company IS NOT NULL"),
    ),
    sqlite_with_rowid=False,  # rows stand in the order of their key: one tree, not two
)
application = Table(
    "application",
    metadata,
    to("journal_entry_no", "journal_entry.no"),
    number("seq"),
    Column("role", Text, CheckConstraint("role IN ('settles','counter','external')")),
    to("line_id", "statement_line.line_id", nullable=True),
    to("entry_id", "entry.id", nullable=True),
    to("bank_entry_id", "bank_entry.id", nullable=True),
    words("party_type"),
    words("party_no"),
    words("gl_account"),
    number("applied_amount"),
    number("entry_amount"),
    number("discount_amount"),
    number("difference_amount"),
    words("difference_kind"),
    words("confidence"),
    words("rule"),
    Column("unapplies_no", BigInteger),
    Column("unapplies_seq", BigInteger),
    PrimaryKeyConstraint("journal_entry_no", "seq"),
    once("application_unapplies", "unapplies_no", "unapplies_seq"),
    ForeignKeyConstraint(
        ("unapplies_no", "unapplies_seq"), ("application.journal_entry_no", "application.seq")
    ),
    CheckConstraint("(unapplies_no IS NULL) = (unapplies_seq IS NULL)"),
    CheckConstraint("unapplies_no IS NULL OR unapplies_no < journal_entry_no"),
    CheckConstraint("entry_id IS NULL OR bank_entry_id IS NULL"),
    CheckConstraint("(difference_kind = '') = (difference_amount = 0)"),
    CheckConstraint("difference_kind <> 'rounding' OR difference_amount BETWEEN -1 AND 1"),
    Index("application_entry", "entry_id", "entry_amount"),  # remaining amounts: no row is read
    set_only("application_bank_entry", "bank_entry_id"),
    Index("application_line", "line_id"),
    sqlite_with_rowid=False,  # rows stand in the order of their key: one tree, not two
)
application_tax = Table(  # the shares of a discount or difference, by tax code
    "application_tax",
    metadata,
    to("journal_entry_no", "journal_entry.no"),
    number("seq"),
    Column("part", Text, CheckConstraint("part IN ('discount','difference')"), nullable=False),
    words("tax_code"),
    words("rate"),
    words("gl_account"),
    number("base_amount"),
    number("tax_amount"),
    PrimaryKeyConstraint("journal_entry_no", "seq", "part", "tax_code"),
    ForeignKeyConstraint(
        ("journal_entry_no", "seq"), ("application.journal_entry_no", "application.seq")
    ),
    CheckConstraint("tax_amount = 0 OR gl_account <> ''"),
    CheckConstraint("(base_amount >= 0 AND tax_amount >= 0) OR"
                    " (base_amount <= 0 AND tax_amount <= 0)"),
    sqlite_with_rowid=False,
)  # fmt: skip
request = Table(
    "request",  # what one person asks for and another one carries out, append only
    metadata,
    key(),
    Column("kind", Text, CheckConstraint("kind <> ''"), nullable=False),
    Column("subject", Text, CheckConstraint("subject <> ''"), nullable=False),
    Column("seen", Text, CheckConstraint("seen <> ''"), nullable=False),  # the state it rests on
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    Column("reason", Text, CheckConstraint("reason <> ''"), nullable=False),
    words("recorded_at"),
)
period_event = Table(
    "period_event",
    metadata,
    key(),
    words("closed_through"),
    Column("action", Text, CheckConstraint("action IN ('close','reopen')"), nullable=False),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("second_actor"),
    words("reason"),
    number("after_register"),
    to("request_id", "request.id", nullable=True),  # of the first person, where it takes two
    words("recorded_at"),
    CheckConstraint("(action = 'reopen') = (request_id IS NOT NULL)"),
    once("period_event_request", "request_id"),
)
