"""What must hold of values in the company's currency: a part of ``seal_rules``, and of ``verify``.

``{ENTRIES}`` limits each query to journal entries that post values; the few that there are come
first, so that a night in the company's own currency reads nothing here.
"""

_OF = "application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq ="
_OF += " t.seq"
_OWN = "(SELECT m.value FROM meta m WHERE m.key = 'company_currency')"
UNBALANCED = (
    "SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no IN (SELECT"
    " v.journal_entry_no FROM posting v WHERE v.amount_company IS NOT NULL AND v.journal_entry_no"
    " {ENTRIES}) GROUP BY p.journal_entry_no, p.currency HAVING count(p.amount_company) <> CASE"
    f" WHEN p.currency = {_OWN} THEN 0 ELSE count(*) END OR sum(p.amount_company) <> 0"
)
"""Journal entries with values that do not balance, or that not all of their postings have."""
RATELESS = (
    "SELECT p.journal_entry_no FROM posting p WHERE p.amount_company IS NOT NULL AND"
    " p.journal_entry_no {ENTRIES} AND NOT EXISTS (SELECT 1 FROM valuation v WHERE"
    " v.journal_entry_no = p.journal_entry_no) UNION ALL SELECT v.journal_entry_no FROM valuation v"
    " WHERE v.journal_entry_no {ENTRIES} AND NOT EXISTS (SELECT 1 FROM posting p WHERE"
    " p.journal_entry_no = v.journal_entry_no AND p.amount_company IS NOT NULL)"
)
"""Journal entries with values of which nothing says where they come from, or the reverse."""
TWICE = (
    "SELECT v.journal_entry_no FROM valuation v WHERE v.journal_entry_no {ENTRIES} AND v.values_no"
    " <> v.journal_entry_no AND EXISTS (SELECT 1 FROM posting p WHERE (p.journal_entry_no ="
    " v.values_no AND p.amount_company IS NOT NULL) OR (p.journal_entry_no = v.journal_entry_no AND"
    " p.amount <> 0))"
)
"""Valuations of what has a value already, or that move more than a value."""
PARTS = (
    f"SELECT t.journal_entry_no FROM {_OF} WHERE t.journal_entry_no {{ENTRIES}} AND ((a.entry_id IS"
    " NULL AND a.bank_entry_id IS NULL) OR (a.role = 'settles' AND t.entry_company <>"
    " t.applied_company + t.discount_company + t.difference_company + t.fx_company) OR (a.role <>"
    " 'settles' AND (t.applied_company <> 0 OR t.discount_company <> 0 OR t.difference_company <> 0"
    " OR t.fx_company <> 0)))"
)
"""Values of applications that are not the sum of their parts."""
UNDONE = (
    f"SELECT t.journal_entry_no FROM {_OF} JOIN journal_entry j ON j.no = a.journal_entry_no LEFT"
    " JOIN application_value o ON o.application_no = a.unapplies_no AND o.seq = a.unapplies_seq"
    " WHERE t.journal_entry_no {ENTRIES} AND a.unapplies_no IS NOT NULL AND (o.seq IS NULL OR"
    " o.entry_company <> -t.entry_company OR o.discount_company <> -t.discount_company OR"
    " o.difference_company <> -t.difference_company OR (j.line_id IS NULL AND j.reverses_no IS"
    " NULL AND (o.applied_company <> -t.applied_company OR o.fx_company <> -t.fx_company)))"
)
"""Applications that take back another value than what they undo had.

A return comes at its own rate; a reversal is the negation of what it reverses, which may be another
application than the one that it undoes.
"""


def _closed(table: str, start: str) -> str:
    key = f"a.{table}_id"
    used = f"SELECT sum({{0}}) FROM {_OF} WHERE {key} = e.id"
    return (
        f"SELECT e.id FROM {table} e LEFT JOIN entry_value s ON s.{table}_id = e.id WHERE e.id IN"
        f" (SELECT {key} FROM {_OF} WHERE t.journal_entry_no {{ENTRIES}} AND {key} IS NOT NULL) AND"
        f" ({used.format('t.entry_company')}) <> CASE ({used.format('a.entry_amount')}) WHEN"
        f" e.{start} THEN coalesce(s.amount_company, 0) WHEN 0 THEN 0 ELSE"
        f" ({used.format('t.entry_company')}) END"
    )


CLOSED = f"{_closed('entry', 'initial_amount')} UNION ALL {_closed('bank_entry', 'amount')}"
"""Entries of which nothing remains, and something of what they are carried at does."""
CHANGES = (
    "SELECT v.journal_entry_no AS no, e.control_account AS account, e.currency, v.amount_company AS"
    " company FROM entry_value v JOIN entry e ON e.id = v.entry_id WHERE v.journal_entry_no"
    " {ENTRIES} UNION ALL SELECT v.journal_entry_no, k.transit_account, b.currency,"
    " v.amount_company FROM entry_value v JOIN bank_entry b ON b.id = v.bank_entry_id JOIN"
    " bank_account k ON k.bank_account_no = b.bank_account_no WHERE v.journal_entry_no {ENTRIES}"
    f" UNION ALL SELECT t.journal_entry_no, e.control_account, e.currency, -t.entry_company FROM"
    f" {_OF} JOIN entry e ON e.id = a.entry_id WHERE t.journal_entry_no {{ENTRIES}} UNION ALL"
    f" SELECT t.journal_entry_no, k.transit_account, b.currency, -t.entry_company FROM {_OF} JOIN"
    " bank_entry b ON b.id = a.bank_entry_id JOIN bank_account k ON k.bank_account_no ="
    " b.bank_account_no WHERE t.journal_entry_no {ENTRIES}"
)
"""By how much journal entries change what the entries of an account are carried at."""
POSTED = (
    f"SELECT c.no FROM ({CHANGES}) c GROUP BY c.no, c.account HAVING sum(c.company) <> (SELECT"
    " coalesce(sum(p.amount_company), 0) FROM posting p WHERE p.journal_entry_no = c.no AND"
    " p.gl_account = c.account)"
)
"""Journal entries that change it by something else than they post to the account."""
CHECKS = {
    "company_unbalanced": UNBALANCED,
    "value_without_rate": RATELESS,
    "valued_twice": TWICE,
    "value_parts": PARTS,
    "value_not_undone": UNDONE,
    "value_of_closed": CLOSED,
    "value_not_posted": POSTED,
}
