"""What is tied to the things with which a trace begins, as common tables of SQL.

Entries and bank entries are tied by applications to journal entries, those to the statement line
that they post, to what they reverse or undo, and to their register. The journal entry of a load
holds entries of many documents: from one of them the trace does not go on to the others.
"""

_SEEDS = {
    "entry": "id",
    "bank_entry": "id",
    "statement_line": "line_id",
    "statement": "id",
    "journal_entry": "no",
    "register": "no",
    "feed_file": "sha256",
}
"""Where a trace may begin, and the key of the table."""


def tied(seed: str, where: str) -> str:
    """The ``WITH`` of every query of a trace that begins with the rows of ``seed``.

    It has a table for each kind with the keys of what is tied: ``t_line, t_journal, t_entry,
    t_bank_entry, t_statement, t_file, t_register``.
    """
    seeds = [
        f"s_{table}(id) AS (SELECT {key} FROM {table} WHERE "
        + (where if table == seed else "1 = 0")
        + ")"
        for table, key in _SEEDS.items()
    ]
    return "WITH " + ", ".join([*seeds, *(f"{name} AS ({sql})" for name, sql in _TABLES.items())])


_TABLES = {
    # from above: the lines of a file and of a statement, the journal entries of a register
    "from_line(id)": "SELECT id FROM s_statement_line UNION SELECT l.line_id FROM statement_line l"
    " WHERE l.statement_id IN (SELECT id FROM s_statement UNION SELECT s.id FROM statement s WHERE"
    " s.sha256 IN (SELECT id FROM s_feed_file))",
    "from_journal(id)": "SELECT id FROM s_journal_entry UNION SELECT j.no FROM journal_entry j"
    " WHERE j.register_no IN (SELECT id FROM s_register)",
    "near_journal(id)": "SELECT id FROM from_journal"
    " UNION SELECT j.no FROM journal_entry j WHERE j.line_id IN (SELECT id FROM from_line)"
    " UNION SELECT a.journal_entry_no FROM application a WHERE a.entry_id IN (SELECT id FROM"
    " s_entry)"
    " UNION SELECT a.journal_entry_no FROM application a WHERE a.bank_entry_id IN (SELECT id FROM"
    " s_bank_entry)"
    " UNION SELECT j.no FROM entry e JOIN journal_entry j ON j.no = e.journal_entry_no WHERE"
    " e.id IN (SELECT id FROM s_entry) AND j.line_id IS NOT NULL",
    "t_journal(id)": "SELECT id FROM near_journal"
    " UNION SELECT j.reverses_no FROM journal_entry j WHERE j.no IN (SELECT id FROM near_journal)"
    " AND j.reverses_no IS NOT NULL"
    " UNION SELECT j.no FROM journal_entry j WHERE j.reverses_no IN (SELECT id FROM near_journal)"
    " UNION SELECT a.unapplies_no FROM application a WHERE a.journal_entry_no IN (SELECT id FROM"
    " near_journal) AND a.unapplies_no IS NOT NULL"
    " UNION SELECT a.journal_entry_no FROM application a WHERE a.unapplies_no IN (SELECT id FROM"
    " near_journal)"
    " UNION SELECT v.journal_entry_no FROM valuation v WHERE v.values_no IN (SELECT id FROM"
    " near_journal)"
    " UNION SELECT v.values_no FROM valuation v WHERE v.journal_entry_no IN (SELECT id FROM"
    " near_journal)",
    "t_line(id)": "SELECT id FROM from_line UNION SELECT j.line_id FROM journal_entry j WHERE j.no"
    " IN (SELECT id FROM t_journal) AND j.line_id IS NOT NULL"
    " UNION SELECT d.line_id FROM proposed d WHERE ((d.target IN ('entry', 'return') AND"
    " d.target_id IN (SELECT id FROM s_entry)) OR (d.target = 'bank_entry' AND d.target_id IN"
    " (SELECT id FROM s_bank_entry))) AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE"
    " j.line_id = d.line_id)",
    "t_entry(id)": "SELECT id FROM s_entry UNION SELECT a.entry_id FROM application a WHERE"
    " a.journal_entry_no IN (SELECT id FROM t_journal) AND a.entry_id IS NOT NULL"
    " UNION SELECT e.id FROM entry e WHERE e.journal_entry_no IN (SELECT id FROM t_journal)",
    "t_bank_entry(id)": "SELECT id FROM s_bank_entry UNION SELECT a.bank_entry_id FROM application"
    " a WHERE a.journal_entry_no IN (SELECT id FROM t_journal) AND a.bank_entry_id IS NOT NULL"
    " UNION SELECT b.id FROM bank_entry b WHERE b.journal_entry_no IN (SELECT id FROM t_journal)",
    "t_statement(id)": "SELECT id FROM s_statement UNION SELECT l.statement_id FROM statement_line"
    " l WHERE l.line_id IN (SELECT id FROM t_line) UNION SELECT s.id FROM statement s WHERE"
    " s.sha256 IN (SELECT id FROM s_feed_file)",
    "t_file(id)": "SELECT id FROM s_feed_file UNION SELECT s.sha256 FROM statement s WHERE s.id IN"
    " (SELECT id FROM t_statement)",
    "t_register(id)": "SELECT id FROM s_register UNION SELECT j.register_no FROM journal_entry j"
    " WHERE j.no IN (SELECT id FROM t_journal UNION SELECT e.journal_entry_no FROM entry e WHERE"
    " e.id IN (SELECT id FROM t_entry) UNION SELECT b.journal_entry_no FROM bank_entry b WHERE"
    " b.id IN (SELECT id FROM t_bank_entry))",
}
