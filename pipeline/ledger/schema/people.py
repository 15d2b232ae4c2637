"""Who may work at the page of ``lettrage serve``, and who was told what by mail."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from pipeline.ledger.schema.columns import key, metadata, words

page_user = Table(
    "page_user",  # a row a state: the newest row of a name is how it stands
    metadata,
    key(),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    Column("action", Text, CheckConstraint("action IN ('add','change','remove')"), nullable=False),
    Column(
        "role", Text, CheckConstraint("role IN ('viewer','reviewer','approver')"), nullable=False
    ),
    words("password_hash"),  # emptied when a newer state takes its place
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
    Index("page_user_state", "name", "id", unique=True),
)
queue_notice = Table(
    "queue_notice",  # what a person was told by mail, append only
    metadata,
    key(),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    words("told", "{}"),  # JSON, what the mail was about
    words("message_id"),
    Column("outcome", Text, CheckConstraint("outcome IN ('sent','unknown','failed')")),
    words("reason"),
    Column("actor", Text, CheckConstraint("actor <> ''"), nullable=False),
    words("recorded_at"),
    Index("queue_notice_name", "name", "id", unique=True),
)
