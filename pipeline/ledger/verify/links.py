"""I40: no orphans. Every foreign key of the schema as a search for rows that name nothing.

Most keys are numbers that begin somewhere and have no gap: where that is so, the least and the
greatest number that is named tell it, and no row is looked up.
"""

from sqlalchemy import ForeignKeyConstraint, Integer

from pipeline.ledger.schema import metadata
from pipeline.ledger.verify.check import Query


def _orphans(table: str, key: ForeignKeyConstraint) -> Query:
    names = [column.name for column in key.columns]
    target = key.elements[0].column.table.name
    pairs = zip(names, (element.column.name for element in key.elements), strict=True)
    given = " AND ".join(f"t.{name} IS NOT NULL" for name in names)
    same = " AND ".join(f"o.{other} = t.{name}" for name, other in pairs)
    sql = (
        f"SELECT t.{names[0]} FROM {_asked(table, key)}{table} t WHERE {given} AND NOT EXISTS"
        f" (SELECT 1 FROM {target} o WHERE {same})"
    )
    return Query(table, f"each {_words(target)} named in a row of {_words(table)} exists", sql)


def _asked(table: str, key: ForeignKeyConstraint) -> str:
    """What stands before the table in FROM: no row where the numbers tell that all of them exist.

    Then the databases do not look at the table.
    """
    (element, *more) = key.elements
    target = element.column
    if more or not target.primary_key or not isinstance(target.type, Integer):
        return ""
    name, own, other = key.columns[0].name, target.name, target.table.name
    least, greatest = (f"(SELECT {end}({own}) FROM {other})" for end in ("min", "max"))
    named = f"FROM {table} WHERE {name} IS NOT NULL"
    first, last = (f"(SELECT {end}({name}) {named})" for end in ("min", "max"))
    return (
        f"(SELECT 1 AS asked WHERE NOT coalesce({first} >= {least} AND {last} <= {greatest} AND"
        f" {greatest} - {least} + 1 = (SELECT count(*) FROM {other}), {first} IS NULL)) k CROSS"
        " JOIN "
    )


def _words(table: str) -> str:
    return table.replace("_", " ")


def _queries() -> dict[str, Query]:
    found = {}
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda k: tuple(k.column_keys)):
            found[f"I40 {table.name}.{'+'.join(key.column_keys)}"] = _orphans(table.name, key)
    return found


QUERIES = _queries()
