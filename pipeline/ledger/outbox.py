"""The outbox: each statement goes to its customer once, whatever is killed when.

A worker claims a delivery before it begins and says afterwards what came of it; between the two
nobody else touches it. ``tries`` is the claim's own number, so that a worker that was thought dead
cannot speak for a later claim.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from pipeline.domain.errors import LedgerError
from pipeline.ledger.bulk import insert, next_id, placeholder
from pipeline.ledger.connection import Ledger, now
from pipeline.ledger.reading import listed
from pipeline.ledger.statement_numbers import CHANGED
from pipeline.ledger.statement_runs import DELIVERY

_COLUMNS = (
    "d.id, d.statement_id, d.method, d.recipient, d.message_id, d.state, d.reason, d.tries,"
    " d.pdf_sha256, d.pages, s.run_no, s.customer_no, s.number, s.as_of, s.style, s.revision,"
    " s.content, s.content_sha256, s.unit, CASE WHEN s.revision = 0 THEN 0 ELSE {before} END, CASE"
    " WHEN s.revision = 0 THEN '' ELSE coalesce((SELECT b.content FROM customer_statement b WHERE"
    " b.customer_no = s.customer_no AND b.number = {before}), '') END"
).format(
    before="coalesce((SELECT max(p.number) FROM customer_statement p JOIN delivery o ON"
    " o.statement_id = p.id WHERE p.customer_no = s.customer_no AND p.unit = s.unit AND p.as_of ="
    " s.as_of AND p.style = s.style AND p.revision < s.revision AND (SELECT e.new_state FROM"
    " delivery_event e WHERE e.delivery_id = o.id AND e.id < (SELECT min(f.id) FROM delivery_event"
    " f JOIN delivery g ON g.id = f.delivery_id WHERE g.statement_id = s.id) ORDER BY e.id DESC"
    " LIMIT 1) IN ('sending', 'sent', 'unknown')), 0)"
)
"""Last the statement that a revision replaces, by number and content: what had left by then."""
_FROM = "FROM delivery d JOIN customer_statement s ON s.id = d.statement_id"
_APPROVED = (
    "EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = s.run_no AND e.action ="
    " 'approved')"
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery with the statement that it delivers; ``content`` is JSON.

    ``replaces``: of a revision the number of the last one that reached its customer; 0 for none;
    ``replaced`` is what that one said.
    """

    id: int
    statement_id: int
    method: str
    recipient: str
    message_id: str
    state: str
    reason: str
    tries: int
    pdf_sha256: str
    pages: int
    run_no: int
    customer_no: str
    number: int
    as_of: str
    style: str
    revision: int
    content: str
    content_sha256: str
    unit: str
    replaces: int
    replaced: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a claim: the state that it ends in, and why."""

    delivery: Delivery
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Deliveries of a run, between two ids, both included."""

    run_no: int
    first: int = 0
    last: int = 1 << 62

    def sql(self) -> str:
        """The condition on ``d`` and ``s``."""
        return (
            f"s.run_no = {int(self.run_no)} AND d.id BETWEEN {int(self.first)} AND {int(self.last)}"
        )


def pending(
    ledger: Ledger, scope: Scope, *, rendered: bool, method: str = "", after: int = 0, most: int
) -> list[Delivery]:
    """Pending deliveries of a scope after an id, in the order of their ids, ``most`` at once."""
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE {_in(scope, ('pending',), method, rendered)}"
        f" AND d.id > {int(after)} ORDER BY d.id LIMIT {int(most)}"
    )
    return [Delivery(*row) for row in ledger.rows(sql)]


def those(ledger: Ledger, numbers: Sequence[int]) -> list[Delivery]:
    """Deliveries by their ids, in the order in which they are named; none for an id of none."""
    rows = ledger.rows(f"SELECT {_COLUMNS} {_FROM} WHERE d.id IN ({listed(numbers)})")
    found = {row[0]: Delivery(*row) for row in rows}
    return [found[number] for number in numbers if number in found]


def count(
    ledger: Ledger, scope: Scope, *states: str, method: str = "", rendered: bool | None = None
) -> int:
    """How many deliveries of a scope are in one of these states."""
    sql = f"SELECT count(*) {_FROM} WHERE {_in(scope, states, method, rendered)}"
    return int(ledger.rows(sql)[0][0])


def _in(scope: Scope, states: Sequence[str], method: str, rendered: bool | None) -> str:
    within = ", ".join(f"'{state}'" for state in states)
    own = f" AND d.method = '{method}'" if method else ""
    if rendered is not None:
        own += f" AND d.pdf_sha256 {'<>' if rendered else '='} ''"
    return f"{scope.sql()} AND d.state IN ({within}){own}"


def ids(ledger: Ledger, scope: Scope) -> list[int]:
    """The ids of all deliveries of a scope, in order."""
    return [row[0] for row in ledger.rows(f"SELECT d.id {_FROM} WHERE {scope.sql()} ORDER BY 1")]


def rendered(
    ledger: Ledger,
    pages: Iterable[tuple[int, str, int]],
    failed: Iterable[tuple[int, str]],
    actor: str,
) -> None:
    """Record hash and pages of PDFs by delivery id, and why others failed that cannot be made."""
    with ledger.transaction() as connection:
        sign = placeholder(connection)
        sql = f"UPDATE delivery SET pdf_sha256 = {sign}, pages = {sign} WHERE id = {sign}"
        values = [(sha256, count, number) for number, sha256, count in pages]
        if values:
            connection.exec_driver_sql(sql, values)
        for number, reason in failed:
            move(connection, number, "failed", reason, actor, "state = 'pending'")


def turn(
    ledger: Ledger,
    scope: Scope,
    outcome: Outcome | None,
    actor: str,
    after: int = 0,
    *,
    on_paper: bool = False,
) -> Delivery | None:
    """Record what came of the last claim and claim the next mail after an id; None at the end.

    One transaction: committed before anything of the next mail leaves the house. ``on_paper``: what
    has failed goes on paper.
    """
    with ledger.transaction() as connection:
        settled = outcome is not None and _settle(connection, outcome, actor)
        if settled and outcome and outcome.state == "failed" and on_paper:
            add_print(connection, outcome.delivery.id, actor)
        sql = (
            f"SELECT {_COLUMNS} {_FROM} WHERE {scope.sql()} AND d.id > {int(after)} AND d.method ="
            f" 'email' AND d.state = 'pending' AND d.pdf_sha256 <> '' AND {_APPROVED}"
            " ORDER BY d.id LIMIT 1"
        )
        row = connection.exec_driver_sql(sql).first()
        if row is None:
            return None
        claim = Delivery(*row)
        move(connection, claim.id, "sending", "", actor, "state = 'pending'", claim.tries + 1)
    return replace(claim, state="sending", reason="", tries=claim.tries + 1)


def settle(ledger: Ledger, outcome: Outcome, actor: str) -> None:
    """Record what came of a claim; one that another claim came after says nothing any more."""
    with ledger.transaction() as connection:
        _settle(connection, outcome, actor)


def _settle(connection: Connection, outcome: Outcome, actor: str) -> int:
    item = outcome.delivery
    known = "'sending', 'unknown'" if outcome.state == "sent" else "'sending'"
    own = f"state IN ({known}) AND tries = {item.tries}"
    settled = move(connection, item.id, outcome.state, outcome.reason, actor, own)
    if settled and outcome.state == "pending" and _later(connection, item.statement_id):
        move(connection, item.id, "suppressed", CHANGED, actor, "state = 'pending'")
    return settled


def lost(ledger: Ledger, minutes: int, actor: str) -> int:
    """Claims whose worker said nothing for so long become ``unknown``; returns how many."""
    with ledger.transaction() as connection:
        limit = dt.datetime.fromisoformat(now(connection)) - dt.timedelta(minutes=minutes)
        text = limit.strftime("%Y-%m-%dT%H:%M:%SZ")
        sql = f"SELECT id FROM delivery WHERE state = 'sending' AND changed_at <= '{text}'"
        numbers = [row[0] for row in connection.exec_driver_sql(sql)]
        for number in numbers:
            move(connection, number, "unknown", "no_answer_known", actor, "state = 'sending'")
    return len(numbers)


_LATER = (
    "FROM customer_statement o JOIN customer_statement s ON s.customer_no = o.customer_no AND"
    " s.unit = o.unit AND s.as_of = o.as_of AND s.style = o.style AND s.revision"
)


def _later(connection: Connection, statement: int) -> bool:
    """Whether a statement was revised: what comes back from a server then waits no more."""
    sql = f"SELECT 1 {_LATER} > o.revision WHERE o.id = {int(statement)}"
    return connection.exec_driver_sql(sql).first() is not None


def under_way(connection: Connection, statement: int, besides: int) -> bool:
    """Whether anything of a statement, or of a later revision of it, goes or went its way.

    ``besides`` is a delivery that does not count.
    """
    sql = (
        f"SELECT 1 {_LATER} >= o.revision JOIN delivery d ON d.statement_id = s.id WHERE o.id ="
        f" {int(statement)} AND d.id <> {int(besides)} AND d.state NOT IN ('failed', 'suppressed')"
    )
    return connection.exec_driver_sql(sql).first() is not None


def add_print(connection: Connection, number: int, actor: str) -> None:
    """The statement of a mail that failed goes on paper, where nothing of it is under way.

    Nor of a later revision, which replaces it.
    """
    sql = (
        "SELECT m.statement_id, m.pdf_sha256, m.pages FROM delivery m WHERE m.id ="
        f" {int(number)} AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.statement_id ="
        " m.statement_id AND d.method = 'print')"
    )
    mail = connection.exec_driver_sql(sql).first()
    if mail is not None and not under_way(connection, mail[0], number):
        row = (next_id(connection, "delivery"), mail[0], "print", "", "", "pending", "", 0,
               *mail[1:], actor, now(connection))  # fmt: skip
        insert(connection, "delivery", DELIVERY, [row])


def printed(ledger: Ledger, batch: Sequence[Delivery], actor: str) -> None:
    """Record that a batch is on paper: all of it, or LedgerError where any is pending no more."""
    with ledger.transaction() as connection:
        for item in batch:
            count = move(
                connection, item.id, "sending", "", actor, "state = 'pending'", item.tries + 1
            )
            if count != 1:
                raise LedgerError(f"delivery {item.id} is not pending any more; print again")
            move(connection, item.id, "sent", "", actor, "state = 'sending'")


def withhold(ledger: Ledger, scope: Scope, customers: set[str], reason: str, actor: str) -> int:
    """Suppress what is pending of some customers, or of a group of one; returns how many."""
    with ledger.transaction() as connection:
        sql = (
            f"SELECT d.id, s.customer_no, s.members {_FROM} WHERE {scope.sql()} AND d.state ="
            " 'pending'"
        )
        found = [
            number
            for number, customer, members in connection.exec_driver_sql(sql)
            if not customers.isdisjoint([customer, *json.loads(members)])
        ]
        for number in found:
            move(connection, number, "suppressed", reason, actor, "state = 'pending'")
    return len(found)


def move(
    connection: Connection,
    number: int,
    state: str,
    reason: str,
    actor: str,
    where: str,
    tries: int | None = None,
) -> int:
    """Move one delivery where a condition holds; returns how many rows that were."""
    sign = placeholder(connection)
    count = "" if tries is None else f", tries = {int(tries)}"
    sql = (
        f"UPDATE delivery SET state = {sign}, reason = {sign}, actor = {sign}, changed_at ="
        f" {sign}{count} WHERE id = {int(number)} AND {where}"
    )
    values = (state, reason, actor, now(connection))
    return connection.exec_driver_sql(sql, values).rowcount
