"""What the banks sent: files, statements and their lines, and what became of them."""

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from pipeline.ledger.schema.columns import day, key, metadata, number, once, to, words

_LIVE = "status IN ('received', 'reconciled') AND kind = 'booked'"

feed_file = Table(
    "feed_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    words("name"),
    number("size"),
    words("status"),
    words("reason"),
    words("detail"),
    Column("actor", Text, nullable=False),
    words("encoding"),  # of text that is no UTF-8, when it was read
    Column("original", LargeBinary),  # the file's bytes as gzip; a refused file has none
    CheckConstraint("status <> 'taken' OR (original IS NOT NULL AND length(original) > 0)"),
)
statement = Table(
    "statement",
    metadata,
    key(),
    Column("sha256", Text, ForeignKey("feed_file.sha256"), nullable=False),
    number("ordinal"),
    words("format"),
    words("kind"),
    words("account"),
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no")),
    words("currency"),
    words("reference"),
    words("statement_no"),
    words("page"),
    day("from_date"),
    day("to_date"),
    number("opening", nullable=True),
    number("closing", nullable=True),
    number("line_count"),
    number("net"),
    number("complete"),
    words("fingerprint"),
    Column(
        "status",
        Text,
        CheckConstraint(
            "status IN ('received','held','reconciled','refused','announced','replaced')"
        ),
        nullable=False,
    ),
    words("reason"),
    words("detail"),
    words("waits_for"),
    Index(  # a statement that took another's place may stand where that one stood
        "statement_place",
        "sha256",
        "ordinal",
        unique=True,
        sqlite_where=text("status <> 'replaced'"),
        postgresql_where=text("status <> 'replaced'"),
    ),
    Index(  # a number of a year is taken once
        "statement_number",
        "bank_account_no",
        "statement_no",
        "page",
        text("coalesce(substr(to_date, 1, 4), '')"),
        unique=True,
        sqlite_where=text(_LIVE),
        postgresql_where=text(_LIVE),
    ),
    CheckConstraint(
        "status NOT IN ('received','reconciled') OR opening IS NULL OR closing IS NULL"
        " OR opening + net = closing"
    ),
)
statement_event = Table(
    "statement_event",
    metadata,
    key(),
    to("statement_id", "statement.id"),
    words("old_status"),
    words("new_status"),
    words("reason"),
    number("after_register"),  # the last register when it happened: what a report knew by then
    Index("statement_event_statement", "statement_id"),
)
statement_refusal = Table(  # held statements that people refused, or let wait again; append only
    "statement_refusal",
    metadata,
    key(),
    to("statement_id", "statement.id"),
    Column("action", Text, CheckConstraint("action IN ('refuse', 'restore')"), nullable=False),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("second_actor"),
    words("reason"),
    to("request_id", "request.id"),  # of the first person
    number("after_event"),  # the last event of the statement: the state that they saw
    words("recorded_at"),
    UniqueConstraint("statement_id", "after_event"),
)
statement_chain = Table(
    "statement_chain",  # statements that were closed, and what undid that, in order; append only
    metadata,
    Column("bank_account_no", Text, ForeignKey("bank_account.bank_account_no"), nullable=False),
    Column("ord", BigInteger, CheckConstraint("ord >= 1"), nullable=False),
    Column("prev_ord", BigInteger),
    to("statement_id", "statement.id"),
    number("opening"),
    number("closing"),
    Column("undoes_ord", BigInteger),  # a row that goes back: from its closing to its opening
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("second_actor"),
    words("reason"),
    to("request_id", "request.id", nullable=True),  # of the first person, where it takes two
    words("recorded_at"),
    PrimaryKeyConstraint("bank_account_no", "ord"),
    UniqueConstraint("bank_account_no", "ord", "closing"),
    CheckConstraint(
        "CASE WHEN ord = 1 THEN prev_ord IS NULL "
        "ELSE prev_ord IS NOT NULL AND prev_ord = ord - 1 END"
    ),
    CheckConstraint("undoes_ord IS NULL OR undoes_ord < ord"),
    CheckConstraint("(undoes_ord IS NULL) = (request_id IS NULL)"),
    ForeignKeyConstraint(
        ("bank_account_no", "prev_ord", "opening"),
        [f"statement_chain.{name}" for name in ("bank_account_no", "ord", "closing")],
    ),
    ForeignKeyConstraint(
        ("bank_account_no", "undoes_ord"),
        [f"statement_chain.{name}" for name in ("bank_account_no", "ord")],
    ),
    once("statement_chain_undoes", "undoes_ord", "bank_account_no"),
    once("statement_chain_request", "request_id"),
    Index("statement_chain_statement", "statement_id"),
)
CLOSED = (
    "CREATE VIEW closed_statement AS SELECT c.statement_id, c.bank_account_no, c.ord, c.opening,"
    " c.closing, c.actor FROM statement_chain c WHERE c.undoes_ord IS NULL AND NOT EXISTS (SELECT"
    " 1 FROM statement_chain u WHERE u.bank_account_no = c.bank_account_no AND"
    " u.undoes_ord = c.ord)"
)
"""The rows of the chain that stand: each closed statement once."""
event.listen(statement_chain, "after_create", DDL(CLOSED))  # type: ignore[no-untyped-call]
statement_line = Table(
    "statement_line",
    metadata,
    key("line_id"),
    Column(  # lines come first: their statement is the seal that finds them complete
        "statement_id",
        BigInteger,
        ForeignKey("statement.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    number("line_no"),
    day("booking_date"),
    day("value_date"),
    number("amount"),
    Column("is_reversal", Integer, nullable=False, server_default="0"),
    *[
        words(name)
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
    number("charges"),
    number("original_amount"),
    words("original_currency"),
    words("corrects"),
    words("raw"),
    words("identity"),
    number("occurrence"),
    number("before_cutover"),
    UniqueConstraint("statement_id", "line_no"),
    Index("statement_line_identity", "identity", "occurrence", "statement_id", unique=True),
)
line_revision = Table(  # another text under one FITID: the line stays as it came first
    "line_revision",
    metadata,
    key(),
    to("line_id", "statement_line.line_id"),
    Column("sha256", Text, ForeignKey("feed_file.sha256"), nullable=False),
    words("counterparty_name"),
    words("text"),
    words("raw"),
    UniqueConstraint("line_id", "sha256"),
)
month_event = Table(  # what was said and done about a month of the bank accounts, each once
    "month_event",
    metadata,
    Column("month", Text, CheckConstraint("length(month) = 7"), nullable=False),
    Column("action", Text, CheckConstraint("action IN ('declared','announced','statements_sent')")),
    words("actor"),
    words("detail"),
    UniqueConstraint("month", "action"),
)
