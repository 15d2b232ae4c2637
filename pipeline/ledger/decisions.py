"""What people decide about exception items: read, guarded, recorded with the register it made."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from pipeline.domain.errors import StaleDecisionError
from pipeline.ledger import mappings
from pipeline.ledger.connection import Ledger, insert, next_id, now
from pipeline.ledger.reading import listed

Item = dict[str, Any]
DECIDING = ("apply", "accept", "to-account", "dismiss", "reject", "reverse")
"""Actions that change what an item asks; the others are notes."""

_ITEM = (
    "SELECT x.id, x.line_id, x.reason, x.status, x.opened_on, x.assigned_to, x.remaining,"
    " x.candidates, x.hint, s.currency, s.bank_account_no, s.statement_no, s.status AS"
    " statement_status, l.line_no, l.bank_reference, l.booking_date, l.value_date, l.amount,"
    " l.counterparty_name, l.counterparty_account, l.text, l.end_to_end_id, l.mandate_id,"
    " l.type_code, (SELECT max(d.id) FROM decision d WHERE d.line_id = x.line_id AND d.action IN"
    f" {DECIDING}) AS last_decision FROM exception_item x JOIN statement_line l ON"
    " l.line_id = x.line_id JOIN statement s ON s.id = l.statement_id"
)
_AT_ONCE = 10_000
_COLUMNS = ("line_id", "action", "actor", "prepared_by", "reason", "detail", "seen", "outcome",
            "register_no", "written_off", "party_type", "party_no")  # fmt: skip


def items(ledger: Ledger, numbers: Iterable[int]) -> list[Item]:
    """The items of these numbers in their order, each with the columns of its line."""
    wanted = list(numbers)
    found: dict[int, Item] = {}
    for place in range(0, len(wanted), _AT_ONCE):
        sql = f"{_ITEM} WHERE x.id IN ({listed(wanted[place : place + _AT_ONCE])})"
        found |= {row["id"]: row for row in ledger.records(sql)}
    rows = [found[number] for number in wanted if number in found]
    return [{**row, "version": version(row)} for row in rows]


def open_items(ledger: Ledger) -> dict[int, int]:
    """The numbers of open items by their lines."""
    sql = "SELECT line_id, id FROM exception_item WHERE status = 'open' ORDER BY id"
    return {row[0]: row[1] for row in ledger.rows(sql)}


def item(ledger: Ledger, number: int) -> Item | None:
    """One item, open or resolved; None when there is none of this number."""
    found = ledger.records(f"{_ITEM} WHERE x.id = :number", number=number)
    return {**found[0], "version": version(found[0])} if found else None


def version(row: Mapping[str, Any]) -> str:
    """Eight characters that change when what a person decides on changes."""
    names = ("line_id", "status", "reason", "remaining", "candidates", "last_decision")
    shown = json.dumps([row[name] for name in names])
    return hashlib.sha256(shown.encode()).hexdigest()[:8]


def history(ledger: Ledger, line_id: int) -> list[dict[str, Any]]:
    """All decisions and notes on a line, oldest first; ``detail`` decoded."""
    sql = "SELECT * FROM decision WHERE line_id = :line ORDER BY id"
    found = ledger.records(sql, line=line_id)
    return [{**row, "detail": json.loads(row["detail"])} for row in found]


def candidates(ledger: Ledger, line_id: int) -> list[dict[str, Any]]:
    """The stored proposals of a line by rank, each row with its document number."""
    sql = (
        "SELECT p.rank, p.confidence, p.rule, p.reason, p.party_type, p.party_no, p.explanation,"
        " p.evidence, p.probability,"
        " coalesce(d.target, '') AS target, coalesce(d.gl_account, '') AS gl_account,"
        " coalesce(d.applied_amount, 0) AS applied_amount, coalesce(d.entry_amount, 0) AS"
        " entry_amount, coalesce(d.discount_amount, 0) AS discount_amount,"
        " coalesce(d.difference_amount, 0) AS difference_amount, coalesce(e.document_no,"
        " b.entry_no, '') AS document_no, coalesce(e.remaining_amount, b.remaining_amount, 0) -"
        " coalesce(d.entry_amount, 0) AS left_open, coalesce(e.currency, '') AS entry_currency"
        " FROM proposal p LEFT JOIN proposed d ON d.line_id = p.line_id AND d.rank = p.rank"
        " LEFT JOIN entry e ON e.id = d.target_id AND d.target IN ('entry', 'return')"
        " LEFT JOIN bank_entry b ON b.id = d.target_id AND d.target = 'bank_entry'"
        " WHERE p.line_id = :line ORDER BY p.rank, d.seq"
    )
    return ledger.records(sql, line=line_id)


def gl_accounts(ledger: Ledger) -> tuple[set[str], set[str]]:
    """Numbers of the chart, and those that a person may not book to by hand.

    The latter are proved against something else: bank, transit, control accounts.
    """
    known = {row[0] for row in ledger.rows("SELECT no FROM gl_account")}
    barred = ledger.rows(
        "SELECT gl_account FROM bank_account UNION SELECT transit_account FROM bank_account"
        " UNION SELECT control_account FROM entry UNION SELECT control_account FROM party"
    )
    return known, {row[0] for row in barred} - {""}


def written_off(ledger: Ledger, line: Mapping[str, Any], party: tuple[str, str]) -> dict[str, int]:
    """What people wrote off before: ``party_month`` and ``night`` of the line, its currency.

    The night is the line's booking date, the month that of the booking date. Minor units.
    """
    day = str(line["booking_date"] or line["value_date"])
    sql = (
        "SELECT coalesce(l.booking_date, l.value_date) AS day, d.party_type, d.party_no,"
        " d.written_off FROM decision d JOIN statement_line l ON l.line_id = d.line_id"
        " JOIN statement s ON s.id = l.statement_id WHERE d.outcome = 'posted' AND"
        " d.written_off <> 0 AND s.currency = :currency"
    )
    rows = ledger.records(sql, currency=line["currency"])
    month = [
        row
        for row in rows
        if str(row["day"])[:7] == day[:7] and (row["party_type"], row["party_no"]) == party
    ]
    night = [row for row in rows if str(row["day"]) == day]
    return {
        "party_month": sum(row["written_off"] for row in month),
        "night": sum(row["written_off"] for row in night),
    }


def standing(
    ledger: Ledger, line_id: int | None = None
) -> tuple[dict[int, set[str]], dict[int, dict[str, Any]]]:
    """What holds until it is decided anew: rejected proposals, and decisions that wait.

    Line -> signatures of what was rejected; line -> the decision that a second person must accept.
    Of one line, or of all.
    """
    mine = "" if line_id is None else f"line_id = {int(line_id)} AND "
    sql = (
        "SELECT id, line_id, action, actor, detail, outcome, reason, written_off, party_type,"
        f" party_no FROM decision WHERE {mine}action IN {DECIDING} ORDER BY id"
    )
    rejected: dict[int, set[str]] = {}
    waiting: dict[int, dict[str, Any]] = {}
    for row in ledger.records(sql):
        detail = json.loads(row["detail"])
        if "rejected" in detail:
            rejected.setdefault(row["line_id"], set()).update(detail["rejected"])
        waiting.pop(row["line_id"], None)
        if row["outcome"] == "waiting":
            waiting[row["line_id"]] = {**row, "detail": detail}
    return rejected, waiting


def recording(
    decision: Mapping[str, Any], seen: Mapping[int, str], *, resolves: bool
) -> Callable[[Connection], None]:
    """What to do first in the transaction of a decision: refuse a stale one, else record it.

    ``decision`` by the columns of the table; one row for each line of ``seen`` (exception id ->
    version that the actor saw). Raises StaleDecisionError when an item changed since, or when
    others wrote off since ``write_offs_seen`` of the decision was read: limits may be used up.
    What the decision ``teaches`` (mappings by ``mappings.WHAT``) is written with it.
    """

    def guard(connection: Connection) -> None:
        _no_other_write_offs(connection, decision)
        number = next_id(connection, "decision")
        for offset, (item_no, shown) in enumerate(sorted(seen.items())):
            row = _checked(connection, item_no, shown)
            values = {**decision, "line_id": row["line_id"], "seen": shown}
            values["detail"] = json.dumps(decision["detail"], sort_keys=True)
            if decision["outcome"] == "posted":
                counter = "SELECT value + 1 FROM counter WHERE name = 'register'"
                values["register_no"] = connection.exec_driver_sql(counter).scalar()
            cells = [number + offset, *[values[name] for name in _COLUMNS], now(connection)]
            insert(connection, "decision", ("id", *_COLUMNS, "recorded_at"), [cells])
            for said in decision.get("teaches", ()):
                mappings.add(connection, said, decision["actor"], decision=number + offset)
            if resolves:
                sql = text("UPDATE exception_item SET status = 'resolved' WHERE id = :number")
                connection.execute(sql, {"number": item_no})

    return guard


def recording_lines(
    action: str, line_ids: list[int], actor: str, reason: str, detail: Mapping[str, Any]
) -> Callable[[Connection], None]:
    """As ``recording``, for what a person posts about lines, whether they have items or not.

    Their items have another version from then on.
    """

    def guard(connection: Connection) -> None:
        counter = "SELECT value + 1 FROM counter WHERE name = 'register'"
        register = connection.exec_driver_sql(counter).scalar()
        said = json.dumps(detail, sort_keys=True)
        _write(connection, action, [(line_id, said) for line_id in sorted(line_ids)], actor,
               reason, ("posted", register))  # fmt: skip

    return guard


def note_lines(
    connection: Connection, action: str, notes: list[tuple[int, str]], actor: str, reason: str
) -> None:
    """Note something about many lines: line id and detail (JSON) of each."""
    _write(connection, action, notes, actor, reason, ("recorded", None))


def _write(
    connection: Connection,
    action: str,
    lines: list[tuple[int, str]],
    actor: str,
    reason: str,
    became: tuple[str, int | None],
) -> None:
    """One row a line; ``became``: its outcome and register."""
    number, at = next_id(connection, "decision"), now(connection)
    rows = [
        [number + offset, line_id, action, actor, "", reason, detail, "", *became, 0, "", "", at]
        for offset, (line_id, detail) in enumerate(lines)
    ]
    insert(connection, "decision", ("id", *_COLUMNS, "recorded_at"), rows)


_WRITE_OFFS = "SELECT coalesce(sum(written_off), 0) FROM decision WHERE outcome = 'posted'"


def write_offs(ledger: Ledger) -> int:
    """What people ever wrote off, over all currencies: tells whether somebody did since."""
    return int(ledger.rows(_WRITE_OFFS)[0][0])


def _no_other_write_offs(connection: Connection, decision: Mapping[str, Any]) -> None:
    if not decision["written_off"] or "write_offs_seen" not in decision:
        return
    if int(connection.exec_driver_sql(_WRITE_OFFS).scalar() or 0) != decision["write_offs_seen"]:
        raise StaleDecisionError(
            "another person wrote off since the limits were read; nothing was written, try again"
        )


def record(ledger: Ledger, decision: Mapping[str, Any], seen: Mapping[int, str]) -> None:
    """Record a decision that posts nothing, in a transaction of its own."""
    with ledger.transaction() as connection:
        recording(decision, seen, resolves=False)(connection)


def assign(ledger: Ledger, decision: Mapping[str, Any], item_no: int, to: str) -> None:
    """Record a note and who takes care of the item."""
    with ledger.transaction() as connection:
        note_item(connection, decision, item_no)
        sql = text("UPDATE exception_item SET assigned_to = :to WHERE id = :number")
        connection.execute(sql, {"to": to, "number": item_no})


def note_item(connection: Connection, decision: Mapping[str, Any], item_no: int) -> None:
    """Record a note on an item as it is now."""
    shown = version(_read(connection, item_no))
    recording(decision, {item_no: shown}, resolves=False)(connection)


def _read(connection: Connection, item_no: int) -> dict[str, Any]:
    sql = text(f"{_ITEM} WHERE x.id = :number")
    return dict(connection.execute(sql, {"number": item_no}).mappings().one())


def _checked(connection: Connection, item_no: int, shown: str) -> dict[str, Any]:
    row = _read(connection, item_no)
    if version(row) == shown:
        return row
    last = connection.execute(
        text("SELECT action, actor, recorded_at FROM decision WHERE id = :id"),
        {"id": row["last_decision"] or 0},
    ).first()
    who = f"; last decision: {last[0]} by {last[1]} at {last[2]}" if last else ""
    raise StaleDecisionError(
        f"exception {item_no} changed since it was shown: it is {row['status']} now, reason"
        f" {row['reason']}{who}; nothing was written; see: lettrage exceptions show {item_no}"
    )
