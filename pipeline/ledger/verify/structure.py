"""I5 and I42: the schema is the one that this release makes, every rule stands and is enabled.

What is expected is made, not stored: by the same upgrade of an empty SQLite in memory, or by the
same tables and triggers as temporary ones of PostgreSQL (rolled back), so that the database itself
writes both of the texts that are compared.
"""

import functools
import re
import time
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, create_engine

from pipeline.ledger import grants, rules
from pipeline.ledger.connection import Ledger
from pipeline.ledger.opening import upgrade
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.schema import metadata
from pipeline.ledger.verify import catalog
from pipeline.ledger.verify.check import Check, checked

Definitions = dict[str, str]
"""What is defined, as ``trigger entry_late``, with its whole definition."""

_HOME = "current_schema()::regnamespace"
_made: dict[tuple[str, ...], Definitions] = {}


def expected(ledger: Ledger) -> Definitions:
    """The definitions that this release makes on the database of ``ledger``."""
    if ledger.sqlite:
        return _on_sqlite()
    with ledger.engine.connect() as connection:
        key = connection.exec_driver_sql("SELECT current_schema(), version()").one()
        home, version = str(key[0]), str(key[1])
        if (home, version) not in _made:
            _made[home, version] = _on_postgresql(connection, home)
        connection.rollback()
    return _made[home, version]


@functools.cache
def _on_sqlite() -> Definitions:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        rows = connection.exec_driver_sql(catalog.SQLITE).all()
    engine.dispose()
    return {str(what): str(definition) for what, definition in rows}


def _on_postgresql(connection: Connection, home: str) -> Definitions:
    connection.exec_driver_sql("SET LOCAL search_path = pg_temp")
    metadata.create_all(connection, checkfirst=False)
    rules.create(connection, home, place="pg_temp.")
    sql = catalog.POSTGRESQL.replace("{home}", "pg_my_temp_schema()")
    return _bare(connection.exec_driver_sql(sql), home)


def _bare(rows: Iterable[Sequence[str]], home: str) -> Definitions:
    """Definitions without the name of the schema that they stand in."""
    schema = re.compile(rf"\b(pg_temp(?:_[0-9]+)?|{re.escape(home)})\.")
    return {what: schema.sub("", text) for what, text in rows}


def compared(books: Snapshot, wanted: Definitions) -> Iterator[Check]:
    """I5: the rules. I42: all the rest, who may do what, and on SQLite the file itself."""
    begun = time.perf_counter()
    found = _found(books)
    differing = sorted(
        (what for what in wanted.keys() | found.keys() if wanted.get(what) != found.get(what)),
        key=lambda what: (not what.startswith("table "), what),  # a table before its columns
    )
    of_rules = [what for what in differing if _is_rule(what)]
    count = sum(map(_is_rule, wanted))
    holds = "each trigger and function is as this release makes it, and is enabled"
    yield checked("I5", holds, count, of_rules, begun)
    rest = [what for what in differing if not _is_rule(what)]
    holds = "each table, column, constraint, index and view is as this release makes it"
    yield checked("I42", holds, len(wanted) - count, rest, begun)
    yield _damage(books) if books.sqlite else _rights(books)


def _damage(books: Snapshot) -> Check:
    begun = time.perf_counter()
    found = [row[0] for row in books.rows(catalog.INTEGRITY)]
    return checked("I42b", "the file passes SQLite's own check of its integrity", 1, found, begun)


def _rights(books: Snapshot) -> Check:
    begun = time.perf_counter()
    given = books.rows(catalog.GRANTS.replace("{home}", _HOME))
    beyond = [" ".join(row).strip() for row in given if not grants.allowed(*row)]
    holds = "nobody but the owner may do more than the service needs"
    return checked("I42b", holds, len(given), beyond, begun)


def _is_rule(what: str) -> bool:
    return what.startswith(("trigger ", "function "))


def _found(books: Snapshot) -> Definitions:
    if books.sqlite:
        return {row[0]: row[1] for row in books.rows(catalog.SQLITE)}
    home = str(books.rows("SELECT current_schema()::text AS home")[0][0])
    return _bare(books.rows(catalog.POSTGRESQL.replace("{home}", _HOME)), home)
