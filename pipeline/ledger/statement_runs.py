"""Runs of customer statements: what was asked for, what each customer was told, who got none.

A run is begun, filled in parts that may be repeated, and composed: after that nothing joins it.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import UsageError
from pipeline.ledger import kept_content, statement_numbers
from pipeline.ledger.bulk import insert, next_id, placeholder
from pipeline.ledger.connection import Ledger, now
from pipeline.ledger.statement_numbers import CHANGED, COMPOSED

Key = tuple[str, str]
"""A customer's number, and of which account it is told."""
HAS_IT = "has_it_already"
"""Why a customer gets no second statement that says the same."""
_ASKED = ("as_of", "form", "choice", "sending")
_RUN = (
    "SELECT r.no, r.as_of, coalesce(r.occasion, ''), r.form, r.choice, r.sending, r.register_no,"
    " r.register_hash, r.actor, (SELECT count(*) FROM statement_run_event e WHERE e.run_no = r.no"
    " AND e.action = 'composed'), (SELECT count(*) FROM statement_run_event e WHERE e.run_no ="
    " r.no AND e.action = 'approved') FROM statement_run r"
)
TOLD = {
    "customer_no": pl.String, "unit": pl.String, "number": pl.Int64, "as_of": pl.Date,
    "balances": pl.String, "members": pl.String, "register_no": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``form`` and ``choice`` are JSON, the register is the last that it knew.

    ``occasion`` names what happens once, as a month that is closed; empty for other runs.
    """

    no: int
    as_of: dt.date
    occasion: str
    form: str
    choice: str
    sending: str
    register_no: int
    register_hash: str
    actor: str
    composed: bool
    approved: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What one customer is told, and the way it goes.

    ``unit`` says of which account (``statements.Recipient``), ``members`` what each of a group
    owes. ``balances``: minor units by currency, what is owed positive. ``withheld`` says why it
    does not go (``suppressed``), empty where it may; then ``on_paper`` sends it by print instead.
    """

    customer_no: str
    style: str
    balances: Mapping[str, int]
    content: str
    method: str
    recipient: str = ""
    withheld: str = ""
    on_paper: bool = False
    unit: str = ""
    members: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Customer and unit, of which a run says something once."""
        return self.customer_no, self.unit


def begin(
    ledger: Ledger,
    as_of: dt.date,
    form: Mapping[str, Any],
    choice: Mapping[str, Any],
    sending: str,
    actor: str,
    occasion: str = "",
) -> Run:
    """The run of an occasion, one that was asked for in these words and never composed, or a new.

    A new one knows the books up to the last register.
    """
    asked = (as_of.isoformat(), _json(form), _json(choice), sending)
    with ledger.transaction() as connection:
        number = _known(connection, asked, occasion)
        if number is None:
            number = next_id(connection, "statement_run", "no")
            head = connection.exec_driver_sql(
                "SELECT register_no, hash FROM register_seal ORDER BY register_no DESC LIMIT 1"
            ).first() or (0, "")
            columns = ("no", "occasion", *_ASKED, "register_no", "register_hash", "actor",
                       "recorded_at")  # fmt: skip
            row = (number, occasion or None, *asked, *head, actor, now(connection))
            insert(connection, "statement_run", columns, [row])
    return get(ledger, number)


def _known(connection: Connection, asked: tuple[str, ...], occasion: str) -> int | None:
    mark = placeholder(connection)
    values: tuple[str, ...] = (occasion,)
    sql = f"SELECT no FROM statement_run WHERE occasion = {mark}"
    if not occasion:
        same = " AND ".join(f"{name} = {mark}" for name in _ASKED)
        sql = (
            f"SELECT no FROM statement_run r WHERE occasion IS NULL AND {same} AND NOT EXISTS"
            " (SELECT 1 FROM statement_run_event e WHERE e.run_no = r.no) ORDER BY no DESC LIMIT 1"
        )
        values = asked
    found = connection.exec_driver_sql(sql, values).scalar()
    return None if found is None else int(found)


def get(ledger: Ledger, number: int) -> Run:
    """A run by its number; UsageError where there is none."""
    for row in ledger.rows(f"{_RUN} WHERE r.no = {int(number)}"):
        no, as_of, *words, composed, approved = row
        return Run(*[no, dt.date.fromisoformat(as_of), *words, bool(composed), bool(approved)])
    raise UsageError(f"--run {number}: no such run; expected one of: lettrage outbox runs")


def mark(ledger: Ledger, number: int, action: str, actor: str) -> None:
    """Say that a run is ``composed`` or ``approved``; once is enough."""
    with ledger.transaction() as connection:
        sql = f"SELECT 1 FROM statement_run_event WHERE run_no = {int(number)} AND action = "
        sign = placeholder(ledger.engine)
        if connection.exec_driver_sql(sql + sign, (action,)).first() is None:
            columns = ("run_no", "action", "actor", "recorded_at")
            row = (number, action, actor, now(connection))
            insert(connection, "statement_run_event", columns, [row])


def told(ledger: Ledger, before: dt.date) -> pl.DataFrame:
    """The last statement of each customer and unit as of a day before ``before`` (``TOLD``).

    One that was never to come to its customer is left out, and those of a run never composed.
    """
    sql = (
        "SELECT customer_no, unit, number, as_of, balances, members, register_no FROM (SELECT"
        " s.customer_no, s.unit, s.number, s.as_of, s.balances, s.members, r.register_no,"
        " row_number() OVER (PARTITION BY s.customer_no, s.unit ORDER BY s.as_of DESC, s.number"
        " DESC) AS place FROM customer_statement s"
        f" JOIN statement_run r ON r.no = s.run_no WHERE s.as_of < '{before}' AND {COMPOSED}"
        " AND EXISTS (SELECT 1 FROM delivery d WHERE d.statement_id = s.id AND d.state NOT IN"
        " ('failed', 'suppressed'))"
        ") t WHERE place = 1 ORDER BY customer_no, unit"
    )
    return ledger.frame(sql, TOLD)


def record(
    ledger: Ledger,
    run: Run,
    letters: Sequence[Letter],
    skipped: Iterable[tuple[Key, str]],
    domain: str,
    actor: str,
) -> None:
    """Record a part of a run, customers who have nothing of it yet, in one transaction.

    ``skipped``: customers and units with the reason. A customer who was told the same by an earlier
    run as of that day is skipped (``HAS_IT``); where the books changed, or that one never came to
    it, it is a revision, and what still waits of the earlier ones does not go. A few thousand
    letters at most. ``domain`` is that of the sender, for Message-IDs.
    """
    skipped = list(skipped)
    asked = {letter.customer_no for letter in letters}.union(key[0] for key, _ in skipped)
    with ledger.transaction() as connection:
        known = _done(connection, run.no, sorted(asked))
        wanted = [letter for letter in letters if letter.key not in known]
        skips = [(key, reason) for key, reason in skipped if key not in known]
        numbered = sorted({letter.customer_no for letter in wanted})
        last = statement_numbers.last(connection, numbered)
        before = statement_numbers.before(connection, run.as_of, numbered)
        time = now(connection)
        statement, sent = (
            next_id(connection, table) for table in ("customer_statement", "delivery")
        )
        rows, deliveries, overtaken = [], [], []
        for letter in wanted:
            digest = kept_content.sha256(letter.content)
            revision, content, came = before.get((*letter.key, letter.style), (-1, "", 1))
            stays = "" if letter.on_paper else letter.withheld
            if (came or stays) and content and kept_content.is_known(letter.content, content):
                skips.append((letter.key, HAS_IT if came else stays))
                continue
            number = last[letter.customer_no] = last.get(letter.customer_no, 0) + 1
            if revision >= 0:
                overtaken.append((CHANGED, actor, time, run.as_of.isoformat(), *letter.key,
                                  letter.style))  # fmt: skip
            rows.append((
                statement, run.no, letter.customer_no, number, number - 1 or None,
                run.as_of.isoformat(), letter.style, revision + 1,
                revision if revision >= 0 else None, _json(letter.balances), letter.content, digest,
                letter.unit, _json(letter.members),
            ))  # fmt: skip
            deliveries.append((
                sent, statement, letter.method, letter.recipient,
                statement_numbers.message_id(
                    letter.method, digest, letter.customer_no, number, domain
                ),
                "suppressed" if letter.withheld else "pending", letter.withheld, 0, "", 0, actor,
                time,
            ))  # fmt: skip
            sent += 1
            if letter.on_paper:
                deliveries.append((sent, statement, "print", "", "", "pending", "", 0, "", 0,
                                   actor, time))  # fmt: skip
                sent += 1
            statement += 1
        _overtake(connection, overtaken)
        insert(connection, "customer_statement", _STATEMENT, rows)
        insert(connection, "delivery", DELIVERY, deliveries)
        insert(connection, "statement_skip", ("run_no", "customer_no", "unit", "reason"),
               [(run.no, *key, reason) for key, reason in skips])  # fmt: skip


def _overtake(connection: Connection, revised: Sequence[tuple[str, ...]]) -> None:
    sign = placeholder(connection)
    if revised:
        connection.exec_driver_sql(
            f"UPDATE delivery SET state = 'suppressed', reason = {sign}, actor = {sign}, changed_at"
            f" = {sign} WHERE state = 'pending' AND statement_id IN (SELECT id FROM"
            f" customer_statement WHERE as_of = {sign} AND customer_no = {sign} AND unit = {sign}"
            f" AND style = {sign})",
            list(revised),
        )


_STATEMENT = ("id", "run_no", "customer_no", "number", "prev_number", "as_of", "style", "revision",
              "prev_revision", "balances", "content", "content_sha256", "unit",
              "members")  # fmt: skip
DELIVERY = ("id", "statement_id", "method", "recipient", "message_id", "state", "reason", "tries",
            "pdf_sha256", "pages", "actor", "changed_at")  # fmt: skip


def done(ledger: Ledger, number: int) -> set[Key]:
    """The customers and units of which a run has said something."""
    with ledger.reading() as connection:
        return _done(connection, number)


def _done(connection: Connection, number: int, among: Sequence[str] | None = None) -> set[Key]:
    """``among`` some customers, all without: of a run a part is asked for at a time."""
    if among is not None and not among:
        return set()
    limit = "" if among is None else f" AND {statement_numbers.among(connection, among)}"
    found: set[Key] = set()
    for table in ("customer_statement", "statement_skip"):
        sql = f"SELECT customer_no, unit FROM {table} WHERE run_no = {int(number)}{limit}"
        found |= {(row[0], row[1]) for row in connection.exec_driver_sql(sql, tuple(among or ()))}
    return found


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
