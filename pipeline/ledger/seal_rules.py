"""What must hold for a register when it is sealed, over all its rows at once.

``{r}`` is its number, ``{low}`` and ``{high}`` the first and last number of its journal entries.
"""

from pipeline.ledger import value_rules

_IN = "BETWEEN {low} AND {high}"
LINE = (
    "CASE WHEN 'release' IN (j.kind, (SELECT o.kind FROM journal_entry o WHERE o.no ="
    " j.reverses_no)) THEN 0 WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END"
)
"""What a journal entry explains of its line: all of it, and a release from clearing no more."""
_LIVE = "NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = {name}.no)"
RELEASED_WRONGLY = (
    "SELECT f.no FROM journal_entry f WHERE f.kind = 'release' AND f.line_id {WHICH} AND "
    + _LIVE.format(name="f")
    + " AND ((SELECT count(*) FROM journal_entry k WHERE k.line_id = f.line_id AND"
    " k.kind = 'parking' AND " + _LIVE.format(name="k") + ") <> 1 OR EXISTS (SELECT 1 FROM"
    " journal_entry k WHERE k.line_id = f.line_id AND k.no <> f.no AND k.kind = 'release' AND "
    + _LIVE.format(name="k")
    + "))"
)
"""Releases that stand without exactly one parking of their line, or beside another release."""
SPLIT = (
    "SELECT t.no FROM (SELECT p.journal_entry_no AS no, p.party_type, p.party_no, p.amount FROM"
    " posting p WHERE p.journal_entry_no {ENTRIES} AND p.party_no <> '' UNION ALL SELECT"
    " a.journal_entry_no, a.party_type, a.party_no, CASE WHEN a.entry_id IS NULL THEN"
    " a.applied_amount ELSE a.entry_amount END FROM application a WHERE a.journal_entry_no"
    " {ENTRIES} AND a.role = 'settles' AND a.party_no <> '' AND a.gl_account = '' AND"
    " a.bank_entry_id IS NULL) t JOIN journal_entry j ON j.no = t.no WHERE"
    " j.line_id IS NOT NULL GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0"
)
"""Journal entries of lines whose shares for a party are not what is posted to the party."""
BANK_ALONE = (
    "SELECT p.journal_entry_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no"
    " LEFT JOIN journal_entry o ON o.no = j.reverses_no LEFT JOIN statement_line l ON l.line_id ="
    " j.line_id LEFT JOIN statement s ON s.id = l.statement_id WHERE j.no {ENTRIES} AND"
    " p.gl_account IN (SELECT gl_account FROM bank_account) AND coalesce(o.kind, j.kind) <>"
    " 'opening' AND p.amount <> 0 AND NOT EXISTS (SELECT 1 FROM bank_account b WHERE b.gl_account ="
    " p.gl_account AND b.bank_account_no = s.bank_account_no AND b.currency = p.currency)"
)
"""Postings on a bank's account without a line of that bank, which alone confirms them.

In its currency: what stands there in another one, no sum of a line counts.
"""
TAX_SPLIT = (
    "SELECT t.journal_entry_no FROM application_tax t JOIN application a ON a.journal_entry_no ="
    " t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no {ENTRIES} GROUP BY"
    " t.journal_entry_no, t.seq, t.part, a.discount_amount, a.difference_amount, a.difference_kind,"
    " a.role HAVING a.role <> 'settles' OR sum(t.base_amount + t.tax_amount) <> CASE WHEN"
    " t.part = 'discount' THEN a.discount_amount WHEN a.difference_kind IN ('tolerance',"
    " 'write_off') THEN a.difference_amount ELSE 0 END"
)
"""Journal entries of which a discount or difference is not what its shares sum up to."""
TAX_UNDONE = (
    "SELECT no FROM (SELECT t.journal_entry_no AS no, t.seq, t.part, t.tax_code, t.gl_account,"
    " t.base_amount AS base, t.tax_amount AS tax FROM application_tax t JOIN application a ON"
    " a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no {ENTRIES}"
    " AND a.unapplies_no IS NOT NULL UNION ALL SELECT a.journal_entry_no, a.seq, o.part,"
    " o.tax_code, o.gl_account, o.base_amount, o.tax_amount FROM application a JOIN application_tax"
    " o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE"
    " a.journal_entry_no {ENTRIES}) t GROUP BY no, seq, part, tax_code, gl_account HAVING"
    " sum(base) <> 0 OR sum(tax) <> 0"
)
"""Journal entries that undo an application and not its shares, or other shares."""
TAX_POSTED = (
    "SELECT t.no FROM (SELECT journal_entry_no AS no, gl_account, sum(tax_amount) AS tax FROM"
    " application_tax WHERE journal_entry_no {ENTRIES} AND tax_amount <> 0 GROUP BY"
    " journal_entry_no, gl_account) t WHERE t.tax <> (SELECT coalesce(sum(p.amount), 0) FROM"
    " posting p WHERE p.journal_entry_no = t.no AND p.gl_account = t.gl_account) + (SELECT"
    " coalesce(sum(a.applied_amount), 0) FROM application a WHERE a.journal_entry_no = t.no AND"
    " a.gl_account = t.gl_account AND a.role = 'settles')"
)
"""Journal entries whose taxes are not what is posted on the account of the tax."""
_CROSSED = (
    "application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no ="
    " a.journal_entry_no JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id ="
    " l.statement_id LEFT JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq ="
    " a.unapplies_seq WHERE a.role = 'settles' AND e.currency <> s.currency AND"
    " a.journal_entry_no {WHICH}"
)
"""Applications of entries in another currency than that of the line that pays them."""
_NOT_THE_SUM = (
    "a.role = 'settles' AND a.entry_amount <> CASE WHEN a.entry_id IS NOT NULL THEN"
    " a.applied_amount + a.discount_amount + a.difference_amount WHEN a.bank_entry_id IS NOT NULL"
    " THEN a.applied_amount ELSE 0 END AND NOT EXISTS (SELECT 1 FROM entry c JOIN statement_line l"
    " ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id WHERE c.id = a.entry_id"
    " AND c.currency <> s.currency)"
)
EXCHANGED = (
    f"SELECT a.journal_entry_no FROM {_CROSSED} AND (a.discount_amount <> 0 OR a.difference_amount"
    " <> 0 OR (a.entry_amount > 0) <> (a.applied_amount > 0) OR o.applied_amount <>"
    f" -a.applied_amount) UNION ALL SELECT a.journal_entry_no FROM {_CROSSED} AND o.seq IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM application r WHERE r.journal_entry_no = j.reverses_no AND"
    " r.entry_id = a.entry_id AND r.entry_amount = -a.entry_amount AND r.applied_amount ="
    " -a.applied_amount) GROUP BY a.journal_entry_no, a.line_id, l.original_currency,"
    " l.original_amount HAVING min(e.currency) <> l.original_currency OR max(e.currency) <>"
    " l.original_currency OR abs(sum(a.entry_amount)) <> l.original_amount"
)
"""Journal entries that pay entries of another currency by something else than the bank states.

A line settles of them what the bank states it to be in their currency, no more and no less; what is
undone is undone by both amounts, and settled again by both.
"""
_MAY_CROSS = (
    "IN (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no {ENTRIES} GROUP BY"
    " p.journal_entry_no HAVING min(p.currency) <> max(p.currency) UNION ALL SELECT"
    " x.journal_entry_no FROM application x WHERE x.journal_entry_no {ENTRIES} AND x.entry_id IS"
    " NOT NULL AND (x.unapplies_no IS NOT NULL OR x.role = 'settles' AND x.entry_amount <>"
    " x.applied_amount + x.discount_amount + x.difference_amount))"
)
"""The few journal entries that a register may have of them: of two currencies or amounts, or that
take something back. What a payment leaves with its own entry is no such: each payment has it.
"""
_UNAPPLICATIONS = (
    "(SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE"
    " j.no {ENTRIES} AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k"
)
"""The few of them first: a night has none, and none of its other rows is looked at."""
APPLIES_WRONGLY = (
    "SELECT j.no FROM journal_entry j WHERE j.no {ENTRIES} AND j.kind = 'application' AND"
    " (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no"
    " AND (a.unapplies_no IS NOT NULL OR a.role = 'external' OR a.gl_account <> '')))"
)
"""Applications by hand that post a line, take something back or settle anything but entries."""
UNAPPLIES_NOTHING = (
    "SELECT j.no FROM journal_entry j WHERE j.no {ENTRIES} AND j.kind = 'unapplication' AND"
    " (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no"
    " AND a.role = 'settles' AND a.entry_id IS NOT NULL AND a.unapplies_no IS NULL) OR NOT EXISTS"
    " (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND a.unapplies_no IS NOT NULL))"
)
"""Un-applications of a line's journal, or with rows that take back no application."""
UNEVEN = (
    f"SELECT k.no FROM {_UNAPPLICATIONS} CROSS JOIN application a WHERE a.journal_entry_no = k.no"
    " AND a.role = 'settles' GROUP BY k.no, a.line_id HAVING sum(a.applied_amount) <> 0"
)
"""Un-applications and applications after which a line is not explained as much as before."""
UNPOSTED = (
    "SELECT t.no FROM (SELECT k.no, p.party_type, p.party_no, p.amount FROM"
    f" {_UNAPPLICATIONS} CROSS JOIN posting p WHERE p.journal_entry_no = k.no AND p.party_no <> ''"
    " UNION ALL SELECT k.no, a.party_type, a.party_no, a.entry_amount FROM"
    f" {_UNAPPLICATIONS} CROSS JOIN application a WHERE a.journal_entry_no = k.no AND a.entry_id"
    " IS NOT NULL) t GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0"
)
"""Those whose entries open or close by something else than is posted to their party."""
_CHECKS = {
    "seal_exists": "SELECT 1 FROM register_seal WHERE register_no = {r}",
    "seal_without_register": "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM register WHERE no = {r})",
    "register_not_next": "SELECT 1 FROM counter WHERE name = 'register' AND value + 1 <> {r}",
    "chain_forked": "SELECT 1 WHERE NEW.prev_hash <> coalesce((SELECT hash FROM register_seal"
    " WHERE register_no = {r} - 1), '" + "0" * 64 + "')",
    "recorded_before_the_last": "SELECT 1 FROM register a JOIN register b ON b.no = a.no - 1"
    " WHERE a.no = {r} AND a.recorded_at < b.recorded_at",
    "journal_entry_numbers": "SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high"
    " FROM journal_entry WHERE register_no = {r}) t WHERE t.n = 0 OR t.low <> {low} OR"
    " t.high <> {high} OR t.n <> t.high - t.low + 1",
    "counts": "SELECT 1 WHERE (SELECT count(*) FROM posting WHERE journal_entry_no "
    + _IN
    + ") <> NEW.postings OR (SELECT count(*) FROM application WHERE journal_entry_no "
    + _IN
    + ") <> NEW.applications",
    "unbalanced": "SELECT 1 FROM posting WHERE journal_entry_no "
    + _IN
    + " GROUP BY journal_entry_no, currency HAVING sum(amount) <> 0",
    "fewer_than_two_postings": "SELECT 1 FROM journal_entry j WHERE j.no "
    + _IN
    + " AND (SELECT count(*) FROM posting p WHERE p.journal_entry_no = j.no) < 2",
    "posting_currency": "SELECT 1 FROM posting p JOIN bank_account b ON b.bank_account_no ="
    " p.bank_account_no WHERE p.journal_entry_no " + _IN + " AND b.currency <> p.currency",
    "exchanged_otherwise": EXCHANGED.replace("{WHICH}", _MAY_CROSS.replace("{ENTRIES}", _IN)),
    "undone_not_negated": "SELECT 1 FROM application a JOIN application o ON o.journal_entry_no ="
    " a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.journal_entry_no " + _IN + " AND"
    " (o.unapplies_no IS NOT NULL OR coalesce(o.entry_id, 0) <> coalesce(a.entry_id, 0) OR"
    " coalesce(o.bank_entry_id, 0) <> coalesce(a.bank_entry_id, 0) OR o.entry_amount <>"
    " -a.entry_amount OR o.discount_amount <> -a.discount_amount OR o.difference_amount <>"
    " -a.difference_amount OR o.rule = 'parking' AND (o.gl_account <> a.gl_account OR"
    " o.applied_amount <> -a.applied_amount OR o.line_id <> a.line_id))",
    "released_without_parking": RELEASED_WRONGLY.replace(
        "{WHICH}", "IN (SELECT n.line_id FROM journal_entry n WHERE n.no " + _IN + ")"
    ),
    "not_the_negation": "SELECT 1 FROM journal_entry j WHERE j.no " + _IN + " AND"
    " j.reverses_no IS NOT NULL AND EXISTS (SELECT 1 FROM (SELECT gl_account, currency, amount,"
    " coalesce(amount_company, 0) AS company, 1 AS n FROM posting WHERE journal_entry_no = j.no"
    " UNION ALL SELECT gl_account, currency, -amount, -coalesce(amount_company, 0), -1 FROM posting"
    " WHERE journal_entry_no = j.reverses_no) t"
    " GROUP BY gl_account, currency, amount, company HAVING sum(n) <> 0)",
    "reversal_of_a_reversal": "SELECT 1 FROM journal_entry j JOIN journal_entry o"
    " ON o.no = j.reverses_no WHERE j.no " + _IN + " AND o.reverses_no IS NOT NULL",
    "closed_line_reopened": "SELECT 1 FROM journal_entry j JOIN journal_entry o"
    " ON o.no = j.reverses_no JOIN statement_line l ON l.line_id = o.line_id"
    " JOIN closed_statement c ON c.statement_id = l.statement_id"
    " WHERE j.no " + _IN + " AND o.kind <> 'release'",
    "period_closed": "SELECT 1 FROM journal_entry j WHERE j.no " + _IN + " AND j.posting_date <="
    " (SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1)",
    "split_not_posted": SPLIT.replace("{ENTRIES}", _IN),
    "unapplies_nothing": UNAPPLIES_NOTHING.replace("{ENTRIES}", _IN),
    "applies_wrongly": APPLIES_WRONGLY.replace("{ENTRIES}", _IN),
    "unapplication_uneven": UNEVEN.replace("{ENTRIES}", _IN),
    "unapplication_not_posted": UNPOSTED.replace("{ENTRIES}", _IN),
    "bank_without_line": BANK_ALONE.replace("{ENTRIES}", _IN),
    "tax_split": TAX_SPLIT.replace("{ENTRIES}", _IN),
    "tax_not_undone": TAX_UNDONE.replace("{ENTRIES}", _IN),
    "tax_not_posted": TAX_POSTED.replace("{ENTRIES}", _IN),
    **{code: sql.replace("{ENTRIES}", _IN) for code, sql in value_rules.CHECKS.items()},
}

APPLICATIONS = (
    "application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id ="
    " a.bank_entry_id"
)
OF_APPLICATIONS = {
    "application_party": "e.party_type <> a.party_type OR e.party_no <> a.party_no",
    "application_currency": "e.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posting p WHERE"
    " p.journal_entry_no = a.journal_entry_no AND p.currency = e.currency)",
    "application_sum": _NOT_THE_SUM,
    "reopens_without_undoing": "a.role <> 'counter' AND a.unapplies_no IS NULL AND"
    " (a.entry_amount < 0 AND coalesce(e.initial_amount, b.amount) > 0 OR a.entry_amount > 0 AND"
    " coalesce(e.initial_amount, b.amount) < 0)",
}
_LINES = (
    "journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id ="
    " l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no "
    + _IN
)
_OF_LINES = {
    "line_not_explained": "(SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE"
    " a.journal_entry_no = j.no AND a.role = 'settles') <> " + LINE,
    "line_not_on_the_bank": "b.currency <> s.currency OR b.currency = s.currency AND (SELECT"
    " coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = j.no AND p.gl_account ="
    " b.gl_account AND p.currency = s.currency) <> " + LINE,
    "held_line_posted": "s.status NOT IN ('received', 'reconciled') OR l.before_cutover <> 0",
    "line_settled_twice": "j.reverses_no IS NULL AND j.kind <> 'release' AND EXISTS (SELECT 1 FROM"
    " journal_entry n WHERE n.line_id = j.line_id AND n.no <> j.no AND n.reverses_no IS NULL AND"
    " n.kind <> 'release' AND " + _LIVE.format(name="n") + ")",
}
_COUNTER = "(SELECT value FROM counter WHERE name = 'journal_entry')"
DECLARE = (
    f"DECLARE first_no bigint := {_COUNTER} + 1;"
    f" last_no bigint := {_COUNTER} + NEW.journal_entries;"
)
"""On PostgreSQL the limits are variables, so that its planner knows them."""


def checks(*, sqlite: bool) -> dict[str, str]:
    """Code -> query that must find nothing, for the trigger on ``register_seal``."""
    words = _words(sqlite=sqlite)
    return {code: sql.format(**words) for code, sql in _CHECKS.items()}


def scans(*, sqlite: bool) -> dict[str, dict[str, str]]:
    """Rows to go through once -> code -> what none of them may be; for the same trigger.

    That no entry is settled beyond its amount the tables themselves see to, as ``EFFECTS`` run.
    """
    words = _words(sqlite=sqlite)
    of_this = f"{APPLICATIONS} WHERE a.journal_entry_no {_IN}"
    return {of_this.format(**words): OF_APPLICATIONS, _LINES.format(**words): _OF_LINES}


def _words(*, sqlite: bool) -> dict[str, str]:
    low, high = f"({_COUNTER} + 1)", f"({_COUNTER} + NEW.journal_entries)"
    return {"r": "NEW.register_no", "low": low if sqlite else "first_no",
            "high": high if sqlite else "last_no"}  # fmt: skip


_OF_THIS = (
    "(SELECT {table}_id FROM application WHERE {table}_id IS NOT NULL AND journal_entry_no BETWEEN"
    f" {_COUNTER} + 1 AND {_COUNTER} + NEW.journal_entries)"
)
EFFECTS = (
    "UPDATE entry SET remaining_amount = initial_amount - (SELECT coalesce(sum(a.entry_amount), 0)"
    " FROM application a WHERE a.entry_id = entry.id) WHERE id IN "
    + _OF_THIS.replace("{table}", "entry"),
    "UPDATE bank_entry SET remaining_amount = amount - (SELECT coalesce(sum(a.entry_amount), 0)"
    " FROM application a WHERE a.bank_entry_id = bank_entry.id) WHERE id IN "
    + _OF_THIS.replace("{table}", "bank_entry"),
    "UPDATE counter SET value = value + NEW.journal_entries WHERE name = 'journal_entry'",
    "UPDATE counter SET value = value + 1 WHERE name = 'register'",
)
