"""What the database itself refuses, as triggers on SQLite and PostgreSQL from one list.

A register is checked once, set-based, when its seal is inserted (``seal_rules``). Single rows get
what is cheap: no update, no delete, nothing late. On PostgreSQL those run once per statement.
"""

from sqlalchemy import Connection

from pipeline.ledger import (
    payment_part_rules,
    queue_rules,
    refusal_rules,
    seal_rules,
    sending_rules,
    triggers,
)
from pipeline.ledger.agreed import two_people
from pipeline.ledger.schema import metadata
from pipeline.ledger.triggers import Rule

APPEND_ONLY = (
    "register",
    "register_seal",
    "journal_entry",
    "posting",
    "application",
    "application_tax",
    "application_value",
    "entry_value",
    "valuation",
    "statement_line",
    "line_revision",
    "statement_event",
    "statement_refusal",
    "statement_chain",
    "feed_file",
    "decision",
    "mapping",
    "period_event",
    "request",
    "export_batch",
    "export_file",
    "load_file",
    "source_lag",
    "source_conflict",
    "payment_part",
    "payment_part_entry",
    "statement_run",
    "statement_run_event",
    "statement_skip",
    "delivery_event",
    "suppression",
    "queue_notice",
    "item_later",
    "item_seen",
    "saved_filter",
)
CHANGING = {
    "entry": ("remaining_amount", "on_hold", "fields", "personal_salt"),
    "bank_entry": ("remaining_amount", "status", "description", "personal_salt"),
    "statement": ("status", "reason", "detail", "bank_account_no", "waits_for"),
    "cash_sale": ("project",),
    "master_change": ("old_value", "new_value"),
    "page_user": ("password_hash",),
    "customer_statement": ("content",),
    "delivery": ("recipient", "state", "reason", "tries", "pdf_sha256", "pages", "actor",
                 "changed_at"),
}  # fmt: skip
"""Columns that may change; the others of these tables never do, and no row goes."""
REMAINING = {"entry": "initial_amount", "bank_entry": "amount"}
MOVES = {
    "received": ("held", "reconciled", "replaced"),
    "held": ("received", "replaced", "refused"),
    "announced": ("received", "replaced"),
    "refused": ("replaced", "held"),
    "reconciled": ("received",),
}
"""From which state of a statement it may go where."""

_SEALED = "SELECT 1 FROM {rows}counter c WHERE c.name = '{series}' AND {row}.{no} <= c.value"
_REMAINING = (
    "SELECT 1 {from_rows} WHERE {row}.remaining_amount <> {row}.{start} - (SELECT"
    " coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.{table}_id = {row}.id)"
)
_COUNTER = (
    "SELECT 1 WHERE NEW.name <> OLD.name OR NEW.value < OLD.value OR NEW.value <> CASE NEW.name"
    " WHEN 'register' THEN (SELECT max(register_no) FROM register_seal)"
    " ELSE (SELECT max(no) FROM journal_entry) END"
)
MOVE = triggers.moves(MOVES)
_MOVE = MOVE.format(old="OLD.status", new="NEW.status")
_POSTED = (
    "SELECT 1 FROM statement_line l JOIN journal_entry j ON j.line_id = l.line_id"
    " WHERE l.statement_id = NEW.id AND NEW.status NOT IN ('received', 'reconciled')"
)
_TIES = (
    "SELECT 1 WHERE CASE NEW.status WHEN 'refused' THEN 0 ELSE NEW.line_count END <> (SELECT"
    " count(*) FROM statement_line l WHERE l.statement_id = NEW.id) OR (NEW.status <> 'refused'"
    " AND NEW.net <> (SELECT coalesce(sum(l.amount), 0) FROM statement_line l WHERE"
    " l.statement_id = NEW.id))"
)
"""A statement that is refused says how many lines were read, and keeps none."""
_CURRENCY = (
    "SELECT 1 FROM bank_account b WHERE b.bank_account_no = NEW.bank_account_no AND b.currency <>"
    " NEW.currency AND NEW.status IN ('received', 'reconciled')"
)
_LOG = (
    "INSERT INTO statement_event (statement_id, old_status, new_status, reason, after_register)"
    " SELECT NEW.id, {old}, NEW.status, NEW.reason, coalesce((SELECT value FROM counter"
    " WHERE name = 'register'), 0) WHERE {old} <> NEW.status"
)
REOPENED = {
    "kind": "reopen",
    "subject": "{row}.closed_through",
    "seen": "CAST((SELECT max(k.id) FROM period_event k WHERE k.id < {row}.id) AS TEXT)",
}
_PERIOD = (
    "SELECT 1 WHERE NEW.after_register <> (SELECT value FROM counter WHERE name = 'register') OR"
    " CASE NEW.action WHEN 'close' THEN NEW.closed_through <= coalesce((SELECT closed_through FROM"
    " period_event ORDER BY id DESC LIMIT 1), '') WHEN 'reopen' THEN NEW.closed_through >="
    " coalesce((SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1), '')"
    f" OR {two_people('NEW', REOPENED)} ELSE TRUE END"
)
MAPPING_MOVE = (
    "CASE {new}.action WHEN 'add' THEN {old}.id IS NOT NULL WHEN 'approve' THEN {old}.action NOT IN"
    " ('add', 'edit') OR {old}.actor <> {new}.prepared_by OR {old}.kind <> {new}.kind OR"
    " {old}.pattern <> {new}.pattern OR {old}.target_type <> {new}.target_type OR {old}.target_no"
    " <> {new}.target_no OR {old}.side <> {new}.side OR coalesce({old}.amount_limit, 0) <>"
    " coalesce({new}.amount_limit, 0) OR {old}.currency <> {new}.currency ELSE FALSE END"
    " OR ({new}.action <> 'add' AND ({old}.id IS NULL OR {old}.action = 'remove'))"
)
"""True where a state ``{new}`` of a mapping may not follow its state before, ``{old}``."""
_MAPPING = (
    "SELECT 1 FROM (SELECT max(m.id) AS id FROM mapping m WHERE m.mapping_no = NEW.mapping_no) x"
    " LEFT JOIN mapping o ON o.id = x.id WHERE "
) + MAPPING_MOVE.format(new="NEW", old="o")
_ERASED = (
    "SELECT 1 WHERE NEW.old_value NOT IN ('', OLD.old_value) OR NEW.new_value NOT IN ('',"
    " OLD.new_value)"
)
"""Text about people goes when the law no longer asks for it; nothing takes its place."""
_IN_CHAIN = (
    "SELECT 1 WHERE (NEW.status = 'reconciled') <> EXISTS (SELECT 1 FROM closed_statement c WHERE"
    " c.statement_id = NEW.id)"
)
"""A statement is reconciled while a row of the chain says so, and no longer."""
UNDONE = {
    "kind": "undo_statement",
    "subject": "{row}.bank_account_no || '/' || (SELECT s.statement_no FROM statement s WHERE"
    " s.id = {row}.statement_id)",
    "seen": "CAST({row}.undoes_ord AS TEXT)",
}
_CLOSING = {
    "statement_not_received": "SELECT 1 WHERE NEW.undoes_ord IS NULL AND NOT EXISTS (SELECT 1 FROM"
    " statement s WHERE s.id = NEW.statement_id AND s.status = 'received' AND s.bank_account_no ="
    " NEW.bank_account_no AND (s.closing = NEW.closing OR substr(s.format, 1, 3) = 'ofx')"
    " AND NEW.opening + s.net - coalesce((SELECT"
    " sum(k.amount) FROM statement_line k WHERE k.statement_id = s.id AND k.before_cutover = 1), 0)"
    " = NEW.closing)",
    "statement_is_closed": "SELECT 1 FROM closed_statement c WHERE NEW.undoes_ord IS NULL AND"
    " c.statement_id = NEW.statement_id",
    "not_the_last_statement": "SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND NOT EXISTS (SELECT 1"
    " FROM closed_statement c WHERE c.bank_account_no = NEW.bank_account_no AND c.ord ="
    " NEW.undoes_ord AND c.statement_id = NEW.statement_id AND c.opening = NEW.closing AND"
    " c.closing = NEW.opening AND NOT EXISTS (SELECT 1 FROM closed_statement n WHERE"
    " n.bank_account_no = c.bank_account_no AND n.ord > c.ord))",
    "not_two_people": f"SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND"
    f" ({two_people('NEW', UNDONE)})",
    "statement_has_open_lines": "SELECT 1 FROM statement_line l WHERE NEW.undoes_ord IS NULL AND"
    " l.statement_id = NEW.statement_id AND l.amount <> 0 AND l.before_cutover = 0 AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry j WHERE j.line_id = l.line_id AND j.reverses_no IS NULL AND"
    " j.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no ="
    " j.no))",
    "not_the_next_statement": "SELECT 1 WHERE NEW.ord <> 1 + (SELECT coalesce(max(ord), 0) FROM"
    " statement_chain WHERE bank_account_no = NEW.bank_account_no)",
}
_TWICE = {
    "statement_line": "NEW.line_id = line_id OR (NEW.statement_id = statement_id"
    " AND NEW.line_no = line_no)",
    "feed_file": "NEW.sha256 = sha256",
    "statement": "NEW.id = id",
    "statement_chain": "NEW.bank_account_no = bank_account_no AND NEW.ord = ord",
    "statement_refusal": "NEW.id = id OR (NEW.statement_id = statement_id"
    " AND NEW.after_event = after_event)",
    "period_event": "NEW.id = id",
    "payment_part": "NEW.payment_reference = payment_reference",
}
UNSAFE = (
    "SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0"
    " OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0"
    " OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1"
)
"""True on a SQLite connection on which constraints could be passed by."""


def rules(*, sqlite: bool) -> dict[str, Rule]:
    """Every trigger of the ledger by its name."""
    found = {
        **_seal(sqlite=sqlite),
        "seal_effect": Rule("AFTER INSERT", "register_seal", {}, seal_rules.EFFECTS, each_row=True),
        "counter_update": Rule("BEFORE UPDATE", "counter", {"counter_is_not_the_last": _COUNTER},
                               each_row=True),
        "counter_no_delete": Rule("BEFORE DELETE", "counter", {"counter_stays": "SELECT 1"}),
        "period_log": Rule("BEFORE INSERT", "period_event", {"period_move": _PERIOD},
                           each_row=True),
        "mapping_move": Rule("BEFORE INSERT", "mapping", {"mapping_move": _MAPPING}, each_row=True),
        "master_change_erased": Rule(
            "BEFORE UPDATE", "master_change", {"master_change_is_append_only": _ERASED},
            columns=("old_value", "new_value"), each_row=True),
        "cash_sale_erased": Rule(
            "BEFORE UPDATE", "cash_sale",
            {"cash_sale_is_append_only": "SELECT 1 WHERE NEW.project NOT IN ('', OLD.project)"},
            columns=("project",), each_row=True),
        "closing": Rule("BEFORE INSERT", "statement_chain", _CLOSING, each_row=True),
        "statement_move": Rule(
            "BEFORE UPDATE", "statement",
            {"statement_move": f"SELECT 1 WHERE NEW.status <> OLD.status AND NOT ({_MOVE})",
             "statement_is_posted": _POSTED, "statement_currency": _CURRENCY,
             "statement_not_in_chain": _IN_CHAIN,
             "statement_refused_by_nobody": refusal_rules.NOT_SAID},
            columns=("status", "bank_account_no"), each_row=True),
        "statement_seal": Rule(
            "BEFORE INSERT", "statement",
            {"statement_is_not_its_lines": _TIES, "statement_currency": _CURRENCY}, each_row=True),
        "payment_part_seal": Rule("BEFORE INSERT", "payment_part", payment_part_rules.SEALED,
                                  each_row=True),
        "payment_part_entry_late": Rule("BEFORE INSERT", "payment_part_entry",
                                        payment_part_rules.LATE),
        "statement_born": Rule("AFTER INSERT", "statement", {}, (_LOG.format(old="''"),),
                               each_row=True),
        "statement_moved": Rule("AFTER UPDATE", "statement", {}, (_LOG.format(old="OLD.status"),),
                                columns=("status",), each_row=True),
    }  # fmt: skip
    found |= sending_rules.RULES | refusal_rules.RULES | queue_rules.rules(sqlite=sqlite)
    found |= _unchanging() | _nothing_late()
    if sqlite:
        guard = {"unsafe_connection": UNSAFE}
        for table in ("register", "register_seal", "statement", "statement_chain"):
            found[f"{table}_guard"] = Rule("BEFORE INSERT", table, guard)
        for table, same in _TWICE.items():
            check = {f"{table}_exists": f"SELECT 1 FROM {table} WHERE {same}"}
            found[f"{table}_twice"] = Rule("BEFORE INSERT", table, check)
    return found


def _seal(*, sqlite: bool) -> dict[str, Rule]:
    """What must hold for a register: one rule, on SQLite one for each check and each scan.

    SQLite keeps what a trigger reads open until its end, and goes through all of that whenever it
    looks up a row: one trigger for all took a fifth longer. It begins with the newest one, so that
    of several reasons to refuse a register the first is told, as on PostgreSQL.
    """
    checks, scans = seal_rules.checks(sqlite=sqlite), seal_rules.scans(sqlite=sqlite)
    when = ("BEFORE INSERT", "register_seal")
    if not sqlite:
        return {"seal_check": Rule(*when, checks, each_row=True, scans=scans)}
    parts = {code: Rule(*when, {code: sql}, each_row=True) for code, sql in checks.items()}
    for rows, never in scans.items():
        parts[next(iter(never))] = Rule(*when, each_row=True, scans={rows: never})
    return {f"seal_{code}": rule for code, rule in reversed(parts.items())}


def _unchanging() -> dict[str, Rule]:
    found = {}
    for table in APPEND_ONLY:
        gone = {f"{table}_is_append_only": "SELECT 1"}
        found[f"{table}_no_update"] = Rule("BEFORE UPDATE", table, gone)
        found[f"{table}_no_delete"] = Rule("BEFORE DELETE", table, gone)
    for table, changing in CHANGING.items():
        fixed = tuple(c.name for c in metadata.tables[table].columns if c.name not in changing)
        gone = {f"{table}_is_append_only": "SELECT 1"}
        found[f"{table}_no_update"] = Rule("BEFORE UPDATE", table, gone, columns=fixed)
        found[f"{table}_no_delete"] = Rule("BEFORE DELETE", table, gone)
    return found


def _nothing_late() -> dict[str, Rule]:
    found = {}
    late = _SEALED.replace("{series}", "journal_entry").replace("{no}", "journal_entry_no")
    register = _SEALED.replace("{series}", "register").replace("{no}", "register_no")
    found["journal_entry_late"] = Rule(
        "BEFORE INSERT", "journal_entry", {"register_is_sealed": register}
    )
    known = "SELECT 1 FROM {rows}statement s WHERE s.id = {row}.statement_id"
    found["statement_line_late"] = Rule(
        "BEFORE INSERT", "statement_line", {"statement_is_complete": known}
    )
    for table in ("posting", "application", "application_tax", "application_value", "entry_value",
                  "valuation"):  # fmt: skip
        found[f"{table}_late"] = Rule("BEFORE INSERT", table, {"register_is_sealed": late})
    for table, start in REMAINING.items():
        whole = f"SELECT 1 {{from_rows}} WHERE {{row}}.remaining_amount <> {{row}}.{start}"
        found[f"{table}_late"] = Rule(
            "BEFORE INSERT", table, {"register_is_sealed": late, f"{table}_remaining": whole}
        )
        wrong = _REMAINING.replace("{start}", start).replace("{table}", table)
        found[f"{table}_remaining"] = Rule(
            "BEFORE UPDATE", table, {f"{table}_remaining": wrong}, columns=("remaining_amount",)
        )
    return found


def create(connection: Connection, home: str = "", place: str = "", only: str = "") -> None:
    """Create every trigger in the dialect of the connection, or those of ``only`` one table.

    On PostgreSQL ``home`` names the schema of the tables (else the current one), ``place`` with a
    dot the one that takes the functions (else the current one too).
    """
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        home = home or str(connection.exec_driver_sql("SELECT current_schema()").scalar())
        home = connection.dialect.identifier_preparer.quote(home)
    for name, rule in rules(sqlite=sqlite).items():
        if only not in ("", rule.table):
            continue
        made = triggers.on_sqlite(name, rule)
        if not sqlite:
            made = triggers.on_postgresql(name, rule, home, place)
        for sql in made:
            connection.exec_driver_sql(sql)


def renew(connection: Connection, table: str) -> None:
    """Make the triggers of one table anew: an upgrade that brings other checks."""
    sqlite = connection.dialect.name == "sqlite"
    for name, rule in rules(sqlite=sqlite).items():
        if rule.table == table:
            drop = f"TRIGGER IF EXISTS {name}" if sqlite else f"FUNCTION rule_{name}() CASCADE"
            connection.exec_driver_sql(f"DROP {drop}")
    create(connection, only=table)
