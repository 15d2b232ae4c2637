"""A rule as triggers: of SQLite, or a function and triggers of PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ledger import seal_rules


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger: checks must find no row, scans none that they forbid; effects run after them.

    ``scans``: rows to go through (what stands behind FROM) -> code -> what none of them may be.
    In the SQL ``{rows}`` names the table of the changed rows (PostgreSQL only) and ``{row}`` one.
    """

    when: str
    table: str
    checks: dict[str, str] = field(default_factory=dict)
    effects: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    each_row: bool = False
    scans: dict[str, dict[str, str]] = field(default_factory=dict)
    sets: str = ""
    """The rows of a statement as its effects see them, on PostgreSQL: ``NEW TABLE AS ...``."""


def moves(known: Mapping[str, Sequence[str]]) -> str:
    """SQL, true for a move of ``{old}`` to ``{new}`` that is in ``known``: from where to where."""
    return " OR ".join(
        f"({{old}} = '{old}' AND {{new}} IN ({', '.join(repr(new) for new in news)}))"
        for old, news in known.items()
    )


def on_sqlite(name: str, rule: Rule) -> list[str]:
    """One trigger for each row: SQLite has none for a statement."""
    words = {"rows": "", "from_rows": "", "row": "NEW"}
    body = [
        f"SELECT RAISE(ABORT, '{code}') WHERE EXISTS ({sql.format(**words)});"
        for code, sql in rule.checks.items()
    ]
    body += [_scan(rows, never) for rows, never in rule.scans.items()]
    body += [f"{sql};" for sql in rule.effects]
    of = f" OF {', '.join(rule.columns)}" if rule.columns else ""
    return [f"CREATE TRIGGER {name} {rule.when}{of} ON {rule.table} BEGIN {' '.join(body)} END"]


def _scan(rows: str, never: dict[str, str]) -> str:
    """One pass over the rows for all that they may not be."""
    cases = " ".join(f"WHEN {sql} THEN RAISE(ABORT, '{code}')" for code, sql in never.items())
    return f"SELECT CASE {cases} END FROM {rows};"


def on_postgresql(name: str, rule: Rule, home: str, place: str) -> list[str]:
    """Per statement and after it, over the changed rows; refusals and seals before, per row.

    What a rule writes it writes as the owner of the tables: nobody else needs to be let.
    """
    words = {"rows": "changed r, ", "from_rows": "FROM changed r", "row": "r"}
    scanned = {
        code: f"SELECT 1 FROM {rows} AND ({sql})"
        for rows, never in rule.scans.items()
        for code, sql in never.items()
    }
    over = not rule.each_row and any("{row}" in sql for sql in rule.checks.values())
    checks = [
        f"IF EXISTS ({sql.format(**words) if over else sql}) THEN RAISE EXCEPTION '{code}'"
        " USING ERRCODE = 'check_violation'; END IF;"
        for code, sql in {**rule.checks, **scanned}.items()
    ]
    body = " ".join([*checks, *[f"{sql};" for sql in rule.effects]])
    result = "NEW" if rule.each_row else "NULL"
    each = "ROW" if rule.each_row else "STATEMENT"
    when, of = rule.when, f" OF {', '.join(rule.columns)}" if rule.columns else ""
    rows = f" REFERENCING {rule.sets}" if rule.sets else ""
    if over:  # rows as a set exist after the statement only, and not for single columns
        when, of, rows = when.replace("BEFORE", "AFTER"), "", " REFERENCING NEW TABLE AS changed"
    owner = f" SECURITY DEFINER SET search_path = {home}, pg_temp" if rule.effects else ""
    events = [f"{when}{of}"]
    if when == "BEFORE DELETE":
        events.append("BEFORE TRUNCATE")
    found = [
        f"CREATE FUNCTION {place}rule_{name}() RETURNS trigger LANGUAGE plpgsql{owner} AS $$"
        f" {seal_rules.DECLARE if name == 'seal_check' else ''}"
        f" BEGIN {body} RETURN {result}; END $$"
    ]
    for event in events:
        trigger = f"{name}_all" if "TRUNCATE" in event else name
        found += [
            f"CREATE TRIGGER {trigger} {event} ON {rule.table}{rows} FOR EACH {each}"
            f" EXECUTE FUNCTION {place}rule_{name}()",
            f"ALTER TABLE {rule.table} ENABLE ALWAYS TRIGGER {trigger}",
        ]
    return found
