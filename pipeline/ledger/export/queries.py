"""The queries behind the exports. Columns are those of the interface; ``_`` ones are hidden."""

from pipeline.ledger import mappings

LIVE = (
    "live AS (SELECT j.no, j.line_id, j.kind FROM journal_entry j LEFT JOIN journal_entry r"
    " ON r.reverses_no = j.no WHERE j.line_id IS NOT NULL AND j.reverses_no IS NULL"
    " AND r.no IS NULL)"
)
"""Journal entries of lines that no reversal undid."""
_FATE = (
    "fate AS (SELECT line_id, max(CASE WHEN kind <> 'release' THEN 1 ELSE 0 END) AS settled,"
    " max(CASE WHEN kind = 'parking' THEN 1 ELSE 0 END) AS parked,"
    " max(CASE WHEN kind = 'release' THEN 1 ELSE 0 END) AS released FROM live GROUP BY line_id)"
)
_LINE = (
    "coalesce(s.bank_account_no, '') AS bank_account_no, s.statement_no, l.line_no,"
    " l.bank_reference, l.booking_date, l.value_date"
)
_BOOKED = (
    "applied AS (SELECT a.line_id, CAST(sum(a.applied_amount) AS BIGINT) AS amount,"
    " min(a.confidence) AS"
    " confidence, min(a.rule) AS rule, min({type}) AS party_type, max({type}) AS last_type,"
    " min(a.party_no) AS party_no, max(a.party_no) AS last_no FROM application a"
    " JOIN live j ON j.no = a.journal_entry_no WHERE a.role = 'settles' GROUP BY a.line_id)"
).format(
    type="CASE WHEN a.bank_entry_id IS NOT NULL THEN 'bank' WHEN a.gl_account <> '' THEN 'gl'"
    " ELSE a.party_type END"
)
_PROPOSED = (
    "suggested AS (SELECT line_id, CAST(sum(applied_amount) AS BIGINT) AS amount FROM"
    " proposed WHERE rank = 1"
    " GROUP BY line_id)"
)
_STATUS = (
    "CASE WHEN s.status IN ('held', 'refused', 'announced') THEN s.status"
    " WHEN l.before_cutover = 1 THEN 'before_cutover'"
    " WHEN f.parked = 1 AND f.released = 0 THEN 'parked'"
    " WHEN s.status = 'reconciled' THEN 'reconciled' WHEN f.settled = 1 THEN 'posted'"
    " WHEN coalesce(p.confidence, 'none') <> 'none' THEN 'proposed' ELSE 'unmatched' END"
)

LINES = (
    f"WITH {LIVE}, {_FATE}, {_BOOKED}, {_PROPOSED} SELECT {_LINE}, l.amount, s.currency,"
    f" l.counterparty_name, l.counterparty_account, l.text, {_STATUS} AS status,"
    " CASE WHEN a.line_id IS NULL THEN coalesce(p.party_type, '') WHEN a.party_type = a.last_type"
    " THEN a.party_type ELSE '' END AS party_type,"
    " CASE WHEN a.line_id IS NULL THEN coalesce(p.party_no, '') WHEN a.party_no = a.last_no"
    " AND a.party_type = a.last_type THEN a.party_no ELSE '' END AS party_no,"
    " coalesce(a.amount, CASE WHEN p.confidence <> 'none' AND s.status = 'received'"
    " AND l.before_cutover = 0 THEN g.amount END, 0) AS applied_amount,"
    " coalesce(a.confidence, p.confidence, 'none') AS confidence,"
    " coalesce(a.rule, p.rule, '') AS rule,"
    " CASE WHEN s.status IN ('held', 'refused') THEN s.reason WHEN x.status <> 'resolved'"
    " THEN x.reason ELSE '' END AS reason, CASE WHEN a.line_id IS NULL OR a.rule = p.rule"
    " AND a.confidence = p.confidence THEN nullif(p.probability, '') END AS probability"
    " FROM statement_line l"
    " JOIN statement s ON s.id = l.statement_id AND s.status <> 'replaced'"
    " LEFT JOIN fate f ON f.line_id = l.line_id"
    " LEFT JOIN applied a ON a.line_id = l.line_id"
    " LEFT JOIN suggested g ON g.line_id = l.line_id"
    " LEFT JOIN proposal p ON p.line_id = l.line_id AND p.rank = 1"
    " LEFT JOIN exception_item x ON x.line_id = l.line_id"
)  # fmt: skip

_DOCUMENT = (
    "coalesce(e.document_type, '') AS document_type,"
    " coalesce(e.document_no, b.entry_no, '') AS document_no,"
    " coalesce(e.instalment, 0) AS instalment, coalesce(e.currency, s.currency) AS entry_currency"
)
APPLICATIONS = (
    f"SELECT {_LINE}, l.amount AS line_amount, s.currency,"
    " CASE WHEN b.id IS NOT NULL THEN 'bank' WHEN a.gl_account <> '' THEN 'gl'"
    " ELSE a.party_type END AS party_type, CASE WHEN b.id IS NOT NULL THEN b.bank_account_no"
    " WHEN a.gl_account <> '' THEN '' ELSE a.party_no END AS party_no,"
    f" {_DOCUMENT}, a.applied_amount, a.entry_amount, a.discount_amount, a.difference_amount,"
    " a.difference_kind, a.gl_account, a.confidence, a.rule,"
    " CASE WHEN r.no IS NULL AND u.seq IS NULL AND (a.unapplies_no IS NULL OR a.rule <> 'parking'"
    " AND j.kind <> 'unapplication') AND (j.reverses_no IS NULL OR a.entry_id IS NOT NULL)"
    " THEN 'posted' ELSE 'reversed' END AS status, v.fx_company AS fx_amount_company,"
    " a.entry_id AS _entry_id FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no"
    " LEFT JOIN journal_entry o ON o.no = j.reverses_no LEFT JOIN journal_entry r"
    " ON r.reverses_no = j.no LEFT JOIN application u"
    " ON u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq"
    " JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id"
    " LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id"
    " LEFT JOIN application_value v ON v.application_no = a.journal_entry_no AND v.seq = a.seq"
    " WHERE a.role = 'settles' AND (j.reverses_no IS NULL OR o.kind = 'unapplication')"
)
_PROPOSAL = (
    " FROM proposal p JOIN statement_line l ON l.line_id = p.line_id"
    " JOIN statement s ON s.id = l.statement_id {join} JOIN proposed d ON d.line_id = p.line_id"
    " AND d.rank = p.rank LEFT JOIN entry e ON d.target = 'entry' AND e.id = d.target_id"
    " LEFT JOIN bank_entry b ON d.target = 'bank_entry' AND b.id = d.target_id"
    " LEFT JOIN fate f ON f.line_id = l.line_id"
)
_SUGGESTED = (
    f"{_LINE}, l.amount AS line_amount, s.currency,"
    " CASE WHEN d.target = 'bank_entry' THEN 'bank' WHEN d.target IN ('gl', 'transfer') THEN 'gl'"
    " ELSE coalesce(d.party_type, p.party_type) END AS party_type,"
    " CASE WHEN d.target = 'bank_entry' THEN b.bank_account_no WHEN d.target IN ('gl',"
    " 'transfer') THEN '' ELSE coalesce(d.party_no, p.party_no) END AS party_no,"
    f" {_DOCUMENT}, coalesce(d.applied_amount, 0) AS applied_amount,"
    " coalesce(d.entry_amount, 0) AS entry_amount, coalesce(d.discount_amount, 0) AS"
    " discount_amount, coalesce(d.difference_amount, 0) AS difference_amount,"
    " coalesce(d.difference_kind, '') AS difference_kind, CASE WHEN d.target = 'transfer' THEN"
    " 'transfers' ELSE coalesce(d.gl_account, '') END AS gl_account, p.confidence, p.rule,"
    " CASE WHEN f.settled = 1 THEN 'posted' ELSE 'proposed' END AS status,"
    " d.target_id AS _target_id, d.target AS _target"
)
PROPOSED = (
    f"WITH {LIVE}, {_FATE} SELECT {_SUGGESTED}"
    + _PROPOSAL.format(join="")
    + " WHERE p.rank = 1 AND p.confidence <> 'none' AND s.status = 'received'"
    " AND l.before_cutover = 0 AND coalesce(f.settled, 0) = 0"
)
PROPOSALS = (
    f"WITH {LIVE}, {_FATE} SELECT {_SUGGESTED}, p.rank, nullif(p.probability, '') AS"
    " probability, p.explanation, p.reason, p.evidence" + _PROPOSAL.format(join="LEFT")
)

STATEMENTS = (
    f"WITH {LIVE}, {_FATE}, open AS (SELECT l.statement_id, count(*) AS lines FROM statement o"
    " JOIN statement_line l ON l.statement_id = o.id LEFT JOIN fate f ON f.line_id = l.line_id"
    " WHERE o.status = 'received' AND l.amount <> 0 AND l.before_cutover = 0"
    " AND coalesce(f.settled, 0) = 0 GROUP BY l.statement_id)"
    " SELECT coalesce(s.bank_account_no, '') AS bank_account_no, s.statement_no, s.from_date,"
    " s.to_date, s.currency, coalesce(s.opening, s.closing - s.net) AS opening, s.closing,"
    " s.line_count, s.net, CASE WHEN s.opening IS NULL AND s.closing IS NOT NULL THEN 0"
    " ELSE s.closing - s.opening - s.net END AS difference,"
    " CASE WHEN s.status = 'announced' THEN 'received'"
    " WHEN s.status <> 'received' THEN s.status WHEN s.to_date <= b.last_statement_date THEN"
    " 'received' WHEN o.lines IS NULL THEN 'posted' ELSE 'received' END AS status,"
    " CASE WHEN s.status = 'announced' THEN s.status"
    " WHEN s.status = 'received' AND s.to_date <= b.last_statement_date THEN 'before_cutover'"
    " WHEN c.ord = (SELECT min(k.ord) FROM closed_statement k WHERE k.bank_account_no ="
    " c.bank_account_no) AND b.last_statement_balance IS NULL THEN 'opening_assumed'"
    " ELSE s.reason END AS reason, s.waits_for, s.sha256 AS file_sha256, d.name AS file_name"
    " FROM statement s JOIN feed_file d ON d.sha256 = s.sha256 AND s.status <> 'replaced'"
    " AND NOT (s.status = 'refused' AND d.status = 'refused')"
    " LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
    " LEFT JOIN closed_statement c ON c.statement_id = s.id"
    " LEFT JOIN open o ON o.statement_id = s.id"
    " UNION ALL SELECT '', '', NULL, NULL, '', NULL, NULL, 0, NULL, NULL, 'refused', d.reason, '',"
    " d.sha256, d.name FROM feed_file d WHERE d.status = 'refused'"
    " AND EXISTS (SELECT 1 FROM statement n WHERE n.sha256 = d.sha256 AND n.status = 'refused')"
)
REVISIONS = (
    "SELECT s.bank_account_no, s.statement_no, l.line_no, l.bank_reference, l.booking_date,"
    " r.counterparty_name, r.text, r.sha256 AS file_sha256 FROM line_revision r"
    " JOIN statement_line l ON l.line_id = r.line_id JOIN statement s ON s.id = l.statement_id"
)
FILES = (
    "SELECT d.sha256 AS file_sha256, d.name AS file_name, d.size, d.status, d.reason,"
    " count(s.id) AS statement_count, CAST(coalesce(sum(s.line_count), 0) AS BIGINT) AS line_count,"
    " min(s.from_date) AS from_date, max(s.to_date) AS to_date, d.actor FROM feed_file d"
    " LEFT JOIN statement s ON s.sha256 = d.sha256 AND s.status <> 'replaced'"
    " GROUP BY d.sha256, d.name, d.size, d.status, d.reason, d.actor"
)
EXCEPTIONS = (
    "SELECT x.id, s.bank_account_no, s.statement_no, l.line_no, l.bank_reference, x.reason,"
    " x.status, x.opened_on, x.assigned_to, x.remaining, s.currency, x.candidates, x.hint"
    " FROM exception_item x JOIN statement_line l ON l.line_id = x.line_id"
    " JOIN statement s ON s.id = l.statement_id WHERE x.status <> 'resolved'"
)
ENTRIES = (
    "SELECT party_type, party_no, document_type, document_no, instalment, posting_date, due_date,"
    " currency, amount, remaining_amount, CASE WHEN remaining_amount <> 0 THEN 'true' ELSE 'false'"
    " END AS open, on_hold, id AS _entry_id FROM entry"
)
BANK_ENTRIES = (
    "SELECT b.bank_account_no, b.entry_no, b.posting_date, b.amount, b.currency, b.entry_type,"
    " b.document_no, b.check_no, CASE WHEN b.remaining_amount = 0 THEN 'closed' ELSE b.status END"
    " AS status, coalesce(s.statement_no, '') AS statement_no, l.line_no FROM bank_entry b"
    " LEFT JOIN (SELECT a.bank_entry_id, max(a.journal_entry_no) AS no FROM application a"
    " JOIN journal_entry j ON j.no = a.journal_entry_no LEFT JOIN journal_entry r"
    " ON r.reverses_no = j.no WHERE a.bank_entry_id IS NOT NULL AND a.line_id IS NOT NULL"
    " AND j.reverses_no IS NULL AND r.no IS NULL GROUP BY a.bank_entry_id) k"
    " ON k.bank_entry_id = b.id LEFT JOIN journal_entry j ON j.no = k.no"
    " LEFT JOIN statement_line l ON l.line_id = j.line_id"
    " LEFT JOIN statement s ON s.id = l.statement_id"
)
GL = (
    "WITH document AS (SELECT journal_entry_no, min(no) AS no FROM (SELECT journal_entry_no,"
    " document_no AS no FROM entry UNION ALL SELECT journal_entry_no, entry_no FROM bank_entry) u"
    " GROUP BY journal_entry_no)"
    " SELECT j.posting_date, p.gl_account, p.amount, p.currency, p.amount_company, j.kind,"
    " coalesce(s.bank_account_no, p.bank_account_no) AS bank_account_no,"
    " coalesce(s.statement_no, '') AS statement_no, l.line_no, p.party_type, p.party_no,"
    " coalesce(d.no, '') AS document_no, j.no AS _no, v.values_no AS _valued FROM posting p"
    " JOIN journal_entry j ON j.no = p.journal_entry_no"
    " LEFT JOIN valuation v ON v.values_no = j.no"
    " LEFT JOIN statement_line l ON l.line_id = j.line_id"
    " LEFT JOIN statement s ON s.id = l.statement_id"
    " LEFT JOIN document d ON d.journal_entry_no = coalesce(j.reverses_no, j.no)"
)
TAX_CORRECTIONS = (
    "SELECT j.posting_date, substr(j.posting_date, 1, 7) AS period,"
    " CASE WHEN t.part = 'discount' THEN t.part ELSE a.difference_kind END AS kind, e.party_type,"
    " e.party_no, e.document_type, e.document_no, e.instalment, t.tax_code, t.rate, t.base_amount,"
    " t.tax_amount, e.currency, t.gl_account, coalesce(s.bank_account_no, '') AS bank_account_no,"
    " coalesce(s.statement_no, '') AS statement_no, l.line_no, j.no AS _no FROM application_tax t"
    " JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq"
    " JOIN journal_entry j ON j.no = t.journal_entry_no JOIN entry e ON e.id = a.entry_id"
    " LEFT JOIN statement_line l ON l.line_id = coalesce(j.line_id, a.line_id)"
    " LEFT JOIN statement s ON s.id = l.statement_id WHERE t.tax_code <> ''"
)
BATCHES = (
    "SELECT b.kind, b.number, b.after_register + 1 AS first_register, b.through_register AS"
    " last_register, b.journal_entries, b.postings, b.debits, f.name AS file_name, f.row_count,"
    " f.sha256 AS file_sha256, b.actor FROM export_batch b LEFT JOIN export_file f ON f.kind ="
    " b.kind AND f.number = b.number"
)
MASTER_CHANGES = (
    "SELECT m.id AS number, m.kind, m.no, m.field, m.old_value, m.new_value, f.actor,"
    " f.recorded_at, f.file_name, f.sha256 AS file_sha256 FROM master_change m JOIN load_file f ON"
    " f.id = m.load_id"
)
MAPPINGS = (
    "SELECT m.mapping_no, m.kind, m.pattern, m.target_type, m.target_no, m.side, m.amount_limit,"
    " m.currency, CASE WHEN m.action = 'approve' THEN 'true' ELSE 'false' END AS approved, m.actor,"
    f" m.prepared_by, m.reason FROM mapping m WHERE {mappings.STANDING}"
)
QUERIES = {
    "applications": APPLICATIONS,
    "lines": LINES,
    "statements": STATEMENTS,
    "exceptions": EXCEPTIONS,
    "entries": ENTRIES,
    "bank-entries": BANK_ENTRIES,
    "gl": GL,
    "proposals": PROPOSALS,
    "revisions": REVISIONS,
    "files": FILES,
    "tax-corrections": TAX_CORRECTIONS,
    "batches": BATCHES,
    "mappings": MAPPINGS,
    "master-changes": MASTER_CHANGES,
}
