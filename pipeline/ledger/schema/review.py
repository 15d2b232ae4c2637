"""What waits for people, and what they decided."""

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

from pipeline.ledger.schema.columns import day, key, metadata, number, to, words

proposal = Table(
    "proposal",
    metadata,
    to("line_id", "statement_line.line_id"),
    number("rank"),
    *[
        words(name)
        for name in (
            "confidence",
            "rule",
            "reason",
            "party_type",
            "party_no",
            "explanation",
            "evidence",
            "probability",
            "seen",
        )
    ],
    UniqueConstraint("line_id", "rank"),
)
proposed = Table(
    "proposed",
    metadata,
    to("line_id", "statement_line.line_id"),
    number("rank"),
    number("seq"),
    words("target"),
    number("target_id"),
    words("party_type"),
    words("party_no"),
    words("gl_account"),
    number("applied_amount"),
    number("entry_amount"),
    number("discount_amount"),
    number("difference_amount"),
    words("difference_kind"),
    UniqueConstraint("line_id", "rank", "seq"),
)
exception_item = Table(
    "exception_item",
    metadata,
    key(),
    Column("line_id", BigInteger, ForeignKey("statement_line.line_id"), unique=True),
    words("reason"),
    words("status", "open"),
    day("opened_on"),
    words("assigned_to"),
    number("remaining"),
    words("candidates", "[]"),
    words("hint"),
    words("currency"),  # as its statement says, and the account too: a list looks at no other table
    words("bank_account_no"),
    Index(  # all that a page is chosen and counted by: candidates make the rows long
        "exception_item_queue",
        *("status", "currency", "opened_on", "id", "line_id", "remaining", "reason"),
        *("assigned_to", "bank_account_no"),
    ),
    # which match opened it last: who keeps what a search reads asks for what came since
    Column("opening", BigInteger, nullable=False, server_default="0"),
    Index("exception_item_age", "status", text("coalesce(opened_on, '')"), "id"),
    Index("exception_item_amount", "status", "remaining", "id"),
    Index("exception_item_reason", "status", "reason", "id", "currency", "remaining", "opened_on"),
    Index("exception_item_opening", "opening"),
    Index("exception_item_whose", "status", "assigned_to", text("coalesce(opened_on, '')"), "id"),
)
queue_total = Table(
    "queue_total",  # open items counted and summed up, by rules as items change
    metadata,
    words("currency"),
    words("bank_account_no"),
    words("reason"),
    words("assigned_to"),
    words("opened_on"),  # empty for an item without a day
    number("items"),
    number("money_in"),
    number("money_out"),
    UniqueConstraint("currency", "bank_account_no", "reason", "assigned_to", "opened_on"),
)
queue_day = Table(
    "queue_day",  # what waited on a last day of the books, as its last match left it; replaced
    metadata,
    Column("day", Text, CheckConstraint("length(day) = 10"), nullable=False),
    words("bank_account_no"),  # empty, and the reason, where nothing waited
    words("reason"),
    number("items"),
    day("oldest"),  # the day of the line that waited longest
    UniqueConstraint("day", "bank_account_no", "reason"),
)
decision = Table(
    "decision",  # what people decided or noted about a line, append only
    metadata,
    key(),
    to("line_id", "statement_line.line_id"),
    words("action"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("prepared_by"),  # whose decision this one approves
    words("reason"),
    words("detail", "{}"),
    words("seen"),  # version of the item that the actor saw
    Column("outcome", Text, CheckConstraint("outcome IN ('recorded','posted','waiting')")),
    Column(
        "register_no",
        BigInteger,
        ForeignKey("register.no", deferrable=True, initially="DEFERRED"),
    ),
    number("written_off"),  # magnitude
    words("party_type"),
    words("party_no"),
    words("recorded_at"),
    CheckConstraint("(outcome = 'posted') = (register_no IS NOT NULL)"),
    CheckConstraint("lower(prepared_by) <> lower(actor)"),
    Index("decision_line", "line_id"),
)
mapping = Table(
    "mapping",  # what people taught, a row a state: the newest row of a mapping_no is how it stands
    metadata,
    key(),
    number("mapping_no"),
    Column("action", Text, CheckConstraint("action IN ('add','edit','approve','remove')")),
    Column("kind", Text, CheckConstraint("kind IN ('payer_account','payer_name','text')")),
    Column("pattern", Text, CheckConstraint("pattern <> ''"), nullable=False),
    Column("target_type", Text, CheckConstraint("target_type IN ('customer','vendor','gl')")),
    Column("target_no", Text, CheckConstraint("target_no <> ''"), nullable=False),
    Column("side", Text, CheckConstraint("side IN ('in','out','both')")),
    Column("amount_limit", BigInteger, CheckConstraint("amount_limit > 0")),  # a magnitude
    words("currency"),  # of the limit
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("prepared_by"),  # who made the state that this one approves
    Column("decision_id", BigInteger, ForeignKey("decision.id")),  # what it was learnt from
    words("reason"),
    words("recorded_at"),
    CheckConstraint("lower(prepared_by) <> lower(actor)"),
    CheckConstraint("(action = 'approve') = (prepared_by <> '')"),
    CheckConstraint("(amount_limit IS NULL) = (currency = '')"),
    Index("mapping_state", "mapping_no", "id", unique=True),
)
item_later = Table(
    "item_later",  # until when an item is put off; the newest row of an item holds, append only
    metadata,
    key(),
    to("item_id", "exception_item.id"),
    words("until"),  # an ISO date; empty: no longer
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
    CheckConstraint("until = '' OR length(until) = 10"),
    Index("item_later_state", "item_id", "id", unique=True),
)
item_seen = Table(
    "item_seen",  # who saw which version of an item first when, append only
    metadata,
    key(),
    to("item_id", "exception_item.id"),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    words("version"),
    words("recorded_at"),
    UniqueConstraint("item_id", "name", "version"),
)
saved_filter = Table(
    "saved_filter",  # a row a state: the newest row of a person's filter holds
    metadata,
    key(),
    Column("person", Text, CheckConstraint("person <> ''"), nullable=False),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    words("query"),  # as in the address of the list; empty: it is removed
    words("recorded_at"),
    Index("saved_filter_state", "person", "name", "id", unique=True),
)
