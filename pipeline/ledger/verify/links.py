"""I40: no orphans. Every foreign key of the schema as a search for rows that name nothing."""

from sqlalchemy import ForeignKeyConstraint

from pipeline.ledger.schema import metadata
from pipeline.ledger.verify.check import Query


def _orphans(table: str, key: ForeignKeyConstraint) -> Query:
    names = [column.name for column in key.columns]
    target = key.elements[0].column.table.name
    pairs = zip(names, (element.column.name for element in key.elements), strict=True)
    given = " AND ".join(f"t.{name} IS NOT NULL" for name in names)
    same = " AND ".join(f"o.{other} = t.{name}" for name, other in pairs)
    sql = (
        f"SELECT t.{names[0]} FROM {table} t WHERE {given} AND NOT EXISTS"
        f" (SELECT 1 FROM {target} o WHERE {same})"
    )
    return Query(table, f"each {_words(target)} named in a row of {_words(table)} exists", sql)


def _words(table: str) -> str:
    return table.replace("_", " ")


def _queries() -> dict[str, Query]:
    found = {}
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda k: tuple(k.column_keys)):
            found[f"I40 {table.name}.{'+'.join(key.column_keys)}"] = _orphans(table.name, key)
    return found


QUERIES = _queries()
