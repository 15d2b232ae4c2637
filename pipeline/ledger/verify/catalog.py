"""Queries of the databases' own catalogues: ``what`` is defined, and its whole ``definition``."""

from pipeline.ledger.schema import metadata

_TABLES = ", ".join(f"'{name}'" for name in metadata.tables)
_VIEWS = "'closed_statement'"
_OURS = f"c.relnamespace = {{home}} AND c.relkind = 'r' AND c.relname IN ({_TABLES})"

SQLITE = (
    "SELECT type || ' ' || name AS what, sql AS definition FROM sqlite_master"
    f" WHERE sql IS NOT NULL AND tbl_name IN ({_TABLES}, {_VIEWS})"
)
POSTGRESQL = " UNION ALL ".join(
    (
        f"SELECT 'table ' || c.relname AS what, '' AS definition FROM pg_class c WHERE {_OURS}",
        "SELECT 'column ' || c.relname || '.' || a.attname, format_type(a.atttypid,"
        " a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END ||"
        " coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT"
        " a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        f" WHERE {_OURS}",
        "SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)"
        f" FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid WHERE {_OURS}",
        "SELECT 'index ' || x.relname, pg_get_indexdef(x.oid, 0, true) || CASE WHEN i.indisvalid"
        " THEN '' ELSE ' INVALID' END FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid"
        f" JOIN pg_class x ON x.oid = i.indexrelid WHERE {_OURS}",
        "SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid, true) || ' ' || t.tgenabled::text"
        " FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal"
        f" WHERE {_OURS}",
        "SELECT 'view ' || c.relname, pg_get_viewdef(c.oid, true) FROM pg_class c WHERE"
        f" c.relnamespace = {{home}} AND c.relkind = 'v' AND c.relname IN ({_VIEWS})",
        "SELECT 'function ' || p.proname, pg_get_functiondef(p.oid) FROM pg_proc p"
        " WHERE p.pronamespace = {home} AND substr(p.proname, 1, 5) = 'rule_'",
    )
)
"""``{home}`` is the schema's oid: that of the ledger, or of the session's temporary tables."""

GRANTS = (
    "SELECT c.relname::text AS t, a.privilege_type::text AS p, '' AS k FROM pg_class c CROSS JOIN"
    f" LATERAL aclexplode(c.relacl) a WHERE {_OURS} AND a.grantee <> c.relowner"
    " UNION SELECT c.relname::text, a.privilege_type::text, k.attname::text FROM pg_class c"
    " JOIN pg_attribute k ON k.attrelid = c.oid CROSS JOIN LATERAL aclexplode(k.attacl) a"
    f" WHERE {_OURS} AND a.grantee <> c.relowner ORDER BY 1, 2, 3"
)
"""What others than the owner may do: table, privilege, and column where it is of one column."""

INTEGRITY = "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
