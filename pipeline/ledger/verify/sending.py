"""I37 and I38: what customers were told, and that each delivery went its way once."""

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.domain import account_unit
from pipeline.ledger import as_of, sending_rules
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.verify.check import Query, Work

_MOVED = sending_rules.MOVE.format(old="e.old_state", new="e.new_state")
_RUN = 10_000
Balances = Mapping[str, int]
"""Minor units by currency."""

QUERIES = {
    "I37c": Query("customer_statement",
        "a customer's statements are numbered without a gap, and so are their revisions", """
        SELECT s.id FROM customer_statement s LEFT JOIN customer_statement p
            ON p.customer_no = s.customer_no AND p.number = s.number - 1
        WHERE s.number < 1 OR (s.number > 1 AND p.id IS NULL)
        UNION SELECT min(id) FROM customer_statement GROUP BY customer_no, number
            HAVING count(*) > 1
        UNION SELECT s.id FROM customer_statement s WHERE s.revision > 0 AND NOT EXISTS
            (SELECT 1 FROM customer_statement p WHERE p.customer_no = s.customer_no AND
             p.unit = s.unit AND p.as_of = s.as_of AND p.style = s.style AND
             p.revision = s.revision - 1)"""),
    "I37d": Query("customer_statement",
        "a customer statement is of its run's date, has a delivery, and was not left out", """
        SELECT s.id FROM customer_statement s LEFT JOIN statement_run r ON r.no = s.run_no
        WHERE r.no IS NULL OR r.as_of <> s.as_of
            OR NOT EXISTS (SELECT 1 FROM delivery d WHERE d.statement_id = s.id)
            OR EXISTS (SELECT 1 FROM statement_skip k WHERE k.run_no = s.run_no
                AND k.customer_no = s.customer_no AND k.unit = s.unit)"""),
    "I37e": Query("statement_run",
        "a statement run names a register by its hash; what is approved was composed", """
        SELECT r.no FROM statement_run r WHERE r.register_no > 0 AND NOT EXISTS
            (SELECT 1 FROM register_seal x WHERE x.register_no = r.register_no
             AND x.hash = r.register_hash)
        UNION SELECT e.run_no FROM statement_run_event e WHERE e.action = 'approved' AND NOT EXISTS
            (SELECT 1 FROM statement_run_event c WHERE c.run_no = e.run_no
             AND c.action = 'composed')"""),
    "I38": Query("delivery",
        "the state of each delivery is the last one in its history", """
        SELECT d.id FROM delivery d WHERE d.state <> coalesce((SELECT e.new_state
            FROM delivery_event e WHERE e.delivery_id = d.id ORDER BY e.id DESC LIMIT 1), '')"""),
    "I38b": Query("delivery_event",
        "each state in a delivery's history follows the one before by an allowed step", f"""
        SELECT e.id FROM delivery_event e WHERE e.old_state <> coalesce((SELECT o.new_state
            FROM delivery_event o WHERE o.delivery_id = e.delivery_id AND o.id < e.id
            ORDER BY o.id DESC LIMIT 1), '')
        OR NOT ((e.old_state = '' AND e.new_state IN ('pending', 'suppressed')) OR {_MOVED})"""),
    "I38c": Query("delivery",
        "a customer statement has one live delivery at most, with all tries in its history", """
        SELECT min(id) FROM delivery WHERE state NOT IN ('failed', 'suppressed')
        GROUP BY statement_id HAVING count(*) > 1
        UNION SELECT d.id FROM delivery d JOIN delivery_event e ON e.delivery_id = d.id
            AND e.new_state = 'sending' GROUP BY d.id, d.tries HAVING count(*) <> d.tries"""),
    "I38d": Query("delivery",
        "nothing is sent of a statement run that nobody approved", """
        SELECT d.id FROM delivery d JOIN delivery_event e ON e.delivery_id = d.id
            AND e.new_state = 'sending' JOIN customer_statement s ON s.id = d.statement_id
        WHERE NOT EXISTS (SELECT 1 FROM statement_run_event a WHERE a.run_no = s.run_no
            AND a.action = 'approved')"""),
}  # fmt: skip


def _contents(books: Snapshot) -> list[Any]:
    """I37: what is kept of a statement is what was composed, or it was erased."""
    last = int(books.rows("SELECT coalesce(max(id), 0) AS n FROM customer_statement")[0][0])
    broken: list[Any] = []
    for first in range(1, last + 1, _RUN):
        rows = books.rows(
            "SELECT id, content, content_sha256 FROM customer_statement WHERE id BETWEEN"
            f" {first} AND {first + _RUN - 1} AND content <> '' ORDER BY id"
        )
        broken += [
            number
            for number, content, sha256 in rows
            if hashlib.sha256(content.encode()).hexdigest() != sha256
        ]
    return broken


def _balances(books: Snapshot) -> list[Any]:
    """I37: each statement says what was open as of its day by the registers that its run knew.

    Of a project only where no text of its customer's entries, which names it, was erased.
    """
    runs = books.rows("SELECT no, as_of, register_no FROM statement_run ORDER BY no")
    erased = "SELECT party_no FROM entry WHERE party_type = 'customer' AND fields = ''"
    unknown = {row[0] for row in books.rows(f"{erased} GROUP BY party_no ORDER BY 1")}
    broken: list[Any] = []
    for run, day, register in runs:
        stated = books.rows(
            "SELECT id, customer_no, unit, balances, members FROM customer_statement WHERE run_no ="
            f" {int(run)} ORDER BY id"
        )
        if not stated:
            continue
        entries = as_of.customer_entries(books, dt.date.fromisoformat(day), register)
        keys = ("party_no", "project", "currency")
        sums = entries.group_by(keys).agg(pl.col("remaining_amount").sum())
        known: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for customer, project, currency, amount in sums.iter_rows():
            for unit in (account_unit.of(None), account_unit.of(project)):
                known[customer, unit][currency] += amount
        broken += [
            number
            for number, customer, unit, balances, members in stated
            if not (account_unit.project_of(unit) is not None and customer in unknown)
            and not _tied(known, (customer, unit), json.loads(balances), json.loads(members))
        ]
    return broken


def _tied(
    known: Mapping[tuple[str, str], Balances],
    key: tuple[str, str],
    balances: Balances,
    members: Mapping[str, Balances],
) -> bool:
    """Whether a statement says what is known; of a group for each member, and in all."""
    if key[1] != account_unit.GROUP:
        return not members and _owed(balances) == _owed(known.get(key, {}))
    whole: Counter[str] = Counter()
    for own in members.values():
        whole.update(own)
    each = all(_owed(own) == _owed(known.get((no, ""), {})) for no, own in members.items())
    return each and _owed(balances) == _owed(whole)


def _owed(balances: Balances) -> dict[str, int]:
    return {currency: amount for currency, amount in balances.items() if amount}


CHECKS: dict[str, Work] = {
    "I37": Work(
        "customer_statement",
        "the content of each customer statement is what was composed, or was erased",
        _contents,
    ),
    "I37b": Work(
        "customer_statement",
        "a customer statement says what was open on its day by the registers its run knew",
        _balances,
    ),
}
