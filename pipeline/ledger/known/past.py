"""The tables of a ledger as they were when a register was sealed, for queries that ask of none.

Common tables stand in for those of their names. What the ledger keeps in one state only, the queue
with its proposals and the status that its source gives a bank entry, is left out: nobody can say
what it was.
"""

from pipeline.ledger.known import Known
from pipeline.ledger.known.bank import closed
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.schema import metadata

_NUMBERED = ("journal_entry", "posting", "application", "valuation")
_NOT_KEPT = ("proposal", "proposed", "exception_item")
_LEFT = (
    "CAST({start} - (SELECT coalesce(sum(a.entry_amount), 0) FROM {schema}application a WHERE"
    " a.{table}_id = t.id AND a.journal_entry_no <= {last}) AS BIGINT)"
)
"""Of the table itself, by its index: PostgreSQL goes through all rows of a common table."""


def past(books: Snapshot, at: Known) -> Snapshot:
    """``books`` as they were known; without the queue, and without the status of bank entries."""
    schema = "main." if books.sqlite else ""  # SQLite would take its name for the table itself
    tables = _tables(at, schema, f"(SELECT max(no) FROM {schema}journal_entry WHERE register_no <="
                                 f" {at.register})")  # fmt: skip
    shown = [f"{name} AS ({sql.replace('TABLE', schema + name)})" for name, sql in tables.items()]
    return books.behind(", ".join([at.seen, *shown]))


def _tables(at: Known, schema: str, last: str) -> dict[str, str]:
    """Each table that grows or changes, as a query of ``TABLE``; later ones see earlier ones.

    What entries have left comes first: on PostgreSQL it sees the table of applications itself.
    """
    own = {"journal_entry": "no"}
    recorded = f"recorded_at < (SELECT recorded_at FROM register WHERE no = {at.register})"
    return {
        "entry": _with("entry", last, remaining_amount=_LEFT.format(
            start="t.initial_amount", table="entry", schema=schema, last=last)),
        "bank_entry": _with("bank_entry", last, status="''", remaining_amount=_LEFT.format(
            start="t.amount", table="bank_entry", schema=schema, last=last)),
        **{name: f"SELECT * FROM TABLE WHERE {own.get(name, 'journal_entry_no')} <= {last}"
           for name in _NUMBERED},
        **dict.fromkeys(_NOT_KEPT, "SELECT * FROM TABLE WHERE 1 = 0"),
        "register": f"SELECT * FROM TABLE WHERE no <= {at.register}",
        "register_seal": f"SELECT * FROM TABLE WHERE register_no <= {at.register}",
        "statement": _of("statement", "TABLE t JOIN seen w ON w.id = t.id",
                         status="w.status", reason="w.reason"),
        "statement_line": "SELECT * FROM TABLE WHERE statement_id IN (SELECT id FROM seen)",
        "closed_statement": "SELECT c.* FROM (" + closed(at) + ") c JOIN seen w ON w.id ="
                            " c.statement_id AND w.status = 'reconciled'",
        "decision": f"SELECT * FROM TABLE WHERE CASE WHEN register_no IS NULL THEN {recorded}"
                    f" ELSE register_no <= {at.register} END",
        "master_change": f"SELECT * FROM TABLE WHERE load_id <= {at.loads}",
        "source_conflict": f"SELECT * FROM TABLE WHERE after_register < {at.register}",
        "export_batch": f"SELECT * FROM TABLE WHERE {recorded}",
        "payment_part": f"SELECT * FROM TABLE WHERE {recorded}",
    }  # fmt: skip


def _with(table: str, last: str, **changed: str) -> str:
    return _of(table, "TABLE t", **changed) + f" WHERE t.journal_entry_no <= {last}"


def _of(table: str, source: str, **changed: str) -> str:
    """All columns of a table, some of them made anew."""
    names = [column.name for column in metadata.tables[table].columns]
    said = [f"{changed[name]} AS {name}" if name in changed else f"t.{name}" for name in names]
    return f"SELECT {', '.join(said)} FROM {source}"
