"""What customers were told: runs of statements, each statement, and how it was delivered."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.ledger.schema.columns import key, metadata, number, to, words

STATES = ("pending", "sending", "sent", "failed", "unknown", "suppressed")
_LIVE = text("state NOT IN ('failed', 'suppressed')")
_NUMBERS = ("customer_no", "number")
_REVISIONS = ("customer_no", "unit", "as_of", "style", "revision")

statement_run = Table(  # what was asked for, and what the ledger knew then
    "statement_run",
    metadata,
    key("no"),
    Column("as_of", Text, CheckConstraint("length(as_of) = 10"), nullable=False),
    Column("occasion", Text, unique=True),  # a month that is closed once; null for other runs
    words("form", "{}"),
    words("choice", "{}"),
    Column("sending", Text, CheckConstraint("sending IN ('email','print')"), nullable=False),
    number("register_no"),
    words("register_hash"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
)
statement_run_event = Table(
    "statement_run_event",
    metadata,
    to("run_no", "statement_run.no"),
    Column("action", Text, CheckConstraint("action IN ('composed','approved')"), nullable=False),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
    PrimaryKeyConstraint("run_no", "action"),
)
customer_statement = (
    Table(  # numbers of who gets it, and revisions of a statement, follow one by one
        "customer_statement",
        metadata,
        key(),
        to("run_no", "statement_run.no"),
        Column("customer_no", Text, CheckConstraint("customer_no <> ''"), nullable=False),
        number("number"),
        number("prev_number", nullable=True),
        Column("as_of", Text, nullable=False),
        Column("style", Text, CheckConstraint("style <> ''"), nullable=False),
        number("revision"),  # 0 for the first
        number("prev_revision", nullable=True),
        words("balances", "{}"),  # JSON: currency -> minor units
        words("content"),  # JSON without what the language and the run say; may be erased
        Column(
            "content_sha256", Text, CheckConstraint("length(content_sha256) = 64"), nullable=False
        ),
        # whose account it tells: the customer's own; 'group' with those of whom it is the parent;
        # 'project/' and one of its projects, or none
        words("unit"),
        words("members", "{}"),  # of a group: JSON: customer -> currency -> minor units
        UniqueConstraint(*_NUMBERS),
        UniqueConstraint(*_REVISIONS),
        UniqueConstraint("run_no", "customer_no", "unit"),
        CheckConstraint(
            "CASE WHEN number = 1 THEN prev_number IS NULL"
            " ELSE prev_number IS NOT NULL AND prev_number = number - 1 END"
        ),
        CheckConstraint(
            "CASE WHEN revision = 0 THEN prev_revision IS NULL"
            " ELSE prev_revision IS NOT NULL AND prev_revision = revision - 1 END"
        ),
        ForeignKeyConstraint(
            ("customer_no", "prev_number"), [f"customer_statement.{name}" for name in _NUMBERS]
        ),
        ForeignKeyConstraint(
            ("customer_no", "unit", "as_of", "style", "prev_revision"),
            [f"customer_statement.{name}" for name in _REVISIONS],
        ),
    )
)
statement_skip = Table(
    "statement_skip",
    metadata,
    to("run_no", "statement_run.no"),
    Column("customer_no", Text, nullable=False),
    Column("reason", Text, CheckConstraint("reason <> ''"), nullable=False),
    words("unit"),
    PrimaryKeyConstraint("run_no", "customer_no", "unit"),
)
delivery = Table(  # the outbox: of a statement one at a time may still come to its customer
    "delivery",
    metadata,
    key(),
    to("statement_id", "customer_statement.id"),
    Column("method", Text, CheckConstraint("method IN ('email','print')"), nullable=False),
    words("recipient"),  # may be erased
    words("message_id"),
    Column("state", Text, CheckConstraint(f"state IN {STATES}"), nullable=False),
    words("reason"),
    number("tries"),
    words("pdf_sha256"),  # empty until it is rendered
    number("pages"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    Column("changed_at", Text, CheckConstraint("length(changed_at) = 20"), nullable=False),
    UniqueConstraint("statement_id", "method"),
    CheckConstraint("(method = 'email') = (message_id <> '')"),
    CheckConstraint("state NOT IN ('sending','sent','unknown') OR length(pdf_sha256) = 64"),
    Index("delivery_live", "statement_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("delivery_state", "state", "method", "id"),
)
delivery_event = Table(
    "delivery_event",
    metadata,
    key(),
    to("delivery_id", "delivery.id"),
    words("old_state"),
    words("new_state"),
    words("reason"),
    words("actor"),
    words("recorded_at"),
    Index("delivery_event_delivery", "delivery_id"),
)
suppression = (
    Table(  # addresses that get no mail, as hashes: they outlive that the address is erased
        "suppression",
        metadata,
        key(),
        Column(
            "address_sha256", Text, CheckConstraint("length(address_sha256) = 64"), nullable=False
        ),
        Column("action", Text, CheckConstraint("action IN ('add','remove')"), nullable=False),
        Column("reason", Text, CheckConstraint("reason <> ''"), nullable=False),
        Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
        words("recorded_at"),
        Index("suppression_address", "address_sha256", "id"),
    )
)
