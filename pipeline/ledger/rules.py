"""What the database itself refuses, as triggers on SQLite and PostgreSQL from one list.

Checked once per register and set-based, when its seal is inserted; ``{r}`` is the number of the
register. Row level keeps what is cheap: no update, no delete, no late rows.
"""

from sqlalchemy import Connection

_ENTRIES = "(SELECT no FROM journal_entry WHERE register_no = {r})"

SEAL_CHECKS = {
    "seal_without_register": "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM register WHERE no = {r})",
    "register_not_next": "SELECT 1 FROM counter WHERE name = 'register' AND value + 1 <> {r}",
    "journal_entry_numbers": "SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high"
    " FROM journal_entry WHERE register_no = {r}) t, counter c WHERE c.name = 'journal_entry'"
    " AND (t.n = 0 OR t.n <> t.high - t.low + 1 OR t.low <> c.value + 1)",
    "unbalanced": "SELECT 1 FROM posting WHERE journal_entry_no IN "
    + _ENTRIES
    + " GROUP BY journal_entry_no, currency HAVING sum(amount) <> 0",
    "fewer_than_two_postings": "SELECT 1 FROM journal_entry j WHERE j.register_no = {r} AND"
    " (SELECT count(*) FROM posting p WHERE p.journal_entry_no = j.no) < 2",
    "over_applied": "SELECT 1 FROM (SELECT entry_id, sum(entry_amount) AS s FROM application WHERE"
    " entry_id IS NOT NULL AND journal_entry_no IN " + _ENTRIES + " GROUP BY entry_id) a"
    " JOIN entry e ON e.id = a.entry_id WHERE NOT ((e.initial_amount >= 0 AND e.remaining_amount"
    " - a.s BETWEEN 0 AND e.initial_amount) OR (e.initial_amount < 0 AND e.remaining_amount - a.s"
    " BETWEEN e.initial_amount AND 0))",
    "bank_entry_over_applied": "SELECT 1 FROM (SELECT bank_entry_id, sum(entry_amount) AS s"
    " FROM application WHERE bank_entry_id IS NOT NULL AND journal_entry_no IN "
    + _ENTRIES
    + " GROUP BY bank_entry_id) a JOIN bank_entry e ON e.id = a.bank_entry_id WHERE NOT"
    " ((e.amount >= 0 AND e.remaining_amount - a.s BETWEEN 0 AND e.amount) OR"
    " (e.amount < 0 AND e.remaining_amount - a.s BETWEEN e.amount AND 0))",
    "line_not_explained": "SELECT 1 FROM journal_entry j JOIN statement_line l"
    " ON l.line_id = j.line_id WHERE j.register_no = {r} AND j.kind <> 'release' AND"
    " (SELECT coalesce(sum(a.applied_amount), 0) FROM application a"
    " WHERE a.journal_entry_no = j.no AND a.role = 'settles')"
    " <> CASE WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END",
    "line_settled_twice": "SELECT 1 FROM journal_entry n WHERE n.register_no = {r} AND"
    " n.line_id IS NOT NULL AND n.reverses_no IS NULL AND n.kind <> 'release' AND EXISTS (SELECT 1"
    " FROM journal_entry j WHERE j.line_id = n.line_id AND j.no <> n.no AND j.reverses_no IS NULL"
    " AND j.kind <> 'release' AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no))",
    "held_line_posted": "SELECT 1 FROM journal_entry j JOIN statement_line l"
    " ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id"
    " WHERE j.register_no = {r} AND s.status NOT IN ('received', 'reconciled')",
    "not_the_negation": "SELECT 1 FROM journal_entry j WHERE j.register_no = {r} AND"
    " j.reverses_no IS NOT NULL AND EXISTS (SELECT 1 FROM (SELECT gl_account, currency, amount"
    " FROM posting WHERE journal_entry_no = j.no UNION ALL SELECT gl_account, currency, amount"
    " FROM posting WHERE journal_entry_no = j.reverses_no) t"
    " GROUP BY gl_account, currency HAVING sum(amount) <> 0)",
    "reversal_of_a_reversal": "SELECT 1 FROM journal_entry j JOIN journal_entry o"
    " ON o.no = j.reverses_no WHERE j.register_no = {r} AND o.reverses_no IS NOT NULL",
    "period_closed": "SELECT 1 FROM journal_entry j WHERE j.register_no = {r} AND j.posting_date <="
    " (SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1)",
    "counts": "SELECT 1 WHERE (SELECT count(*) FROM journal_entry WHERE register_no = {r})"
    " <> NEW.journal_entries OR (SELECT count(*) FROM posting WHERE journal_entry_no IN "
    + _ENTRIES
    + ") <> NEW.postings",
}

SEAL_EFFECTS = (
    "UPDATE entry SET remaining_amount = initial_amount - (SELECT coalesce(sum(a.entry_amount), 0)"
    " FROM application a WHERE a.entry_id = entry.id) WHERE id IN (SELECT entry_id FROM"
    " application WHERE entry_id IS NOT NULL AND journal_entry_no IN " + _ENTRIES + ")",
    "UPDATE bank_entry SET remaining_amount = amount - (SELECT coalesce(sum(a.entry_amount), 0)"
    " FROM application a WHERE a.bank_entry_id = bank_entry.id) WHERE id IN (SELECT bank_entry_id"
    " FROM application WHERE bank_entry_id IS NOT NULL AND journal_entry_no IN " + _ENTRIES + ")",
    "UPDATE counter SET value = value + NEW.journal_entries WHERE name = 'journal_entry'",
    "UPDATE counter SET value = value + 1 WHERE name = 'register'",
)

APPEND_ONLY = (
    "register",
    "register_seal",
    "journal_entry",
    "posting",
    "application",
    "statement_line",
    "closed_statement",
    "feed_file",
    "decision",
)
REMAINING = {"entry": "initial_amount", "bank_entry": "amount"}
_OF_A_REGISTER = {
    "journal_entry": "NEW.register_no",
    "posting": "(SELECT register_no FROM journal_entry WHERE no = NEW.journal_entry_no)",
    "application": "(SELECT register_no FROM journal_entry WHERE no = NEW.journal_entry_no)",
    "entry": "(SELECT register_no FROM journal_entry WHERE no = NEW.journal_entry_no)",
    "bank_entry": "(SELECT register_no FROM journal_entry WHERE no = NEW.journal_entry_no)",
}
_LATE = "SELECT 1 FROM register_seal WHERE register_no = {no}"
_WRONG_REMAINING = (
    "SELECT 1 WHERE NEW.remaining_amount <> NEW.{start} - (SELECT coalesce(sum(entry_amount), 0)"
    " FROM application WHERE {table}_id = NEW.id) OR NEW.{start} <> OLD.{start}"
    " OR NEW.currency <> OLD.currency OR NEW.journal_entry_no <> OLD.journal_entry_no"
)
_UNSAFE = (
    "SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0"
    " OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0"
    " OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1"
)


def triggers() -> dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]]:
    """Name -> (time and event, table, checks, effects), for either database."""
    found: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {}
    number = "NEW.register_no"
    checks = {name: sql.format(r=number) for name, sql in SEAL_CHECKS.items()}
    found["seal_check"] = ("BEFORE INSERT", "register_seal", checks, ())
    effects = tuple(sql.format(r=number) for sql in SEAL_EFFECTS)
    found["seal_effect"] = ("AFTER INSERT", "register_seal", {}, effects)
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            found[name] = (f"BEFORE {event}", table, {f"{table}_is_append_only": "SELECT 1"}, ())
    for table, start in REMAINING.items():
        rule = {f"{table}_remaining": _WRONG_REMAINING.format(table=table, start=start)}
        found[f"{table}_update"] = ("BEFORE UPDATE", table, rule, ())
        gone = {f"{table}_is_append_only": "SELECT 1"}
        found[f"{table}_no_delete"] = ("BEFORE DELETE", table, gone, ())
    for table, no in _OF_A_REGISTER.items():
        late = {"register_is_sealed": _LATE.format(no=no)}
        found[f"{table}_late"] = ("BEFORE INSERT", table, late, ())
    return found


def create(connection: Connection) -> None:
    """Create every trigger in the dialect of the connection."""
    sqlite = connection.dialect.name == "sqlite"
    for name, (when, table, checks, effects) in triggers().items():
        for sql in (_sqlite if sqlite else _postgres)(name, when, table, checks, effects):
            connection.exec_driver_sql(sql)
    if sqlite:
        guard = {"unsafe_connection": _UNSAFE}
        for sql in _sqlite("register_guard", "BEFORE INSERT", "register", guard, ()):
            connection.exec_driver_sql(sql)


def _sqlite(
    name: str, when: str, table: str, checks: dict[str, str], effects: tuple[str, ...]
) -> list[str]:
    body = [f"SELECT RAISE(ABORT, '{code}') WHERE EXISTS ({sql});" for code, sql in checks.items()]
    body += [f"{sql};" for sql in effects]
    return [f"CREATE TRIGGER {name} {when} ON {table} BEGIN {' '.join(body)} END"]


def _postgres(
    name: str, when: str, table: str, checks: dict[str, str], effects: tuple[str, ...]
) -> list[str]:
    body = [
        f"IF EXISTS ({sql}) THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation';"
        " END IF;"
        for code, sql in checks.items()
    ]
    body += [f"{sql};" for sql in effects]
    result = "RETURN OLD;" if "DELETE" in when else "RETURN NEW;"
    function = (
        f"CREATE FUNCTION rule_{name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {' '.join(body)} {result} END $$"
    )
    trigger = f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION rule_{name}()"
    return [function, trigger, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]
