"""``lettrage verify``: every invariant recomputed from the rows, trusting no trigger or cache.

Numbers I1 to I42 follow the project's list of invariants; each check is a query that must be empty.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.ledger import chain, rules, seal_rules
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reads import PARKED, UNSETTLED


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: rows looked at, violations, and the first 20 ids."""

    invariant: str
    checked: int
    violations: int
    ids: tuple[Any, ...]


_REMAINING = (
    "SELECT e.id FROM {t} e WHERE e.remaining_amount <> e.{start} - (SELECT"
    " coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.{t}_id = e.id)"
)
_LIVE = (
    "j.reverses_no IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
)

_MOVED = rules.MOVE.format(old="e.old_status", new="e.new_status")

CHECKS: dict[str, tuple[str, str]] = {
    "I1": ("posting", "SELECT journal_entry_no FROM posting GROUP BY journal_entry_no, currency"
           " HAVING sum(amount) <> 0"),
    "I2": ("register_seal", "SELECT s.register_no FROM register_seal s WHERE s.journal_entries <>"
           " (SELECT count(*) FROM journal_entry j WHERE j.register_no = s.register_no) OR"
           " s.postings <> (SELECT count(*) FROM posting p JOIN journal_entry j ON j.no ="
           " p.journal_entry_no WHERE j.register_no = s.register_no) OR s.applications <> (SELECT"
           " count(*) FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no"
           " WHERE j.register_no = s.register_no)"),
    "I2b": ("register", "SELECT no FROM register WHERE no NOT IN"
            " (SELECT register_no FROM register_seal)"),
    "I3": ("posting", "SELECT journal_entry_no FROM posting WHERE amount = 0 OR abs(amount) >"
           " 9000000000000000"),
    "I4": ("posting", "SELECT p.journal_entry_no FROM posting p JOIN bank_account b ON"
           " b.bank_account_no = p.bank_account_no WHERE b.currency <> p.currency"),
    "I6": ("journal_entry", "SELECT j.no FROM journal_entry j WHERE j.reverses_no IS NOT NULL AND"
           " EXISTS (SELECT 1 FROM (SELECT gl_account, currency, amount, 1 AS n FROM posting WHERE"
           " journal_entry_no = j.no UNION ALL SELECT gl_account, currency, -amount, -1 FROM"
           " posting WHERE journal_entry_no = j.reverses_no) t GROUP BY gl_account, currency,"
           " amount HAVING sum(n) <> 0)"),
    "I6b": ("journal_entry", "SELECT j.no FROM journal_entry j JOIN journal_entry o ON o.no ="
            " j.reverses_no WHERE o.reverses_no IS NOT NULL OR j.reason = '' OR o.no > j.no"),
    "I6c": ("journal_entry", "SELECT reverses_no FROM journal_entry WHERE reverses_no IS NOT NULL"
            " GROUP BY reverses_no HAVING count(*) > 1"),
    "I7": ("journal_entry", "SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high"
           " FROM journal_entry) t WHERE n > 0 AND (low <> 1 OR high <> n)"),
    "I7b": ("register", "SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high"
            " FROM register) t WHERE n > 0 AND (low <> 1 OR high <> n)"),
    "I7c": ("counter", "SELECT name FROM counter WHERE (name = 'register' AND value <> (SELECT"
            " count(*) FROM register)) OR (name = 'journal_entry' AND value <> (SELECT count(*)"
            " FROM journal_entry))"),
    "I8": ("register", "SELECT b.no FROM register a JOIN register b ON b.no = a.no + 1"
           " WHERE b.recorded_at < a.recorded_at"),
    "I9": ("journal_entry", "SELECT key FROM journal_entry GROUP BY key HAVING count(*) > 1"),
    "I10": ("journal_entry", "SELECT j.no FROM journal_entry j JOIN period_event p ON p.id ="
            " (SELECT max(q.id) FROM period_event q WHERE q.after_register < j.register_no)"
            " WHERE j.posting_date <= p.closed_through"),
    "I10b": ("period_event", "SELECT p.id FROM period_event p LEFT JOIN period_event q ON q.id ="
             " (SELECT max(o.id) FROM period_event o WHERE o.id < p.id) WHERE CASE p.action WHEN"
             " 'close' THEN p.closed_through <= coalesce(q.closed_through, '') ELSE"
             " p.closed_through >= coalesce(q.closed_through, '') OR p.second_actor IN ('',"
             " p.actor) OR p.reason = '' END OR p.after_register < coalesce(q.after_register, 0)"),
    "I12": ("posting", "SELECT currency FROM posting GROUP BY currency HAVING sum(amount) <> 0"),
    "I13": ("entry", "SELECT e.control_account FROM (SELECT control_account, currency,"
            " sum(remaining_amount) AS s FROM entry GROUP BY control_account, currency) e"
            " LEFT JOIN (SELECT gl_account, currency, sum(amount) AS s FROM posting"
            " GROUP BY gl_account, currency) p ON p.gl_account = e.control_account"
            " AND p.currency = e.currency WHERE coalesce(p.s, 0) <> e.s"),
    "I14": ("entry", _REMAINING.format(t="entry", start="initial_amount")),
    "I14b": ("bank_entry", _REMAINING.format(t="bank_entry", start="amount")),
    "I15": ("entry", "SELECT id FROM entry WHERE NOT ((initial_amount >= 0 AND remaining_amount"
            " BETWEEN 0 AND initial_amount) OR (initial_amount < 0 AND remaining_amount BETWEEN"
            " initial_amount AND 0)) OR abs(initial_amount) > abs(amount)"),
    "I16": ("journal_entry", "SELECT j.no FROM journal_entry j JOIN statement_line l ON l.line_id ="
            " j.line_id WHERE (SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE"
            f" a.journal_entry_no = j.no AND a.role = 'settles') <> {seal_rules.LINE}"),
    "I16b": ("journal_entry", "SELECT j.no FROM journal_entry j JOIN statement_line l ON l.line_id"
             " = j.line_id JOIN statement s ON s.id = l.statement_id JOIN bank_account b ON"
             " b.bank_account_no = s.bank_account_no WHERE (SELECT"
             " coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = j.no AND"
             f" p.gl_account = b.gl_account) <> {seal_rules.LINE}"),
    "I17b": ("journal_entry", seal_rules.RELEASED_WRONGLY.format(WHICH="IS NOT NULL")),
    "I33b": ("application", "SELECT p.gl_account FROM posting p JOIN journal_entry j ON j.no ="
             " p.journal_entry_no LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE"
             " coalesce(o.kind, j.kind) IN ('parking', 'release') AND p.gl_account IN (SELECT"
             " gl_account FROM application WHERE rule = 'parking') GROUP BY p.gl_account,"
             " p.currency HAVING sum(p.amount) <> -(SELECT coalesce(sum(l.amount), 0) FROM"
             " statement_line l JOIN statement s ON s.id = l.statement_id WHERE s.currency ="
             f" p.currency AND l.line_id IN ({PARKED}) AND EXISTS (SELECT 1 FROM application a"
             " WHERE a.line_id = l.line_id AND a.rule = 'parking' AND a.gl_account ="
             " p.gl_account))"),
    "I17": ("journal_entry", f"SELECT j.line_id FROM journal_entry j WHERE j.line_id IS NOT NULL"
            f" AND j.kind <> 'release' AND {_LIVE} GROUP BY j.line_id HAVING count(*) > 1"),
    "I18": ("application", "SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id ="
            " a.entry_id WHERE e.party_type <> a.party_type OR e.party_no <> a.party_no"),
    "I18b": ("application", "SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id ="
             " a.entry_id JOIN posting p ON p.journal_entry_no = a.journal_entry_no"
             " WHERE p.currency <> e.currency"),
    "I19": ("application", "SELECT a.journal_entry_no FROM application a WHERE a.role = 'settles'"
            " AND a.entry_id IS NOT NULL AND a.entry_amount <> a.applied_amount +"
            " a.discount_amount + a.difference_amount"),
    "I19b": ("application", "SELECT journal_entry_no FROM application WHERE role = 'settles' AND"
             " entry_id IS NULL AND entry_amount <> CASE WHEN bank_entry_id IS NULL THEN 0 ELSE"
             " applied_amount END"),
    "I19c": ("application", "SELECT a.journal_entry_no FROM application a LEFT JOIN entry e ON e.id"
             " = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.role <>"
             " 'counter' AND a.unapplies_no IS NULL AND (a.entry_amount < 0 AND"
             " coalesce(e.initial_amount, b.amount) > 0 OR a.entry_amount > 0 AND"
             " coalesce(e.initial_amount, b.amount) < 0)"),
    "I20": ("application", "SELECT a.journal_entry_no FROM application a LEFT JOIN application o ON"
            " o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.unapplies_no"
            " IS NOT NULL AND (o.seq IS NULL OR o.unapplies_no IS NOT NULL OR"
            " coalesce(o.entry_id, 0) <> coalesce(a.entry_id, 0) OR coalesce(o.bank_entry_id, 0)"
            " <> coalesce(a.bank_entry_id, 0) OR o.entry_amount <> -a.entry_amount OR"
            " o.discount_amount <> -a.discount_amount OR o.difference_amount <>"
            " -a.difference_amount)"),
    "I20b": ("application", "SELECT unapplies_no FROM application WHERE unapplies_no IS NOT NULL"
             " GROUP BY unapplies_no, unapplies_seq HAVING count(*) > 1"),
    "I23": ("feed_file", "SELECT sha256 FROM feed_file GROUP BY sha256 HAVING count(*) > 1"),
    "I24": ("statement", "SELECT fingerprint FROM statement WHERE status IN ('received',"
            " 'reconciled') AND bank_account_no IS NOT NULL AND substr(format, 1, 3) <> 'ofx'"
            " GROUP BY bank_account_no, statement_no, page, substr(to_date, 1, 4), fingerprint"
            " HAVING count(*) > 1"),
    "I25": ("closed_statement", "SELECT c.statement_id FROM closed_statement c LEFT JOIN"
            " closed_statement p ON p.bank_account_no = c.bank_account_no AND p.ord = c.ord - 1"
            " WHERE (c.ord > 1 AND (p.ord IS NULL OR p.closing <> c.opening))"),
    "I26": ("statement", "SELECT s.id FROM statement s WHERE s.status IN ('received','reconciled')"
            " AND (s.net <> (SELECT coalesce(sum(l.amount), 0) FROM statement_line l WHERE"
            " l.statement_id = s.id) OR s.line_count <> (SELECT count(*) FROM statement_line l"
            " WHERE l.statement_id = s.id) OR s.opening + s.net <> s.closing)"),
    "I27": ("journal_entry", "SELECT j.no FROM journal_entry j JOIN statement_line l ON l.line_id ="
            " j.line_id JOIN statement s ON s.id = l.statement_id"
            " WHERE s.status NOT IN ('received', 'reconciled')"),
    "I28": ("statement_line", "SELECT statement_id FROM statement_line GROUP BY statement_id,"
            " line_no HAVING count(*) > 1"),
    "I29": ("statement", "SELECT s.id FROM statement s JOIN bank_account b ON b.bank_account_no ="
            " s.bank_account_no WHERE s.status IN ('received', 'reconciled')"
            " AND b.currency <> s.currency"),
    "I30": ("statement", "SELECT id FROM statement WHERE (status = 'reconciled') <> (id IN"
            " (SELECT statement_id FROM closed_statement))"),
    "I30b": ("statement_event", "SELECT s.id FROM statement s WHERE s.status <> coalesce((SELECT"
             " e.new_status FROM statement_event e WHERE e.statement_id = s.id ORDER BY e.id DESC"
             " LIMIT 1), '')"),
    "I30c": ("statement_event", "SELECT e.id FROM statement_event e WHERE e.old_status <>"
             " coalesce((SELECT o.new_status FROM statement_event o WHERE o.statement_id ="
             " e.statement_id AND o.id < e.id ORDER BY o.id DESC LIMIT 1), '') OR NOT"
             f" (e.old_status = '' OR {_MOVED})"),
    "I31": ("closed_statement", "SELECT c.statement_id FROM closed_statement c JOIN statement s ON"
            " s.id = c.statement_id WHERE c.opening + s.net - coalesce((SELECT sum(k.amount) FROM"
            " statement_line k WHERE k.statement_id = s.id AND k.before_cutover = 1), 0)"
            " <> c.closing"),
    "I32": ("closed_statement", "SELECT l.line_id FROM statement_line l JOIN closed_statement c ON"
            " c.statement_id = l.statement_id WHERE l.amount <> 0 AND l.before_cutover = 0 AND"
            f" {UNSETTLED}"),
    "I33": ("bank_entry", "SELECT b.bank_account_no FROM bank_account b WHERE coalesce((SELECT"
            " sum(p.amount) FROM posting p WHERE p.gl_account = b.transit_account), 0) <>"
            " coalesce((SELECT sum(e.remaining_amount) FROM bank_entry e WHERE"
            " e.bank_account_no = b.bank_account_no), 0)"),
    "I34": ("decision", "SELECT d.id FROM decision d WHERE (d.prepared_by <> '' AND"
            " lower(d.prepared_by) = lower(d.actor)) OR (d.prepared_by <> '' AND NOT EXISTS"
            " (SELECT 1 FROM decision w WHERE w.line_id = d.line_id AND w.id < d.id AND"
            " w.outcome = 'waiting' AND w.actor = d.prepared_by))"),
    "I35": ("decision", "SELECT d.line_id FROM decision d WHERE d.outcome = 'posted' AND NOT EXISTS"
            " (SELECT 1 FROM journal_entry j WHERE j.register_no = d.register_no)"),
    "I36b": ("register", "SELECT r.no FROM register r WHERE r.kind = 'decision' AND NOT EXISTS"
             " (SELECT 1 FROM decision d WHERE d.register_no = r.no AND d.actor = r.actor)"),
    "I36": ("register", "SELECT no FROM register WHERE actor = '' OR kind = ''"),
    "I31b": ("closed_statement", "SELECT c.statement_id FROM closed_statement c JOIN (SELECT"
             " d.statement_id, sum(p.amount) AS s FROM closed_statement d JOIN bank_account b ON"
             " b.bank_account_no = d.bank_account_no JOIN statement_line l ON l.statement_id ="
             " d.statement_id JOIN journal_entry j ON j.line_id = l.line_id JOIN posting p ON"
             " p.journal_entry_no = j.no AND p.gl_account = b.gl_account GROUP BY d.statement_id) t"
             " ON t.statement_id = c.statement_id WHERE t.s <> c.closing - c.opening"),
    "I40c": ("posting", "SELECT p.journal_entry_no FROM posting p LEFT JOIN gl_account g ON g.no ="
             " p.gl_account WHERE g.no IS NULL"),
    "I40d": ("application", "SELECT a.journal_entry_no FROM application a LEFT JOIN entry e ON e.id"
             " = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE (a.entry_id IS"
             " NOT NULL AND e.id IS NULL) OR (a.bank_entry_id IS NOT NULL AND b.id IS NULL)"),
    "I40": ("posting", "SELECT journal_entry_no FROM posting WHERE journal_entry_no NOT IN (SELECT"
            " no FROM journal_entry)"),
    "I40b": ("application", "SELECT journal_entry_no FROM application WHERE journal_entry_no NOT IN"
             " (SELECT no FROM journal_entry)"),
}  # fmt: skip


def verify(ledger: Ledger) -> list[Check]:
    """Check every invariant in one snapshot; a violation names the rows."""
    found = []
    with ledger.snapshot() as connection:
        for invariant, (table, sql) in CHECKS.items():
            count = int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)
            rows = [row[0] for row in connection.exec_driver_sql(sql)]
            found.append(Check(invariant, count, len(rows), tuple(rows[:20])))
        found.append(_triggers(connection))
    found.append(_chain(ledger))
    return found


def _chain(ledger: Ledger) -> Check:
    """I11: the hash chain over all registers, recomputed from their rows."""
    seals = ledger.frame(
        "SELECT register_no, prev_hash, hash, journal_entries FROM register_seal"
        " ORDER BY register_no",
        {"register_no": pl.Int64, "prev_hash": pl.String, "hash": pl.String, "size": pl.Int64},
    )
    broken: list[int] = []
    previous = chain.GENESIS
    for part in _parts(seals):
        rows = _rows_of(ledger, part["register_no"].min(), part["register_no"].max())
        for number, prev_hash, link, _ in part.rows():
            own = {table: by_no[number,] for table, by_no in rows.items() if (number,) in by_no}
            if prev_hash != previous or chain.link(prev_hash, own) != link:
                broken.append(number)
            previous = link
    return Check("I11", seals.height, len(broken), tuple(broken[:20]))


def _parts(seals: pl.DataFrame) -> list[pl.DataFrame]:
    """The seals in runs of about 100,000 journal entries, so that memory stays flat."""
    run = (pl.col("size").cum_sum() // 100_000).alias("run")
    return [p.drop("run") for p in seals.with_columns(run).partition_by("run", maintain_order=True)]


def _rows_of(ledger: Ledger, first: Any, last: Any) -> dict[str, dict[tuple[Any, ...], Any]]:
    found = {}
    for table in chain.ORDER:
        names = chain.columns(table)
        kinds = {name: chain.kind(table, name) for name in names}
        own = {"register": "t.no", "journal_entry": "t.register_no"}.get(table, "j.register_no")
        wanted = ", ".join(f"t.{name}" for name in names)
        sql = (
            f"SELECT {own} AS of_register, {wanted} FROM {table} t"
            f"{' JOIN journal_entry j ON j.no = t.journal_entry_no' if own[0] == 'j' else ''}"
            f" WHERE {own} BETWEEN {int(first)} AND {int(last)}"
        )
        frame = ledger.frame(sql, {"of_register": pl.Int64, **kinds})
        found[table] = frame.partition_by("of_register", as_dict=True, maintain_order=True)
    return found


def _triggers(connection: Any) -> Check:
    """I5 and I42: every rule of the database stands."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    sqlite = connection.dialect.name == "sqlite"
    wanted = set(rules.rules(sqlite=sqlite))
    if not sqlite:
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    missing = sorted(wanted - {row[0] for row in connection.exec_driver_sql(sql)})
    return Check("I42", len(wanted), len(missing), tuple(missing[:20]))
