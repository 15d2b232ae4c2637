"""What people see of the outbox and decide about it."""

import json
from collections.abc import Sequence
from typing import Any

from pipeline.domain.errors import DecisionError
from pipeline.ledger import suppressions
from pipeline.ledger.connection import Ledger
from pipeline.ledger.outbox import add_print, move, under_way
from pipeline.ledger.reading import quoted

DECISIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "resend": ("pending", ("unknown", "failed", "suppressed"), ("pending",)),
    "confirm": ("sent", ("unknown",), ("sent",)),
    "stop": ("suppressed", ("pending",), ("suppressed", "failed")),
    "bounced": ("failed", ("sent", "unknown"), ("failed",)),
}
"""What each does, the states in which it may be said, and those in which it is done already."""
COLUMNS = ("id", "run", "customer_no", "number", "as_of", "method", "state", "reason", "tries",
           "changed_at", "unit")  # fmt: skip


def listed(ledger: Ledger, run: int | None = None, state: str | None = None) -> list[Any]:
    """Deliveries as rows of ``COLUMNS``, oldest first."""
    sql = (
        "SELECT d.id, s.run_no, s.customer_no, s.number, s.as_of, d.method, d.state, d.reason,"
        " d.tries, d.changed_at, s.unit FROM delivery d JOIN customer_statement s ON s.id ="
        " d.statement_id"
    )
    wanted = []
    if run is not None:
        wanted.append(f"s.run_no = {int(run)}")
    if state is not None:
        wanted.append(f"d.state = '{state}'")
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return [list(row) for row in ledger.rows(f"{sql}{where} ORDER BY d.id")]


def counts(ledger: Ledger, run: int) -> tuple[int, list[Any], list[Any]]:
    """Of a run: how many statements; method, state, reason and how many of their deliveries.

    Then reason and how many customers got no statement.
    """
    deliveries = ledger.rows(
        "SELECT d.method, d.state, d.reason, count(*) FROM delivery d JOIN customer_statement s ON"
        f" s.id = d.statement_id WHERE s.run_no = {int(run)} GROUP BY d.method, d.state, d.reason"
        " ORDER BY d.method, d.state, d.reason"
    )
    skipped = ledger.rows(
        f"SELECT reason, count(*) FROM statement_skip WHERE run_no = {int(run)} GROUP BY reason"
        " ORDER BY reason"
    )
    statements = f"SELECT count(*) FROM customer_statement WHERE run_no = {int(run)}"
    return int(ledger.rows(statements)[0][0]), deliveries, skipped


def may_have_paid(ledger: Ledger, run: int) -> dict[str, int]:
    """Customers of a run whose payment waits, most likely: how many bank lines by its as-of date.

    What such a line is likeliest to pay is theirs, and nobody has decided it; on account of nobody,
    it is missing on their statements.
    """
    waiting: dict[str, int] = dict(ledger.rows(
        "SELECT d.party_no, count(DISTINCT x.line_id) FROM exception_item x JOIN proposed d ON"
        f" d.line_id = x.line_id AND d.rank = 1 JOIN statement_run r ON r.no = {int(run)} WHERE"
        " x.status = 'open' AND x.remaining > 0 AND d.party_type = 'customer' AND x.opened_on <="
        " r.as_of GROUP BY d.party_no"
    ))  # fmt: skip
    texts = ", ".join(map(quoted, sorted(waiting))) or "NULL"
    told = {
        number
        for customer, members in ledger.rows(
            "SELECT customer_no, members FROM customer_statement WHERE run_no ="
            f" {int(run)} AND (members <> '{{}}' OR customer_no IN ({texts}))"
        )
        for number in (customer, *json.loads(members))
    }
    return {number: waiting[number] for number in sorted(waiting) if number in told}


RUNS = ("run", "as_of", "occasion", "sending", "actor", "recorded_at", "statements", "state")


def runs(ledger: Ledger) -> list[Any]:
    """Runs as rows of ``RUNS``, newest first."""
    rows = ledger.rows(
        "SELECT r.no, r.as_of, coalesce(r.occasion, ''), r.sending, r.actor, r.recorded_at,"
        " (SELECT count(*) FROM customer_statement s WHERE s.run_no = r.no), coalesce((SELECT"
        " min(e.action) FROM statement_run_event e WHERE e.run_no = r.no), 'begun')"
        " FROM statement_run r ORDER BY r.no DESC"
    )
    return [list(row) for row in rows]


def decide(
    ledger: Ledger,
    decision: str,
    numbers: Sequence[int],
    reason: str,
    actor: str,
    *,
    on_paper: bool = False,
) -> int:
    """Carry out a decision about deliveries, all of them or none.

    The address of a mail that bounced is suppressed; ``on_paper``: the statement goes by print.
    Returns how many it changed. DecisionError names the first that is in another state, or of whose
    statement another delivery is under way.
    """
    target, before, after = DECISIONS[decision]
    changed = 0
    with ledger.transaction() as connection:
        for number in numbers:
            row = connection.exec_driver_sql(
                "SELECT state, method, recipient, statement_id FROM delivery WHERE id ="
                f" {int(number)}"
            ).first()
            if row is None:
                raise DecisionError(f"delivery {number}: there is none; see: lettrage outbox list")
            state, method, recipient, statement = row
            if state in after:
                continue
            if state not in before:
                raise DecisionError(
                    f"delivery {number} is {state}; {decision} takes one that is"
                    f" {' or '.join(before)}"
                )
            if target == "pending" and under_way(connection, statement, number):
                raise DecisionError(
                    f"delivery {number}: its statement goes, or went, another way; see: lettrage"
                    " outbox list"
                )
            move(connection, number, target, reason, actor, f"state = '{state}'")
            if decision == "bounced" and method == "email":
                if recipient:
                    suppressions.write(connection, recipient, "add", "bounced", actor)
                if on_paper:
                    add_print(connection, number, actor)
            changed += 1
    return changed
